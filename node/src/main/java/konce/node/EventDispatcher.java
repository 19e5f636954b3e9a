package konce.node;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Runs listeners off the loop, one after the other, in the order they were told to run. It has a thread only while it
/// has work.
final class EventDispatcher {
    /// Tasks that wait. Full: the task is lost and counted, for a listener that blocks must not fill the memory.
    static final int TASKS_MAX = 65_536;

    private static final Logger LOG = System.getLogger("konce.node");

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong lost = new AtomicLong();

    /// @return false when it was lost
    boolean dispatch(Runnable task) {
        if (waiting.get() >= TASKS_MAX) {
            lost.incrementAndGet();
            return false;
        }
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            Thread.ofVirtual().name("konce-events").start(this::run);
        }
        return true;
    }

    long lost() {
        return lost.get();
    }

    /// Waits until everything told so far has run.
    ///
    /// @return false when it had not after `nanos`
    boolean awaitIdle(long nanos) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        return dispatch(reached::countDown) && reached.await(nanos, TimeUnit.NANOSECONDS);
    }

    private void run() {
        do {
            Runnable task = tasks.poll();
            assert task != null : "counted after it was added, so it is there";
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "an event listener failed", e);
            }
        } while (waiting.decrementAndGet() > 0);
    }
}
