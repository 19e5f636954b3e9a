package konce.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Goal: what is stored opens with its key only, and the key from a passphrase is Argon2id's. Method: a published
/// vector, random cases against second implementations, every byte of a box changed in turn.
class AtRestTest {
    private final Vault vault = Vault.open(1 << 14);

    @AfterEach
    void allSecretsWereClosed() {
        assertEquals(0, vault.secretsLive());
        vault.close();
    }

    /// One lane, 64 KiB, three passes: a vector of hash-wasm's Argon2id.
    @Test
    void argon2idVector() {
        MemorySegment passphrase = Bytes.of(Bytes.hex("746573742d70617373776f7264"));
        MemorySegment salt = Bytes.of("000102030405060708090a0b0c0d0e0f");
        try (Secret key = PassphraseKey.derive(vault, passphrase, salt, new PassphraseKey.Cost(3, 64 << 10))) {
            assertEquals(
                    "0d786afcedf5887149009b3bf1ce23bef5769cb2dc10d058c8c40dd7f431f7f1", Bytes.hex(Bytes.reveal(key)));
        }
    }

    @Test
    void argon2idAgreesWithBouncyCastle() {
        Random random = Bytes.random("Argon2id");
        for (int i = 0; i < Bytes.CASES; i++) {
            byte[] passphrase = Bytes.random(random, random.nextInt(80));
            byte[] salt = Bytes.random(random, 16);
            int passes = 1 + random.nextInt(3);
            int kibibytes = 8 + random.nextInt(56);
            Argon2BytesGenerator oracle = new Argon2BytesGenerator();
            oracle.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withSalt(salt)
                    .withIterations(passes)
                    .withMemoryAsKB(kibibytes)
                    .withParallelism(1)
                    .build());
            byte[] expected = new byte[32];
            oracle.generateBytes(passphrase, expected);
            PassphraseKey.Cost cost = new PassphraseKey.Cost(passes, kibibytes * 1024L);
            try (Secret key = PassphraseKey.derive(vault, Bytes.of(passphrase), Bytes.of(salt), cost)) {
                assertArrayEquals(expected, Bytes.reveal(key));
            }
        }
    }

    @Test
    void aDamagedFileCannotAskForTheMoon() {
        for (long[] cost : new long[][] {{0, 1 << 20}, {65, 1 << 20}, {1, 8191}, {1, 1L << 40}, {-1, -1}}) {
            assertFalse(PassphraseKey.Cost.isWithinBounds(cost[0], cost[1]));
            assertThrows(IllegalArgumentException.class, () -> new PassphraseKey.Cost(cost[0], cost[1]));
        }
        assertTrue(PassphraseKey.Cost.isWithinBounds(4, 1 << 30));
    }

    @Test
    void boxesAreXchacha20Poly1305() {
        Random random = Bytes.random("boxes");
        SeededRandom nonces = new SeededRandom(Bytes.SEED);
        for (int i = 0; i < Bytes.CASES; i++) {
            byte[] key = Bytes.random(random, 32);
            byte[] plaintext = Bytes.random(random, random.nextInt(300));
            MemorySegment box = Bytes.zero(plaintext.length + SecretBox.OVERHEAD_BYTES);
            MemorySegment opened = Bytes.of(plaintext.clone());
            try (Secret secret = Bytes.secret(vault, key)) {
                SecretBox.seal(secret, nonces, Bytes.of(plaintext), box);
                opened.fill((byte) 9);
                assertTrue(SecretBox.open(secret, box, opened));
            }
            assertArrayEquals(plaintext, opened.toArray(ValueLayout.JAVA_BYTE));
            byte[] bytes = box.toArray(ValueLayout.JAVA_BYTE);
            assertArrayEquals(
                    ReferenceChaCha.xseal(key, Arrays.copyOf(bytes, 24), new byte[0], plaintext),
                    Arrays.copyOfRange(bytes, 24, bytes.length));
        }
    }

    @Test
    void aChangedBoxOpensNot() {
        try (Secret key = Secret.random(vault, new SeededRandom(1), 32);
                Secret other = Secret.random(vault, new SeededRandom(2), 32)) {
            MemorySegment box = Bytes.zero(70);
            MemorySegment opened = Bytes.zero(30);
            SecretBox.seal(key, new SeededRandom(3), Bytes.zero(30), box);
            assertFalse(SecretBox.open(other, box, opened));
            for (int i = 0; i < 70; i++) {
                byte was = box.get(ValueLayout.JAVA_BYTE, i);
                box.set(ValueLayout.JAVA_BYTE, i, (byte) (was ^ 1));
                assertFalse(SecretBox.open(key, box, opened));
                box.set(ValueLayout.JAVA_BYTE, i, was);
            }
            assertTrue(SecretBox.open(key, box, opened));
        }
    }
}
