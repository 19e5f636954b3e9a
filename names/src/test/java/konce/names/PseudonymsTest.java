package konce.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import konce.crypto.PublicKey;
import konce.crypto.RandomSource;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import org.junit.jupiter.api.Test;

class PseudonymsTest {
    private static final int VAULT_BYTES = 4_096;

    /// Goal: one root shows each server another key, always the same one; another root shows another.
    // = docs/spec/09-names.md R9.14
    @Test
    void aServerSeesItsOwnKeyOnly() {
        RandomSource random = new SystemRandom();
        try (Vault vault = Vault.open(VAULT_BYTES);
                Secret root = Secret.random(vault, random, Pseudonyms.ROOT_BYTES);
                Secret otherRoot = Secret.random(vault, random, Pseudonyms.ROOT_BYTES);
                SecretKey one = SecretKey.generate(vault, random);
                SecretKey two = SecretKey.generate(vault, random)) {
            PublicKey toOne = shown(vault, root, one);
            assertEquals(toOne, shown(vault, root, one));
            assertNotEquals(toOne, shown(vault, root, two));
            assertNotEquals(toOne, shown(vault, otherRoot, one));
        }
    }

    private static PublicKey shown(Vault vault, Secret root, SecretKey server) {
        try (SecretKey pseudonym = Pseudonyms.forServer(vault, root, server.publicKey())) {
            return pseudonym.publicKey();
        }
    }
}
