package konce.protocol.table;

/// SipHash-2-4 of sixteen bytes: where somebody else chooses what goes into a table, its place must not be foreseeable.
///
/// - shape: a key of 128 bits, an input of two words; every word is little-endian, as the paper has it
/// - error: never throws, never allocates
/// - source: Aumasson, Bernstein: SipHash, a fast short-input PRF, 2012
public final class SipHash {
    private static final long LENGTH = 16L << 56;

    private final long k0;
    private final long k1;

    /// @param k0 random
    /// @param k1 random
    public SipHash(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    public long of(long first, long second) {
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
}
