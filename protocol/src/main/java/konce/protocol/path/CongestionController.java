package konce.protocol.path;

/// Decides from what arrives and what is lost how much may be under way, and how fast.
///
/// - unit: bytes, nanoseconds
/// - error: never throws
/// - source: docs/spec/05-paths.md, section 3
sealed interface CongestionController permits PipeController, CubicController, BackgroundController {
    /// The largest window: what the pool of packets in flight could ever fill.
    long WINDOW_BYTES_MAX = 1L << 30;

    /// Datagrams are of another size now: the smallest window always holds some of them.
    void setDatagramBytes(int datagramBytes);

    /// Bytes that may be under way.
    long windowBytes();

    /// Bytes a nanosecond.
    double pace(long smoothedRttNanos);

    /// A packet goes; `inFlight` bytes were under way before it.
    void onSent(long nowNanos, long inFlight);

    /// A packet that was sent at `sentNanos` has arrived.
    ///
    /// @param limited whether the window was what held the sender back
    void onAcked(long nowNanos, long sentNanos, long bytes, RttEstimator rtt, boolean limited);

    /// All that one ACK says has been told.
    ///
    /// @param delivery what it says about the rate at which packets arrive
    /// @param inFlight bytes still under way
    void onAckEnd(long nowNanos, DeliveryRate delivery, RttEstimator rtt, long inFlight);

    /// A packet that was sent at `sentNanos` is lost.
    ///
    /// @param delivery of the lost packet: [DeliveryRate#lossSince] and what goes with it
    void onLost(long nowNanos, long sentNanos, long bytes, DeliveryRate delivery);

    /// The network has marked a packet that was sent at `sentNanos`: its queue is long.
    void onMarked(long nowNanos, long sentNanos);

    /// Nothing came through for a long time.
    void onPersistentCongestion();

    /// From now on the window is not what holds the sender back.
    void onUnlimited(long nowNanos);

    /// What it is doing, in one word.
    String phase();

    /// The window to begin with (RFC 9002 section 7.2).
    static long initialWindow(int datagramBytes) {
        return Math.min(10L * datagramBytes, Math.max(14_720, 2L * datagramBytes));
    }
}
