package konce.cli.files;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Moves chunks, several at a time: each is asked for when one before it has been answered.
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

    private Chunks() {}

    static void each(PartFile file, Move move) throws IOException {
        each(file::nextMissing, move);
    }

    /// Moves all that are missing, at most [FileLimits#CHUNKS_IN_FLIGHT_MAX] at once. The first failure ends it,
    /// when
    /// those under way have ended.
    static void each(Missing missing, Move move) throws IOException {
        AtomicInteger cursor = new AtomicInteger();
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        List<Thread> movers = new ArrayList<>();
        for (int i = 0; i < FileLimits.CHUNKS_IN_FLIGHT_MAX; i++) {
            movers.add(Thread.ofVirtual().start(() -> moveUntilDone(missing, move, cursor, failure)));
        }
        try {
            for (Thread mover : movers) {
                mover.join();
            }
        } catch (InterruptedException e) {
            // Not handed on to the movers: an interrupt would close the file under them before its state is saved.
            failure.compareAndSet(
                    null,
                    new InterruptedIOException(
                            "interrupted; what has come is kept, the same command" + " goes on from there"));
        }
        Exception failed = failure.get();
        switch (failed) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            default -> throw new AssertionError("moving a chunk throws only these", failed);
        }
    }

    private static void moveUntilDone(
            Missing missing, Move move, AtomicInteger cursor, AtomicReference<@Nullable Exception> failure) {
        try {
            int chunk = claim(missing, cursor);
            while (chunk >= 0 && failure.get() == null) {
                move.move(chunk);
                chunk = claim(missing, cursor);
            }
        } catch (IOException | RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    /* The cursor only moves forward, so a chunk that is under way is never claimed twice. */
    private static int claim(Missing missing, AtomicInteger cursor) {
        while (true) {
            int from = cursor.get();
            int chunk = missing.nextFrom(from);
            if (chunk < 0) {
                return -1;
            }
            if (cursor.compareAndSet(from, chunk + 1)) {
                return chunk;
            }
        }
    }
}
