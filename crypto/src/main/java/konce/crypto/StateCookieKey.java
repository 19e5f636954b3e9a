package konce.crypto;

import java.lang.foreign.MemorySegment;

/// The secret of one boot behind all state cookies: XChaCha20's whole 512-bit input but for the last 64 bits of the
/// nonce, which are the sequence number.
///
/// - shape: key 32, nonce prefix 16 and block counter 8 are secret and random. The subkey of key and prefix is made
///   once, so a block costs one ChaCha20 block.
/// - threads: one owner; the nonce is written into the key's own slot
/// - source: docs/spec/03-handshake.md; draft-irtf-cfrg-xchacha-03, with the 64-bit counter of the original ChaCha20
public final class StateCookieKey implements AutoCloseable {
    /// The length of a block.
    public static final int BLOCK_BYTES = 64;

    private static final int SECRET_BYTES = 56;
    private static final int PREFIX = 32;
    private static final int SECRET_COUNTER = 48;

    // The slot: subkey 32, counter 8 (little-endian), nonce 8 (big-endian sequence number).
    private static final int COUNTER = 32;
    private static final int NONCE = 40;
    private static final int SLOT_BYTES = 48;

    private final Secret slot;
    private final MemorySegment slotView;

    private StateCookieKey(Secret slot) {
        this.slot = slot;
        this.slotView = slot.view();
    }

    /// A key of its own for this boot. It is never stored.
    /// - error: [VaultFullException]
    public static StateCookieKey generate(Vault vault, RandomSource random) {
        try (Secret secret = Secret.random(vault, random, SECRET_BYTES)) {
            return of(vault, secret);
        }
    }

    /// The key of 56 given bytes: key 32, nonce prefix 16, counter 8 (little-endian).
    static StateCookieKey of(Vault vault, Secret secret56) {
        secret56.checkBytes(SECRET_BYTES);
        Secret slot = vault.secret(SLOT_BYTES);
        int code = Sodium.hchacha20(slot.address(), secret56.address() + PREFIX, secret56.address(), 0);
        Invariant.check(code == 0, "HChaCha20 takes any key");
        MemorySegment.copy(secret56.view(), SECRET_COUNTER, slot.view(), COUNTER, Long.BYTES);
        return new StateCookieKey(slot);
    }

    /// Writes the 64 bytes that belong to `sequence`. Allocates nothing.
    /// - error: [IndexOutOfBoundsException] when `out` is too short
    public void block(long sequence, MemorySegment out, long offset) {
        long target = Raw.out(out, offset, BLOCK_BYTES);
        long subkey = slot.address();
        slotView.set(Raw.LONG_BIG, NONCE, sequence);
        for (int i = 0; i < BLOCK_BYTES; i += Long.BYTES) {
            out.set(Raw.LONG_BIG, offset + i, 0);
        }
        long counter = slotView.get(Raw.LONG_LITTLE, COUNTER);
        int code = Sodium.chacha20Xor(target, target, BLOCK_BYTES, subkey + NONCE, counter, subkey);
        Raw.keep(out);
        Invariant.check(code == 0, "ChaCha20 takes any input");
    }

    /// Wipes the key: every cookie given out is void. Closing again does nothing.
    @Override
    public void close() {
        slot.close();
    }

    @Override
    public String toString() {
        return "StateCookieKey";
    }
}
