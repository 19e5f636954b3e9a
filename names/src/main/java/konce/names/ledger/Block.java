package konce.names.ledger;

import java.util.List;
import konce.names.checkpoint.Checkpoint;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;
import konce.names.encoding.MalformedException;
import konce.names.history.HistoryPeaks;

/// Transactions in their order, and what the ledger is after them.
///
/// - source: docs/spec/12-ledger.md, section 9
public record Block(Header header, List<SignedTransaction> transactions) {
    /// Transactions in a block.
    public static final int TRANSACTIONS_MAX = 4_096;

    /// The longest encoding: about 2 MiB.
    public static final int BYTES_MAX = Header.BYTES + 2 + TRANSACTIONS_MAX * SignedTransaction.BYTES_MAX;

    /// What the next block and the history name a block by.
    ///
    /// @param height its number; the genesis is number 0
    /// @param previous the hash of the header before
    /// @param timeSeconds what o'clock it is, in seconds of Unix time; never before the block before
    /// @param stateRoot over the state after its transactions
    /// @param historyRoot over all blocks before it
    /// @param transactionsRoot over the ids of its transactions
    public record Header(
            long height, Hash previous, long timeSeconds, Hash stateRoot, Hash historyRoot, Hash transactionsRoot) {
        /// The length of the encoding.
        public static final int BYTES = 2 * 8 + 4 * Hash.BYTES;

        /// The block's hash.
        public Hash hash() {
            ByteWriter out = new ByteWriter();
            write(out);
            return Hashing.hash("konce block 1", out.toBytes());
        }

        /// Appends the encoding.
        public void write(ByteWriter out) {
            out.u63(height).hash(previous).u63(timeSeconds);
            out.hash(stateRoot).hash(historyRoot).hash(transactionsRoot);
        }

        /// Reads one.
        public static Header read(ByteReader in) throws MalformedException {
            return new Header(
                    in.u63(Long.MAX_VALUE - 1, "height"),
                    in.hash(),
                    in.u63(Checkpoint.TIME_SECONDS_MAX, "time"),
                    in.hash(),
                    in.hash(),
                    in.hash());
        }
    }

    public Block {
        transactions = List.copyOf(transactions);
        if (transactions.size() > TRANSACTIONS_MAX) {
            throw new IllegalArgumentException(transactions.size() + " transactions; at most " + TRANSACTIONS_MAX);
        }
    }

    /// The root over the ids of transactions.
    static Hash root(List<SignedTransaction> transactions) {
        HistoryPeaks peaks = HistoryPeaks.EMPTY;
        for (SignedTransaction transaction : transactions) {
            peaks = peaks.with(transaction.id());
        }
        return peaks.root();
    }

    /// The encoding.
    public byte[] encode() {
        ByteWriter out = new ByteWriter();
        header.write(out);
        out.list16(transactions, SignedTransaction::write);
        return out.toBytes();
    }

    /// The block that is the whole of `bytes`.
    public static Decoded<Block> decode(byte[] bytes) {
        return Decoded.of(bytes, BYTES_MAX, Block::read);
    }

    private static Block read(ByteReader in) throws MalformedException {
        return new Block(Header.read(in), in.list16(TRANSACTIONS_MAX, "transactions", SignedTransaction::read));
    }
}
