package konce.names.ledger;

import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;
import konce.names.encoding.Key;
import konce.names.encoding.MalformedException;

/// What the trie holds at a key.
///
/// - shape: a byte for the kind, then the fields
/// - source: docs/spec/12-ledger.md, section 5
public sealed interface Entry permits Account, NameRecord, RoleRecord, Totals {
    /// The longest encoding: of an account with all its commitments.
    int BYTES_MAX = 1024;

    /// The kinds, in the byte that an encoding begins with.
    int ACCOUNT = 1;

    int NAME = 2;

    int ROLE = 3;

    int TOTALS = 4;

    /// Where it is in the trie.
    Hash place();

    /// Appends the encoding.
    void write(ByteWriter out);

    /// The encoding.
    default byte[] encode() {
        ByteWriter out = new ByteWriter();
        write(out);
        return out.toBytes();
    }

    /// The entry that is the whole of `bytes`.
    static Decoded<Entry> decode(byte[] bytes) {
        return Decoded.of(bytes, BYTES_MAX, Entry::read);
    }

    /// Reads one.
    static Entry read(ByteReader in) throws MalformedException {
        return switch (in.u8(ACCOUNT, TOTALS, "kind of entry")) {
            case ACCOUNT -> Account.read(in);
            case NAME -> NameRecord.read(in);
            case ROLE -> RoleRecord.read(in);
            default -> Totals.read(in);
        };
    }

    /// Where an account is.
    static Hash placeOf(Key account) {
        return Hashing.hash("konce state account 1", account.toBytes());
    }

    /// Where a name or a role is. A client computes it itself from what the user wrote.
    static Hash placeOf(Subject subject) {
        // = docs/spec/12-ledger.md R12.10
        ByteWriter out = new ByteWriter();
        Subject.write(subject, out);
        return switch (subject) {
            case Name _ -> Hashing.hash("konce state name 1", out.toBytes());
            case Role _ -> Hashing.hash("konce state role 1", out.toBytes());
        };
    }
}
