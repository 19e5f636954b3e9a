package konce.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Goal: hashes are BLAKE2b, and the key derivation is the formula in its documentation. Method: published vectors, a
/// vector computed by Python's hashlib, and random cases against BouncyCastle.
class HashTest {
    private final Vault vault = Vault.open(1 << 14);

    @AfterEach
    void allSecretsWereClosed() {
        assertEquals(0, vault.secretsLive());
        vault.close();
    }

    @Test
    void abcOfRfc7693() {
        MemorySegment out = Bytes.zero(64);
        Blake2b.hash(Bytes.of("616263"), 0, 3, out, 0, 64);
        assertEquals(
                "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                        + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
                Bytes.hex(out));
    }

    @Test
    void keyedEmptyInputOfTheReferenceVectors() {
        byte[] key = new byte[64];
        for (int i = 0; i < 64; i++) {
            key[i] = (byte) i;
        }
        MemorySegment out = Bytes.zero(64);
        try (Secret secret = Bytes.secret(vault, key)) {
            Blake2b.hash(secret, MemorySegment.NULL, 0, 0, out, 0, 64);
        }
        assertEquals(
                "10ebb67700b1868efb4417987acf4690ae9d972fb7a590c2f02871799aaa4786"
                        + "b5e996e8f0f4eb981fc214b005f42d2ff4233499391653df7aefcbc13fc51568",
                Bytes.hex(out));
    }

    @Test
    void hashesAgreeWithBouncyCastle() {
        Random random = Bytes.random("BLAKE2b");
        for (int i = 0; i < Bytes.CASES; i++) {
            byte[] input = Bytes.random(random, random.nextInt(600));
            byte[] key = Bytes.random(random, 1 + random.nextInt(64));
            int outBytes = 1 + random.nextInt(64);
            MemorySegment out = Bytes.zero(outBytes);
            Blake2b.hash(Bytes.of(input), 0, input.length, out, 0, outBytes);
            assertArrayEquals(oracle(new byte[0], input, outBytes), out.toArray(ValueLayout.JAVA_BYTE));
            try (Secret secret = Bytes.secret(vault, key)) {
                Blake2b.hash(secret, Bytes.of(input), 0, input.length, out, 0, outBytes);
            }
            assertArrayEquals(oracle(key, input, outBytes), out.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Test
    void piecesGiveTheSameHashAsTheWhole() {
        Random random = Bytes.random("BLAKE2b in pieces");
        try (Hasher hasher = new Hasher(48)) {
            for (int i = 0; i < Bytes.CASES; i++) {
                ByteArrayOutputStream whole = new ByteArrayOutputStream();
                for (int piece = random.nextInt(6); piece > 0; piece--) {
                    byte[] bytes = Bytes.random(random, random.nextInt(300));
                    long number = random.nextLong();
                    hasher.update(Bytes.of(bytes), 0, bytes.length)
                            .updateByte((int) number)
                            .updateLong(number);
                    whole.writeBytes(bytes);
                    whole.write((int) number);
                    whole.writeBytes(ByteBuffer.allocate(8).putLong(number).array());
                }
                MemorySegment out = Bytes.zero(50);
                hasher.finish(out, 1);
                hasher.reset();
                assertArrayEquals(
                        oracle(new byte[0], whole.toByteArray(), 48),
                        out.asSlice(1, 48).toArray(ValueLayout.JAVA_BYTE));
            }
        }
    }

    @Test
    void aFinishedOrClosedHasherRefuses() {
        Hasher hasher = new Hasher(32);
        MemorySegment out = Bytes.zero(32);
        hasher.finish(out, 0);
        assertThrows(IllegalStateException.class, () -> hasher.updateByte(1));
        assertThrows(IllegalStateException.class, () -> hasher.finish(out, 0));
        hasher.reset().updateByte(1).close();
        assertThrows(IllegalStateException.class, () -> hasher.updateByte(1));
        assertThrows(IllegalStateException.class, hasher::reset);
        assertThrows(IllegalArgumentException.class, () -> new Hasher(65).close());
    }

    @Test
    void theKdfsVector() {
        try (Secret chain = Bytes.secret(vault, sequence(0, 32));
                Secret first = Bytes.secret(vault, sequence(32, 32));
                Secret second = Bytes.secret(vault, sequence(64, 32));
                Secret result = Kdf.derive(vault, "konce test", 32, chain, Bytes.of("010203"), first, second)) {
            assertEquals(
                    "c65921c124f47bd87a74716e1f36593679577e758a29d65466caa06be2980348",
                    Bytes.hex(Bytes.reveal(result)));
        }
    }

    @Test
    void theKdfAgreesWithItsFormula() {
        Random random = Bytes.random("KDF");
        for (int i = 0; i < Bytes.CASES; i++) {
            byte[] chain = random.nextInt(4) == 0 ? new byte[0] : Bytes.random(random, 16 + random.nextInt(49));
            byte[] transcript = Bytes.random(random, random.nextInt(500));
            byte[][] inputs = new byte[random.nextInt(4)][];
            Secret[] secrets = new Secret[inputs.length];
            for (int input = 0; input < inputs.length; input++) {
                inputs[input] = Bytes.random(random, 1 + random.nextInt(64));
                secrets[input] = Bytes.secret(vault, inputs[input]);
            }
            String label = "label " + random.nextInt(1000);
            int bytes = 1 + random.nextInt(64);
            Secret chainSecret = chain.length == 0 ? null : Bytes.secret(vault, chain);
            try (Secret result = Kdf.derive(vault, label, bytes, chainSecret, Bytes.of(transcript), secrets)) {
                assertArrayEquals(formula(label, bytes, chain, transcript, inputs), Bytes.reveal(result));
            }
            for (Secret secret : secrets) {
                secret.close();
            }
            if (chainSecret != null) {
                chainSecret.close();
            }
        }
    }

    @Test
    void theKdfTellsItsInputsApart() {
        try (Secret a = Bytes.secret(vault, sequence(0, 32));
                Secret b = Bytes.secret(vault, sequence(32, 32));
                Secret both = Bytes.secret(vault, sequence(0, 64));
                Secret r1 = Kdf.derive(vault, "x", 32, null, MemorySegment.NULL, a, b);
                Secret r2 = Kdf.derive(vault, "x", 32, null, MemorySegment.NULL, b, a);
                Secret r3 = Kdf.derive(vault, "x", 32, null, MemorySegment.NULL, both);
                Secret r4 = Kdf.derive(vault, "x", 32, a, MemorySegment.NULL, b);
                Secret r5 = Kdf.derive(vault, "xy", 32, a, MemorySegment.NULL, b);
                Secret r6 = Kdf.derive(vault, "x", 32, a, Bytes.of("79"), b)) {
            Secret[] all = {r1, r2, r3, r4, r5, r6};
            for (int i = 0; i < all.length; i++) {
                for (int j = 0; j < i; j++) {
                    assertFalse(all[i].constantTimeEquals(all[j]), i + " and " + j);
                }
            }
        }
    }

    @Test
    void theKdfRefusesWhatIsNoKeyAndLeavesNothingBehind() {
        Secret closed = vault.secret(32);
        closed.close();
        try (Secret brief = vault.secret(15)) {
            assertThrows(IllegalArgumentException.class, () -> Kdf.derive(vault, "x", 32, brief, MemorySegment.NULL));
            assertThrows(IllegalArgumentException.class, () -> Kdf.derive(vault, "x", 65, null, MemorySegment.NULL));
            assertThrows(
                    IllegalStateException.class, () -> Kdf.derive(vault, "x", 32, null, MemorySegment.NULL, closed));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Kdf.derive(vault, "x", 32, null, MemorySegment.ofArray(new byte[3])));
            assertEquals(1, vault.secretsLive());
        }
    }

    private static byte[] formula(String label, int bytes, byte[] chain, byte[] transcript, byte[]... inputs) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        part(message, "konce kdf 1".getBytes(StandardCharsets.UTF_8));
        part(message, label.getBytes(StandardCharsets.UTF_8));
        part(message, transcript);
        message.writeBytes(ByteBuffer.allocate(8).putLong(inputs.length).array());
        Arrays.stream(inputs).forEach(input -> part(message, input));
        return oracle(chain, message.toByteArray(), bytes);
    }

    private static void part(ByteArrayOutputStream message, byte[] bytes) {
        message.writeBytes(ByteBuffer.allocate(8).putLong(bytes.length).array());
        message.writeBytes(bytes);
    }

    private static byte[] oracle(byte[] key, byte[] input, int outBytes) {
        Blake2bDigest digest = new Blake2bDigest(key.length == 0 ? null : key, outBytes, null, null);
        digest.update(input, 0, input.length);
        byte[] out = new byte[outBytes];
        digest.doFinal(out, 0);
        return out;
    }

    private static byte[] sequence(int first, int bytes) {
        byte[] result = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            result[i] = (byte) (first + i);
        }
        return result;
    }
}
