package konce.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import konce.crypto.PublicKey;
import konce.protocol.Address;
import konce.protocol.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KonceAddressTest {
    /// The generator of ristretto255 (RFC 9496, appendix A.1, multiple 1).
    static final PublicKey KEY = PublicKey.decode(
            HexFormat.of().parseHex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"));

    private static final String KEY_TEXT = new KonceAddress(KEY, List.of()).toString();

    /// Goal: the text of a key is 64 characters, starts with konce1, and is read back in either case.
    // = docs/spec/09-names.md R9.1
    @Test
    void aKeyIsItsText() {
        assertEquals(64, KEY_TEXT.length());
        assertTrue(KEY_TEXT.startsWith("konce1"));
        assertEquals(KEY, KonceAddress.parse(KEY_TEXT).key());
        assertEquals(KEY, KonceAddress.parse(KEY_TEXT.toUpperCase(Locale.ROOT)).key());
        assertEquals(KonceAddress.KEY_CHARS, KEY_TEXT.length());
    }

    /// Goal: addresses with IPv4, IPv6 and several of both survive writing and reading, lower and upper case.
    @Test
    void networkAddressesSurvive() {
        for (String networks : List.of(
                "192.0.2.7:413",
                "0.0.0.1:1",
                "255.255.255.255:65535",
                "[2001:db8::7]:413",
                "[::1]:1",
                "192.0.2.7:413,[2001:db8::7]:413,10.0.0.1:50000")) {
            KonceAddress address = KonceAddress.parse(KEY_TEXT + "@" + networks);
            assertEquals(address, KonceAddress.parse(address.toString()), networks);
            assertEquals(address, KonceAddress.parse(address.toUpperCaseText()), networks);
        }
        assertEquals(
                List.of(Address.parse("192.0.2.7:413"), Address.parse("[2001:db8::7]:53")),
                KonceAddress.parse(KEY_TEXT + "@192.0.2.7:413,[2001:DB8::7]:53").addresses());
    }

    /// Goal: each kind of wrong text has its own message, at the right place (`K` stands for a good key's part).
    // = docs/spec/09-names.md R9.4
    // = docs/spec/09-names.md R9.5
    // = docs/spec/09-names.md R9.6
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|0|starts with 'konce1'",
                "hello|0|starts with 'konce1'",
                "konce1|6|some are missing",
                "konce1b|6|b' is not used",
                "konce1qq1q|8|is it an l?",
                "Kq|64|some are too many",
                "K@|65|IP:PORT",
                "K@192.0.2.7|74|no port",
                "K@192.0.2.7:|75|no port",
                "K@192.0.2.7:0|75|1..65535",
                "K@192.0.2.7:0413|75|1..65535",
                "K@192.0.2.7:65536|79|1..65535",
                "K@192.0.2.7:+5|75|1..65535",
                "K@192.0.2.7:413,|79|IP:PORT",
                "K@192.0.2.7:413,192.0.2.7:413|79|twice",
                "K@192.0.2:413|71|not an IP address",
                "K@192.0.2.256:413|75|not an IP address",
                "K@192.0.02.7:413|72|not an IP address",
                "K@192..2.7:413|69|not an IP address",
                "K@192.0.2.7.1:413|75|not an IP address",
                "K@3221225991:413|67|not an IP address",
                "K@example.org:413|65|old name system",
                "K@2001:db8::7:413|68|not an IP address",
                "K@[2001:db8::7:413|65|without ']'",
                "K@[]:413|65|without ']'",
                "K@[2001:db8::g]:413|76|g' is not used",
                "K@[fe80::1%eth0]:413|73|%' is not used",
                "K@[1:2:3]:413|66|not an IPv6",
                "K@0.0.0.0:413|65|listens",
                "K@[::]:413|65|listens",
                "K@[::ffff:0.0.0.0]:413|65|listens"
            })
    void wrongTextsSayWhere(String text, int index, String reason) {
        String full = text.replace("K", KEY_TEXT);
        AddressSyntaxException thrown = assertThrows(AddressSyntaxException.class, () -> KonceAddress.parse(full));
        assertTrue(thrown.getMessage().contains(reason), thrown.getMessage());
        assertEquals(index, thrown.index(), thrown.getMessage());
    }

    /// Goal: bytes that are no key are refused although their checksum is right; method: the identity, and a number
    /// that is not canonical.
    // = docs/spec/09-names.md R9.3
    @Test
    void refusesBytesThatAreNoKey() {
        byte[] high = new byte[32];
        Arrays.fill(high, (byte) 0xff);
        for (byte[] bytes : List.of(new byte[32], high)) {
            String text = Bech32m.encode("konce", Bech32m.toGroups(bytes));
            AddressSyntaxException thrown = assertThrows(AddressSyntaxException.class, () -> KonceAddress.parse(text));
            assertTrue(thrown.getMessage().contains("no key"), thrown.getMessage());
        }
    }

    /// Goal: eight network addresses are taken, nine are not, and a text past the limit is not looked at.
    // = docs/spec/09-names.md R9.4
    // = docs/spec/09-names.md R9.5
    @Test
    void numbersAndLengthsAreBounded() {
        List<String> networks = new ArrayList<>();
        for (int i = 1; i <= Limits.ADDRESSES_PER_PEER_MAX; i++) {
            networks.add("192.0.2." + i + ":413");
        }
        KonceAddress most = KonceAddress.parse(KEY_TEXT + "@" + String.join(",", networks));
        assertEquals(Limits.ADDRESSES_PER_PEER_MAX, most.addresses().size());
        networks.add("192.0.2.100:413");
        String nine = KEY_TEXT + "@" + String.join(",", networks);
        AddressSyntaxException thrown = assertThrows(AddressSyntaxException.class, () -> KonceAddress.parse(nine));
        assertTrue(thrown.getMessage().contains("more than 8"), thrown.getMessage());
        assertEquals(584, KonceAddress.TEXT_CHARS_MAX);
        String endless = "konce1".repeat(1 << 20);
        thrown = assertThrows(AddressSyntaxException.class, () -> KonceAddress.parse(endless));
        assertTrue(thrown.getMessage().contains("at most 584"), thrown.getMessage());
    }

    /// Goal: whatever the text, it is read and written again to itself, or refused at a place inside it with a
    /// message
    /// that no terminal minds; method: mutate good texts and make up bad ones.
    @Test
    void hostileTextsEndInAValueOrAnError() {
        long seed = 0x5eed_413L;
        Random random = new Random(seed);
        String good = KEY_TEXT + "@192.0.2.7:413,[2001:db8::7]:413";
        String alphabet = "konce1@:,.[]0123456789abcdefqpzry \u0000\u001b\u202e\ud83d%-+";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder(random.nextInt(8) == 0 ? "" : good);
            for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
                int at = random.nextInt(text.length() + 1);
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.insert(at, c);
                    case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(3)));
                    default -> text.replace(at, Math.min(text.length(), at + 1), String.valueOf(c));
                }
            }
            String tried = text.toString();
            String shown = "seed " + seed + ", round " + round + ": " + tried;
            try {
                KonceAddress read = KonceAddress.parse(tried);
                assertEquals(read, KonceAddress.parse(read.toString()), shown);
            } catch (AddressSyntaxException e) {
                assertTrue(e.index() >= 0 && e.index() <= tried.length(), shown + " -> " + e.index());
                assertTrue(e.getMessage().chars().allMatch(c -> c >= 32 && c <= 126), shown + " -> " + e.getMessage());
            }
        }
    }

    /// Goal: a text is told apart as address or petname by its look alone.
    // = docs/spec/09-names.md R9.13
    @Test
    void tellsAddressesFromPetnames() {
        assertTrue(KonceAddress.isLike("konce1x"));
        assertTrue(KonceAddress.isLike("KONCE1x"));
        assertTrue(KonceAddress.isLike("alice@192.0.2.7:1"));
        assertFalse(KonceAddress.isLike("alice"));
        assertFalse(KonceAddress.isLike("konce"));
    }
}
