package konce.protocol;

import java.util.Random;

/// Chance for tests: the same in every run, and its seed in the test's output. `-Dkonce.test.seed=N`
/// tries another.
public final class Seeds {
    private Seeds() {}

    /// Chance that begins at `seed`.
    public static Random random(String test, long seed) {
        long used = Long.getLong("konce.test.seed", seed);
        System.out.println(test + ": seed " + used);
        return new Random(used);
    }
}
