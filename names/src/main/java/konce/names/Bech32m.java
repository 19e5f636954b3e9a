package konce.names;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Bech32m: bytes as text with a checksum that finds every four wrong characters, and here also says where one or two
/// are.
///
/// - shape: a prefix, `1`, groups of five bits a character, six characters of checksum; all lower or all upper case
/// - source: BIP-350, BIP-173
final class Bech32m {
    /// The character of each group of five bits.
    static final String CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

    /// Characters of the longest text: beyond it the checksum's promise weakens.
    static final int TEXT_CHARS_MAX = 90;

    static final int CHECKSUM_CHARS = 6;

    private static final int CHECKSUM_CONSTANT = 0x2bc830a3;
    private static final int[] GENERATOR = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    private static final int GROUP_VALUES = 32;

    /// @param prefix in lower case
    /// @param groups values in 0..31, without the checksum
    record Decoded(String prefix, byte[] groups) {}

    /// The text of these groups, in lower case.
    ///
    /// @param prefix 1 or more characters in 33..126, no upper case
    /// @param groups values in 0..31
    static String encode(String prefix, byte[] groups) {
        if (prefix.length() + 1 + groups.length + CHECKSUM_CHARS > TEXT_CHARS_MAX) {
            throw new IllegalArgumentException(groups.length + " groups under '" + prefix + "' are more than "
                    + TEXT_CHARS_MAX + " characters of text");
        }
        byte[] padded = Arrays.copyOf(groups, groups.length + CHECKSUM_CHARS);
        int checksum = checksum(prefix, padded) ^ CHECKSUM_CONSTANT;
        for (int i = 0; i < CHECKSUM_CHARS; i++) {
            padded[groups.length + i] = (byte) ((checksum >>> (5 * (CHECKSUM_CHARS - 1 - i))) & 31);
        }
        StringBuilder text = new StringBuilder(prefix).append('1');
        for (byte group : padded) {
            text.append(CHARSET.charAt(group));
        }
        return text.toString();
    }

    /// Reads a text back.
    ///
    /// @throws AddressSyntaxException naming the character
    static Decoded decode(String text) {
        checkCharacters(text);
        int separator = text.lastIndexOf('1');
        if (separator < 0) {
            throw new AddressSyntaxException(text.length(), "there is no 1 after the prefix");
        }
        if (separator == 0) {
            throw AddressSyntaxException.at(0, "there is no prefix before the 1");
        }
        if (text.length() - separator - 1 < CHECKSUM_CHARS) {
            throw new AddressSyntaxException(text.length(), "it ends too early: the checksum alone has 6 characters");
        }
        String lower = text.toLowerCase(Locale.ROOT);
        byte[] groups = new byte[text.length() - separator - 1];
        for (int i = 0; i < groups.length; i++) {
            int at = separator + 1 + i;
            int value = CHARSET.indexOf(lower.charAt(at));
            if (value < 0) {
                throw AddressSyntaxException.at(at, quoted(text.charAt(at)) + " is not used in addresses");
            }
            groups[i] = (byte) value;
        }
        String prefix = lower.substring(0, separator);
        int syndrome = checksum(prefix, groups) ^ CHECKSUM_CONSTANT;
        if (syndrome != 0) {
            throw checksumWrong(text, separator + 1, locate(syndrome, groups.length));
        }
        return new Decoded(prefix, Arrays.copyOf(groups, groups.length - CHECKSUM_CHARS));
    }

    // = docs/spec/09-names.md R9.2
    private static void checkCharacters(String text) {
        if (text.length() > TEXT_CHARS_MAX) {
            throw new AddressSyntaxException(
                    TEXT_CHARS_MAX, text.length() + " characters, and at most " + TEXT_CHARS_MAX + " are possible");
        }
        boolean lowerSeen = false;
        boolean upperSeen = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 33 || c > 126) {
                throw AddressSyntaxException.at(i, quoted(c) + " is not used in addresses");
            }
            lowerSeen |= c >= 'a' && c <= 'z';
            upperSeen |= c >= 'A' && c <= 'Z';
            if (lowerSeen && upperSeen) {
                throw AddressSyntaxException.at(
                        i, quoted(c) + " changes between lower and upper case; an address is all one or all the other");
            }
        }
    }

    /// Groups of five bits as bytes.
    ///
    /// @param textIndex where the groups stand in the text, for errors
    /// @throws AddressSyntaxException when what is left over is a whole group, or not zero
    static byte[] toBytes(byte[] groups, int textIndex) {
        byte[] bytes = new byte[groups.length * 5 / 8];
        int held = 0;
        int bits = 0;
        int next = 0;
        for (byte group : groups) {
            held = (held << 5) | group;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes[next++] = (byte) (held >>> bits);
            }
            held &= (1 << bits) - 1;
        }
        if (bits >= 5 || held != 0) {
            throw AddressSyntaxException.at(textIndex + groups.length - 1, "the bits left over are not zero");
        }
        return bytes;
    }

    /// Bytes as groups of five bits, the last filled with zeros.
    static byte[] toGroups(byte[] bytes) {
        byte[] groups = new byte[(bytes.length * 8 + 4) / 5];
        for (int i = 0; i < groups.length; i++) {
            int value = 0;
            for (int bit = 5 * i; bit < 5 * i + 5; bit++) {
                int one = bit / 8 < bytes.length ? (bytes[bit / 8] >>> (7 - bit % 8)) & 1 : 0;
                value = (value << 1) | one;
            }
            groups[i] = (byte) value;
        }
        return groups;
    }

    private static int checksum(String prefix, byte[] groups) {
        int state = 1;
        for (int i = 0; i < prefix.length(); i++) {
            state = step(state, prefix.charAt(i) >>> 5);
        }
        state = step(state, 0);
        for (int i = 0; i < prefix.length(); i++) {
            state = step(state, prefix.charAt(i) & 31);
        }
        for (byte group : groups) {
            state = step(state, group);
        }
        return state;
    }

    private static int step(int state, int value) {
        int top = state >>> 25;
        int next = ((state & 0x1ffffff) << 5) ^ value;
        for (int i = 0; i < GENERATOR.length; i++) {
            if (((top >>> i) & 1) != 0) {
                next ^= GENERATOR[i];
            }
        }
        return next;
    }

    /* The code is linear: what an error adds to the checksum depends only on its value and its distance from the end. Its
     * distance of five makes the pattern of one or two errors unique, so a table of all single errors finds both. */
    /// Which groups are wrong, if one or two are.
    ///
    /// @return their places, ascending; empty when more are wrong
    private static List<Integer> locate(int syndrome, int groups) {
        Map<Integer, Integer> singles = new HashMap<>();
        int[] residues = new int[GROUP_VALUES];
        for (int value = 1; value < GROUP_VALUES; value++) {
            residues[value] = value;
        }
        for (int place = groups - 1; place >= 0; place--) {
            for (int value = 1; value < GROUP_VALUES; value++) {
                singles.put(residues[value], place);
                residues[value] = step(residues[value], 0);
            }
        }
        Integer only = singles.get(syndrome);
        if (only != null) {
            return List.of(only);
        }
        for (Map.Entry<Integer, Integer> first : singles.entrySet()) {
            Integer second = singles.get(syndrome ^ first.getKey());
            if (second != null && second > first.getValue()) {
                return List.of(first.getValue(), second);
            }
        }
        return List.of();
    }

    private static AddressSyntaxException checksumWrong(String text, int dataIndex, List<Integer> places) {
        if (places.isEmpty()) {
            return new AddressSyntaxException(
                    dataIndex, "the checksum does not match: several characters are wrong, missing or swapped");
        }
        List<String> named = new ArrayList<>();
        for (int place : places) {
            int index = dataIndex + place;
            named.add("character " + (index + 1) + " (" + quoted(text.charAt(index)) + ")");
        }
        String verb = places.size() == 1 ? " looks wrong" : " look wrong";
        return new AddressSyntaxException(
                dataIndex + places.getFirst(), "the checksum does not match: " + String.join(" and ", named) + verb);
    }

    /// A character as it can be shown on any terminal.
    static String quoted(char c) {
        return c >= 33 && c <= 126 ? "'" + c + "'" : String.format(Locale.ROOT, "U+%04X", (int) c);
    }

    private Bech32m() {}
}
