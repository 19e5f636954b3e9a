package konce.names;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import konce.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/// The user's own names for peers, as a value: every change is another book. Comments, notes and the order of lines are
/// kept; a line that is not understood is refused, never dropped.
///
/// - shape: text, `konce-petnames 1` first, then one line each: `NAME ADDRESS`, `NAME ADDRESS # note`, `# comment`, or
///   nothing
/// - error: [PetnameException], with the line's number where a line is at fault
/// - source: docs/spec/09-names.md, section 3
public final class PetnameBook {
    /// The first line of every book: what it is, and the version of its shape.
    public static final String HEADER = "konce-petnames 1";

    /// Names of one book: people keep hundreds; a hostile file costs at most this many entries of memory.
    public static final int NAMES_MAX = 10_000;

    /// Lines of one book, comments included.
    public static final int LINES_MAX = 40_000;

    /// Characters of one line: a name, the longest address, and a note.
    public static final int LINE_CHARS_MAX = 1_024;

    /// Characters of a whole book.
    public static final int BOOK_CHARS_MAX = 8 << 20;

    /// A book without names.
    public static final PetnameBook EMPTY = new PetnameBook(List.of(), new Index());

    /// A line after the first.
    private sealed interface Line {
        /// A comment with its `#`, or an empty line.
        record Comment(String text) implements Line {}

        record Named(Entry entry) implements Line {}
    }

    /// A name and what it stands for.
    ///
    /// @param note what the user wrote beside it, without the `#`; empty: nothing
    public record Entry(Petname name, KonceAddress address, String note) {
        public Entry {
            note = note.strip();
            checkPrintable(note);
        }

        @Override
        public String toString() {
            return name + " " + address + (note.isEmpty() ? "" : " # " + note);
        }
    }

    /// The names of a book, and what they look like. Filled while a book is made, then never changed.
    private static final class Index {
        private final Map<Petname, Entry> byName = new TreeMap<>();
        private final Map<String, Petname> byLook = new HashMap<>();

        void register(Entry entry) {
            // = docs/spec/09-names.md R9.10
            // another
            if (byName.containsKey(entry.name())) {
                throw new PetnameException("'" + entry.name() + "' is already in the book");
            }
            Petname alike = byLook.putIfAbsent(entry.name().look(), entry.name());
            if (alike != null) {
                throw new PetnameException(
                        "'" + entry.name() + "' is too easily taken for '" + alike + "', which is in the book");
            }
            if (byName.size() == NAMES_MAX) {
                throw new PetnameException("a petname book holds at most " + NAMES_MAX + " names");
            }
            byName.put(entry.name(), entry);
        }
    }

    private final List<Line> lines;
    private final Index index;

    private PetnameBook(List<Line> lines, Index index) {
        this.lines = List.copyOf(lines);
        this.index = index;
    }

    /// Reads a book.
    ///
    /// @throws PetnameException with the number of the line that cannot be read
    public static PetnameBook parse(String text) {
        // = docs/spec/09-names.md R9.9
        if (text.length() > BOOK_CHARS_MAX) {
            throw new PetnameException(
                    "a petname book has at most " + BOOK_CHARS_MAX + " characters, not " + text.length());
        }
        List<String> raw = text.lines().limit(LINES_MAX + 1L).toList();
        checkHeader(raw.isEmpty() ? "" : raw.getFirst());
        if (raw.size() > LINES_MAX) {
            throw new PetnameException("a petname book has at most " + LINES_MAX + " lines");
        }
        List<Line> lines = new ArrayList<>();
        Index index = new Index();
        for (int i = 1; i < raw.size(); i++) {
            try {
                Line line = parseLine(raw.get(i));
                lines.add(line);
                if (line instanceof Line.Named(Entry entry)) {
                    index.register(entry);
                }
            } catch (IllegalArgumentException e) {
                throw new PetnameException("line " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        return new PetnameBook(lines, index);
    }

    private static void checkHeader(String first) {
        if (first.equals(HEADER)) {
            return;
        }
        String known = HEADER.substring(0, HEADER.lastIndexOf(' ') + 1);
        throw new PetnameException(
                first.startsWith(known)
                        ? "line 1: this book is of version '" + printable(first.substring(known.length()))
                                + "', and only version 1 is known here"
                        : "line 1: a petname book starts with '" + HEADER + "'");
    }

    // = docs/spec/09-names.md R9.11
    private static Line parseLine(String line) {
        if (line.length() > LINE_CHARS_MAX) {
            throw new PetnameException("it has more than " + LINE_CHARS_MAX + " characters");
        }
        checkPrintable(line);
        String stripped = line.strip();
        if (stripped.isEmpty() || stripped.startsWith("#")) {
            return new Line.Comment(line);
        }
        String[] parts = stripped.split("\\s+", 3);
        if (parts.length == 1) {
            throw new PetnameException("the name '" + parts[0] + "' has no address after it");
        }
        String note = parts.length == 3 ? parts[2] : "";
        if (!note.isEmpty() && !note.startsWith("#")) {
            throw new PetnameException("after the address only a note may follow, starting with #");
        }
        Petname name = new Petname(parts[0]);
        return new Line.Named(new Entry(name, addressOf(parts[1]), note.isEmpty() ? "" : note.substring(1)));
    }

    private static KonceAddress addressOf(String text) {
        try {
            return KonceAddress.parse(text);
        } catch (AddressSyntaxException e) {
            throw new PetnameException("the address: " + e.getMessage(), e);
        }
    }

    /// The whole book as text, that [#parse] reads back to an equal book.
    public String format() {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        for (Line line : lines) {
            switch (line) {
                case Line.Comment(String comment) -> text.append(comment);
                case Line.Named(Entry entry) -> text.append(entry);
            }
            text.append('\n');
        }
        return text.toString();
    }

    /// The entries by name, in alphabetical order.
    public List<Entry> entries() {
        return List.copyOf(index.byName.values());
    }

    /// The entry of this name; null where there is none.
    public @Nullable Entry find(Petname name) {
        return index.byName.get(name);
    }

    /// The first name in the book for this key, whatever its network addresses; null where there is none.
    public @Nullable Petname nameOf(PublicKey key) {
        for (Entry entry : index.byName.values()) {
            if (entry.address().key().equals(key)) {
                return entry.name();
            }
        }
        return null;
    }

    /// The book with one more name, at its end.
    ///
    /// @throws PetnameException when the name, or one that looks like it, is there already
    public PetnameBook with(Entry entry) {
        checkLine(entry);
        List<Line> more = new ArrayList<>(lines);
        more.add(new Line.Named(entry));
        return ofLines(more);
    }

    /// The book with another address and note under a name that it has.
    ///
    /// @throws PetnameException when the name is not there
    public PetnameBook replaced(Entry entry) {
        checkLine(entry);
        return changed(entry.name(), _ -> entry);
    }

    /// The book with one name changed.
    ///
    /// @throws PetnameException when the old name is not there, or the new one cannot be
    public PetnameBook renamed(Petname from, Petname to) {
        return changed(from, entry -> new Entry(to, entry.address(), entry.note()));
    }

    /// The book without this name.
    ///
    /// @throws PetnameException when it is not there
    public PetnameBook without(Petname name) {
        return changed(name, _ -> null);
    }

    private PetnameBook changed(Petname name, Function<Entry, @Nullable Entry> change) {
        if (find(name) == null) {
            throw new PetnameException("'" + name + "' is not in the book");
        }
        List<Line> others = new ArrayList<>();
        for (Line line : lines) {
            if (!(line instanceof Line.Named(Entry entry) && entry.name().equals(name))) {
                others.add(line);
            } else {
                Entry next = change.apply(entry);
                if (next != null) {
                    others.add(new Line.Named(next));
                }
            }
        }
        return ofLines(others);
    }

    private static PetnameBook ofLines(List<Line> lines) {
        if (lines.size() + 1 > LINES_MAX) {
            throw new PetnameException("a petname book has at most " + LINES_MAX + " lines");
        }
        Index index = new Index();
        for (Line line : lines) {
            if (line instanceof Line.Named(Entry entry)) {
                index.register(entry);
            }
        }
        return new PetnameBook(lines, index);
    }

    private static void checkLine(Entry entry) {
        if (entry.toString().length() > LINE_CHARS_MAX) {
            throw new PetnameException("the note is too long: a line has at most " + LINE_CHARS_MAX + " characters");
        }
    }

    /* A book is shown on terminals: a control character in a comment could rewrite what the user sees. */
    private static void checkPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i)) && text.charAt(i) != '\t') {
                throw new PetnameException(
                        "character " + (i + 1) + " is the control character " + Bech32m.quoted(text.charAt(i)));
            }
        }
    }

    private static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), Petname.CHARS_MAX); i++) {
            shown.append(Character.isISOControl(text.charAt(i)) ? '?' : text.charAt(i));
        }
        return shown.toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PetnameBook book && lines.equals(book.lines);
    }

    @Override
    public int hashCode() {
        return lines.hashCode();
    }

    @Override
    public String toString() {
        return "PetnameBook[" + index.byName.size() + " names]";
    }
}
