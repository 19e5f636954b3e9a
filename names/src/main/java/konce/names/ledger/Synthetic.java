package konce.names.ledger;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import konce.names.encoding.Key;
import konce.names.trie.Trie;

/// Ledgers with many names, for measurements: as large as if everybody had come and registered, in seconds. No block
/// leads to one, so nobody who applies blocks follows it.
///
/// - shape: block 1 of the genesis, with the names [#name] of 0 to `count` - 1, each of another account's money and of
///   one master key, so that a measurement can sign bindings for any of them
public final class Synthetic {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";

    private Synthetic() {}

    /// A ledger with `count` names, the same each time.
    public static Ledger ledger(Genesis genesis, int count, Key master) {
        Ledger begun = Ledger.begin(genesis);
        long now = genesis.timeSeconds();
        long expires = now + genesis.parameters().yearSeconds();
        List<Trie.Entry> entries = new ArrayList<>(count + begun.trie().size());
        begun.trie().forEach(entries::add);
        for (int i = 0; i < count; i++) {
            NameRecord record = new NameRecord(name(i), master, master, 1, 1, now, expires, 0, Pending.None.NONE);
            entries.add(new Trie.Entry(record.place(), record.encode()));
        }
        entries.sort(Comparator.comparing(Trie.Entry::key));
        return Ledger.holding(begun, Trie.ofSorted(entries));
    }

    /// The name with this number: two to eleven letters and the number, as names people choose are long.
    public static Name name(int index) {
        StringBuilder text = new StringBuilder();
        long mixed = index * 0x9e37_79b9_7f4a_7c15L;
        for (int i = 0; i < 2 + (int) (mixed >>> 61); i++) {
            text.append(LETTERS.charAt((int) ((mixed >>> (5 * i) & 31) % LETTERS.length())));
        }
        return new Name(text.append('-').append(index).toString());
    }
}
