package konce.cli.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ChunkWindowTest {
    private static final long MILLISECOND = 1_000_000L;

    /// Moves chunks over a line that needs so long for each, when it has the line for itself.
    private static int settled(long nanosAlone, long roundTripNanos) throws InterruptedException {
        ChunkWindow window = new ChunkWindow();
        for (int i = 0; i < 200; i++) {
            assertTrue(window.enter());
            window.leave(Math.max(roundTripNanos, nanosAlone * window.limit()));
        }
        return window.limit();
    }

    /// Goal: a fast line gets all there may be, also a long one; a slow line few, and never none.
    @Test
    void theWindowFitsTheLine() throws InterruptedException {
        assertEquals(FileLimits.CHUNKS_IN_FLIGHT_MAX, settled(MILLISECOND, 10 * MILLISECOND));
        assertEquals(FileLimits.CHUNKS_IN_FLIGHT_MAX, settled(MILLISECOND, 600 * MILLISECOND));
        int slow = settled(1_600 * MILLISECOND, 40 * MILLISECOND);
        assertTrue(slow >= 1 && slow <= 4, "slow: " + slow);
    }

    /// Goal: who waits for a place is let go when it closes.
    @Test
    void closingEndsTheWaiting() throws InterruptedException {
        ChunkWindow window = new ChunkWindow();
        for (int i = window.limit(); i > 0; i--) {
            assertTrue(window.enter());
        }
        CompletableFuture<Boolean> entered = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                entered.complete(window.enter());
            } catch (InterruptedException e) {
                entered.completeExceptionally(e);
            }
        });
        window.close();
        assertFalse(entered.join());
        assertFalse(window.enter());
    }
}
