package konce.cli.files;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How many chunks are under way at once: few on a slow line, so that each comes soon and an interruption costs little;
/// many on a fast one, so that it is never idle. Chunks under way share the line: each one more makes all take longer,
/// once the line is full.
///
/// - threads: any
final class ChunkWindow {
    private static final int LIMIT_FIRST = 2;

    /// A chunk that takes less always leaves room for more.
    private static final long QUICK_NANOS = 250_000_000L;

    /// A chunk that takes less is never too slow.
    private static final long SLOW_NANOS = 1_000_000_000L;

    /// How many times the quickest chunk's time leaves room for more, and how many are too slow.
    private static final int QUICK_TIMES = 2;

    private static final int SLOW_TIMES = 4;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int limit = LIMIT_FIRST;
    private int underWay;
    private long quickestNanos = Long.MAX_VALUE;
    private boolean closed;

    /// Waits for a place.
    ///
    /// @return false when no more chunks are to be moved
    boolean enter() throws InterruptedException {
        lock.lock();
        try {
            while (!closed && underWay >= limit) {
                changed.await();
            }
            underWay++;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /// Gives a place back.
    ///
    /// @param tookNanos how long the chunk took
    void leave(long tookNanos) {
        lock.lock();
        try {
            underWay--;
            quickestNanos = Math.min(quickestNanos, tookNanos);
            if (tookNanos < Math.max(QUICK_NANOS, QUICK_TIMES * quickestNanos)) {
                limit = Math.min(limit + 1, FileLimits.CHUNKS_IN_FLIGHT_MAX);
            } else if (tookNanos > Math.max(SLOW_NANOS, SLOW_TIMES * quickestNanos)) {
                limit = Math.max(limit - 1, 1);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// How many may be under way now.
    int limit() {
        lock.lock();
        try {
            return limit;
        } finally {
            lock.unlock();
        }
    }

    /// Lets everybody go who waits; from now on there are no more places.
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
