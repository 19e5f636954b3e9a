package konce.protocol.handshake;

import konce.protocol.Limits;

/// The sequence numbers of cookies: hands them out in order, and tells which were handed out within a cookie's
/// lifetime. That costs no memory for each, only a mark for each second.
///
/// - unit: nanoseconds of the endpoint's time
/// - source: docs/spec/03-handshake.md, section 4
final class RecentSequences {
    private static final long MARK_NANOS = 1_000_000_000L;
    private static final int MARKS = (int) (Limits.COOKIE_LIFETIME_NANOS / MARK_NANOS) + 2;

    private final long[] marks = new long[MARKS];
    private int oldest;
    private long next;
    private long markedNanos;

    /// @param start the first sequence number: random, 63 bits, so that it never wraps
    RecentSequences(long start, long nowNanos) {
        assert start >= 0;
        next = start;
        java.util.Arrays.fill(marks, start);
        markedNanos = nowNanos;
    }

    long next(long nowNanos) {
        advance(nowNanos);
        return next++;
    }

    boolean isRecent(long nowNanos, long sequence) {
        advance(nowNanos);
        return sequence - marks[oldest] >= 0 && sequence - next < 0;
    }

    private void advance(long nowNanos) {
        for (int i = 0; nowNanos - markedNanos >= MARK_NANOS; i++) {
            if (i == MARKS) {
                markedNanos = nowNanos;
                return;
            }
            marks[oldest] = next;
            oldest = (oldest + 1) % MARKS;
            markedNanos += MARK_NANOS;
        }
    }
}
