package konce.names;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Bech32mTest {
    /// Goal: every valid string of BIP-350 is read, and written again to the same text.
    // = docs/spec/09-names.md R9.1
    @ParameterizedTest
    @ValueSource(
            strings = {
                "A1LQFN3A",
                "a1lqfn3a",
                "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6",
                "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
                "11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8",
                "split1checkupstagehandshakeupstreamerranterredcaperredlc445v",
                "?1v759aa"
            })
    void readsAndWritesTheValidStringsOfTheBip(String text) {
        Bech32m.Decoded decoded = Bech32m.decode(text);
        assertEquals(text.toLowerCase(Locale.ROOT), Bech32m.encode(decoded.prefix(), decoded.groups()));
    }

    /// Goal: every invalid string of BIP-350 is refused, at the character that is to blame.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "' 1xj0phk'|0|U+0020",
                "'\u007f1g6xzxy'|0|U+007F",
                "'\u00801vctc34'|0|U+0080",
                "an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4|90|at most 90",
                "qyrz8wqd2c9m|12|no 1",
                "1qyrz8wqd2c9m|0|no prefix",
                "y1b0jsk6g|2|'b'",
                "lt1igcx5c0|3|'i'",
                "in1muywd|8|too early",
                "mm1crxm3i|8|'i'",
                "au1s5cgom|7|'o'",
                "M1VUXWEZ|2|checksum",
                "16plkw9|0|no prefix",
                "1p2gdwpf|0|no prefix"
            })
    void refusesTheInvalidStringsOfTheBip(String text, int index, String reason) {
        AddressSyntaxException thrown = assertThrows(AddressSyntaxException.class, () -> Bech32m.decode(text));
        assertEquals(index, thrown.index(), thrown.getMessage());
        assertTrue(thrown.getMessage().contains(reason), thrown.getMessage());
    }

    /// Goal: the groups of the BIP's own addresses become the bytes it says, behind the group that is a version
    /// there.
    @ParameterizedTest
    @CsvSource({
        "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y,"
                + "751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323f1433bd6",
        "BC1SW50QGDZ25J,751e",
        "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs,751e76e8199196d454941c45d1b3a323",
        "tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c,"
                + "000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0,"
                + "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    })
    void turnsGroupsIntoBytesAndBack(String text, String hex) {
        byte[] groups = Bech32m.decode(text).groups();
        byte[] withoutVersion = Arrays.copyOfRange(groups, 1, groups.length);
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertArrayEquals(bytes, Bech32m.toBytes(withoutVersion, 0));
        assertArrayEquals(withoutVersion, Bech32m.toGroups(bytes));
    }

    /// Goal: padding of a whole group, and padding that is not zero, are refused: one key has one text.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf",
                "tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j"
            })
    void refusesWrongPadding(String text) {
        byte[] groups = Bech32m.decode(text).groups();
        byte[] withoutVersion = Arrays.copyOfRange(groups, 1, groups.length);
        assertThrows(AddressSyntaxException.class, () -> Bech32m.toBytes(withoutVersion, 0));
    }

    /// Goal: one or two wrong characters anywhere are refused and named exactly; method: substitute at random
    /// places.
    // = docs/spec/09-names.md R9.2
    @Test
    void namesOneOrTwoWrongCharacters() {
        long seed = 20_261_123L;
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            byte[] bytes = new byte[32];
            random.nextBytes(bytes);
            char[] text = Bech32m.encode("konce", Bech32m.toGroups(bytes)).toCharArray();
            int first = 6 + random.nextInt(text.length - 6);
            int second = round % 2 == 0 ? first : 6 + random.nextInt(text.length - 6);
            substitute(text, first, random);
            if (second != first) {
                substitute(text, second, random);
            }
            AddressSyntaxException thrown =
                    assertThrows(AddressSyntaxException.class, () -> Bech32m.decode(new String(text)));
            String shown = "seed " + seed + ", round " + round + ": " + thrown.getMessage();
            assertEquals(Math.min(first, second), thrown.index(), shown);
            assertTrue(thrown.getMessage().contains("character " + (first + 1) + " ("), shown);
            assertTrue(thrown.getMessage().contains("character " + (second + 1) + " ("), shown);
        }
    }

    private static void substitute(char[] text, int at, Random random) {
        int old = Bech32m.CHARSET.indexOf(text[at]);
        text[at] = Bech32m.CHARSET.charAt((old + 1 + random.nextInt(31)) % 32);
    }

    /// Goal: a change of case in the middle is refused where it happens.
    // = docs/spec/09-names.md R9.2
    @Test
    void refusesMixedCase() {
        AddressSyntaxException thrown = assertThrows(AddressSyntaxException.class, () -> Bech32m.decode("a1Lqfn3a"));
        assertEquals(2, thrown.index());
    }
}
