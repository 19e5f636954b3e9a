package konce.protocol.path;

/// CUBIC congestion control.
///
/// - unit: bytes, nanoseconds
/// - source: RFC 9438; RFC 9002 section 7 for slow start, recovery and persistent congestion; docs/spec/05-paths.md,
///   section 3
final class CubicController implements CongestionController {
    private static final double C = 0.4;
    private static final double BETA = 0.7;
    private static final double RENO_ALPHA = 3 * (1 - BETA) / (1 + BETA);
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int MINIMUM_PACKETS = 2;

    private int datagramBytes;
    private long window;
    private long slowStartThreshold = Long.MAX_VALUE;
    private double windowMax;
    private double inflexionSeconds;
    private double renoWindow;
    private long epochNanos;
    private boolean inEpoch;
    private long pausedNanos;
    private boolean paused;
    private long recoveryNanos;
    private boolean recovered;

    CubicController(int datagramBytes) {
        this.datagramBytes = datagramBytes;
        window = CongestionController.initialWindow(datagramBytes);
    }

    @Override
    public void setDatagramBytes(int newDatagramBytes) {
        datagramBytes = newDatagramBytes;
        window = Math.max(window, minimumBytes());
    }

    @Override
    public long windowBytes() {
        return window;
    }

    @Override
    public double pace(long smoothedRttNanos) {
        return (isSlowStart() ? 2.0 : 1.25) * window / Math.max(1, smoothedRttNanos);
    }

    @Override
    public void onSent(long nowNanos, long inFlight) {}

    @Override
    public void onAckEnd(long nowNanos, DeliveryRate delivery, RttEstimator rtt, long inFlight) {}

    @Override
    public void onAcked(long nowNanos, long sentNanos, long bytes, RttEstimator rtt, boolean limited) {
        onAcked(nowNanos, sentNanos, bytes, rtt.smoothedNanos(), limited);
    }

    @Override
    public void onLost(long nowNanos, long sentNanos, long bytes, DeliveryRate delivery) {
        shrink(nowNanos, sentNanos);
    }

    // = docs/spec/05-paths.md R5.10
    @Override
    public void onMarked(long nowNanos, long sentNanos) {
        shrink(nowNanos, sentNanos);
    }

    @Override
    public void onUnlimited(long nowNanos) {
        pause(nowNanos);
    }

    @Override
    public String phase() {
        return isSlowStart() ? "slow_start" : "congestion_avoidance";
    }

    boolean isSlowStart() {
        return window < slowStartThreshold;
    }

    /// Packets that were sent at `sentNanos` have arrived.
    ///
    /// @param limited whether the window was what held the sender back; else it must not grow
    void onAcked(long nowNanos, long sentNanos, long bytes, long rttNanos, boolean limited) {
        if (!limited) {
            pause(nowNanos);
            return;
        }
        resume(nowNanos);
        if (isInRecovery(sentNanos)) {
            return;
        }
        if (isSlowStart()) {
            window = Math.min(window + bytes, WINDOW_BYTES_MAX);
            return;
        }
        if (!inEpoch) {
            beginEpoch(nowNanos);
        }
        grow(nowNanos, bytes, rttNanos);
    }

    /// From now on the window is not what holds the sender back: time in which it is not tried out proves nothing
    /// (RFC 9438 section 5.8).
    void pause(long nowNanos) {
        if (!paused) {
            paused = true;
            pausedNanos = nowNanos;
        }
    }

    private void resume(long nowNanos) {
        if (paused) {
            paused = false;
            epochNanos += nowNanos - pausedNanos;
        }
    }

    // = docs/spec/05-paths.md R5.3
    /// A packet that was sent at `sentNanos` is lost, or came marked. Losses of one round trip count once.
    void shrink(long nowNanos, long sentNanos) {
        if (isInRecovery(sentNanos)) {
            return;
        }
        recoveryNanos = nowNanos;
        recovered = true;
        inEpoch = false;
        double lastMax = windowMax;
        windowMax = window < lastMax ? window * (1 + BETA) / 2 : window;
        window = Math.max((long) (window * BETA), minimumBytes());
        slowStartThreshold = window;
    }

    @Override
    public void onPersistentCongestion() {
        slowStartThreshold = Math.max((long) (window * BETA), minimumBytes());
        window = minimumBytes();
        inEpoch = false;
        recovered = false;
    }

    private void beginEpoch(long nowNanos) {
        inEpoch = true;
        epochNanos = nowNanos;
        renoWindow = (double) window;
        windowMax = Math.max(windowMax, (double) window);
        inflexionSeconds = StrictMath.cbrt((windowMax - (double) window) / datagramBytes / C);
    }

    private void grow(long nowNanos, long bytes, long rttNanos) {
        double seconds = (nowNanos - epochNanos + rttNanos) / NANOS_PER_SECOND - inflexionSeconds;
        double target = windowMax + C * seconds * seconds * seconds * datagramBytes;
        target = Math.min(Math.max(target, (double) window), 1.5 * window);
        renoWindow += RENO_ALPHA * datagramBytes * bytes / window;
        double cubicGrowth = (target - window) * bytes / window;
        double next = Math.max(window + cubicGrowth, renoWindow);
        window = Math.min((long) Math.ceil(next), WINDOW_BYTES_MAX);
    }

    private boolean isInRecovery(long sentNanos) {
        return recovered && sentNanos - recoveryNanos <= 0;
    }

    private long minimumBytes() {
        return (long) MINIMUM_PACKETS * datagramBytes;
    }
}
