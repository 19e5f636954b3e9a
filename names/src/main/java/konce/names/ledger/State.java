package konce.names.ledger;

import konce.names.encoding.ByteReader;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import konce.names.encoding.MalformedException;
import konce.names.trie.Trie;
import org.jspecify.annotations.Nullable;

/// The trie, read and written as entries. Immutable.
record State(Trie trie) {
    static final State EMPTY = new State(Trie.EMPTY);

    private interface Reader<T extends Entry> {
        T read(ByteReader in) throws MalformedException;
    }

    @Nullable
    Account account(Key id) {
        return find(Entry.placeOf(id), Entry.ACCOUNT, Account::read);
    }

    @Nullable
    NameRecord name(Name name) {
        return find(Entry.placeOf(name), Entry.NAME, NameRecord::read);
    }

    @Nullable
    RoleRecord role(Role role) {
        return find(Entry.placeOf(role), Entry.ROLE, RoleRecord::read);
    }

    Totals totals() {
        Totals totals = find(Totals.PLACE, Entry.TOTALS, Totals::read);
        return totals == null ? new Totals(0, 0, 0, 0) : totals;
    }

    State with(Entry entry) {
        return new State(trie.with(entry.place(), entry.encode()));
    }

    private <T extends Entry> @Nullable T find(Hash place, int kind, Reader<T> reader) {
        byte[] bytes = trie.find(place);
        return bytes == null
                ? null
                : Decoded.own(bytes, in -> {
                    in.u8(kind, kind, "kind of entry");
                    return reader.read(in);
                });
    }
}
