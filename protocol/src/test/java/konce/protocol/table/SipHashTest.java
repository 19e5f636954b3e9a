package konce.protocol.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import konce.protocol.Allocation;
import konce.protocol.Seeds;
import org.junit.jupiter.api.Test;

/// The hash behind tables whose contents others choose.
final class SipHashTest {
    /// Goal: the authors' test vector for sixteen bytes 00 to 0f under the key 00 to 0f (`vectors_sip64`, the
    /// seventeenth).
    @Test
    void theAuthorsVector() {
        SipHash hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
        assertEquals(0x3f2acc7f57c29bdbL, hash.of(0x0706050403020100L, 0x0f0e0d0c0b0a0908L));
    }

    /// Goal: every bit of input and key changes about half of the result.
    @Test
    void everyBitCounts() {
        Random random = Seeds.random("sip hash", 11);
        for (int bit = 0; bit < 256; bit++) {
            int changed = 0;
            for (int i = 0; i < 64; i++) {
                long[] words = {random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()};
                long before = new SipHash(words[0], words[1]).of(words[2], words[3]);
                words[bit / 64] ^= 1L << (bit % 64);
                changed += Long.bitCount(before ^ new SipHash(words[0], words[1]).of(words[2], words[3]));
            }
            int bits = changed;
            // 4,096 coins: five standard deviations are 160
            assertTrue(Math.abs(bits - 2_048) < 160, () -> bits + " of 4096 bits change");
        }
    }

    /// Goal: it allocates nothing.
    @Test
    void allocatesNothing() {
        SipHash hash = new SipHash(1, 2);
        long[] sum = new long[1];
        assertEquals(0, Allocation.of(20_000, () -> sum[0] += hash.of(sum[0], 7)));
    }
}
