package konce.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.PrivateGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InvitationTest {
    private final Vault vault = Vault.open(1 << 14);
    private final SeededRandom random = new SeededRandom(3);
    private final PublicKey key = publicKey();
    private final Secret secret = Secret.random(vault, random, PrivateGroup.SECRET_BYTES);
    private final Invitation invitation =
            new Invitation(key, secret, List.of(Address.parse("192.0.2.7:413"), Address.parse("[2001:db8::7]:413")));

    private PublicKey publicKey() {
        try (SecretKey made = SecretKey.generate(vault, random)) {
            return made.publicKey();
        }
    }

    @AfterEach
    void close() {
        invitation.close();
        assertEquals(0, vault.secretsLive());
        vault.close();
    }

    // = docs/spec/17-private-groups.md R17.9
    /// Goal: an invitation comes back from its text, in either case, with its secret; and it says it when asked for
    /// its text alone.
    @Test
    void comesBack() {
        String text = invitation.toText();
        assertEquals(Invitation.KEY_CHARS, text.indexOf('@'));
        for (String written : List.of(text, text.substring(0, text.indexOf('@')).toUpperCase(Locale.ROOT))) {
            try (Invitation read = Invitation.parse(written, vault)) {
                assertEquals(key, read.key());
                assertTrue(secret.constantTimeEquals(read.secret()));
                assertEquals(written.equals(text) ? invitation.addresses() : List.of(), read.addresses());
            }
        }
        assertTrue(Invitation.isLike(text));
        assertFalse(KonceAddress.isLike(text.substring(0, text.indexOf('@'))));
        assertFalse(invitation.toString().contains(text.substring(Invitation.KEY_CHARS - 20, Invitation.KEY_CHARS)));
    }

    // = docs/spec/17-private-groups.md R17.9
    /// Goal: any one wrong character is found, and so is a wrong length, place or prefix; and nothing stays in the
    /// vault.
    @Test
    void refusesWhatIsWrong() {
        String text = invitation.toText();
        for (int at = Invitation.TEXT_PREFIX.length(); at < Invitation.KEY_CHARS; at++) {
            char other = text.charAt(at) == 'q' ? 'p' : 'q';
            assertRefused(text.substring(0, at) + other + text.substring(at + 1));
        }
        assertRefused(text.substring(0, Invitation.KEY_CHARS - 1));
        assertRefused(text.substring(0, Invitation.KEY_CHARS) + "q");
        assertRefused(text + ",192.0.2.7:413");
        assertRefused(text.substring(0, Invitation.KEY_CHARS) + "@");
        assertRefused(text.replace(":413", ":0"));
        assertRefused("konce1" + text.substring(Invitation.TEXT_PREFIX.length()));
        assertRefused("");
    }

    private void assertRefused(String text) {
        assertThrows(AddressSyntaxException.class, () -> Invitation.parse(text, vault), text);
        assertEquals(1, vault.secretsLive());
    }
}
