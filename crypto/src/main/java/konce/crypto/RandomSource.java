package konce.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Where randomness comes from. It is an argument everywhere: [SystemRandom] in a node, [SeededRandom] in a test.
public interface RandomSource {
    /// Overwrites the whole of `target`, a native segment, with random bytes.
    void fill(MemorySegment target);

    /// 64 uniform bits.
    default long nextLong() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment eight = arena.allocate(Long.BYTES);
            fill(eight);
            return eight.get(Raw.LONG_BIG, 0);
        }
    }

    /// A uniform number from 0 inclusive to `bound` exclusive, without bias.
    /// - error: [IllegalArgumentException] unless `bound` is positive
    default long nextLong(long bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound must be positive, not " + bound);
        }
        long mask = bound - 1;
        long bits = nextLong() >>> 1;
        if ((bound & mask) == 0) {
            return bits & mask;
        }
        long result = bits % bound;
        while (bits - result + mask < 0) { // the last, incomplete run of numbers below 2^63: draw again
            bits = nextLong() >>> 1;
            result = bits % bound;
        }
        return result;
    }
}
