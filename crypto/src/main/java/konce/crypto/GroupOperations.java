package konce.crypto;

import java.util.concurrent.atomic.LongAdder;

/// Counts multiplications on ristretto255 by this process: what floods must not be able to cause.
///
/// - threads: any
public final class GroupOperations {
    private static final LongAdder DONE = new LongAdder();

    private GroupOperations() {}

    /// Multiplications since the process began.
    public static long done() {
        return DONE.sum();
    }

    static void count() {
        DONE.increment();
    }
}
