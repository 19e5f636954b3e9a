package konce.names.ledger;

import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.MalformedException;
import org.jspecify.annotations.Nullable;

/// What can be looked up: a name, or a role of a name.
public sealed interface Subject permits Name, Role {
    /// Characters of the longest text.
    int TEXT_CHARS_MAX = 2 * Name.CHARS_MAX + 1;

    /// The name that everything hangs on.
    Name name();

    /// The subject of a text, or null when it is none: `shop` or `ceo@shop`.
    static @Nullable Subject parse(String text) {
        int at = text.indexOf('@');
        Name name = Name.parse(text.substring(at + 1));
        Name role = at < 0 ? null : Name.parse(text.substring(0, at));
        if (name == null || (at >= 0 && role == null)) {
            return null;
        }
        return role == null ? name : new Role(role, name);
    }

    /// Appends the encoding: the text with its length.
    static void write(Subject subject, ByteWriter out) {
        out.text8(subject.toString());
    }

    /// Reads one.
    static Subject read(ByteReader in) throws MalformedException {
        Subject subject = parse(in.text8());
        if (subject == null) {
            throw new MalformedException("neither a name nor a role");
        }
        return subject;
    }
}
