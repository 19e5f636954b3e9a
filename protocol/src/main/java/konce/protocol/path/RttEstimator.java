package konce.protocol.path;

/// What is known of a round trip.
///
/// - unit: nanoseconds
/// - source: RFC 9002 section 5; docs/spec/05-paths.md, section 2
public final class RttEstimator {
    private static final long MILLI = 1_000_000L;

    /// Believed before anything was measured (RFC 9002 section 6.2.2).
    public static final long INITIAL_NANOS = 333 * MILLI;

    /// The finest timer worth setting.
    public static final long GRANULARITY_NANOS = MILLI;

    private long latest = INITIAL_NANOS;
    private long min = INITIAL_NANOS;
    private long smoothed = INITIAL_NANOS;
    private long variation = INITIAL_NANOS / 2;
    private boolean measured;

    public RttEstimator() {}

    /// Starts from a guess, which the first measurement replaces.
    public void guess(long rttNanos) {
        if (!measured) {
            latest = rttNanos;
            min = rttNanos;
            smoothed = rttNanos;
            variation = rttNanos / 2;
        }
    }

    // = docs/spec/05-paths.md R5.1
    /// Takes a measurement.
    ///
    /// @param sampleNanos between a packet's sending and its acknowledgement
    /// @param ackDelayNanos how long the peer says it waited; believed up to `ackDelayMaxNanos` and never below min
    public void measure(long sampleNanos, long ackDelayNanos, long ackDelayMaxNanos) {
        latest = Math.max(1, sampleNanos);
        if (!measured) {
            measured = true;
            min = latest;
            smoothed = latest;
            variation = latest / 2;
            return;
        }
        min = Math.min(min, latest);
        long delay = Math.min(ackDelayNanos, ackDelayMaxNanos);
        long adjusted = latest - min >= delay ? latest - delay : latest;
        variation = (3 * variation + Math.abs(smoothed - adjusted)) / 4;
        smoothed = (7 * smoothed + adjusted) / 8;
    }

    public boolean isMeasured() {
        return measured;
    }

    public long latestNanos() {
        return latest;
    }

    public long minNanos() {
        return min;
    }

    public long smoothedNanos() {
        return smoothed;
    }

    public long variationNanos() {
        return variation;
    }

    /// How long to wait for an acknowledgement before probing (RFC 9002 section 6.2.1), without back-off.
    public long probeTimeoutNanos(long ackDelayMaxNanos) {
        return smoothed + Math.max(4 * variation, GRANULARITY_NANOS) + ackDelayMaxNanos;
    }

    /// How long after a later packet's acknowledgement a packet counts as lost (RFC 9002 section 6.1.2).
    public long lossDelayNanos() {
        return Math.max(9 * Math.max(smoothed, latest) / 8, GRANULARITY_NANOS);
    }
}
