package konce.simulator.plan;

/// How long things may take.
///
/// @param connectNanos time a message's channel may take to be made
/// @param replyNanos time a message may take
/// @param idleNanos time a channel may idle
/// @param thinkNanosMax the longest a receiver thinks before it replies; replies therefore come in any order
/// @param holdNanosMax the longest a receiver holds a message's credit back
public record Timing(long connectNanos, long replyNanos, long idleNanos, long thinkNanosMax, long holdNanosMax) {
    private static final long MILLISECOND = 1_000_000L;

    /// A minute to connect, two to reply, ten seconds to idle; up to 20 ms of thought.
    public static final Timing PATIENT = new Timing(
            60_000 * MILLISECOND, 120_000 * MILLISECOND, 10_000 * MILLISECOND, 20 * MILLISECOND, 5 * MILLISECOND);
}
