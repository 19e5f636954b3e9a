package konce.registry;

import java.io.IOException;
import java.util.List;
import konce.names.checkpoint.Checkpoint;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.MalformedException;
import konce.names.ledger.Block;
import konce.names.ledger.SignedTransaction;

/// Says what comes before what. It may stop, and it may leave transactions out; it cannot make one up, for they are
/// signed, nor show two orders unseen, for witnesses sign.
public interface Sequencer extends AutoCloseable {
    /// Transactions that come together, and the time they come at.
    ///
    /// - shape: time (8), list of transactions; chapter 12, section 2
    ///
    /// @param timeSeconds what o'clock it is, in seconds of Unix time
    record Batch(long timeSeconds, List<SignedTransaction> transactions) {
        /// The longest encoding.
        public static final int BYTES_MAX = 8 + 2 + Block.TRANSACTIONS_MAX * SignedTransaction.BYTES_MAX;

        /// The encoding.
        public byte[] encode() {
            return new ByteWriter()
                    .u63(timeSeconds)
                    .list16(transactions, SignedTransaction::write)
                    .toBytes();
        }

        /// The batch that is the whole of `bytes`.
        public static Decoded<Batch> decode(byte[] bytes) {
            return Decoded.of(bytes, BYTES_MAX, Batch::read);
        }

        private static Batch read(ByteReader in) throws MalformedException {
            return new Batch(
                    in.u63(Checkpoint.TIME_SECONDS_MAX, "time"),
                    in.list16(Block.TRANSACTIONS_MAX, "transactions", SignedTransaction::read));
        }
    }

    /// Takes batches in their order: the same batches in the same order on every machine.
    interface Follower {
        /// Makes a block of what of a batch keeps the rules. When it returns, the block cannot be lost.
        ///
        /// @param place the batch's number in the order, from 1; one that is known already is passed over
        void follow(long place, Batch batch) throws IOException;

        /// The number of the last batch it has.
        long followed();

        /// Another machine orders now, or this one, or none.
        default void leaderChanged() {}
    }

    /// The machines that order together.
    ///
    /// @param addresses where each is reached by the others, in the order of the genesis' sequencers; empty: this
    /// machine is alone
    /// @param leader the place of the one that orders now; -1: none that this machine knows of
    record Members(List<String> addresses, int leader) {}

    /// Has a batch ordered behind all before it. When it returns, the follower of this machine has it. Its time is
    /// that of the machine that orders now, whoever asked.
    ///
    /// @throws IOException when it is not known to be ordered; it may be all the same
    void order(Batch batch) throws IOException, InterruptedException;

    /// Whether this machine is the one that orders now.
    boolean leads();

    /// Who orders.
    Members members();

    @Override
    void close() throws IOException;
}
