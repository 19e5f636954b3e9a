package konce.protocol.path;

/// Spreads a window over a round trip: a bucket of bytes that fills at 1.25 windows a round trip (twice the window in
/// slow start) and holds a burst.
///
/// - unit: bytes, nanoseconds
/// - source: RFC 9002 section 7.7; docs/spec/05-paths.md, section 4
final class Pacer {
    /// What a burst may be at least, in packets.
    private static final int BURST_PACKETS = 10;

    /// What a burst may be at least, in time: timers are no finer.
    private static final long BURST_NANOS = 2_000_000L;

    private int datagramBytes;
    private double bytes;
    private long filledNanos;
    private double bytesPerNano;
    private double capacity;

    Pacer(int datagramBytes, long nowNanos) {
        this.datagramBytes = datagramBytes;
        capacity = (double) BURST_PACKETS * datagramBytes;
        bytes = capacity;
        filledNanos = nowNanos;
    }

    void setDatagramBytes(int newDatagramBytes) {
        datagramBytes = newDatagramBytes;
    }

    // = docs/spec/05-paths.md R5.4
    void setRate(long windowBytes, long rttNanos, boolean slowStart) {
        bytesPerNano = (slowStart ? 2.0 : 1.25) * windowBytes / Math.max(1, rttNanos);
        capacity = Math.max((double) BURST_PACKETS * datagramBytes, bytesPerNano * BURST_NANOS);
    }

    /// Bytes that may be sent now.
    long available(long nowNanos) {
        bytes = Math.min(capacity, bytes + (nowNanos - filledNanos) * bytesPerNano);
        filledNanos = nowNanos;
        return (long) bytes;
    }

    void onSent(long sentBytes) {
        bytes -= sentBytes;
    }

    /// When a packet may be sent; now, if one may be sent now.
    long readyNanos(long nowNanos) {
        double missing = datagramBytes - (double) available(nowNanos);
        return missing <= 0 || bytesPerNano <= 0 ? nowNanos : nowNanos + (long) Math.ceil(missing / bytesPerNano);
    }
}
