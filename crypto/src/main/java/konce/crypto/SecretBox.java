package konce.crypto;

import java.lang.foreign.MemorySegment;

/// Secrets at rest: a sealed box that only its key opens.
///
/// - shape: nonce 24 (random) || ciphertext, as long as the plaintext || tag 16; XChaCha20-Poly1305 without associated
///   data. The nonce is wide enough to be drawn at random for any number of boxes.
/// - threads: any
/// - source: draft-irtf-cfrg-xchacha-03
public final class SecretBox {
    /// The length of a key.
    public static final int KEY_BYTES = 32;

    /// How many bytes a box is longer than what it holds.
    public static final int OVERHEAD_BYTES = 40;

    private static final int NONCE_BYTES = 24;
    private static final int TAG_BYTES = 16;

    private SecretBox() {}

    /// Seals all of `plaintext` into all of `out`, which is [#OVERHEAD_BYTES] longer and elsewhere.
    /// - error: [IllegalArgumentException] when the lengths do not fit
    public static void seal(Secret key32, RandomSource random, MemorySegment plaintext, MemorySegment out) {
        key32.checkBytes(KEY_BYTES);
        long bytes = plaintext.byteSize();
        checkLengths(bytes, out.byteSize());
        long source = Raw.in(plaintext, 0, bytes);
        long nonce = Raw.out(out, 0, bytes + OVERHEAD_BYTES);
        random.fill(out.asSlice(0, NONCE_BYTES));
        int code = Sodium.aeadXchachaSeal(nonce + NONCE_BYTES, 0, source, bytes, 0, 0, 0, nonce, key32.address());
        Raw.keep(plaintext);
        Raw.keep(out);
        Invariant.check(code == 0, "sealing never fails");
    }

    /// Whether `box` was sealed with this key; then `plaintext`, [#OVERHEAD_BYTES] shorter and elsewhere, is
    /// filled. When false its bytes are zeroed.
    /// - error: [IllegalArgumentException] when the lengths do not fit
    public static boolean open(Secret key32, MemorySegment box, MemorySegment plaintext) {
        key32.checkBytes(KEY_BYTES);
        long bytes = plaintext.byteSize();
        checkLengths(bytes, box.byteSize());
        long nonce = Raw.in(box, 0, bytes + OVERHEAD_BYTES);
        long target = Raw.out(plaintext, 0, bytes);
        int code = Sodium.aeadXchachaOpen(
                target, 0, 0, nonce + NONCE_BYTES, bytes + TAG_BYTES, 0, 0, nonce, key32.address());
        Raw.keep(box);
        Raw.keep(plaintext);
        return code == 0;
    }

    private static void checkLengths(long plaintextBytes, long boxBytes) {
        if (boxBytes - OVERHEAD_BYTES != plaintextBytes) {
            throw new IllegalArgumentException("a box for " + plaintextBytes + " bytes has "
                    + (plaintextBytes + OVERHEAD_BYTES) + " bytes, not " + boxBytes);
        }
    }
}
