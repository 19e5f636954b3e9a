package konce.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import konce.crypto.SeededRandom;
import konce.crypto.SigningKey;
import konce.crypto.Vault;
import konce.names.encoding.Key;
import org.junit.jupiter.api.Test;

class KeyTextTest {
    /// Goal: a key's text reads back as the key, and every single wrong character is found. R16.21
    @Test
    void readsBackAndFindsMistakes() {
        try (Vault vault = Vault.open(1 << 12);
                SigningKey signing = SigningKey.generate(vault, new SeededRandom(413))) {
            Key key = Key.of(signing.verifyingKey());
            String text = KeyText.of(key);
            assertTrue(text.startsWith("koncekey1") && text.length() == 67, text);
            assertEquals(key, KeyText.parse(text));
            for (int at = 9; at < text.length(); at++) {
                char other = text.charAt(at) == 'q' ? 'p' : 'q';
                String wrong = text.substring(0, at) + other + text.substring(at + 1);
                assertThrows(AddressSyntaxException.class, () -> KeyText.parse(wrong), wrong);
            }
        }
    }

    /// Goal: bytes that are no key, too few of them, and an address are refused. R16.22
    @Test
    void refusesWhatIsNoKey() {
        byte[] bytes = new byte[Key.BYTES];
        bytes[0] = 2;
        assertThrows(AddressSyntaxException.class, () -> KeyText.parse(KeyText.of(Key.of(bytes))));
        assertThrows(
                AddressSyntaxException.class,
                () -> KeyText.parse(Bech32m.encode("koncekey", Bech32m.toGroups(new byte[31]))));
        assertThrows(
                AddressSyntaxException.class,
                () -> KeyText.parse(Bech32m.encode("konce", Bech32m.toGroups(new byte[32]))));
    }
}
