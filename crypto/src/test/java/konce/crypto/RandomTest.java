package konce.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.junit.jupiter.api.Test;

/// Goal: a seed gives its stream on every machine, forks are independent, bounded numbers are unbiased. Method: the
/// stream recomputed by a second implementation, counts over small bounds.
class RandomTest {
    @Test
    void aSeedsStreamIsChaCha20() {
        byte[] input = ByteBuffer.allocate(19 + 8)
                .put("konce seeded random".getBytes(StandardCharsets.UTF_8))
                .putLong(42)
                .array();
        Blake2bDigest digest = new Blake2bDigest(256);
        digest.update(input, 0, input.length);
        byte[] key = new byte[32];
        digest.doFinal(key, 0);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        for (long block = 0; block < 50; block++) {
            expected.writeBytes(ReferenceChaCha.block(key, block, new byte[8]));
        }
        SeededRandom random = new SeededRandom(42);
        MemorySegment stream = Bytes.zero(50 * 64);
        for (int at = 0; at < 3200; at += 100) { // in pieces that cross the pool's end
            random.fill(stream.asSlice(at, 100));
        }
        assertArrayEquals(expected.toByteArray(), stream.toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void forksDependOnSeedAndPurposeOnly() {
        SeededRandom used = new SeededRandom(1);
        used.nextLong();
        assertEquals(new SeededRandom(1).fork("a").nextLong(), used.fork("a").nextLong());
        assertNotEquals(used.fork("a").nextLong(), used.fork("b").nextLong());
        assertNotEquals(used.fork("a").nextLong(), new SeededRandom(2).fork("a").nextLong());
        assertNotEquals(used.fork("a").nextLong(), new SeededRandom(1).nextLong());
    }

    @Test
    void boundedNumbersAreUniform() {
        RandomSource[] sources = {new SeededRandom(7), new SystemRandom(), slow(new SeededRandom(8))};
        for (RandomSource random : sources) {
            int[] counts = new int[6];
            for (int i = 0; i < 60_000; i++) {
                counts[(int) random.nextLong(6)]++;
            }
            for (int count : counts) {
                assertTrue(Math.abs(count - 10_000) < 700, "seven standard deviations");
            }
            long huge = (1L << 62) + 1;
            for (int i = 0; i < 1_000; i++) {
                long number = random.nextLong(huge);
                assertTrue(number >= 0 && number < huge);
                assertEquals(0, random.nextLong(1));
            }
            assertThrows(IllegalArgumentException.class, () -> random.nextLong(0));
            assertThrows(IllegalArgumentException.class, () -> random.nextLong(-5));
        }
    }

    @Test
    void theSystemsRandomnessFillsTheWholeSegment() {
        MemorySegment memory = Bytes.zero(4_096);
        new SystemRandom().fill(memory.asSlice(10, 4_000));
        assertEquals("00".repeat(10), Bytes.hex(memory.asSlice(0, 10)));
        assertEquals("00".repeat(86), Bytes.hex(memory.asSlice(4_010)));
        int zeros = 0;
        for (byte b : memory.asSlice(10, 4_000).toArray(ValueLayout.JAVA_BYTE)) {
            zeros += b == 0 ? 1 : 0;
        }
        assertTrue(zeros < 60, "about 16 of 4,000 random bytes are zero");
        assertThrows(IllegalArgumentException.class, () -> new SystemRandom().fill(MemorySegment.ofArray(new byte[8])));
    }

    /// A source that has only [RandomSource#fill], so that the default methods are used.
    private static RandomSource slow(SeededRandom random) {
        return target -> random.fill(target.asSlice(0));
    }
}
