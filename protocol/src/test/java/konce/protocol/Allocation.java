package konce.protocol;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/// Counts what code allocates. The code is warmed up first, so that what the compiler takes away is gone.
public final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 30;

    private Allocation() {}

    /// Bytes this thread has allocated since it began.
    public static long soFar() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    /// Bytes that `times` calls allocate, after as many for warming up: the least of a few rounds, as a
    /// late compilation may cost one of them something.
    public static long of(int times, Runnable call) {
        repeat(times, call);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > 0; round++) {
            long before = soFar();
            repeat(times, call);
            least = Math.min(least, soFar() - before);
        }
        return least;
    }

    private static void repeat(int times, Runnable call) {
        for (int i = 0; i < times; i++) {
            call.run();
        }
    }
}
