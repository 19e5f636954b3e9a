package konce.names.ledger;

import konce.crypto.SigningKey;
import konce.names.checkpoint.Checkpoint;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;
import konce.names.encoding.Key;
import konce.names.encoding.MalformedException;
import konce.names.encoding.Signature;
import org.jspecify.annotations.Nullable;

/// A transaction as it travels: who pays for it, and who signed it.
///
/// - shape: version 1, the fields of [Order], then the authorization where the transaction is [Transaction.ByName],
///   then the signature
/// - source: docs/spec/12-ledger.md, section 3
///
/// @param authorization by the name's own key; null unless the transaction is [Transaction.ByName]
/// @param signature by the account
public record SignedTransaction(Order order, @Nullable Signature authorization, Signature signature) {
    /// The longest encoding: of a registration or an office, with room.
    public static final int BYTES_MAX = 512;

    private static final int VERSION = 1;

    /// What is signed.
    ///
    /// @param account who pays
    /// @param nonce how many transactions of the account are in the ledger already
    /// @param feeGrains what it burns for being taken in
    /// @param validUntilSeconds the last block time at which it can be, in seconds of Unix time: an order that
    /// nobody
    /// took in time is void
    public record Order(Key account, long nonce, long feeGrains, long validUntilSeconds, Transaction transaction) {
        /// What both signatures are over; `purpose` keeps one from being taken for the other.
        private byte[] message(String purpose, Hash genesis) {
            // = docs/spec/12-ledger.md R12.6
            ByteWriter out = new ByteWriter().text8(purpose).hash(genesis);
            write(out);
            return out.toBytes();
        }

        private void write(ByteWriter out) {
            out.u8(VERSION).key(account).u63(nonce).u63(feeGrains).u63(validUntilSeconds);
            Transactions.write(transaction, out);
        }

        private static Order read(ByteReader in) throws MalformedException {
            in.u8(VERSION, VERSION, "version");
            return new Order(
                    in.key(),
                    in.u63(),
                    in.u63(Coins.GRAINS_MAX, "fee"),
                    in.u63(Checkpoint.TIME_SECONDS_MAX, "time"),
                    Transactions.read(in));
        }

        /// The authorization that the name's own key gives. It may be given long before the account signs, by
        /// someone
        /// else, on a machine without network.
        public Signature authorize(SigningKey key, Hash genesis) {
            return Signature.sign(key, message(AUTHORIZATION, genesis));
        }

        /// The transaction, signed by the account.
        ///
        /// @param authorization of [#authorize], or null when the transaction needs none
        /// @throws IllegalArgumentException when it needs one and there is none, or the other way round
        public SignedTransaction sign(SigningKey key, Hash genesis, @Nullable Signature authorization) {
            return new SignedTransaction(this, authorization, Signature.sign(key, message(PAYMENT, genesis)));
        }
    }

    private static final String PAYMENT = "konce transaction 1";
    private static final String AUTHORIZATION = "konce authorization 1";

    public SignedTransaction {
        if ((order.transaction instanceof Transaction.ByName) != (authorization != null)) {
            throw new IllegalArgumentException("what a name's own key must authorize has an authorization, others not");
        }
    }

    /// What it does.
    public Transaction transaction() {
        return order.transaction;
    }

    /// What the ledger's blocks and people call it by.
    public Hash id() {
        return Hashing.hash("konce transaction id 1", encode());
    }

    /// Whether the account signed.
    boolean isSigned(Hash genesis) {
        return signature.isBy(order.account, order.message(PAYMENT, genesis));
    }

    /// Whether `key` authorized it.
    boolean isAuthorized(Hash genesis, Key key) {
        return authorization != null && authorization.isBy(key, order.message(AUTHORIZATION, genesis));
    }

    /// The encoding.
    public byte[] encode() {
        ByteWriter out = new ByteWriter();
        write(out);
        return out.toBytes();
    }

    /// The transaction that is the whole of `bytes`.
    public static Decoded<SignedTransaction> decode(byte[] bytes) {
        return Decoded.of(bytes, BYTES_MAX, SignedTransaction::read);
    }

    /// Appends the encoding.
    public void write(ByteWriter out) {
        order.write(out);
        if (authorization != null) {
            out.signature(authorization);
        }
        out.signature(signature);
    }

    /// Reads one.
    public static SignedTransaction read(ByteReader in) throws MalformedException {
        Order order = Order.read(in);
        Signature authorization = order.transaction instanceof Transaction.ByName ? in.signature() : null;
        return new SignedTransaction(order, authorization, in.signature());
    }
}
