package konce.protocol.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import konce.crypto.PublicKey;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.protocol.Limits;
import konce.protocol.wire.CookieEcho;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Puzzle 1: how often a try succeeds, and what a solution is bound to.
final class PuzzleTest {
    private static final int SEED = 11;
    private static final int TRIES = 40_000;

    private final Vault vault = Vault.open(1 << 14);
    private final SeededRandom random = new SeededRandom(SEED);
    private final MemorySegment packet = Arena.ofAuto().allocate(Limits.COOKIE_ECHO_BYTES_MIN);
    private final PublicKey key = SecretKey.generate(vault, random).publicKey();

    // R3.7
    /// Goal: with effort E one try in E succeeds, up to the largest effort a client can claim. A signed product
    /// would let every second try pass there, whatever was asked.
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 100, 1L << 16, (1L << 31) - 1, 1L << 31, (1L << 32) - 2, Limits.EFFORT_MAX})
    void oneTryInEffortSucceeds(long effort) {
        random.fill(packet);
        int solved = 0;
        try (Puzzle puzzle = new Puzzle().begin(packet, packet.byteSize(), key)) {
            for (long solution = 0; solution < TRIES; solution++) {
                solved += puzzle.isSolvedBy(solution, effort) ? 1 : 0;
            }
        }
        double expected = (double) TRIES / Math.max(1, effort);
        double spread = 5 * Math.sqrt(expected) + 1;
        assertTrue(
                Math.abs(solved - expected) <= (effort <= 1 ? 0 : spread),
                () -> "seed " + SEED + ", effort " + effort + ": expected " + expected);
    }

    // R3.7
    /// Goal: a solution serves no other packet: any changed byte but the solution's own makes it another
    /// puzzle.
    @Test
    void everyByteButTheSolutionIsBound() {
        random.fill(packet);
        long effort = 1L << 12;
        try (Puzzle puzzle = new Puzzle()) {
            puzzle.begin(packet, packet.byteSize(), key);
            long solution = 0;
            while (!puzzle.isSolvedBy(solution, effort)) {
                solution++;
            }
            int passed = 0;
            for (int at = 0; at < packet.byteSize(); at++) {
                byte before = packet.get(ValueLayout.JAVA_BYTE, at);
                packet.set(ValueLayout.JAVA_BYTE, at, (byte) (before ^ 1));
                boolean isSolved = puzzle.begin(packet, packet.byteSize(), key).isSolvedBy(solution, effort);
                packet.set(ValueLayout.JAVA_BYTE, at, before);
                boolean ofSolution = at >= CookieEcho.SOLUTION && at < CookieEcho.SOLUTION + CookieEcho.SOLUTION_BYTES;
                assertTrue(!ofSolution || isSolved, "seed " + SEED + ", byte " + at);
                passed += !ofSolution && isSolved ? 1 : 0;
            }
            assertEquals(0, passed, "seed " + SEED);
            PublicKey other = SecretKey.generate(vault, random).publicKey();
            assertEquals(false, puzzle.begin(packet, packet.byteSize(), other).isSolvedBy(solution, effort));
        }
    }
}
