package konce.simulator.network;

/// A slow place on the path, with a queue that refuses what does not fit (tail drop).
///
/// @param bitsPerSecond its rate, counting [#OVERHEAD_BYTES] for each datagram; 0: infinitely fast
/// @param queueDatagrams how many datagrams may wait
/// @param markDatagrams how many may wait before those that come and take part are marked CE; 0: it marks none
public record Bottleneck(long bitsPerSecond, int queueDatagrams, int markDatagrams) {
    /// No such place.
    public static final Bottleneck NONE = new Bottleneck(0, 0, 0);

    /// Bytes of IPv4 and UDP header.
    public static final int OVERHEAD_BYTES = 28;

    /// How long a datagram takes to leave.
    public long transmissionNanos(int bytes) {
        return bitsPerSecond == 0 ? 0 : (bytes + (long) OVERHEAD_BYTES) * 8 * 1_000_000_000L / bitsPerSecond;
    }
}
