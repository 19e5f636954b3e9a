package konce.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A public key: a canonical ristretto255 element that is not the identity. A value, equal by its bytes.
/// - shape: 32 bytes
/// - source: RFC 9496
public final class PublicKey {
    /// The length of the encoding.
    public static final int BYTES = 32;

    private final long word0;
    private final long word1;
    private final long word2;
    private final long word3;

    private PublicKey(MemorySegment encoded) {
        word0 = encoded.get(Raw.LONG_BIG, 0);
        word1 = encoded.get(Raw.LONG_BIG, 8);
        word2 = encoded.get(Raw.LONG_BIG, 16);
        word3 = encoded.get(Raw.LONG_BIG, 24);
    }

    /// The key encoded by the 32 bytes at `offset`, or null when they are not canonical, or are the identity: the
    /// peer's mistake, for the caller to name. Costs one decompression, some 4 us.
    /// - error: [IndexOutOfBoundsException] when the segment is too short
    public static @Nullable PublicKey decode(MemorySegment source, long offset) {
        Objects.checkFromIndexSize(offset, BYTES, source.byteSize());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(BYTES); // so that what was checked is what is kept
            MemorySegment.copy(source, offset, copy, 0, BYTES);
            PublicKey key = new PublicKey(copy);
            boolean identity = (key.word0 | key.word1 | key.word2 | key.word3) == 0;
            return !identity && Sodium.isValidPoint(copy.address()) == 1 ? key : null;
        }
    }

    /// The same from an array of exactly 32 bytes; any other length is null too.
    public static @Nullable PublicKey decode(byte[] bytes) {
        return bytes.length == BYTES ? decode(MemorySegment.ofArray(bytes), 0) : null;
    }

    /// The key of a result that libsodium has computed.
    static PublicKey computed(MemorySegment encoded) {
        return new PublicKey(encoded);
    }

    /// Writes the 32 bytes at `offset`. Allocates nothing.
    public void writeTo(MemorySegment target, long offset) {
        Objects.checkFromIndexSize(offset, BYTES, target.byteSize());
        target.set(Raw.LONG_BIG, offset, word0);
        target.set(Raw.LONG_BIG, offset + 8, word1);
        target.set(Raw.LONG_BIG, offset + 16, word2);
        target.set(Raw.LONG_BIG, offset + 24, word3);
    }

    /// Eight of the 32 bytes as a number, for tables: `word` 0 to 3.
    public long word(int word) {
        return switch (Objects.checkIndex(word, BYTES / Long.BYTES)) {
            case 0 -> word0;
            case 1 -> word1;
            case 2 -> word2;
            default -> word3;
        };
    }

    /// The 32 bytes, as an array of the caller's own.
    public byte[] toBytes() {
        MemorySegment bytes = MemorySegment.ofArray(new byte[BYTES]);
        writeTo(bytes, 0);
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PublicKey that
                && word0 == that.word0
                && word1 == that.word1
                && word2 == that.word2
                && word3 == that.word3;
    }

    /// Spread well, but not secret: whoever makes keys can make them collide, so tables by peer key need a bound.
    @Override
    public int hashCode() {
        return Long.hashCode(
                (word0 ^ Long.rotateLeft(word1, 17) ^ Long.rotateLeft(word2, 31) ^ word3) * 0x9e37_79b9_7f4a_7c15L);
    }

    /// 64 hexadecimal digits.
    @Override
    public String toString() {
        return HexFormat.of().formatHex(toBytes());
    }
}
