package konce.crypto;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.DecapsulateException;
import javax.crypto.KEM;
import javax.security.auth.DestroyFailedException;

/// ML-KEM-768 by the JDK's own provider: one side's public key, the other's ciphertext, and a secret that both have.
///
/// Chance is an argument: the JDK is handed a source of randomness that gives out a secret of ours, so the same seed
/// gives the same key and the same ciphertext. A key pair is therefore kept as its seed, in the vault, and made again
/// where it is used.
///
/// What the JDK does not allow: while one of these methods runs, the private key, its polynomials and the shared secret
/// are arrays on the Java heap. What it lets us reach is wiped (the private key is destroyed, copies are overwritten);
/// what it keeps inside (the parsed polynomials, a `SecretKeySpec`'s array) waits for the collector.
///
/// - threads: any; tens of microseconds each, so a job and not the loop
/// - source: FIPS 203; JEP 496
public final class KeyEncapsulation {
    /// Bytes of a public (encapsulation) key.
    public static final int PUBLIC_KEY_BYTES = 1_184;

    public static final int CIPHERTEXT_BYTES = 1_088;

    /// Bytes of the secret both sides get.
    public static final int SECRET_BYTES = 32;

    /// Bytes a key pair is made from: FIPS 203's d and z.
    public static final int SEED_BYTES = 64;

    /// Bytes an encapsulation is made from: FIPS 203's m.
    public static final int ENTROPY_BYTES = 32;

    private static final String NAME = "ML-KEM-768";

    /// What stands before the raw bytes in an X.509 SubjectPublicKeyInfo (RFC 9935).
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("308204b2300b0609608648016503040402038204a100");

    private KeyEncapsulation() {}

    /// Writes the public key of a seed.
    ///
    /// @param seed 64 bytes
    public static void publicKey(Secret seed, MemorySegment target, long offset) {
        seed.checkBytes(SEED_BYTES);
        byte[] encoded = pair(seed).getPublic().getEncoded();
        MemorySegment.copy(encoded, X509_PREFIX.length, target, ValueLayout.JAVA_BYTE, offset, PUBLIC_KEY_BYTES);
    }

    /// Makes a secret for whoever has the seed of a public key.
    ///
    /// @param entropy 32 bytes, used for nothing else
    /// @param ciphertext where it is written, for the other side
    /// @param result 32 bytes, overwritten with the secret
    /// @return false when the bytes are no public key; then nothing was written
    public static boolean encapsulate(
            MemorySegment publicKey, Secret entropy, MemorySegment ciphertext, Secret result) {
        entropy.checkBytes(ENTROPY_BYTES);
        result.checkBytes(SECRET_BYTES);
        byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + PUBLIC_KEY_BYTES);
        MemorySegment.copy(publicKey, ValueLayout.JAVA_BYTE, 0, encoded, X509_PREFIX.length, PUBLIC_KEY_BYTES);
        KEM.Encapsulator encapsulator;
        try {
            var key = KeyFactory.getInstance(NAME).generatePublic(new X509EncodedKeySpec(encoded));
            encapsulator = KEM.getInstance(NAME).newEncapsulator(key, null, new Drawn(entropy));
        } catch (GeneralSecurityException notAKey) {
            return false;
        }
        KEM.Encapsulated made;
        try {
            made = encapsulator.encapsulate();
        } catch (RuntimeException notAKey) {
            // JDK 25 looks at the coefficients only here
            return false;
        }
        MemorySegment.copy(made.encapsulation(), 0, ciphertext, ValueLayout.JAVA_BYTE, 0, CIPHERTEXT_BYTES);
        store(made.key().getEncoded(), result);
        return true;
    }

    /// The secret in a ciphertext. For one that was made for another key, or altered, it is another secret: nothing
    /// tells (FIPS 203's implicit rejection).
    ///
    /// @param seed 64 bytes: of the public key it was made for
    /// @param result 32 bytes, overwritten with the secret
    public static void decapsulate(Secret seed, MemorySegment ciphertext, Secret result) {
        seed.checkBytes(SEED_BYTES);
        result.checkBytes(SECRET_BYTES);
        byte[] bytes = ciphertext.asSlice(0, CIPHERTEXT_BYTES).toArray(ValueLayout.JAVA_BYTE);
        KeyPair pair = pair(seed);
        try {
            store(
                    KEM.getInstance(NAME)
                            .newDecapsulator(pair.getPrivate())
                            .decapsulate(bytes)
                            .getEncoded(),
                    result);
        } catch (DecapsulateException e) {
            throw new AssertionError("a ciphertext of the right length always gives a secret", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK's own " + NAME + " is missing", e);
        } finally {
            destroy(pair);
        }
    }

    private static KeyPair pair(Secret seed) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(NAME);
            generator.initialize(-1, new Drawn(seed));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK's own " + NAME + " is missing", e);
        }
    }

    private static void store(byte[] secret, Secret result) {
        MemorySegment.copy(secret, 0, result.view(), ValueLayout.JAVA_BYTE, 0, SECRET_BYTES);
        Arrays.fill(secret, (byte) 0);
    }

    private static void destroy(KeyPair pair) {
        try {
            pair.getPrivate().destroy();
        } catch (DestroyFailedException kept) {
            // the JDK of this release destroys it; another's collector gets it later
            assert pair.getPrivate().isDestroyed() : kept;
        }
    }

    /// Gives out the bytes of a secret, from its start, once.
    private static final class Drawn extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private Drawn(Secret from) {
            super(new Source(from), null);
        }
    }

    private static final class Source extends SecureRandomSpi {
        private static final long serialVersionUID = 1L;

        private final transient Secret from;
        private int at;

        private Source(Secret from) {
            this.from = from;
        }

        @Override
        protected void engineNextBytes(byte[] bytes) {
            MemorySegment.copy(from.view(), ValueLayout.JAVA_BYTE, at, bytes, 0, bytes.length);
            at += bytes.length;
        }

        @Override
        protected byte[] engineGenerateSeed(int bytes) {
            throw new UnsupportedOperationException("all chance is given");
        }

        @Override
        protected void engineSetSeed(byte[] seed) {
            throw new UnsupportedOperationException("all chance is given");
        }
    }
}
