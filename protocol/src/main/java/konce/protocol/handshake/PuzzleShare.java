package konce.protocol.handshake;

import java.lang.foreign.MemorySegment;
import konce.crypto.PublicKey;

/// A share of a puzzle: every n-th candidate solution, from one of n starts. Runs on any thread, and ends early when
/// another share has found one.
///
/// - source: docs/spec/03-handshake.md, section 7
final class PuzzleShare implements Runnable {
    /// What the shares of one puzzle have in common.
    static final class Board {
        private volatile boolean done;

        /// Ends every share.
        void stop() {
            done = true;
        }

        boolean isDone() {
            return done;
        }
    }

    private static final int TRIES_BETWEEN_LOOKS = 64;

    private final Board board;
    private final MemorySegment packet;
    private final PublicKey transientKey;
    private final long effort;
    private final long start;
    private final int stride;
    private long tries;
    private boolean winner;
    private long found;

    /// @param packet the sealed COOKIE-ECHO; read only
    /// @param start the first solution tried
    PuzzleShare(Board board, MemorySegment packet, PublicKey transientKey, long effort, long start, int stride) {
        this.board = board;
        this.packet = packet;
        this.transientKey = transientKey;
        this.effort = effort;
        this.start = start;
        this.stride = stride;
    }

    Board board() {
        return board;
    }

    long tries() {
        return tries;
    }

    boolean isWinner() {
        return winner;
    }

    long found() {
        return found;
    }

    @Override
    public void run() {
        try (Puzzle puzzle = new Puzzle().begin(packet, packet.byteSize(), transientKey)) {
            for (long solution = start; tries % TRIES_BETWEEN_LOOKS != 0 || !board.done; solution += stride) {
                tries++;
                if (puzzle.isSolvedBy(solution, effort)) {
                    winner = true;
                    found = solution;
                    board.stop();
                    return;
                }
            }
        }
    }
}
