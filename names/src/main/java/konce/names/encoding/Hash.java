package konce.names.encoding;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// A BLAKE2b-256 hash. A value; ordered as its bytes are.
/// - shape: 32 bytes, here as four words, big-endian
public record Hash(long word0, long word1, long word2, long word3) implements Comparable<Hash> {
    /// The length.
    public static final int BYTES = 32;

    /// Bits in it.
    public static final int BITS = BYTES * 8;

    /// 32 zero bytes: what stands where nothing was hashed.
    public static final Hash ZERO = new Hash(0, 0, 0, 0);

    /// The hash of exactly 32 bytes.
    public static Hash of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new Hash(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    /// The bit at `index`, 0 the first bit of the first byte.
    public boolean bit(int index) {
        return (word(index >>> 6) >>> (63 - (index & 63)) & 1) == 1;
    }

    /// How many leading bits are the same in both, up to [#BITS].
    public int commonBits(Hash other) {
        for (int i = 0; i < 4; i++) {
            long different = word(i) ^ other.word(i);
            if (different != 0) {
                return i * 64 + Long.numberOfLeadingZeros(different);
            }
        }
        return BITS;
    }

    /// The 32 bytes.
    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(word0)
                .putLong(word1)
                .putLong(word2)
                .putLong(word3)
                .array();
    }

    @Override
    public int compareTo(Hash other) {
        for (int i = 0; i < 4; i++) {
            int order = Long.compareUnsigned(word(i), other.word(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /// 64 hexadecimal digits.
    @Override
    public String toString() {
        return HexFormat.of().formatHex(toBytes());
    }

    private long word(int index) {
        return switch (index) {
            case 0 -> word0;
            case 1 -> word1;
            case 2 -> word2;
            default -> word3;
        };
    }
}
