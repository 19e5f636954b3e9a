package konce.simulator.clock;

import java.util.List;

/// Chance for one purpose of one run: SplitMix64, so that a seed means the same run on every Java.
///
/// - source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014), figure 2
public final class Dice {
    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;

    private long state;

    public Dice(long seed) {
        state = seed;
    }

    /// The finishing step alone: spreads a number over all 64 bits, the same way every time.
    public static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }

    public long next() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /// A number in 0..bound-1.
    public int below(int bound) {
        return (int) between(0, bound - 1L);
    }

    /// A number in min..max, both included.
    ///
    /// @throws IllegalArgumentException when max is below min
    public long between(long min, long max) {
        if (max < min) {
            throw new IllegalArgumentException("nothing lies between " + min + " and " + max);
        }
        long span = max - min + 1;
        return span <= 0 ? next() : min + Math.floorMod(next() >>> 1, span);
    }

    /// True with this chance, 0.0 to 1.0. Draws nothing when the chance is 0, so that a fault that is off costs no
    /// number.
    public boolean chance(double probability) {
        return probability > 0 && (next() >>> 11) * 0x1.0p-53 < probability;
    }

    /// One of them.
    public <T> T pick(List<T> from) {
        return from.get(below(from.size()));
    }

    /// A size in 0..max whose logarithm is spread evenly: small ones often, large ones too.
    public int size(int max) {
        int bits = below(33 - Integer.numberOfLeadingZeros(max));
        return (int) Math.min(max, between(bits == 0 ? 0 : 1L << (bits - 1), (1L << bits) - 1));
    }

    /// Fills bytes.
    public void fill(byte[] bytes) {
        for (int i = 0; i < bytes.length; i += Long.BYTES) {
            long word = next();
            for (int j = i; j < Math.min(i + Long.BYTES, bytes.length); j++) {
                bytes[j] = (byte) word;
                word >>>= 8;
            }
        }
    }

    /// Dice of their own, for a part of this purpose.
    public Dice fork() {
        return new Dice(next());
    }
}
