package konce.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A ristretto255 scalar in the vault, never zero, with its public key.
/// - threads: any may multiply; its owner closes it
/// - error: [VaultFullException] where a secret is made; [IllegalStateException] once closed
/// - source: RFC 9496; <https://doc.libsodium.org/advanced/point-arithmetic/ristretto>
public final class SecretKey implements AutoCloseable {
    private static final int SCALAR_BYTES = 32;
    private static final int WIDE_BYTES = 64;
    private static final int RANDOM_BYTES = 32;
    private static final int STATE = 0;

    private final Secret scalar;
    private final PublicKey publicKey;

    private SecretKey(Secret scalar, PublicKey publicKey) {
        this.scalar = scalar;
        this.publicKey = publicKey;
    }

    /// A key from 64 random bytes, reduced.
    public static SecretKey generate(Vault vault, RandomSource random) {
        try (Secret wide = Secret.random(vault, random, WIDE_BYTES)) {
            return reduced(vault, wide.address());
        }
    }

    /// A key that stays secret although the randomness is bad, as long as the durable key is secret.
    /// - shape: scalar = reduce(BLAKE2b-512(32 random bytes || durable scalar, or 32 zero bytes || label in UTF-8))
    public static SecretKey hedged(Vault vault, RandomSource random, @Nullable SecretKey durable, String label) {
        try (Secret fresh = Secret.random(vault, random, RANDOM_BYTES);
                Secret wide = vault.secret(WIDE_BYTES);
                Secret none = vault.secret(SCALAR_BYTES);
                Arena arena = Arena.ofConfined()) {
            MemorySegment name = Kdf.utf8(arena, label);
            Secret kept = durable == null ? none : durable.scalar;
            long bench = vault.beginWork();
            try {
                int code = Sodium.blake2bInit(bench + STATE, 0, 0, WIDE_BYTES)
                        | Sodium.blake2bUpdate(bench + STATE, fresh.address(), RANDOM_BYTES)
                        | Sodium.blake2bUpdate(bench + STATE, kept.address(), SCALAR_BYTES)
                        | Sodium.blake2bUpdate(bench + STATE, Raw.in(name, 0, name.byteSize()), name.byteSize())
                        | Sodium.blake2bFinal(bench + STATE, wide.address(), WIDE_BYTES);
                Invariant.check(code == 0, "BLAKE2b accepts checked lengths");
            } finally {
                vault.endWork();
            }
            return reduced(vault, wide.address());
        }
    }

    /// The key that a 32-byte seed gives for a purpose: the same again each time, unrelated for every other label
    /// or context. For pseudonyms, and for keys that are stored as seeds.
    /// - shape: scalar = reduce([Kdf]("secret key " + label, 64 bytes, chain = seed, transcript = context))
    /// - `context`: a native segment of any length, also none
    public static SecretKey fromSeed(Vault vault, Secret seed32, String label, MemorySegment context) {
        seed32.checkBytes(SCALAR_BYTES);
        try (Secret wide = Kdf.derive(vault, "secret key " + label, WIDE_BYTES, seed32, context)) {
            return reduced(vault, wide.address());
        }
    }

    /// The element that the others know.
    public PublicKey publicKey() {
        return publicKey;
    }

    /// The product of this scalar and `point`: 32 bytes in the vault, the same as the other side's product. About
    /// 45 us. It cannot be the identity: the group has prime order and neither factor is zero.
    public Secret multiply(Vault vault, PublicKey point) {
        Secret product = vault.secret(PublicKey.BYTES);
        boolean done = false;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment encoded = arena.allocate(PublicKey.BYTES);
            point.writeTo(encoded, 0);
            int code = Sodium.multiply(product.address(), scalar.address(), encoded.address());
            Invariant.check(code == 0, "the product of two valid keys is not the identity");
            done = true;
            return product;
        } finally {
            if (!done) {
                product.close();
            }
        }
    }

    /// A secret of `bytes` bytes that follows from this key and a purpose: the same again each time, unrelated for
    /// every
    /// other label.
    public Secret derive(Vault vault, String label, int bytes) {
        return Kdf.derive(vault, label, bytes, null, MemorySegment.NULL, scalar);
    }

    /// Wipes the scalar. The public key stays known. Closing again does nothing.
    @Override
    public void close() {
        scalar.close();
    }

    @Override
    public String toString() {
        return "SecretKey";
    }

    private static SecretKey reduced(Vault vault, long wide) {
        Secret scalar = vault.secret(SCALAR_BYTES);
        boolean done = false;
        try (Arena arena = Arena.ofConfined()) {
            Sodium.scalarReduce(scalar.address(), wide);
            MemorySegment encoded = arena.allocate(PublicKey.BYTES);
            int code = Sodium.multiplyBase(encoded.address(), scalar.address());
            Invariant.check(code == 0, "64 random bytes do not reduce to zero, but once in 2^252");
            done = true;
            return new SecretKey(scalar, PublicKey.computed(encoded));
        } finally {
            if (!done) {
                scalar.close();
            }
        }
    }
}
