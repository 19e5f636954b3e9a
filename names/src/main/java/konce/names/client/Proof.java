package konce.names.client;

import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.MalformedException;
import konce.names.ledger.Entry;
import konce.names.ledger.Ledger;
import konce.names.trie.TrieProof;
import org.jspecify.annotations.Nullable;

/// An entry of the ledger as it is claimed to be, or that there is none; and what shows it.
@SuppressWarnings("ArrayRecordComponent") // the bytes as they came: only their hash is looked at, until it is right
public record Proof(byte @Nullable [] entry, TrieProof path) {
    /// What a ledger says of it.
    public static Proof of(Ledger.Proven proven) {
        return new Proof(proven.entry(), proven.proof());
    }

    void write(ByteWriter out) {
        if (entry == null) {
            out.u8(0);
        } else {
            out.u8(1).raw16(entry);
        }
        path.write(out);
    }

    static Proof read(ByteReader in) throws MalformedException {
        return new Proof(in.u8(0, 1, "flag") == 1 ? in.raw16(Entry.BYTES_MAX, "entry") : null, TrieProof.read(in));
    }
}
