package konce.names.encoding;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import konce.crypto.VerifyingKey;
import org.jspecify.annotations.Nullable;

/// The bytes of an Ed25519 public key, as the ledger keeps them: an account, a master key, a recovery key, a role's.
/// Whether they are a key is looked at where they enter the ledger. A value.
/// - shape: 32 bytes, here as four words, big-endian
public record Key(long word0, long word1, long word2, long word3) implements Comparable<Key> {
    /// The length.
    public static final int BYTES = 32;

    /// The key of exactly 32 bytes, whatever they are.
    public static Key of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a key has 32 bytes, not " + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new Key(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    /// The same key.
    public static Key of(VerifyingKey key) {
        return of(key.toBytes());
    }

    /// What checks signatures, or null when the bytes are no canonical point of prime order.
    public @Nullable VerifyingKey verifying() {
        return VerifyingKey.decode(toBytes());
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
    public int compareTo(Key other) {
        int order = Long.compareUnsigned(word0, other.word0);
        order = order != 0 ? order : Long.compareUnsigned(word1, other.word1);
        order = order != 0 ? order : Long.compareUnsigned(word2, other.word2);
        return order != 0 ? order : Long.compareUnsigned(word3, other.word3);
    }

    /// 64 hexadecimal digits.
    @Override
    public String toString() {
        return HexFormat.of().formatHex(toBytes());
    }
}
