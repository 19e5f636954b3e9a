package konce.cli.chaos;

import java.util.SplittableRandom;

/// What shall happen, from a seed.
///
/// - threads: one
final class ChaosPlan {
    private static final int GAP_MILLIS_MIN = 200;
    private static final int GAP_MILLIS_MAX = 1_100;
    private static final int KILLED_MILLIS_MAX = 1_200;
    private static final int PAUSED_MILLIS_MIN = 200;
    private static final int PAUSED_MILLIS_MAX = 3_500;

    /// One event in so many takes every machine that orders at once.
    private static final int ALL_AT_ONCE = 60;

    /// One in so many may hit one too many: a majority, or a quorum, is not spared.
    private static final int TOO_MANY = 12;

    /// One in so many is meant for the machine that orders: it is the one that matters.
    private static final int LEADER = 4;

    private final SplittableRandom random;

    ChaosPlan(long seed) {
        random = new SplittableRandom(seed);
    }

    /// An event.
    ///
    /// @param gapMillis after the one before
    /// @param kill whether processes are killed (-9); else they are paused
    /// @param all whether every machine that orders is hit
    /// @param tooMany whether it may leave fewer than it takes to go on
    /// @param leader whether the machine that orders is meant, if it may be hit
    /// @param choice picks among those that may be hit
    /// @param lastMillis until they are started, or go on
    record Event(
            long gapMillis, boolean kill, boolean all, boolean tooMany, boolean leader, int choice, long lastMillis) {}

    /// The next one.
    Event next() {
        boolean kill = random.nextBoolean();
        return new Event(
                random.nextInt(GAP_MILLIS_MIN, GAP_MILLIS_MAX),
                kill,
                random.nextInt(ALL_AT_ONCE) == 0,
                random.nextInt(TOO_MANY) == 0,
                random.nextInt(LEADER) == 0,
                random.nextInt(1 << 20),
                kill ? random.nextInt(KILLED_MILLIS_MAX) : random.nextInt(PAUSED_MILLIS_MIN, PAUSED_MILLIS_MAX));
    }
}
