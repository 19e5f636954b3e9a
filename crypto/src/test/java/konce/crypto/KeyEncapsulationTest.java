package konce.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// ML-KEM-768, as the JDK does it and we wrap it.
final class KeyEncapsulationTest {
    private final Vault vault = Vault.open(1 << 14);
    private final SeededRandom random = new SeededRandom(3);
    private final MemorySegment publicKey = Arena.ofAuto().allocate(KeyEncapsulation.PUBLIC_KEY_BYTES);
    private final MemorySegment ciphertext = Arena.ofAuto().allocate(KeyEncapsulation.CIPHERTEXT_BYTES);

    @AfterEach
    void close() {
        assertEquals(0, vault.secretsLive());
        vault.close();
    }

    private Secret secret(byte[] bytes) {
        MemorySegment native_ = Arena.ofAuto().allocate(bytes.length);
        native_.copyFrom(MemorySegment.ofArray(bytes));
        return Secret.copyOf(vault, native_, 0, bytes.length);
    }

    private static byte[] bytes(Secret secret) {
        return secret.view().toArray(ValueLayout.JAVA_BYTE);
    }

    /// Goal: keys, ciphertexts and secrets are FIPS 203's, also for ciphertexts that are none. Method: the
    /// accumulated
    /// known answer of Go's and C2SP's tests: a hundred rounds whose inputs come from SHAKE128 and whose outputs go
    /// into
    /// another.
    @Test
    void aHundredRoundsGiveTheKnownAnswer() {
        Shake128 in = new Shake128();
        Shake128 out = new Shake128();
        for (int round = 0; round < 100; round++) {
            try (Secret seed = secret(in.read(KeyEncapsulation.SEED_BYTES));
                    Secret entropy = secret(in.read(KeyEncapsulation.ENTROPY_BYTES));
                    Secret theirs = vault.secret(KeyEncapsulation.SECRET_BYTES);
                    Secret ours = vault.secret(KeyEncapsulation.SECRET_BYTES)) {
                KeyEncapsulation.publicKey(seed, publicKey, 0);
                out.write(publicKey.toArray(ValueLayout.JAVA_BYTE));
                assertTrue(KeyEncapsulation.encapsulate(publicKey, entropy, ciphertext, theirs));
                out.write(ciphertext.toArray(ValueLayout.JAVA_BYTE));
                out.write(bytes(theirs));
                KeyEncapsulation.decapsulate(seed, ciphertext, ours);
                assertTrue(ours.constantTimeEquals(theirs));
                MemorySegment none = MemorySegment.ofArray(in.read(KeyEncapsulation.CIPHERTEXT_BYTES));
                KeyEncapsulation.decapsulate(seed, none, ours);
                out.write(bytes(ours));
            }
        }
        assertEquals(
                "1114b1b6699ed191734fa339376afa7e285c9e6acf6ff0177d346696ce564415",
                HexFormat.of().formatHex(out.read(32)));
    }

    /// Goal: one altered bit anywhere in a ciphertext gives another secret, and the same one each time.
    @Test
    void everyByteOfACiphertextCounts() {
        try (Secret seed = Secret.random(vault, random, KeyEncapsulation.SEED_BYTES);
                Secret entropy = Secret.random(vault, random, KeyEncapsulation.ENTROPY_BYTES);
                Secret theirs = vault.secret(KeyEncapsulation.SECRET_BYTES);
                Secret ours = vault.secret(KeyEncapsulation.SECRET_BYTES);
                Secret again = vault.secret(KeyEncapsulation.SECRET_BYTES)) {
            KeyEncapsulation.publicKey(seed, publicKey, 0);
            assertTrue(KeyEncapsulation.encapsulate(publicKey, entropy, ciphertext, theirs));
            for (int i = 0; i < KeyEncapsulation.CIPHERTEXT_BYTES; i++) {
                byte right = ciphertext.get(ValueLayout.JAVA_BYTE, i);
                ciphertext.set(ValueLayout.JAVA_BYTE, i, (byte) (right ^ 1 << i % 8));
                KeyEncapsulation.decapsulate(seed, ciphertext, ours);
                KeyEncapsulation.decapsulate(seed, ciphertext, again);
                assertFalse(ours.constantTimeEquals(theirs), "byte " + i);
                assertArrayEquals(bytes(ours), bytes(again));
                ciphertext.set(ValueLayout.JAVA_BYTE, i, right);
            }
        }
    }

    /// Goal: what is no key is refused, and nothing is thrown. Method: FIPS 203's modulus check: coefficients of 12
    /// bits
    /// that are not below 3,329.
    @Test
    void whatIsNoKeyIsRefused() {
        try (Secret entropy = Secret.random(vault, random, KeyEncapsulation.ENTROPY_BYTES);
                Secret result = vault.secret(KeyEncapsulation.SECRET_BYTES)) {
            publicKey.fill((byte) 0xFF);
            assertFalse(KeyEncapsulation.encapsulate(publicKey, entropy, ciphertext, result));
            publicKey.fill((byte) 0);
            publicKey.set(ValueLayout.JAVA_BYTE, 600, (byte) 0x01);
            publicKey.set(ValueLayout.JAVA_BYTE, 601, (byte) 0x0D);
            assertFalse(KeyEncapsulation.encapsulate(publicKey, entropy, ciphertext, result), "a coefficient of 3,329");
        }
    }

    /// SHAKE128 by the book (FIPS 202), in a straight line: for this test.
    private static final class Shake128 {
        private static final int RATE = 168;
        private final long[] lanes = new long[25];
        private final byte[] block = new byte[RATE];
        private int at;
        private boolean reading;

        void write(byte[] bytes) {
            for (byte next : bytes) {
                block[at++] ^= next;
                if (at == RATE) {
                    absorb();
                }
            }
        }

        byte[] read(int length) {
            if (!reading) {
                block[at] ^= 0x1F;
                block[RATE - 1] ^= (byte) 0x80;
                absorb();
                reading = true;
                at = 0;
            }
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                if (at == RATE) {
                    permute();
                    at = 0;
                }
                bytes[i] = (byte) (lanes[at / 8] >>> (8 * (at % 8)));
                at++;
            }
            return bytes;
        }

        private void absorb() {
            for (int i = 0; i < RATE; i++) {
                lanes[i / 8] ^= (block[i] & 0xFFL) << (8 * (i % 8));
                block[i] = 0;
            }
            permute();
            at = 0;
        }

        private void permute() {
            int lfsr = 1;
            for (int round = 0; round < 24; round++) {
                theta();
                rhoPiChi();
                for (int bit = 0; bit < 7; bit++) {
                    if ((lfsr & 1) != 0) {
                        lanes[0] ^= 1L << ((1 << bit) - 1);
                    }
                    lfsr = (lfsr << 1) ^ ((lfsr >> 7) * 0x171);
                }
            }
        }

        private void theta() {
            long[] columns = new long[5];
            for (int x = 0; x < 5; x++) {
                columns[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20];
            }
            for (int i = 0; i < 25; i++) {
                lanes[i] ^= columns[(i + 4) % 5] ^ Long.rotateLeft(columns[(i + 1) % 5], 1);
            }
        }

        private void rhoPiChi() {
            long[] moved = new long[25];
            moved[0] = lanes[0];
            int x = 1;
            int y = 0;
            for (int t = 0; t < 24; t++) {
                int nextY = (2 * x + 3 * y) % 5;
                moved[y + 5 * nextY] = Long.rotateLeft(lanes[x + 5 * y], (t + 1) * (t + 2) / 2 % 64);
                x = y;
                y = nextY;
            }
            for (int i = 0; i < 25; i++) {
                int row = i / 5 * 5;
                lanes[i] = moved[i] ^ (~moved[row + (i + 1) % 5] & moved[row + (i + 2) % 5]);
            }
        }
    }
}
