package konce.names;

/// The user's own name for a peer.
///
/// - shape: 1 to [#CHARS_MAX] characters of `a-z`, `0-9` and `-`, no `-` first or last; never like an address
/// - source: docs/spec/09-names.md, section 2
public record Petname(String text) implements Comparable<Petname> {
    /// Characters of the longest name: a label of the old name system, so that a name may move between the two.
    public static final int CHARS_MAX = 63;

    /// @throws PetnameException saying which character is wrong
    public Petname {
        // = docs/spec/09-names.md R9.7
        if (text.isEmpty() || text.length() > CHARS_MAX) {
            throw new PetnameException("a petname has 1 to " + CHARS_MAX + " characters, not " + text.length());
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
                throw new PetnameException("character " + (i + 1) + " of the petname is " + Bech32m.quoted(c)
                        + "; only a-z, 0-9 and - are allowed");
            }
        }
        if (text.startsWith("-") || text.endsWith("-")) {
            throw new PetnameException("a petname neither starts nor ends with -");
        }
        // = docs/spec/09-names.md R9.8
        if (text.startsWith(KonceAddress.TEXT_PREFIX)) {
            throw new PetnameException(
                    "a petname must not start with '" + KonceAddress.TEXT_PREFIX + "': addresses start so");
        }
    }

    /// What the name looks like to a hasty eye: two names with the same look are easily confused.
    ///
    /// - source: docs/spec/09-names.md, section 2
    String look() {
        return text.replace('0', 'o')
                .replace('1', 'l')
                .replace("rn", "m")
                .replace("vv", "w")
                .replaceAll("-+", "-");
    }

    @Override
    public int compareTo(Petname other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
