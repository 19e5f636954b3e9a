package konce.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.bouncycastle.crypto.macs.SipHash;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Goal: packets and cookies are protected by exactly the published ciphers. Method: the documents' vectors, and random
/// packets against BouncyCastle and a second ChaCha20 of the tests' own.
class ProtectionTest {
    private static final String SUNSCREEN = "4c616469657320616e642047656e746c656d656e206f662074686520636c6173"
            + "73206f66202739393a204966204920636f756c64206f6666657220796f75206f6e6c79206f6e652074697020666f7220746865"
            + "206675747572652c2073756e73637265656e20776f756c642062652069742e";
    private static final String KEY_80 = "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f";
    private static final String KEY_00 = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private static final String ASSOCIATED = "50515253c0c1c2c3c4c5c6c7";

    private final Vault vault = Vault.open(1 << 14);

    @AfterEach
    void allSecretsWereClosed() {
        assertEquals(0, vault.secretsLive());
        vault.close();
    }

    @Test
    void chacha20Poly1305OfRfc8439() {
        String expected = "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69"
                + "da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b48"
                + "31d7bc3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691";
        MemorySegment out = Bytes.of(SUNSCREEN + "00".repeat(16));
        long body = out.byteSize() - 16;
        Sodium.aeadChachaSeal(
                out.address(),
                out.address() + body,
                0,
                out.address(),
                body,
                Bytes.of(ASSOCIATED).address(),
                12,
                0,
                Bytes.of("070000004041424344454647").address(),
                Bytes.of(KEY_80).address());
        assertEquals(expected, Bytes.hex(out));
        byte[] nonce = Bytes.hex("070000004041424344454647");
        assertEquals(
                expected,
                Bytes.hex(ReferenceChaCha.seal(Bytes.hex(KEY_80), nonce, Bytes.hex(ASSOCIATED), Bytes.hex(SUNSCREEN))));
    }

    @Test
    void xchacha20Poly1305OfTheDraft() {
        String expected = "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f"
                + "4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565"
                + "d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49";
        String nonce = "404142434445464748494a4b4c4d4e4f5051525354555657";
        assertEquals(expected, Bytes.hex(xsealOneShot(KEY_80, nonce, ASSOCIATED, SUNSCREEN)));
        assertEquals(
                expected,
                Bytes.hex(ReferenceChaCha.xseal(
                        Bytes.hex(KEY_80), Bytes.hex(nonce), Bytes.hex(ASSOCIATED), Bytes.hex(SUNSCREEN))));
    }

    @Test
    void hchacha20OfTheDraft() {
        String nonce = "000000090000004a0000000031415927";
        String expected = "82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc";
        MemorySegment out = Bytes.zero(32);
        Sodium.hchacha20(
                out.address(), Bytes.of(nonce).address(), Bytes.of(KEY_00).address(), 0);
        assertEquals(expected, Bytes.hex(out));
        assertEquals(expected, Bytes.hex(ReferenceChaCha.hchacha20(Bytes.hex(KEY_00), Bytes.hex(nonce))));
    }

    @Test
    void chacha20BlockOfRfc8439() {
        // Section 2.3.2: counter 1 and nonce 000000090000004a00000000 are, in the original layout, a 64-bit counter
        // whose upper half is the nonce's first word.
        String expected = "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e"
                + "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e";
        long counter = 0x0900_0000_0000_0001L;
        assertEquals(
                expected, Bytes.hex(ReferenceChaCha.block(Bytes.hex(KEY_00), counter, Bytes.hex("0000004a00000000"))));
    }

    @Test
    void poly1305OfRfc8439() {
        MemorySegment key = Bytes.of("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b");
        MemorySegment text = Bytes.of("Cryptographic Forum Research Group".getBytes(StandardCharsets.UTF_8));
        MemorySegment out = Bytes.zero(18);
        Poly1305.tag(key, 0, text, 0, 34, out, 1);
        assertEquals("00a8061dc1305136c6c22b8baf0c0127a900", Bytes.hex(out));
        assertTrue(Poly1305.verify(key, 0, text, 0, 34, out, 1));
        assertFalse(Poly1305.verify(key, 0, text, 0, 33, out, 1));
        assertFalse(Poly1305.verify(key, 0, text, 0, 34, out, 2));
    }

    @Test
    void siphashOfThePaper() {
        MemorySegment key = Bytes.of(KEY_00);
        MemorySegment out = Bytes.zero(8);
        Sodium.siphash24(out.address(), key.address(), 15, key.address());
        assertEquals(0xa129ca6149be45e5L, out.get(Raw.LONG_LITTLE, 0));
    }

    /// draft-irtf-cfrg-aegis-aead, appendix A.3, with 256-bit tags.
    @ParameterizedTest
    @CsvSource({
        "'', 00000000000000000000000000000000, 754fc3d8c973246dcc6d741412a4b236,"
                + "1181a1d18091082bf0266f66297d167d2e68b845f61a3b0527d31fc7b7b89f13",
        "'', '', '', 6a348c930adbd654896e1666aad67de989ea75ebaa2b82fb588977b1ffec864a",
        "0001020304050607, 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f,"
                + "f373079ed84b2709faee373584585d60accd191db310ef5d8b11833df9dec711,"
                + "b7d28d0c3c0ebd409fd22b44160503073a547412da0854bfb9723020dab8da1a",
        "0001020304050607, 000102030405060708090a0b0c0d, f373079ed84b2709faee37358458,"
                + "8c1cc703c81281bee3f6d9966e14948b4a175b2efbdc31e61a98b4465235c2d9",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223242526272829,"
                + "101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637,"
                + "57754a7d09963e7c787583a2e7b859bb24fa1e04d49fd550b2511a358e3bca252a9b1b8b30cc4a67,"
                + "a3aca270c006094d71c20e6910b5161c0826df233d08919a566ec2c05990f734",
    })
    void aegis256OfTheDraft(String associated, String plaintext, String ciphertext, String tag) {
        String key = "10010000000000000000000000000000" + "00".repeat(16);
        String nonce = "10000200000000000000000000000000" + "00".repeat(16);
        assertEquals(ciphertext + tag, Bytes.hex(aegisOneShot(key, nonce, associated, plaintext)));
    }

    @Test
    void xchachaPacketsAreTheOneShotCipherWithThePrefixAndTheNumberAsNonce() {
        Random random = Bytes.random("XChaCha20-Poly1305 packets");
        for (int i = 0; i < Bytes.CASES; i++) {
            byte[] header = Bytes.random(random, random.nextInt(40));
            byte[] body = Bytes.random(random, random.nextInt(i % 50 == 0 ? 20_000 : 1_500));
            long number = random.nextLong();
            try (Secret traffic = Bytes.secret(vault, Bytes.random(random, 32));
                    PacketKey key = PacketKey.derive(vault, Suite.XCHACHA20_POLY1305, traffic)) {
                byte[] rawKey = part(traffic, "packet key XCHACHA20_POLY1305", 32);
                byte[] prefix = part(traffic, "packet nonce XCHACHA20_POLY1305", 16);
                byte[] nonce =
                        ByteBuffer.allocate(24).put(prefix).putLong(number).array();
                byte[] expected = ReferenceChaCha.xseal(rawKey, nonce, header, body);
                assertArrayEquals(expected, seal(key, header, body, number));
                if (i % 20 == 0) {
                    assertArrayEquals(
                            expected,
                            xsealOneShot(Bytes.hex(rawKey), Bytes.hex(nonce), Bytes.hex(header), Bytes.hex(body)));
                    checkHeaderMask(key, part(traffic, "packet header XCHACHA20_POLY1305", 16), random);
                }
            }
        }
    }

    @Test
    void aegisPacketsAreTheOneShotCipherWithThePrefixAndTheNumberAsNonce() {
        Random random = Bytes.random("AEGIS-256 packets");
        for (int i = 0; i < Bytes.CASES / 4; i++) {
            byte[] header = Bytes.random(random, random.nextInt(40));
            byte[] body = Bytes.random(random, random.nextInt(1_500));
            long number = random.nextLong();
            try (Secret traffic = Bytes.secret(vault, Bytes.random(random, 64));
                    PacketKey key = PacketKey.derive(vault, Suite.AEGIS_256, traffic)) {
                byte[] rawKey = part(traffic, "packet key AEGIS_256", 32);
                byte[] prefix = part(traffic, "packet nonce AEGIS_256", 24);
                byte[] nonce =
                        ByteBuffer.allocate(32).put(prefix).putLong(number).array();
                assertArrayEquals(
                        aegisOneShot(Bytes.hex(rawKey), Bytes.hex(nonce), Bytes.hex(header), Bytes.hex(body)),
                        seal(key, header, body, number));
                checkHeaderMask(key, part(traffic, "packet header AEGIS_256", 16), random);
            }
        }
    }

    @Test
    void cookieBlocksAreXchacha20WithASecretCounter() {
        Random random = Bytes.random("cookie blocks");
        for (int i = 0; i < Bytes.CASES; i++) {
            byte[] secret = Bytes.random(random, 56);
            long sequence = random.nextLong();
            try (Secret input = Bytes.secret(vault, secret);
                    StateCookieKey key = StateCookieKey.of(vault, input)) {
                MemorySegment out = Bytes.of(Bytes.random(random, 70));
                key.block(sequence, out, 3);
                byte[] subkey =
                        ReferenceChaCha.hchacha20(Arrays.copyOf(secret, 32), Arrays.copyOfRange(secret, 32, 48));
                long counter = Bytes.of(secret).get(Raw.LONG_LITTLE, 48);
                byte[] nonce = ByteBuffer.allocate(8).putLong(sequence).array();
                assertArrayEquals(
                        ReferenceChaCha.block(subkey, counter, nonce),
                        out.asSlice(3, 64).toArray(ValueLayout.JAVA_BYTE));
            }
        }
    }

    @Test
    void speckOfThePaper() {
        SequenceCipher cipher = new SequenceCipher(0x1b1a1918_13121110L, 0x0b0a0908_03020100L);
        assertEquals(0x8c6fa548_454e028bL, cipher.encrypt(0x3b726574_7475432dL));
        assertEquals(0x3b726574_7475432dL, cipher.decrypt(0x8c6fa548_454e028bL));
    }

    @Test
    void sequenceNumbersComeBackAndLookUnrelated() {
        SequenceCipher cipher = new SequenceCipher(new SeededRandom(3));
        SequenceCipher other = new SequenceCipher(new SeededRandom(4));
        for (long number = 1L << 40; number < (1L << 40) + 10_000; number++) {
            long hidden = cipher.encrypt(number);
            assertEquals(number, cipher.decrypt(hidden));
            assertNotEquals(hidden, other.encrypt(number));
            int changed = Long.bitCount(hidden ^ cipher.encrypt(number + 1));
            assertTrue(changed > 8 && changed < 56, "neighbours differ in about half of the bits");
        }
    }

    private void checkHeaderMask(PacketKey key, byte[] headerKey, Random random) {
        byte[] sample = Bytes.random(random, 20);
        SipHash oracle = new SipHash();
        oracle.init(new KeyParameter(headerKey));
        oracle.update(sample, 4, 16);
        assertEquals(oracle.doFinal(), key.headerMask(Bytes.of(sample), 4));
    }

    private byte[] part(Secret traffic, String label, int bytes) {
        try (Secret secret = Kdf.derive(vault, label, bytes, traffic, MemorySegment.NULL)) {
            return Bytes.reveal(secret);
        }
    }

    private static byte[] seal(PacketKey key, byte[] header, byte[] body, long number) {
        MemorySegment packet = Bytes.zero(1 + header.length + body.length + key.tagBytes());
        MemorySegment.copy(header, 0, packet, ValueLayout.JAVA_BYTE, 1, header.length);
        MemorySegment.copy(body, 0, packet, ValueLayout.JAVA_BYTE, 1 + header.length, body.length);
        key.seal(packet, 1, header.length, body.length, number);
        byte[] sealed = packet.asSlice(1 + header.length).toArray(ValueLayout.JAVA_BYTE);
        assertTrue(key.open(packet, 1, header.length, body.length + key.tagBytes(), number));
        assertArrayEquals(body, packet.asSlice(1 + header.length, body.length).toArray(ValueLayout.JAVA_BYTE));
        return sealed;
    }

    private static byte[] xsealOneShot(String key, String nonce, String associated, String plaintext) {
        MemorySegment text = Bytes.of(plaintext);
        MemorySegment data = Bytes.of(associated);
        MemorySegment out = Bytes.zero(text.byteSize() + 16);
        MemorySegment keyBytes = Bytes.of(key);
        MemorySegment nonceBytes = Bytes.of(nonce);
        int code = Sodium.aeadXchachaSeal(
                out.address(),
                0,
                text.address(),
                text.byteSize(),
                data.address(),
                data.byteSize(),
                0,
                nonceBytes.address(),
                keyBytes.address());
        assertEquals(0, code);
        Raw.keep(keyBytes);
        Raw.keep(nonceBytes);
        Raw.keep(text);
        Raw.keep(data);
        return out.toArray(ValueLayout.JAVA_BYTE);
    }

    private static byte[] aegisOneShot(String key, String nonce, String associated, String plaintext) {
        MemorySegment text = Bytes.of(plaintext);
        MemorySegment data = Bytes.of(associated);
        MemorySegment out = Bytes.zero(text.byteSize() + 32);
        MemorySegment keyBytes = Bytes.of(key);
        MemorySegment nonceBytes = Bytes.of(nonce);
        int code = Sodium.aeadAegisSeal(
                out.address(),
                out.address() + text.byteSize(),
                0,
                text.address(),
                text.byteSize(),
                data.address(),
                data.byteSize(),
                0,
                nonceBytes.address(),
                keyBytes.address());
        assertEquals(0, code);
        Raw.keep(keyBytes);
        Raw.keep(nonceBytes);
        Raw.keep(text);
        Raw.keep(data);
        return out.toArray(ValueLayout.JAVA_BYTE);
    }
}
