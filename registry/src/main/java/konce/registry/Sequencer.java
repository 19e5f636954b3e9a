package konce.registry;

import java.io.IOException;
import java.util.List;
import konce.names.ledger.SignedTransaction;

/// Says what comes before what. It may stop, and it may leave transactions out; it cannot make one up, for they are
/// signed, nor show two orders unseen, for witnesses sign.
public interface Sequencer extends AutoCloseable {
    /// Transactions that come together, and the time they come at.
    ///
    /// @param timeSeconds what o'clock it is, in seconds of Unix time
    record Batch(long timeSeconds, List<SignedTransaction> transactions) {}

    /// Takes batches in their order: the same batches in the same order on every machine.
    interface Follower {
        /// Makes a block of what of a batch keeps the rules. When it returns, the block cannot be lost.
        ///
        /// @param place the batch's number in the order, from 1; one that is known already is passed over
        void follow(long place, Batch batch) throws IOException;

        /// The number of the last batch it has.
        long followed();
    }

    /// Has a batch ordered behind all before it. When it returns, the follower of this machine has it.
    ///
    /// @throws IOException when it is not known to be ordered; it may be all the same
    void order(Batch batch) throws IOException, InterruptedException;

    /// Whether this machine is the one that orders now.
    boolean leads();

    @Override
    void close() throws IOException;
}
