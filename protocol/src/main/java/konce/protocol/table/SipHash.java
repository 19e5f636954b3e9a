package konce.protocol.table;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// SipHash-2-4: where somebody else chooses what goes into a table, its place must not be foreseeable.
///
/// - shape: a key of 128 bits, an input of two words or of any number of bytes; every word is little-endian, as the
/// paper has it
/// - error: never throws, never allocates
/// - source: Aumasson, Bernstein: SipHash, a fast short-input PRF, 2012
public final class SipHash {
    private static final long LENGTH = 16L << 56;
    private static final ValueLayout.OfLong LITTLE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final long k0;
    private final long k1;

    /// @param k0 random
    /// @param k1 random
    public SipHash(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    public long of(long first, long second) {
        return of(k0, k1, first, second);
    }

    /// The same under a key that is kept elsewhere.
    public static long of(long k0, long k1, long first, long second) {
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L;
        // three words of two rounds each, then four: ten rounds in one loop, so that it stays small enough to be
        // inlined
        for (int round = 0; round < 10; round++) {
            long word = round < 2 ? first : round < 4 ? second : LENGTH;
            if (round < 6 && (round & 1) == 0) {
                v3 ^= word;
            }
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
            if (round < 6 && (round & 1) == 1) {
                v0 ^= word;
            }
            v2 ^= round == 5 ? 0xFF : 0;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    /// The hash of any number of bytes, under a key that is kept elsewhere.
    public static long of(long k0, long k1, MemorySegment in, long offset, int bytes) {
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L;
        int absorbed = 2 * (bytes / Long.BYTES + 1);
        long word = 0;
        for (int round = 0; round < absorbed + 4; round++) {
            if (round < absorbed && (round & 1) == 0) {
                int at = round / 2 * Long.BYTES;
                word = at + Long.BYTES <= bytes ? in.get(LITTLE, offset + at) : last(in, offset, at, bytes);
                v3 ^= word;
            }
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
            if (round < absorbed && (round & 1) == 1) {
                v0 ^= word;
            }
            v2 ^= round == absorbed - 1 ? 0xFF : 0;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    /// The word that ends every input: what is left of it, and its length.
    private static long last(MemorySegment in, long offset, int from, int bytes) {
        long word = (long) bytes << 56;
        for (int i = from; i < bytes; i++) {
            word |= (in.get(ValueLayout.JAVA_BYTE, offset + i) & 0xFFL) << (8 * (i - from));
        }
        return word;
    }
}
