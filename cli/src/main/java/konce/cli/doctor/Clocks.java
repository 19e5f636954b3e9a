package konce.cli.doctor;

import java.time.Instant;

/// Both clocks of a machine at one moment.
///
/// @param steadyNanos the one that never steps
/// @param wallNanos the one that says what o'clock it is
record Clocks(long steadyNanos, long wallNanos) {
    private static final int CHANGES = 64;

    static Clocks now() {
        Instant wall = Instant.now();
        return new Clocks(System.nanoTime(), wall.getEpochSecond() * 1_000_000_000L + wall.getNano());
    }

    /// How much further the wall clock went than the steady one.
    long stepSince(Clocks earlier) {
        return (wallNanos - earlier.wallNanos) - (steadyNanos - earlier.steadyNanos);
    }

    /// The least time that the steady clock shows between two moments.
    static long resolutionNanos() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < CHANGES; i++) {
            long start = System.nanoTime();
            long next = System.nanoTime();
            while (next == start) {
                next = System.nanoTime();
            }
            least = Math.min(least, next - start);
        }
        return least;
    }
}
