package konce.names.ledger;

import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.MalformedException;
import org.jspecify.annotations.Nullable;

/// A name on the ledger: 1 to 63 characters of `a-z`, `0-9` and `-`, with no `-` first or last.
public record Name(String text) implements Subject, Comparable<Name> {
    /// Characters of the longest name.
    public static final int CHARS_MAX = 63;

    /// @throws IllegalArgumentException for another text: use [#parse] for what others wrote
    public Name {
        if (!isName(text)) {
            throw new IllegalArgumentException("no name: 1 to 63 of a-z, 0-9 and -, with no - first or last");
        }
    }

    /// The name, or null when the text is none. Nothing is corrected: no case, no Unicode.
    public static @Nullable Name parse(String text) {
        return isName(text) ? new Name(text) : null;
    }

    private static boolean isName(String text) {
        // = docs/spec/12-ledger.md R12.4
        if (text.isEmpty() || text.length() > CHARS_MAX || text.startsWith("-") || text.endsWith("-")) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-') {
                return false;
            }
        }
        return true;
    }

    @Override
    public Name name() {
        return this;
    }

    /// Appends the encoding: its length and its characters.
    public void write(ByteWriter out) {
        out.text8(text);
    }

    /// Reads one.
    public static Name read(ByteReader in) throws MalformedException {
        String text = in.text8();
        in.check(isName(text), "no name");
        return new Name(text);
    }

    @Override
    public int compareTo(Name other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
