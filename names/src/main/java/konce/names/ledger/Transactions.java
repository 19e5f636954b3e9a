package konce.names.ledger;

import konce.names.checkpoint.Checkpoint;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;
import konce.names.encoding.Key;
import konce.names.encoding.MalformedException;

/// How transactions are written down: a byte for the kind, then the fields in the order of the record.
///
/// - source: docs/spec/12-ledger.md, section 4
final class Transactions {
    private static final int TRANSFER_COINS = 1;
    private static final int COMMIT = 2;
    private static final int REVEAL = 3;
    private static final int RENEW = 4;
    private static final int TRANSFER_NAME = 5;
    private static final int OFFER_NAME = 6;
    private static final int BUY_NAME = 7;
    private static final int CALL_OFF = 8;
    private static final int SET_MASTER = 9;
    private static final int SET_RECOVERY = 10;
    private static final int RECOVER = 11;
    private static final int DESIGNATE = 12;
    private static final int WITHDRAW = 13;

    private Transactions() {}

    static Hash commitment(Key account, Name name, Hash salt) {
        // = docs/spec/12-ledger.md R12.14
        ByteWriter out = new ByteWriter().key(account).hash(salt);
        name.write(out);
        return Hashing.hash("konce commitment 1", out.toBytes());
    }

    static void write(Transaction transaction, ByteWriter out) {
        switch (transaction) {
            case Transaction.TransferCoins(Key to, long grains) ->
                out.u8(TRANSFER_COINS).key(to).u63(grains);
            case Transaction.Commit(Hash commitment) -> out.u8(COMMIT).hash(commitment);
            case Transaction.Reveal reveal -> {
                reveal.name().write(out.u8(REVEAL));
                out.hash(reveal.salt()).key(reveal.master()).optionalKey(reveal.recovery());
                out.u8(reveal.years());
            }
            case Transaction.Renew(Name name, int years) -> {
                name.write(out.u8(RENEW));
                out.u8(years);
            }
            case Transaction.TransferName to ->
                named(out, TRANSFER_NAME, to.name(), to.sequence())
                        .key(to.master())
                        .optionalKey(to.recovery());
            case Transaction.OfferName offer ->
                named(out, OFFER_NAME, offer.name(), offer.sequence())
                        .u63(offer.grains())
                        .key(offer.payee())
                        .u63(offer.untilSeconds());
            case Transaction.BuyName buy ->
                named(out, BUY_NAME, buy.name(), buy.sequence())
                        .u63(buy.grains())
                        .key(buy.master())
                        .optionalKey(buy.recovery());
            case Transaction.CallOff(Name name, long sequence) -> named(out, CALL_OFF, name, sequence);
            case Transaction.SetMaster(Name name, long sequence, Key master) ->
                named(out, SET_MASTER, name, sequence).key(master);
            case Transaction.SetRecovery set ->
                named(out, SET_RECOVERY, set.name(), set.sequence()).optionalKey(set.recovery());
            case Transaction.Recover(Name name, long sequence, Key master) ->
                named(out, RECOVER, name, sequence).key(master);
            case Transaction.Designate designate -> {
                named(out, DESIGNATE, designate.name(), designate.sequence());
                designate.role().write(out);
                out.key(designate.key());
            }
            case Transaction.Withdraw withdraw -> {
                named(out, WITHDRAW, withdraw.name(), withdraw.sequence());
                withdraw.role().write(out);
            }
        }
    }

    private static ByteWriter named(ByteWriter out, int kind, Name name, long sequence) {
        name.write(out.u8(kind));
        return out.u63(sequence);
    }

    static Transaction read(ByteReader in) throws MalformedException {
        int kind = in.u8(TRANSFER_COINS, WITHDRAW, "kind of transaction");
        return switch (kind) {
            case TRANSFER_COINS -> new Transaction.TransferCoins(in.key(), grains(in));
            case COMMIT -> new Transaction.Commit(in.hash());
            case REVEAL -> new Transaction.Reveal(Name.read(in), in.hash(), in.key(), in.optionalKey(), years(in));
            case RENEW -> new Transaction.Renew(Name.read(in), years(in));
            default -> readNamed(kind, Name.read(in), in.u63(), in);
        };
    }

    private static Transaction readNamed(int kind, Name name, long sequence, ByteReader in) throws MalformedException {
        return switch (kind) {
            case TRANSFER_NAME -> new Transaction.TransferName(name, sequence, in.key(), in.optionalKey());
            case OFFER_NAME ->
                new Transaction.OfferName(
                        name, sequence, grains(in), in.key(), in.u63(Checkpoint.TIME_SECONDS_MAX, "time"));
            case BUY_NAME -> new Transaction.BuyName(name, sequence, grains(in), in.key(), in.optionalKey());
            case CALL_OFF -> new Transaction.CallOff(name, sequence);
            case SET_MASTER -> new Transaction.SetMaster(name, sequence, in.key());
            case SET_RECOVERY -> new Transaction.SetRecovery(name, sequence, in.optionalKey());
            case RECOVER -> new Transaction.Recover(name, sequence, in.key());
            case DESIGNATE -> new Transaction.Designate(Name.read(in), name, sequence, in.key());
            default -> new Transaction.Withdraw(Name.read(in), name, sequence);
        };
    }

    private static long grains(ByteReader in) throws MalformedException {
        return in.u63(Coins.GRAINS_MAX, "grains");
    }

    private static int years(ByteReader in) throws MalformedException {
        return in.u8(1, NameRecord.YEARS_MAX, "years");
    }
}
