package konce.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import konce.crypto.PublicKey;
import konce.crypto.RandomSource;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;
import konce.names.ledger.Name;
import konce.names.ledger.Role;
import konce.names.ledger.Subject;
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

    /// Goal: to the server of a name a key is shown that is the name's owner's, on that ledger.
    // = docs/spec/09-names.md R9.16
    @Test
    void aNameSeesItsOwnKeyAndItsNextOwnerAnother() {
        RandomSource random = new SystemRandom();
        try (Vault vault = Vault.open(VAULT_BYTES);
                Secret root = Secret.random(vault, random, Pseudonyms.ROOT_BYTES)) {
            Name shop = new Name("shop");
            Hash ledger = Hashing.hash("ledger", new byte[0]);
            PublicKey shown = shown(vault, root, ledger, shop, 1);
            assertEquals(shown, shown(vault, root, ledger, shop, 1));
            assertNotEquals(shown, shown(vault, root, ledger, shop, 2));
            assertNotEquals(shown, shown(vault, root, ledger, new Name("shop2"), 1));
            assertNotEquals(shown, shown(vault, root, ledger, new Role(new Name("ceo"), shop), 1));
            assertNotEquals(shown, shown(vault, root, Hash.ZERO, shop, 1));
        }
    }

    private static PublicKey shown(Vault vault, Secret root, Hash ledger, Subject name, int owner) {
        try (SecretKey pseudonym = Pseudonyms.forName(vault, root, new OwnedName(ledger, name, owner))) {
            return pseudonym.publicKey();
        }
    }

    private static PublicKey shown(Vault vault, Secret root, SecretKey server) {
        try (SecretKey pseudonym = Pseudonyms.forServer(vault, root, server.publicKey())) {
            return pseudonym.publicKey();
        }
    }
}
