package konce.simulator.world;

import konce.protocol.endpoint.Endpoint;

/// A host's steady clock: it starts anywhere and runs a little fast or slow, but never back.
///
/// @param offsetNanos what it showed when the run began
/// @param ratePpm how much faster than true time it runs, in parts per million; negative: slower
record HostClock(long offsetNanos, int ratePpm) {
    private static final long MILLION = 1_000_000L;

    /// Deadlines further off than this are as good as none: about eleven days.
    private static final long FAR_NANOS = 1_000_000_000_000_000L;

    /// What it shows at this true time.
    long at(long trueNanos) {
        return offsetNanos + trueNanos + trueNanos / MILLION * ratePpm;
    }

    /// A true time at which it shows at least this, and as good as the first.
    ///
    /// @return `Long.MAX_VALUE` where that is never, or too far off to matter
    long trueNanos(long shownNanos) {
        if (shownNanos <= offsetNanos) {
            return 0;
        }
        long elapsed = shownNanos - offsetNanos;
        if (shownNanos == Endpoint.NO_DEADLINE || elapsed > FAR_NANOS) {
            return Long.MAX_VALUE;
        }
        long guess = Math.max(0, elapsed - elapsed / (MILLION + ratePpm) * ratePpm - 2L * Math.abs(ratePpm) - 2);
        while (at(guess) < shownNanos) {
            guess += Math.max(1, (shownNanos - at(guess)) / 2);
        }
        return guess;
    }
}
