package konce.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Goal: keys of both sides agree, derivations are repeatable and separate. Method: seeded keys, products compared.
class SecretKeyTest {
    private final Vault vault = Vault.open(1 << 14);
    private final RandomSource random = new SeededRandom(1);

    @AfterEach
    void allSecretsWereClosed() {
        assertEquals(0, vault.secretsLive());
        vault.close();
    }

    @Test
    void bothSidesHaveTheSameProduct() {
        try (SecretKey a = SecretKey.generate(vault, random);
                SecretKey b = SecretKey.hedged(vault, random, a, "konce test");
                Secret one = a.multiply(vault, b.publicKey());
                Secret other = b.multiply(vault, a.publicKey())) {
            assertTrue(one.constantTimeEquals(other));
            assertNotEquals(a.publicKey(), b.publicKey());
            assertTrue(PublicKey.decode(Bytes.reveal(one)) != null, "a product is an element of the group");
        }
    }

    @Test
    void aSeedGivesItsKeyAgainAndOthersForOtherPurposes() {
        try (Secret seed = Secret.random(vault, random, 32);
                SecretKey key = SecretKey.fromSeed(vault, seed, "one", MemorySegment.NULL);
                SecretKey again = SecretKey.fromSeed(vault, seed, "one", MemorySegment.NULL);
                SecretKey label = SecretKey.fromSeed(vault, seed, "two", MemorySegment.NULL);
                SecretKey context = SecretKey.fromSeed(vault, seed, "one", Bytes.of("00"))) {
            assertEquals(key.publicKey(), again.publicKey());
            assertNotEquals(key.publicKey(), label.publicKey());
            assertNotEquals(key.publicKey(), context.publicKey());
        }
    }

    @Test
    void hedgedKeysDifferThoughTheRandomnessIsBroken() {
        RandomSource broken = target -> target.fill((byte) 7);
        try (SecretKey a = SecretKey.generate(vault, random);
                SecretKey b = SecretKey.generate(vault, random);
                SecretKey ofA = SecretKey.hedged(vault, broken, a, "x");
                SecretKey ofB = SecretKey.hedged(vault, broken, b, "x");
                SecretKey otherLabel = SecretKey.hedged(vault, broken, a, "y");
                SecretKey ofNone = SecretKey.hedged(vault, broken, null, "x")) {
            assertNotEquals(ofA.publicKey(), ofB.publicKey());
            assertNotEquals(ofA.publicKey(), otherLabel.publicKey());
            assertNotEquals(ofA.publicKey(), ofNone.publicKey());
        }
    }

    @Test
    void aClosedKeyRefuses() {
        SecretKey key = SecretKey.generate(vault, random);
        PublicKey point = key.publicKey();
        key.close();
        key.close();
        assertThrows(IllegalStateException.class, () -> key.multiply(vault, point));
        assertEquals(point, key.publicKey());
        assertEquals("SecretKey", key.toString());
        assertArrayEquals(point.toBytes(), Bytes.hex(point.toString()));
    }

    @Test
    void aZeroScalarIsAnInvariantBroken() {
        RandomSource zero = target -> target.fill((byte) 0);
        assertThrows(AssertionError.class, () -> SecretKey.generate(vault, zero));
    }
}
