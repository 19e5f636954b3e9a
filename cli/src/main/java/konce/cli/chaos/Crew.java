package konce.cli.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Threads that do the same again and again until they are told to stop.
///
/// - threads: [#start] and [#close] of whoever owns it; [#isOverIn] of the crew
final class Crew implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);

    void start(Runnable body) {
        threads.add(Thread.ofVirtual().name("konce-chaos-crew").start(body));
    }

    /// Waits so many milliseconds, or until all shall stop.
    ///
    /// @return whether they shall
    boolean isOverIn(long millis) throws InterruptedException {
        return stop.await(millis, TimeUnit.MILLISECONDS);
    }

    /// Tells all to stop, and waits until they have.
    @Override
    public void close() {
        stop.countDown();
        boolean interrupted = false;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
