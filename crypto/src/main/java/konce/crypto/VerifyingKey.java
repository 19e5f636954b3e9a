package konce.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An Ed25519 public key: whoever has it can check what the owner of the [SigningKey] signed. For records that anybody
/// may check, never for conversations. A value, equal by its bytes.
/// - shape: 32 bytes, a canonical point of the prime-order subgroup
/// - source: RFC 8032
public final class VerifyingKey {
    /// The length of the encoding.
    public static final int BYTES = 32;

    /// The length of a signature.
    public static final int SIGNATURE_BYTES = 64;

    private final byte[] bytes;

    private VerifyingKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The key encoded by the 32 bytes at `offset`, or null when they are not canonical, not on the curve, or not
    /// of prime order.
    public static @Nullable VerifyingKey decode(MemorySegment source, long offset) {
        Objects.checkFromIndexSize(offset, BYTES, source.byteSize());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(BYTES);
            MemorySegment.copy(source, offset, copy, 0, BYTES);
            return Sodium.isValidEdwardsPoint(copy.address()) == 1 ? computed(copy) : null;
        }
    }

    /// The same from an array of exactly 32 bytes; any other length is null too.
    public static @Nullable VerifyingKey decode(byte[] bytes) {
        return bytes.length == BYTES ? decode(MemorySegment.ofArray(bytes), 0) : null;
    }

    /// The key of exactly 32 bytes that were decoded once and kept since where nobody else writes: what they are is
    /// not
    /// looked at again, which saves as much as checking a signature costs. Under bytes that are not canonical or of
    /// small order no signature is good.
    public static VerifyingKey known(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a key has 32 bytes, not " + bytes.length);
        }
        return new VerifyingKey(bytes.clone());
    }

    /// The key of a result that libsodium has computed.
    static VerifyingKey computed(MemorySegment encoded) {
        return new VerifyingKey(encoded.toArray(ValueLayout.JAVA_BYTE));
    }

    /// Whether `signature64`, exactly 64 bytes, is the owner's over all of `message`. Malleable and small-order
    /// signatures are false. About 45 us.
    /// - error: [IllegalArgumentException] for a signature of another length or a segment on the Java heap
    public boolean verify(MemorySegment message, MemorySegment signature64) {
        SigningKey.checkSignatureBytes(signature64);
        long signature = Raw.in(signature64, 0, SIGNATURE_BYTES);
        long text = Raw.in(message, 0, message.byteSize());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            int code = Sodium.signVerify(signature, text, message.byteSize(), key.address());
            Raw.keep(message);
            Raw.keep(signature64);
            return code == 0;
        }
    }

    /// Writes the 32 bytes at `offset`.
    public void writeTo(MemorySegment target, long offset) {
        MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, offset, BYTES);
    }

    /// The 32 bytes, as an array of the caller's own.
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VerifyingKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// 64 hexadecimal digits.
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
