package konce.simulator.clock;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DiceTest {
    /// Goal: a seed means the same numbers everywhere. Method: the published first outputs of SplitMix64 for
    /// 1234567.
    @Test
    void drawsTheNumbersOfSplitMix64() {
        Dice dice = new Dice(1_234_567);
        long[] drawn = new long[5];
        Arrays.setAll(drawn, _ -> dice.next());
        assertArrayEquals(
                new long[] {
                    6_457_827_717_110_365_317L,
                    3_203_168_211_198_807_973L,
                    Long.parseUnsignedLong("9817491932198370423"),
                    4_593_380_528_125_082_431L,
                    Long.parseUnsignedLong("16408922859458223821")
                },
                drawn);
    }

    /// Goal: every draw stays inside its bounds and reaches both ends.
    @Test
    void staysInBounds() {
        Dice dice = new Dice(7);
        boolean[] seen = new boolean[3];
        for (int i = 0; i < 1_000; i++) {
            seen[(int) dice.between(-1, 1) + 1] = true;
            int size = dice.size(1_000);
            assertTrue(size >= 0 && size <= 1_000, "size " + size);
        }
        assertArrayEquals(new boolean[] {true, true, true}, seen);
        assertEquals(5, dice.between(5, 5));
        assertThrows(IllegalArgumentException.class, () -> dice.between(1, 0));
    }

    /// Goal: a chance is what it says, and none at all costs no number, so that switching a fault off changes
    /// nothing else.
    @Test
    void keepsItsChances() {
        Dice dice = new Dice(9);
        long hits = 0;
        for (int i = 0; i < 100_000; i++) {
            hits += dice.chance(0.3) ? 1 : 0;
        }
        assertNear(30_000, hits, 1_000);
        Dice one = new Dice(11);
        Dice other = new Dice(11);
        assertFalse(one.chance(0));
        assertEquals(other.next(), one.next());
    }

    /// Goal: small sizes are as likely as large ones, zero and the largest included.
    @Test
    void drawsSizesOfEveryMagnitude() {
        Dice dice = new Dice(13);
        int zeros = 0;
        int small = 0;
        int large = 0;
        for (int i = 0; i < 10_000; i++) {
            int size = dice.size(1 << 16);
            zeros += size == 0 ? 1 : 0;
            small += size < 256 ? 1 : 0;
            large += size >= 1 << 15 ? 1 : 0;
        }
        assertTrue(
                zeros > 300 && small > 3_000 && large > 300,
                zeros + " zeros, " + small + " small, " + large + " large");
    }

    private static void assertNear(long expected, long actual, long within) {
        assertTrue(Math.abs(actual - expected) <= within, actual + " is not within " + within + " of " + expected);
    }
}
