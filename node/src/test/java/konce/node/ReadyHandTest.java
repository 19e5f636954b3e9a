package konce.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The thread that is ready to run what may block.
@Timeout(60)
class ReadyHandTest {
    private static final int PIECES = 20_000;

    private final ReadyHand hand = new ReadyHand("hand under test");

    @AfterEach
    void stop() {
        hand.stop();
    }

    /// Goal: what it takes it runs, once, whether it is asleep, looking, or just done. Method: pieces at once after
    /// one
    /// another, and with pauses of every length in between.
    @Test
    void runsWhatItTakes() {
        AtomicInteger ran = new AtomicInteger();
        Semaphore done = new Semaphore(0);
        for (int i = 0; i < PIECES; i++) {
            while (!hand.take(() -> {
                ran.incrementAndGet();
                done.release();
            })) {
                Thread.onSpinWait();
            }
            done.acquireUninterruptibly();
            if (i % 100 == 0) {
                long until = System.nanoTime() + i * 10L;
                while (System.nanoTime() - until < 0) {
                    Thread.onSpinWait();
                }
            }
        }
        assertEquals(PIECES, ran.get());
    }

    /// Goal: a piece that blocks keeps it, and nothing else waits for that. An interrupt is the piece's own.
    @Test
    void takesOneAtATime() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        assertTrue(hand.take(() -> {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            Thread.currentThread().interrupt();
        }));
        begun.await();
        assertFalse(hand.take(() -> {}));
        end.countDown();
        CountDownLatch next = new CountDownLatch(1);
        boolean[] interrupted = {true};
        while (!hand.take(() -> {
            interrupted[0] = Thread.currentThread().isInterrupted();
            next.countDown();
        })) {
            Thread.onSpinWait();
        }
        next.await();
        assertFalse(interrupted[0]);
    }

    /// Goal: once stopped it takes nothing.
    @Test
    void takesNothingWhenStopped() {
        hand.stop();
        assertFalse(hand.take(() -> {}));
    }
}
