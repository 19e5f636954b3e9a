package konce.protocol.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Random;
import konce.protocol.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The set of ranges, against [BitSet].
final class RangeSetTest {
    private static final int OPERATIONS = 40_000;
    private static final int SPAN = 600;

    /// Goal: it holds what a BitSet holds, says how much each call changed, and keeps its ranges sorted,
    /// disjoint and apart. Method: the same random operations on both; ranges short (many of them) and
    /// long (few).
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 40, 300})
    void holdsWhatABitSetHolds(int longest) {
        Random random = Seeds.random("RangeSet " + longest, longest);
        RangeSet set = new RangeSet();
        BitSet model = new BitSet();
        for (int i = 0; i < OPERATIONS; i++) {
            int start = random.nextInt(SPAN);
            int end = start + 1 + random.nextInt(longest);
            int before = model.cardinality();
            switch (random.nextInt(20)) {
                case 0 -> {
                    if (!set.isEmpty()) {
                        model.clear((int) set.start(0), (int) set.end(0));
                        set.removeLowest();
                    }
                }
                case 1, 2, 3, 4, 5, 6, 7, 8 -> {
                    model.clear(start, end);
                    assertEquals(before - model.cardinality(), set.remove(start, end), start + ".." + end);
                }
                default -> {
                    model.set(start, end);
                    assertEquals(model.cardinality() - before, set.add(start, end), start + ".." + end);
                }
            }
            int probe = random.nextInt(SPAN + longest);
            assertEquals(model.get(probe), set.contains(probe), "number " + probe);
            assertEquals(model.nextClearBit(start) >= end, set.containsAll(start, end), start + ".." + end);
            if (i % 100 == 0) {
                requireSame(model, set);
            }
        }
        requireSame(model, set);
        set.clear();
        assertTrue(set.isEmpty());
    }

    private static void requireSame(BitSet model, RangeSet set) {
        int at = 0;
        for (int i = 0; i < set.size(); i++) {
            assertEquals(model.nextSetBit(at), set.start(i), "start of range " + i);
            assertEquals(model.nextClearBit((int) set.start(i)), set.end(i), "end of range " + i);
            at = (int) set.end(i);
        }
        assertEquals(-1, model.nextSetBit(at));
        assertEquals(set.isEmpty(), set.size() == 0);
    }

    /// Goal: numbers beyond 32 bits are numbers like any other.
    @Test
    void numbersAreLongs() {
        RangeSet set = new RangeSet();
        long base = 1L << 48;
        assertEquals(10, set.add(base, base + 10));
        assertEquals(5, set.add(base + 5, base + 15));
        assertTrue(set.containsAll(base, base + 15));
        assertFalse(set.contains(base & 0xFFFF_FFFFL));
        assertEquals(1, set.remove(base + 7, base + 8));
        assertEquals(2, set.size());
    }

    /// Goal: neighbours become one range, so that what arrives in order costs one range.
    @Test
    void neighboursBecomeOneRange() {
        RangeSet set = new RangeSet();
        for (int i = 0; i < 1_000; i += 2) {
            set.add(i, i + 1);
        }
        assertEquals(500, set.size());
        for (int i = 1; i < 1_000; i += 2) {
            set.add(i, i + 1);
        }
        assertEquals(1, set.size());
        assertTrue(set.containsAll(0, 1_000));
    }
}
