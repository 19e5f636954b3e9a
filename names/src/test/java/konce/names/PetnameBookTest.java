package konce.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import konce.protocol.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PetnameBookTest {
    private static final KonceAddress HERE =
            new KonceAddress(KonceAddressTest.KEY, List.of(Address.parse("192.0.2.7:413")));
    private static final KonceAddress THERE =
            new KonceAddress(KonceAddressTest.KEY, List.of(Address.parse("192.0.2.8:413")));

    private static PetnameBook.Entry entry(String name, KonceAddress address) {
        return new PetnameBook.Entry(new Petname(name), address, "");
    }

    private static String refusal(Runnable action) {
        return assertThrows(PetnameException.class, action::run).getMessage();
    }

    /// Goal: names of the allowed shape are taken.
    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "alice", "a-b", "printer-2", "konce"})
    void takesGoodNames(String name) {
        assertEquals(name, new Petname(name).text());
    }

    /// Goal: every other name is refused, saying which character or rule.
    // = docs/spec/09-names.md R9.7
    // = docs/spec/09-names.md R9.8
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|1 to 63",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|1 to 63",
                "Alice|'A'",
                "al ice|U+0020",
                "\u0430lice|U+0430",
                "alice.home|'.'",
                "al_ice|'_'",
                "-alice|neither",
                "alice-|neither",
                "konce1abc|addresses start so"
            })
    void refusesBadNames(String name, String reason) {
        String refusal = refusal(() -> new Petname(name));
        assertTrue(refusal.contains(reason), refusal);
    }

    /// Goal: a book keeps comments, notes, blanks and order through reading, changing and writing.
    // = docs/spec/09-names.md R9.11
    @Test
    void keepsWhatTheUserWrote() {
        String text = PetnameBook.HEADER + "\n# people\n\nalice " + HERE + " # met in Oslo\nbob " + THERE + "\n# end\n";
        PetnameBook book = PetnameBook.parse(text);
        assertEquals(text, book.format());
        assertEquals(book, PetnameBook.parse(book.format()));
        PetnameBook renamed = book.renamed(new Petname("alice"), new Petname("anna"));
        assertEquals(text.replace("alice", "anna"), renamed.format());
        assertEquals(text, book.format(), "the first book is as it was");
        PetnameBook without = book.without(new Petname("bob"));
        assertEquals(text.replace("bob " + THERE + "\n", ""), without.format());
        PetnameBook with = book.with(entry("carol", HERE));
        assertEquals(text + "carol " + HERE + "\n", with.format());
        PetnameBook replaced = book.replaced(entry("bob", HERE));
        assertEquals(text.replace("bob " + THERE, "bob " + HERE), replaced.format());
    }

    /// Goal: lookups find what is there, by name and by key, and nothing else.
    @Test
    void looksUp() {
        PetnameBook book = PetnameBook.EMPTY.with(entry("bob", HERE)).with(entry("alice", THERE));
        assertEquals(THERE, book.find(new Petname("alice")).address());
        assertNull(book.find(new Petname("carol")));
        assertEquals(new Petname("alice"), book.nameOf(KonceAddressTest.KEY), "the first by name");
        assertNull(PetnameBook.EMPTY.nameOf(KonceAddressTest.KEY));
        assertEquals(
                List.of("alice", "bob"),
                book.entries().stream().map(e -> e.name().text()).toList());
    }

    /// Goal: a name that looks like one in the book is refused, and one that merely resembles it is not.
    // = docs/spec/09-names.md R9.10
    @ParameterizedTest
    @CsvSource({"bob,bob", "bob,b0b", "lola,1ola", "bernd,bemd", "wave,vvave", "a-b,a--b"})
    void refusesLookAlikes(String there, String added) {
        PetnameBook book = PetnameBook.EMPTY.with(entry(there, HERE));
        String refusal = refusal(() -> book.with(entry(added, THERE)));
        assertTrue(refusal.contains("'" + there + "'"), refusal);
    }

    /// Goal: names that differ to the eye live side by side, and changes that cannot be are refused.
    @Test
    void refusesChangesThatCannotBe() {
        PetnameBook book = PetnameBook.EMPTY.with(entry("mail", HERE)).with(entry("mall", THERE));
        assertEquals(2, book.entries().size());
        assertTrue(refusal(() -> book.renamed(new Petname("mail"), new Petname("mal1")))
                .contains("'mall'"));
        assertTrue(refusal(() -> book.without(new Petname("nobody"))).contains("not in the book"));
        assertTrue(refusal(() -> book.replaced(entry("nobody", HERE))).contains("not in the book"));
        String longNote = "x".repeat(PetnameBook.LINE_CHARS_MAX);
        assertTrue(refusal(() -> book.with(new PetnameBook.Entry(new Petname("bob"), HERE, longNote)))
                .contains("too long"));
    }

    /// Goal: a book that cannot be read says which line and why (`~` stands for a line's end, `K` for an address).
    // = docs/spec/09-names.md R9.11
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|line 1: a petname book starts with",
                "konce-petnames 2|line 1: this book is of version '2'",
                "konce-petnames 1~alice|line 2: the name 'alice' has no address",
                "konce-petnames 1~~Alice K|line 3: character 1",
                "konce-petnames 1~alice konce1|line 2: the address: ",
                "konce-petnames 1~alice K bob|line 2: after the address",
                "konce-petnames 1~alice K~alice K|line 3: 'alice' is already",
                "konce-petnames 1~al1ce K~allce K|line 3: 'allce' is too easily",
                "konce-petnames 1~# bell \u0007 here|line 2: character 8 is the control character U+0007"
            })
    void saysWhichLine(String text, String reason) {
        String full = text.replace("~", "\n").replace("K", HERE.toString());
        String refusal = refusal(() -> PetnameBook.parse(full));
        assertTrue(refusal.contains(reason), refusal);
    }

    /// Goal: a hostile book is refused by its size before its contents matter.
    // = docs/spec/09-names.md R9.9
    @Test
    void booksAreBounded() {
        String lines = PetnameBook.HEADER + "\n".repeat(PetnameBook.LINES_MAX + 1);
        assertTrue(refusal(() -> PetnameBook.parse(lines)).contains("lines"));
        String wide = PetnameBook.HEADER + "\n#" + "x".repeat(PetnameBook.LINE_CHARS_MAX);
        assertTrue(refusal(() -> PetnameBook.parse(wide)).contains("line 2"));
        String huge = "x".repeat(PetnameBook.BOOK_CHARS_MAX + 1);
        assertTrue(refusal(() -> PetnameBook.parse(huge)).contains("characters"));
        StringBuilder many = new StringBuilder(PetnameBook.HEADER + "\n");
        for (int i = 0; i <= PetnameBook.NAMES_MAX; i++) {
            String digits = Integer.toString(i).replace('0', 'x').replace('1', 'y');
            many.append('p').append(digits).append(' ').append(HERE).append('\n');
        }
        assertTrue(refusal(() -> PetnameBook.parse(many.toString())).contains("names"));
    }

    /// Goal: the user's own word comes first; then addresses; then a reason that helps.
    // = docs/spec/09-names.md R9.12
    // = docs/spec/09-names.md R9.13
    @Test
    void resolves() {
        Resolver resolver = new BookResolver(PetnameBook.EMPTY.with(entry("alice", HERE)));
        assertEquals(new Resolution.Found(HERE, Resolution.Source.PETNAME), resolver.resolve("alice"));
        assertEquals(new Resolution.Found(THERE, Resolution.Source.ADDRESS), resolver.resolve(" " + THERE + "\n"));
        assertReason(resolver.resolve("alcie"), "did you mean 'alice'?");
        assertReason(resolver.resolve("zebediah"), "no petname 'zebediah' in your book");
        assertReason(resolver.resolve("Alice"), "character 1");
        assertReason(resolver.resolve("konce1qqq"), "not an address: ");
        assertReason(resolver.resolve("alice@192.0.2.7:413"), "not an address: ");
        assertReason(resolver.resolve(""), "neither");
    }

    private static void assertReason(Resolution resolution, String reason) {
        String shown = assertInstanceOf(Resolution.NotFound.class, resolution).reason();
        assertTrue(shown.contains(reason), shown);
    }
}
