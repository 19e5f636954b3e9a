package konce.names.ledger;

import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import org.jspecify.annotations.Nullable;

/// What an account asks of the ledger.
///
/// - source: docs/spec/12-ledger.md, section 4
public sealed interface Transaction {
    /// Coins to an account, which is made if there is none.
    ///
    /// @param grains at least 1
    record TransferCoins(Key to, long grains) implements Transaction {}

    /// Announces a registration without saying of what.
    ///
    /// @param commitment [#commitment]
    record Commit(Hash commitment) implements Transaction {}

    /// Registers a name that was committed to by the same account.
    ///
    /// @param salt what the commitment hid the name with
    /// @param master the key that owns the name from now on; it need not have an account
    /// @param recovery the key that can replace a lost master key; null for none
    /// @param years of rent, 1 to [NameRecord#YEARS_MAX]
    record Reveal(
            Name name, Hash salt, Key master, @Nullable Key recovery, int years) implements Transaction {}

    /// Pays rent. Anyone may, for any name.
    record Renew(Name name, int years) implements Transaction {}

    /// Gives a name to another owner, after a lock. Authorized by the master key.
    ///
    /// @param sequence the name's, so that what is signed is good for what was seen only
    record TransferName(
            Name name, long sequence, Key master, @Nullable Key recovery) implements ByName {}

    /// Offers a name for coins; it can be bought after a lock. Authorized by the master key.
    ///
    /// @param payee the account that is paid; it exists
    /// @param untilSeconds the last moment at which it can be bought, in seconds of Unix time
    record OfferName(Name name, long sequence, long grains, Key payee, long untilSeconds) implements ByName {}

    /// Buys a name that is offered: coins and name change hands, or nothing does.
    ///
    /// @param sequence the name's: an offer that was changed is another
    /// @param grains the price, as in the offer
    record BuyName(
            Name name,
            long sequence,
            long grains,
            Key master,
            @Nullable Key recovery) implements Transaction {}

    /// Calls off what waits: a transfer, an offer, a recovery, or a change of the recovery key. Authorized by the
    /// master key, or, but for a recovery, by the recovery key.
    record CallOff(Name name, long sequence) implements ByName {}

    /// Replaces the master key, at once, for the same owner. Authorized by the old one.
    record SetMaster(Name name, long sequence, Key master) implements ByName {}

    /// Sets, replaces or removes the recovery key. Authorized by the master key. At once when there was none, else
    /// after the recovery's delay.
    record SetRecovery(Name name, long sequence, @Nullable Key recovery) implements ByName {}

    /// Replaces a lost master key, after a delay. Authorized by the recovery key.
    record Recover(Name name, long sequence, Key master) implements ByName {}

    /// Gives a role of a name to a key, which may hold it already. Authorized by the master key.
    record Designate(Name role, Name name, long sequence, Key key) implements ByName {}

    /// Takes a role back. Authorized by the master key.
    record Withdraw(Name role, Name name, long sequence) implements ByName {}

    /// What needs a second signature: of the key that the name itself knows.
    sealed interface ByName extends Transaction {
        /// The name.
        Name name();

        /// How often the name has changed, as the signer saw it.
        long sequence();
    }

    /// What to commit to before revealing `name` with `salt` from `account`. The salt is 32 random bytes; without
    /// it
    /// the name could be guessed.
    static Hash commitment(Key account, Name name, Hash salt) {
        return Transactions.commitment(account, name, salt);
    }
}
