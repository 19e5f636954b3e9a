package konce.protocol.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import konce.protocol.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The map from longs, against [HashMap].
final class LongMapTest {
    private static final int OPERATIONS = 200_000;

    /// Goal: it answers as a HashMap does, whatever is put, replaced and removed. Method: the same random
    /// operations on both, over few keys (so that they meet), many keys, and keys that differ in their
    /// high bits only.
    @ParameterizedTest
    @ValueSource(ints = {8, 300, 20_000, -1})
    void answersAsAHashMapDoes(int keys) {
        Random random = Seeds.random("LongMap " + keys, 1);
        LongMap<Object> map = new LongMap<>(random.nextLong());
        Map<Long, Object> model = new HashMap<>();
        for (int i = 0; i < OPERATIONS; i++) {
            long key = keys < 0 ? (long) random.nextInt(256) << 56 : random.nextInt(keys) - 3;
            // long stretches of mostly putting and mostly removing make it grow and shrink
            boolean filling = (i / 10_000) % 2 == 0;
            int dice = random.nextInt(10);
            if (dice < 2) {
                assertSame(model.get(key), map.find(key), "key " + key);
            } else if (dice < (filling ? 8 : 4)) {
                Object value = new Object();
                model.put(key, value);
                map.put(key, value);
            } else {
                assertSame(model.remove(key), map.remove(key), "key " + key);
            }
            assertEquals(model.size(), map.size());
        }
        Set<Object> seen = new HashSet<>();
        map.forEach(value -> assertTrue(seen.add(value), "visited once"));
        assertEquals(new HashSet<>(model.values()), seen);
    }

    /// Goal: keys in sequence, as ids and tickets are, stay findable while a window slides over them.
    @Test
    void aSlidingWindowOfKeysStaysFindable() {
        LongMap<Long> map = new LongMap<>(99);
        int window = 1_000;
        for (long key = 0; key < 100_000; key++) {
            map.put(key, key);
            if (key >= window) {
                assertEquals(key - window, map.remove(key - window));
                assertNull(map.find(key - window));
            }
            assertEquals(Math.min(key + 1, window), map.size());
        }
    }

    /// Goal: zero, minus one and the extremes are keys like any other, and every spread works, an even
    /// one and 0 too.
    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 2, Long.MIN_VALUE, 0x9E37_79B9_7F4A_7C15L})
    void anyKeyAndAnySpreadWork(long spread) {
        LongMap<String> map = new LongMap<>(spread);
        long[] keys = {0, -1, 1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, -(1L << 32)};
        for (long key : keys) {
            assertNull(map.find(key));
            assertNull(map.remove(key));
            map.put(key, "at " + key);
        }
        for (long key : keys) {
            assertEquals("at " + key, map.find(key));
        }
        for (long key : keys) {
            assertEquals("at " + key, map.remove(key));
        }
        assertEquals(0, map.size());
    }
}
