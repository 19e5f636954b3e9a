package konce.crypto;

/// A permutation of the 64-bit numbers, Speck64/128: it hides on the wire how fast a counter moves, that is, how busy
/// a server is. Nothing else rests on it; whoever breaks it learns the load and nothing more, and its round keys are
/// therefore the one key that lives on the Java heap.
///
/// - allocates nothing after construction; safe from any thread
/// - source: Beaulieu and others, The Simon and Speck Families of Lightweight Block Ciphers (ePrint 2013/404)
public final class SequenceCipher {
    private static final int ROUNDS = 27;
    private static final int KEY_WORDS = 4;

    private final int[] roundKeys = new int[ROUNDS];

    /// A permutation of its own for this boot.
    public SequenceCipher(RandomSource random) {
        this(random.nextLong(), random.nextLong());
    }

    /// The permutation of a 128-bit key, written as in the paper: the last word is the first round key.
    SequenceCipher(long high, long low) {
        int[] words = new int[ROUNDS + KEY_WORDS - 2];
        words[0] = (int) (low >>> 32);
        words[1] = (int) high;
        words[2] = (int) (high >>> 32);
        roundKeys[0] = (int) low;
        for (int i = 0; i < ROUNDS - 1; i++) {
            words[i + 3] = (roundKeys[i] + Integer.rotateRight(words[i], 8)) ^ i;
            roundKeys[i + 1] = Integer.rotateLeft(roundKeys[i], 3) ^ words[i + 3];
        }
    }

    /// The number as it appears on the wire.
    public long encrypt(long number) {
        int x = (int) (number >>> 32);
        int y = (int) number;
        for (int i = 0; i < ROUNDS; i++) {
            x = (Integer.rotateRight(x, 8) + y) ^ roundKeys[i];
            y = Integer.rotateLeft(y, 3) ^ x;
        }
        return ((long) x << 32) | (y & 0xffff_ffffL);
    }

    /// The number behind what appeared on the wire.
    public long decrypt(long hidden) {
        int x = (int) (hidden >>> 32);
        int y = (int) hidden;
        for (int i = ROUNDS - 1; i >= 0; i--) {
            y = Integer.rotateRight(y ^ x, 3);
            x = Integer.rotateLeft((x ^ roundKeys[i]) - y, 8);
        }
        return ((long) x << 32) | (y & 0xffff_ffffL);
    }

    @Override
    public String toString() {
        return "SequenceCipher";
    }
}
