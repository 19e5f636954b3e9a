package konce.protocol.path;

import konce.protocol.Limits;

/// Spreads what a congestion controller allows over time: a bucket of bytes.
///
/// - unit: bytes, nanoseconds
/// - source: RFC 9002 section 7.7; docs/spec/05-paths.md, section 4
final class Pacer {
    /// What may go at once at the very beginning, in packets.
    private static final int INITIAL_PACKETS = 10;

    /// A quantum in time: a train of packets that is sent in one go is no longer than that at the path's pace.
    private static final long QUANTUM_NANOS = 1_000_000L;

    /// What the bucket holds: what a timer that is late by one quantum has missed is not lost.
    private static final int QUANTA_MAX = 2;

    private int datagramBytes;
    private double bytes;
    private long filledNanos;
    private double bytesPerNano;
    private double quantum;

    Pacer(int datagramBytes, long nowNanos) {
        this.datagramBytes = datagramBytes;
        bytes = (double) INITIAL_PACKETS * datagramBytes;
        quantum = datagramBytes;
        filledNanos = nowNanos;
    }

    void setDatagramBytes(int newDatagramBytes) {
        datagramBytes = newDatagramBytes;
        quantum = Math.max(quantum, datagramBytes);
    }

    // = docs/spec/05-paths.md R5.4
    void setPace(double newBytesPerNano) {
        bytesPerNano = newBytesPerNano;
        quantum = Math.max(datagramBytes, bytesPerNano * QUANTUM_NANOS);
    }

    /// Bytes that may be sent now.
    long available(long nowNanos) {
        double filled = bytes + (nowNanos - filledNanos) * bytesPerNano;
        // what is there at the very beginning stays until it is used
        bytes = Math.max(bytes, Math.min(QUANTA_MAX * quantum, filled));
        filledNanos = nowNanos;
        return (long) bytes;
    }

    void onSent(long sentBytes) {
        bytes -= sentBytes;
    }

    /// When a quantum may be sent, or as much as leaves in one go; now, if a packet may be sent now.
    long readyNanos(long nowNanos) {
        long there = available(nowNanos);
        double missing = Math.min(quantum, Limits.DATAGRAM_BYTES_MAX) - there;
        return there >= datagramBytes || missing <= 0 || bytesPerNano <= 0
                ? nowNanos
                : nowNanos + (long) Math.ceil(missing / bytesPerNano);
    }
}
