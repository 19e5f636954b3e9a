package konce.cli.files;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Moves the chunks of one file, several at a time, each as a request that is answered.
///
/// - threads: [#run] of one; it starts others for the chunks, and waits for them
final class Chunks {
    /// Moves one chunk; blocks until it is there.
    @FunctionalInterface
    interface Move {
        void move(int chunk) throws IOException;
    }

    /// Says which chunk is next.
    @FunctionalInterface
    interface Missing {
        /// The first chunk from `from` on that is still to be moved; -1: none.
        int nextFrom(int from);
    }

    private final Missing missing;
    private final Move move;
    private final ChunkWindow window = new ChunkWindow();
    private int cursor;
    private @Nullable Exception failure;

    Chunks(Missing missing, Move move) {
        this.missing = missing;
        this.move = move;
    }

    /// Moves all that are missing. The first failure ends it, when the chunks under way have ended.
    void run() throws IOException {
        List<Thread> movers = new ArrayList<>();
        for (int i = 0; i < FileLimits.CHUNKS_IN_FLIGHT_MAX; i++) {
            movers.add(Thread.ofVirtual().start(this::moveUntilDone));
        }
        try {
            for (Thread mover : movers) {
                mover.join();
            }
        } catch (InterruptedException e) {
            // Not handed on to the movers: an interrupt would close the file under them before its state is saved.
            fail(new InterruptedIOException("interrupted; what has come is kept, the same command goes on from there"));
        }
        Exception failed = failure();
        switch (failed) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            default -> throw new AssertionError("moving a chunk throws only these", failed);
        }
    }

    private void moveUntilDone() {
        try {
            int chunk = 0;
            while (chunk >= 0 && window.enter()) {
                long start = System.nanoTime();
                chunk = claim();
                if (chunk >= 0) {
                    move.move(chunk);
                    window.leave(System.nanoTime() - start);
                } else {
                    window.close();
                }
            }
        } catch (IOException | RuntimeException | InterruptedException e) {
            fail(e);
        }
    }

    /* The cursor only moves forward, so a chunk that is under way is never claimed twice. */
    private synchronized int claim() {
        int chunk = failure == null ? missing.nextFrom(cursor) : -1;
        if (chunk >= 0) {
            cursor = chunk + 1;
        }
        return chunk;
    }

    private synchronized void fail(Exception why) {
        if (failure == null) {
            failure = why;
        }
        window.close();
    }

    private synchronized @Nullable Exception failure() {
        return failure;
    }
}
