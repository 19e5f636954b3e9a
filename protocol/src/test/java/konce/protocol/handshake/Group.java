package konce.protocol.handshake;

import cafe.cryptography.curve25519.CompressedRistretto;
import cafe.cryptography.curve25519.Constants;
import cafe.cryptography.curve25519.InvalidEncodingException;
import cafe.cryptography.curve25519.RistrettoElement;
import cafe.cryptography.curve25519.Scalar;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import konce.crypto.PublicKey;
import konce.crypto.RandomSource;
import konce.crypto.Secret;
import konce.crypto.SecretAccess;
import konce.crypto.SecretKey;
import konce.crypto.Vault;

/// What an attacker can do with elements and we never do: add and subtract them. By a second implementation.
final class Group {
    static final RistrettoElement G = Constants.RISTRETTO_GENERATOR;
    private static final int WIDE_BYTES = 64;

    private Group() {}

    static Scalar scalar(RandomSource random) {
        MemorySegment wide = Arena.ofAuto().allocate(WIDE_BYTES);
        random.fill(wide);
        return Scalar.fromBytesModOrderWide(wide.toArray(ValueLayout.JAVA_BYTE));
    }

    /// Our key with this scalar.
    static SecretKey key(Vault vault, Scalar scalar) {
        return SecretKey.generate(vault, wide -> {
            wide.fill((byte) 0);
            MemorySegment.copy(scalar.toByteArray(), 0, wide, ValueLayout.JAVA_BYTE, 0, PublicKey.BYTES);
        });
    }

    static RistrettoElement element(PublicKey key) {
        return element(key.toBytes());
    }

    /// A product that one of our keys made, seen as an element.
    static RistrettoElement element(Secret product) {
        MemorySegment bytes = Arena.ofAuto().allocate(PublicKey.BYTES);
        product.copyTo(bytes, 0, SecretAccess.grant("a test looks"));
        return element(bytes.toArray(ValueLayout.JAVA_BYTE));
    }

    private static RistrettoElement element(byte[] encoding) {
        try {
            return new CompressedRistretto(encoding).decompress();
        } catch (InvalidEncodingException e) {
            throw new AssertionError("our keys are elements", e);
        }
    }

    static PublicKey publicKey(RistrettoElement element) {
        return Objects.requireNonNull(PublicKey.decode(element.compress().toByteArray()));
    }

    /// An element in the place of a product, as an attacker would hash it.
    static Secret product(Vault vault, RistrettoElement element) {
        MemorySegment bytes = Arena.ofAuto().allocate(PublicKey.BYTES);
        bytes.copyFrom(MemorySegment.ofArray(element.compress().toByteArray()));
        return Secret.copyOf(vault, bytes, 0, PublicKey.BYTES);
    }
}
