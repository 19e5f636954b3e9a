package konce.names.encoding;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import konce.crypto.SigningKey;
import konce.crypto.VerifyingKey;
import org.jspecify.annotations.Nullable;

/// An Ed25519 signature. A value, equal by its bytes.
/// - shape: 64 bytes
/// - source: RFC 8032
public final class Signature {
    /// The length.
    public static final int BYTES = VerifyingKey.SIGNATURE_BYTES;

    private final byte[] bytes;

    private Signature(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The signature of exactly 64 bytes.
    public static Signature of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a signature has 64 bytes, not " + bytes.length);
        }
        return new Signature(bytes.clone());
    }

    /// The owner's signature over `message`.
    public static Signature sign(SigningKey key, byte[] message) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(BYTES);
            key.sign(arena.allocateFrom(ValueLayout.JAVA_BYTE, message), out);
            return new Signature(out.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /// Whether the owner of `key` signed `message`. The key stands in a ledger, or in a proof of what does: it was
    /// looked
    /// at when it came in.
    public boolean isBy(Key key, byte[] message) {
        return isBy(VerifyingKey.known(key.toBytes()), message);
    }

    /// Whether the owner of `key` signed `message`.
    public boolean isBy(VerifyingKey key, byte[] message) {
        try (Arena arena = Arena.ofConfined()) {
            return key.verify(
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, message),
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes));
        }
    }

    /// The 64 bytes.
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Signature that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// 128 hexadecimal digits.
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
