package konce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import konce.cli.store.Home;
import konce.cli.store.Identities;
import konce.cli.store.Identity;
import konce.cli.store.StoreException;
import konce.crypto.PassphraseKey;
import konce.crypto.PublicKey;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.names.KonceAddress;
import konce.names.OwnedName;
import konce.names.encoding.Hash;
import konce.names.ledger.Name;
import konce.protocol.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoundPeerTest {
    private static final Hash LEDGER = new Hash(1, 2, 3, 4);
    private static final Name SHOP = new Name("shop");

    /// Goal: to whom a name was written, the account is the name's: it outlives the server's key and not its owner.
    /// To
    /// others it is the server's.
    // = docs/spec/09-names.md R9.14 R9.16
    @Test
    void anAccountOutlivesTheServersKeyAndNotTheOwner(@TempDir Path directory) throws IOException, StoreException {
        try (Vault vault = Vault.open(1 << 14);
                Identity identity = new Identities(new Home(directory))
                        .create("me", vault, new SeededRandom(1), null, PassphraseKey.Cost.INTERACTIVE)) {
            KonceAddress before = server(vault, 2);
            KonceAddress after = server(vault, 3);
            PublicKey shown = shown(identity, vault, before, new OwnedName(LEDGER, SHOP, 1));
            assertEquals(shown, shown(identity, vault, after, new OwnedName(LEDGER, SHOP, 1)), "another server key");
            assertNotEquals(shown, shown(identity, vault, before, new OwnedName(LEDGER, SHOP, 2)), "another owner");
            assertNotEquals(
                    shown, shown(identity, vault, before, new OwnedName(new Hash(5, 6, 7, 8), SHOP, 1)), "a ledger");
            assertNotEquals(shown, shown(identity, vault, before, null), "by its address");
            assertNotEquals(shown(identity, vault, before, null), shown(identity, vault, after, null));
        }
    }

    private static KonceAddress server(Vault vault, long seed) {
        try (SecretKey key = SecretKey.generate(vault, new SeededRandom(seed))) {
            return new KonceAddress(key.publicKey(), List.of(Address.parse("192.0.2.7:413")));
        }
    }

    private static PublicKey shown(Identity identity, Vault vault, KonceAddress server, OwnedName name) {
        try (SecretKey key = FoundPeer.at(server, name).shownBy(identity, vault)) {
            return key.publicKey();
        }
    }
}
