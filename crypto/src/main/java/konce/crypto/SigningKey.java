package konce.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// An Ed25519 secret key in the vault, with its public key.
/// - shape: 64 bytes, the seed and the public key, as libsodium keeps it
/// - threads: any may sign; its owner closes it
/// - error: [VaultFullException] where one is made; [IllegalStateException] once closed
/// - source: RFC 8032
public final class SigningKey implements AutoCloseable {
    private static final int SEED_BYTES = 32;
    private static final int KEY_BYTES = 64;

    private final Secret key;
    private final VerifyingKey verifyingKey;

    private SigningKey(Secret key, VerifyingKey verifyingKey) {
        this.key = key;
        this.verifyingKey = verifyingKey;
    }

    /// A new key.
    public static SigningKey generate(Vault vault, RandomSource random) {
        try (Secret seed = Secret.random(vault, random, SEED_BYTES)) {
            return fromSeed(vault, seed);
        }
    }

    /// The key of a 32-byte seed, RFC 8032's private key. The seed may be closed afterwards.
    public static SigningKey fromSeed(Vault vault, Secret seed) {
        seed.checkBytes(SEED_BYTES);
        long source = seed.address();
        Secret key = vault.secret(KEY_BYTES);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment encoded = arena.allocate(VerifyingKey.BYTES);
            int code = Sodium.signKeypair(encoded.address(), key.address(), source);
            Invariant.check(code == 0, "every seed gives a key");
            return new SigningKey(key, VerifyingKey.computed(encoded));
        }
    }

    /// What others check signatures with.
    public VerifyingKey verifyingKey() {
        return verifyingKey;
    }

    /// Signs all of `message` into all of `out64`, exactly 64 bytes. The same message gives the same signature.
    /// - error: [IllegalArgumentException] for another length or a segment on the Java heap
    public void sign(MemorySegment message, MemorySegment out64) {
        checkSignatureBytes(out64);
        long target = Raw.out(out64, 0, VerifyingKey.SIGNATURE_BYTES);
        long text = Raw.in(message, 0, message.byteSize());
        int code = Sodium.sign(target, 0, text, message.byteSize(), key.address());
        Raw.keep(message);
        Raw.keep(out64);
        Invariant.check(code == 0, "signing never fails");
    }

    /// Wipes the key. The public key stays known. Closing again does nothing.
    @Override
    public void close() {
        key.close();
    }

    @Override
    public String toString() {
        return "SigningKey";
    }

    static void checkSignatureBytes(MemorySegment signature) {
        if (signature.byteSize() != VerifyingKey.SIGNATURE_BYTES) {
            throw new IllegalArgumentException("a signature has 64 bytes, not " + signature.byteSize());
        }
    }
}
