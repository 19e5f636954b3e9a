package konce.names;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import konce.crypto.PublicKey;
import konce.protocol.Address;
import konce.protocol.Limits;

/// A peer as text that a person can paste: its key, and where it may be found.
///
/// - shape: `konce1` and 58 characters of bech32m; then nothing, or `@` and network addresses separated by commas:
///   `konce1…@192.0.2.7:413,[2001:db8::7]:413`
/// - source: docs/spec/09-names.md, section 1
///
/// @param key the peer's durable key
/// @param addresses where it may be, in the order to try; at most [Limits#ADDRESSES_PER_PEER_MAX], none twice
public record KonceAddress(PublicKey key, List<Address> addresses) {
    /// The human-readable part and the separator: every address starts so.
    public static final String TEXT_PREFIX = "konce1";

    /// Characters of the key's part: the prefix, 52 groups of five bits for 32 bytes, and the checksum.
    public static final int KEY_CHARS = TEXT_PREFIX.length() + (PublicKey.BYTES * 8 + 4) / 5 + Bech32m.CHECKSUM_CHARS;

    /// Characters of the longest text [#parse] looks at.
    public static final int TEXT_CHARS_MAX = KEY_CHARS + Limits.ADDRESSES_PER_PEER_MAX * (1 + Address.TEXT_CHARS_MAX);

    private static final String HUMAN_READABLE_PART = "konce";

    public KonceAddress {
        addresses = List.copyOf(addresses);
        if (addresses.size() > Limits.ADDRESSES_PER_PEER_MAX) {
            throw new IllegalArgumentException(
                    addresses.size() + " network addresses; at most " + Limits.ADDRESSES_PER_PEER_MAX);
        }
        if (new LinkedHashSet<>(addresses).size() < addresses.size()) {
            throw new IllegalArgumentException("a network address stands twice in " + addresses);
        }
    }

    /// Whether the text means to be an address, right or wrong, and not a petname.
    public static boolean isLike(String text) {
        return text.indexOf('@') >= 0 || startsWithPrefix(text);
    }

    /// Reads an address. Asks no name server and looks at no more than [#TEXT_CHARS_MAX] characters.
    ///
    /// @throws AddressSyntaxException saying which character is wrong
    public static KonceAddress parse(String text) {
        // = docs/spec/09-names.md R9.5
        if (text.length() > TEXT_CHARS_MAX) {
            throw new AddressSyntaxException(
                    TEXT_CHARS_MAX, "the text has " + text.length() + " characters; at most " + TEXT_CHARS_MAX);
        }
        int at = text.indexOf('@');
        PublicKey key = parseKey(at < 0 ? text : text.substring(0, at));
        return new KonceAddress(key, at < 0 ? List.of() : parseAddresses(text, at + 1));
    }

    private static PublicKey parseKey(String text) {
        // = docs/spec/09-names.md R9.1
        if (!startsWithPrefix(text)) {
            throw new AddressSyntaxException(0, "an address starts with '" + TEXT_PREFIX + "'");
        }
        int one = text.lastIndexOf('1');
        if (one >= TEXT_PREFIX.length()) {
            throw AddressSyntaxException.at(one, "'1' is not used in addresses after 'konce1'; is it an l?");
        }
        if (text.length() != KEY_CHARS) {
            checkCharacters(text);
            throw new AddressSyntaxException(
                    Math.min(text.length(), KEY_CHARS),
                    "the key's part has " + text.length() + " characters instead of " + KEY_CHARS
                            + (text.length() < KEY_CHARS ? ": some are missing" : ": some are too many"));
        }
        byte[] bytes = Bech32m.toBytes(Bech32m.decode(text).groups(), TEXT_PREFIX.length());
        PublicKey key = PublicKey.decode(bytes);
        // = docs/spec/09-names.md R9.3
        if (key == null) {
            throw new AddressSyntaxException(
                    TEXT_PREFIX.length(),
                    "the checksum is right, but these 32 bytes are no key; ask for the address again");
        }
        return key;
    }

    private static boolean startsWithPrefix(String text) {
        return text.regionMatches(true, 0, TEXT_PREFIX, 0, TEXT_PREFIX.length());
    }

    /* With characters missing, a wrong one is the better hint. */
    private static void checkCharacters(String text) {
        for (int i = TEXT_PREFIX.length(); i < text.length(); i++) {
            if (Bech32m.CHARSET.indexOf(Character.toLowerCase(text.charAt(i))) < 0) {
                throw AddressSyntaxException.at(i, Bech32m.quoted(text.charAt(i)) + " is not used in addresses");
            }
        }
    }

    static List<Address> parseAddresses(String text, int from) {
        List<Address> addresses = new ArrayList<>();
        int start = from;
        while (true) {
            int comma = text.indexOf(',', start);
            int end = comma < 0 ? text.length() : comma;
            // = docs/spec/09-names.md R9.4
            if (addresses.size() == Limits.ADDRESSES_PER_PEER_MAX) {
                throw AddressSyntaxException.at(
                        start, "more than " + Limits.ADDRESSES_PER_PEER_MAX + " network addresses");
            }
            Address address = parseAddress(text, start, end);
            if (addresses.contains(address)) {
                throw AddressSyntaxException.at(start, address + " stands here twice");
            }
            addresses.add(address);
            if (comma < 0) {
                return addresses;
            }
            start = comma + 1;
        }
    }

    private static Address parseAddress(String text, int start, int end) {
        if (start == end) {
            throw new AddressSyntaxException(start, "after '@' and ',' comes IP:PORT, or [IP]:PORT for IPv6");
        }
        int colon = text.lastIndexOf(':', end - 1);
        if (colon < start) {
            throw new AddressSyntaxException(
                    end, "there is no port: '" + printable(text, start, end) + "' needs ':' and a port");
        }
        boolean bracketed = text.charAt(start) == '[';
        int hostStart = bracketed ? start + 1 : start;
        int hostEnd = bracketed ? colon - 1 : colon;
        if (bracketed && (hostEnd <= hostStart || text.charAt(hostEnd) != ']')) {
            throw AddressSyntaxException.at(start, "'[' without ']' before the port");
        }
        byte[] ip = bracketed ? parseIpv6(text, hostStart, hostEnd) : parseIpv4(text, hostStart, hostEnd);
        Address address = Address.of(ip, parsePort(text, colon + 1, end));
        // = docs/spec/09-names.md R9.6
        if (address.high() == 0 && (address.low() == 0 || (address.isIpv4() && (int) address.low() == 0))) {
            throw AddressSyntaxException.at(
                    start,
                    "this is where a server listens, not where it can be reached; put one of its own addresses here");
        }
        return address;
    }

    private static int parsePort(String text, int start, int end) {
        int port = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || (i == start && c == '0')) {
                throw AddressSyntaxException.at(i, Bech32m.quoted(c) + " is not how a port in 1..65535 goes");
            }
            port = port * 10 + (c - '0');
            if (port > 0xFFFF) {
                throw AddressSyntaxException.at(i, "a port is in 1..65535");
            }
        }
        if (start == end) {
            throw new AddressSyntaxException(end, "there is no port after ':'");
        }
        return port;
    }

    private static byte[] parseIpv4(String text, int start, int end) {
        byte[] ip = new byte[4];
        int part = 0;
        int value = -1;
        for (int i = start; i <= end; i++) {
            char c = i < end ? text.charAt(i) : '.';
            if (c == '.' && value >= 0 && part < ip.length) {
                ip[part++] = (byte) value;
                value = -1;
            } else if (c >= '0' && c <= '9' && value != 0) { // 0 stands alone: elsewhere a leading zero means octal
                value = Math.max(value, 0) * 10 + (c - '0');
            } else {
                throw AddressSyntaxException.at(Math.min(i, end - 1), notAnIp(printable(text, start, end)));
            }
            if (value > 255 || (i == end && part < ip.length)) {
                throw AddressSyntaxException.at(Math.min(i, end - 1), notAnIp(printable(text, start, end)));
            }
        }
        return ip;
    }

    private static String notAnIp(String shown) {
        return "'" + shown
                + "' is not an IP address like 192.0.2.7, or in brackets like [2001:db8::7]; names of the old"
                + " name system cannot be used here";
    }

    private static byte[] parseIpv6(String text, int start, int end) {
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c > 'f' || (Character.digit(c, 16) < 0 && c != ':' && c != '.')) {
                throw AddressSyntaxException.at(i, Bech32m.quoted(c) + " is not used in an IPv6 address");
            }
        }
        try {
            InetAddress ip = InetAddress.ofLiteral("[" + text.substring(start, end) + "]");
            return ip.getAddress();
        } catch (IllegalArgumentException e) {
            throw AddressSyntaxException.at(start, "'" + printable(text, start, end) + "' is not an IPv6 address");
        }
    }

    private static String printable(String text, int start, int end) {
        StringBuilder shown = new StringBuilder();
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            shown.append(c >= 32 && c <= 126 ? c : '?');
        }
        return shown.toString();
    }

    /// The key's part alone.
    public String keyText() {
        return Bech32m.encode(HUMAN_READABLE_PART, Bech32m.toGroups(key.toBytes()));
    }

    /// The same key at other network addresses.
    public KonceAddress at(List<Address> others) {
        return new KonceAddress(key, others);
    }

    /// The text that [#parse] reads back, in lower case.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(keyText());
        for (int i = 0; i < addresses.size(); i++) {
            text.append(i == 0 ? '@' : ',').append(addresses.get(i));
        }
        return text.toString();
    }

    /// The same text in upper case, which a QR code holds in fewer squares.
    public String toUpperCaseText() {
        return toString().toUpperCase(Locale.ROOT);
    }
}
