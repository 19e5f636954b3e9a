package konce.names.ledger;

import java.util.List;
import konce.names.checkpoint.Checkpoint;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import konce.names.encoding.MalformedException;

/// An account. It is never deleted: its nonce is what keeps old transactions from being used again.
///
/// @param id its key
/// @param nonce how many of its transactions are in the ledger
/// @param commitments open ones, the oldest first; at most [#COMMITMENTS_MAX]
public record Account(Key id, long grains, long nonce, List<Commitment> commitments) implements Entry {
    /// Registrations an account may have under way; those too old to be revealed are forgotten when another is
    /// made.
    public static final int COMMITMENTS_MAX = 16;

    /// An announced registration.
    ///
    /// @param atSeconds the time of the block it came in
    public record Commitment(Hash hash, long atSeconds) {
        void write(ByteWriter out) {
            out.hash(hash).u63(atSeconds);
        }

        static Commitment read(ByteReader in) throws MalformedException {
            return new Commitment(in.hash(), in.u63(Checkpoint.TIME_SECONDS_MAX, "time"));
        }
    }

    public Account {
        commitments = List.copyOf(commitments);
    }

    /// With so many grains more, or fewer.
    Account plus(long more) {
        return new Account(id, Math.addExact(grains, more), nonce, commitments);
    }

    Account withCommitments(List<Commitment> others) {
        return new Account(id, grains, nonce, others);
    }

    @Override
    public Hash place() {
        return Entry.placeOf(id);
    }

    @Override
    public void write(ByteWriter out) {
        out.u8(ACCOUNT).key(id).u63(grains).u63(nonce).list16(commitments, Commitment::write);
    }

    static Account read(ByteReader in) throws MalformedException {
        return new Account(
                in.key(),
                in.u63(Coins.GRAINS_MAX, "grains"),
                in.u63(),
                in.list16(COMMITMENTS_MAX, "commitments", Commitment::read));
    }
}
