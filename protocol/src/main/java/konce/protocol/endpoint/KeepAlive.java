package konce.protocol.endpoint;

import konce.protocol.Limits;

/// When a channel on which it is silent says something: while something is awaited, soon, as a translator may have
/// forgotten the way back; where it is to stay reachable, before one forgets.
///
/// - unit: nanoseconds of the endpoint's time
/// - source: docs/spec/06-flow.md, section 5
final class KeepAlive {
    private static final int IDLE_FRACTION = 3;
    private static final int SILENCE_PROBES = 3;
    private static final long SILENCE_NANOS_MIN = 1_000_000_000L;
    private static final int BACKOFF_MAX = 16;
    private static final long NEVER = Long.MAX_VALUE;

    private long everyNanos;
    private int pings;

    /// @param everyNanos of silence after which it says something in any case; 0: it does not
    KeepAlive(long everyNanos) {
        this.everyNanos = everyNanos;
    }

    /// A send asks for a channel that stays reachable.
    void ask(boolean wanted) {
        if (wanted && everyNanos == 0) {
            everyNanos = Limits.KEEP_ALIVE_NANOS;
        }
    }

    /// A part of a message has come or goes: nothing stands in the way.
    void onTalk() {
        pings = 0;
    }

    void onPing() {
        pings++;
    }

    /// When the next PING is due.
    ///
    /// @param spokenNanos when either side last said anything
    /// @param waits whether a reply, or the rest of a message, is awaited
    /// @param probeTimeoutNanos of the path
    /// @param idleNanos how long the channel may be silent
    long dueNanos(long spokenNanos, boolean waits, long probeTimeoutNanos, long idleNanos) {
        // = docs/spec/06-flow.md R6.24
        long due = everyNanos == 0 ? NEVER : spokenNanos + everyNanos;
        if (!waits) {
            return due;
        }
        // = docs/spec/06-flow.md R6.8
        long quiet = Math.max(SILENCE_NANOS_MIN, SILENCE_PROBES * probeTimeoutNanos);
        quiet = Math.min(quiet << Math.min(pings, BACKOFF_MAX), idleNanos / IDLE_FRACTION);
        return Math.min(due, spokenNanos + quiet);
    }
}
