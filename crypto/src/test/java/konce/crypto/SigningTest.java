package konce.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: signatures are Ed25519, and weak keys are none. Method: RFC 8032's vectors, random cases against
/// BouncyCastle in both directions.
class SigningTest {
    private final Vault vault = Vault.open(1 << 14);

    @AfterEach
    void allSecretsWereClosed() {
        assertEquals(0, vault.secretsLive());
        vault.close();
    }

    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
                + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
                + "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
                + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    })
    void rfc8032(String seed, String publicKey, String message, String signature) {
        try (Secret secret = Bytes.secret(vault, Bytes.hex(seed));
                SigningKey key = SigningKey.fromSeed(vault, secret)) {
            MemorySegment out = Bytes.zero(64);
            key.sign(Bytes.of(message), out);
            assertEquals(signature, Bytes.hex(out));
            assertEquals(publicKey, key.verifyingKey().toString());
            assertEquals(VerifyingKey.decode(Bytes.hex(publicKey)), key.verifyingKey());
            assertTrue(key.verifyingKey().verify(Bytes.of(message), out));
            assertFalse(key.verifyingKey().verify(Bytes.of(message + "00"), out));
        }
    }

    @Test
    void signaturesAgreeWithBouncyCastle() {
        Random random = Bytes.random("Ed25519");
        for (int i = 0; i < Bytes.CASES; i++) {
            byte[] seed = Bytes.random(random, 32);
            byte[] message = Bytes.random(random, random.nextInt(300));
            Ed25519PrivateKeyParameters oracleKey = new Ed25519PrivateKeyParameters(seed, 0);
            Ed25519Signer oracle = new Ed25519Signer();
            oracle.init(true, oracleKey);
            oracle.update(message, 0, message.length);
            byte[] expected = oracle.generateSignature();
            try (Secret secret = Bytes.secret(vault, seed);
                    SigningKey key = SigningKey.fromSeed(vault, secret)) {
                MemorySegment out = Bytes.zero(64);
                key.sign(Bytes.of(message), out);
                assertArrayEquals(expected, out.toArray(ValueLayout.JAVA_BYTE));
                assertArrayEquals(
                        oracleKey.generatePublicKey().getEncoded(),
                        key.verifyingKey().toBytes());
                expected[random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
                Ed25519Signer verifier = new Ed25519Signer();
                verifier.init(
                        false, new Ed25519PublicKeyParameters(key.verifyingKey().toBytes(), 0));
                verifier.update(message, 0, message.length);
                assertFalse(verifier.verifySignature(expected));
                assertFalse(key.verifyingKey().verify(Bytes.of(message), Bytes.of(expected)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // points of small order, as listed in RFC 7748's and RFC 8032's security considerations
                "0100000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000000",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                // not canonical
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            })
    void weakKeysAreNone(String encoding) {
        assertNull(VerifyingKey.decode(Bytes.hex(encoding)));
        assertNull(VerifyingKey.decode(Bytes.hex(encoding + "00")));
        // R the identity, S zero: what such a key would take for any message
        MemorySegment signature = Bytes.of("01" + "00".repeat(63));
        assertFalse(VerifyingKey.known(Bytes.hex(encoding)).verify(Bytes.of("00"), signature));
    }

    @Test
    void aGeneratedKeySignsUntilItIsClosed() {
        SigningKey key = SigningKey.generate(vault, new SeededRandom(1));
        VerifyingKey verifying = key.verifyingKey();
        MemorySegment out = Bytes.zero(64);
        key.sign(Bytes.of("00"), out);
        key.close();
        assertThrows(IllegalStateException.class, () -> key.sign(Bytes.of("00"), out));
        VerifyingKey again = VerifyingKey.decode(verifying.toBytes());
        assertNotNull(again);
        assertTrue(again.verify(Bytes.of("00"), out));
        assertEquals(verifying.hashCode(), again.hashCode());
        try (SigningKey other = SigningKey.generate(vault, new SeededRandom(2))) {
            assertNotEquals(verifying, other.verifyingKey());
        }
    }
}
