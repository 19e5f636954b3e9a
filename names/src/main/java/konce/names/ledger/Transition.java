package konce.names.ledger;

import java.util.ArrayList;
import java.util.List;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import org.jspecify.annotations.Nullable;

/// One transaction, tried on a state: the rules, each with its place.
///
/// A rule that is broken is returned and what was done to `state` is thrown away with this object. So the rules may
/// be checked where they are easiest to read, half-way through as well.
///
/// - source: docs/spec/12-ledger.md, sections 3 to 8
final class Transition {
    private final Parameters parameters;
    private final Hash genesis;
    private final long timeSeconds;
    private final SignedTransaction signed;
    private State state;

    /// What came of it.
    sealed interface Outcome {
        /// The state after it.
        record Done(State state) implements Outcome {}

        /// Nothing has changed.
        record Refused(Rule rule) implements Outcome {}
    }

    private Transition(Context context, State state, SignedTransaction signed) {
        this.parameters = context.parameters;
        this.genesis = context.genesis;
        this.timeSeconds = context.timeSeconds;
        this.signed = signed;
        this.state = state;
    }

    /// What is the same for all transactions of a block.
    ///
    /// @param signaturesKnown whether all signatures were checked before, as in a log of our own
    record Context(Parameters parameters, Hash genesis, long timeSeconds, boolean signaturesKnown) {}

    /// Tries a transaction.
    static Outcome of(Context context, State state, SignedTransaction signed) {
        Transition transition = new Transition(context, state, signed);
        Rule broken = transition.pay();
        if (broken == null) {
            broken = transition.act(context.signaturesKnown);
        }
        // = docs/spec/12-ledger.md R12.5
        return broken == null ? new Outcome.Done(transition.state) : new Outcome.Refused(broken);
    }

    private @Nullable Rule pay() {
        SignedTransaction.Order order = signed.order();
        Account account = state.account(order.account());
        if (account == null) {
            return Rule.ACCOUNT_UNKNOWN;
        }
        // = docs/spec/12-ledger.md R12.8
        if (timeSeconds > order.validUntilSeconds()) {
            return Rule.TRANSACTION_EXPIRED;
        }
        // = docs/spec/12-ledger.md R12.7
        if (order.nonce() != account.nonce()) {
            return order.nonce() < account.nonce() ? Rule.NONCE_USED : Rule.NONCE_AHEAD;
        }
        // = docs/spec/12-ledger.md R12.9
        if (order.feeGrains() < parameters.feeGrainsMin()) {
            return Rule.FEE_TOO_LOW;
        }
        state = state.with(new Account(account.id(), account.grains(), account.nonce() + 1, account.commitments()));
        return burn(order.feeGrains());
    }

    /* Signatures last: they cost a hundred times as much as everything else. */
    private @Nullable Rule act(boolean signaturesKnown) {
        Rule broken = switch (signed.transaction()) {
            case Transaction.TransferCoins(Key to, long grains) -> transferCoins(to, grains);
            case Transaction.Commit(Hash commitment) -> commit(commitment);
            case Transaction.Reveal reveal -> reveal(reveal);
            case Transaction.Renew(Name name, int years) -> renew(name, years);
            case Transaction.BuyName buy -> buy(buy);
            case Transaction.ByName byName -> byName(byName, signaturesKnown);
        };
        return broken == null && !signaturesKnown && !signed.isSigned(genesis) ? Rule.BAD_SIGNATURE : broken;
    }

    private Key payer() {
        return signed.order().account();
    }

    private Account account() {
        Account account = state.account(payer());
        if (account == null) {
            throw new IllegalStateException("an account was deleted");
        }
        return account;
    }

    /* Takes grains from the payer. */
    private @Nullable Rule take(long grains) {
        Account account = account();
        if (account.grains() < grains) {
            return Rule.INSUFFICIENT_COINS;
        }
        state = state.with(account.plus(-grains));
        return null;
    }

    private @Nullable Rule burn(long grains) {
        // = docs/spec/12-ledger.md R12.11
        Rule broken = take(grains);
        state = state.with(state.totals().burning(grains));
        return broken;
    }

    private @Nullable Rule transferCoins(Key to, long grains) {
        // = docs/spec/12-ledger.md R12.12
        if (grains == 0) {
            return Rule.AMOUNT_ZERO;
        }
        if (to.equals(payer())) {
            return Rule.SELF_TRANSFER;
        }
        Account account = state.account(to);
        if (account == null) {
            // = docs/spec/12-ledger.md R12.13
            if (to.verifying() == null) {
                return Rule.KEY_INVALID;
            }
            account = new Account(to, 0, 0, List.of());
            state = state.with(state.totals().withOneMoreAccount());
            Rule broken = burn(parameters.accountGrains());
            if (broken != null) {
                return broken;
            }
        }
        Rule broken = take(grains);
        state = state.with(account.plus(grains));
        return broken;
    }

    private @Nullable Rule commit(Hash commitment) {
        Account account = account();
        List<Account.Commitment> open = new ArrayList<>(account.commitments());
        open.removeIf(each -> timeSeconds - each.atSeconds() > parameters.commitSecondsMax());
        if (open.stream().anyMatch(each -> each.hash().equals(commitment))) {
            return Rule.COMMITMENT_EXISTS;
        }
        if (open.size() >= Account.COMMITMENTS_MAX) {
            return Rule.COMMITMENTS_FULL;
        }
        open.add(new Account.Commitment(commitment, timeSeconds));
        state = state.with(account.withCommitments(open));
        return null;
    }

    private @Nullable Rule reveal(Transaction.Reveal reveal) {
        Rule broken = useCommitment(Transaction.commitment(payer(), reveal.name(), reveal.salt()));
        if (broken != null) {
            return broken;
        }
        // = docs/spec/12-ledger.md R12.18
        NameRecord old = state.name(reveal.name());
        if (old != null && old.status(timeSeconds, parameters) != NameRecord.Status.FREE) {
            return Rule.NAME_TAKEN;
        }
        if (isInvalid(reveal.master()) || isInvalid(reveal.recovery())) {
            return Rule.KEY_INVALID;
        }
        long expires = timeSeconds + reveal.years() * parameters.yearSeconds();
        NameRecord first = old == null
                ? new NameRecord(
                        reveal.name(),
                        reveal.master(),
                        reveal.recovery(),
                        1,
                        1,
                        timeSeconds,
                        expires,
                        0,
                        Pending.None.NONE)
                : old.at(timeSeconds)
                        .ownedBy(reveal.master(), reveal.recovery(), timeSeconds)
                        .expiringAt(expires);
        state = state.with(first);
        if (old == null) {
            state = state.with(state.totals().withOneMoreName());
        }
        return burn(parameters.rent(reveal.name(), reveal.years()));
    }

    private @Nullable Rule useCommitment(Hash hash) {
        // = docs/spec/12-ledger.md R12.15
        Account account = account();
        for (Account.Commitment each : account.commitments()) {
            if (each.hash().equals(hash)) {
                long age = timeSeconds - each.atSeconds();
                if (age < parameters.commitSecondsMin()) {
                    return Rule.COMMITMENT_TOO_YOUNG;
                }
                if (age > parameters.commitSecondsMax()) {
                    return Rule.COMMITMENT_TOO_OLD;
                }
                List<Account.Commitment> open = new ArrayList<>(account.commitments());
                open.remove(each);
                state = state.with(account.withCommitments(open));
                return null;
            }
        }
        return Rule.COMMITMENT_UNKNOWN;
    }

    private @Nullable Rule renew(Name name, int years) {
        // = docs/spec/12-ledger.md R12.19
        NameRecord record = state.name(name);
        if (record == null || record.status(timeSeconds, parameters) == NameRecord.Status.FREE) {
            return Rule.NAME_UNKNOWN;
        }
        long expires = record.expiresSeconds() + years * parameters.yearSeconds();
        if (expires > timeSeconds + NameRecord.YEARS_MAX * parameters.yearSeconds()) {
            return Rule.RENEWED_TOO_FAR;
        }
        state = state.with(record.expiringAt(expires));
        return burn(parameters.rent(name, years));
    }

    private @Nullable Rule buy(Transaction.BuyName buy) {
        // = docs/spec/12-ledger.md R12.23
        NameRecord stored = state.name(buy.name());
        Rule broken = active(stored, buy.sequence());
        if (broken != null || stored == null) {
            return broken;
        }
        NameRecord record = stored.at(timeSeconds);
        if (!(record.pending() instanceof Pending.Offer offer)) {
            return Rule.NOT_OFFERED;
        }
        if (timeSeconds < offer.fromSeconds()) {
            return Rule.OFFER_LOCKED;
        }
        if (buy.grains() != offer.grains()) {
            return Rule.PRICE_DIFFERS;
        }
        if (isInvalid(buy.master()) || isInvalid(buy.recovery())) {
            return Rule.KEY_INVALID;
        }
        broken = take(offer.grains());
        Account payee = state.account(offer.payee());
        if (broken != null || payee == null) {
            return broken == null ? Rule.PAYEE_UNKNOWN : broken;
        }
        state = state.with(payee.plus(offer.grains())).with(record.ownedBy(buy.master(), buy.recovery(), timeSeconds));
        return null;
    }

    /* Whether a name can be dealt with by its owner, as the owner saw it. */
    private @Nullable Rule active(@Nullable NameRecord stored, long sequence) {
        if (stored == null) {
            return Rule.NAME_UNKNOWN;
        }
        NameRecord.Status status = stored.status(timeSeconds, parameters);
        if (status != NameRecord.Status.ACTIVE) {
            return status == NameRecord.Status.FREE ? Rule.NAME_UNKNOWN : Rule.NAME_EXPIRED;
        }
        // = docs/spec/12-ledger.md R12.21
        return stored.at(timeSeconds).sequence() == sequence ? null : Rule.NAME_CHANGED;
    }

    private @Nullable Rule byName(Transaction.ByName transaction, boolean signaturesKnown) {
        NameRecord stored = state.name(transaction.name());
        Rule broken = active(stored, transaction.sequence());
        if (broken != null || stored == null) {
            return broken;
        }
        NameRecord record = stored.at(timeSeconds);
        broken = change(record, transaction);
        return broken == null && !signaturesKnown && !isAuthorized(record, transaction) ? Rule.NOT_AUTHORIZED : broken;
    }

    private boolean isAuthorized(NameRecord record, Transaction.ByName transaction) {
        // = docs/spec/12-ledger.md R12.22
        Key master = record.master();
        Key recovery = record.recovery();
        boolean byRecovery = recovery != null && signed.isAuthorized(genesis, recovery);
        return switch (transaction) {
            case Transaction.Recover _ -> byRecovery;
            case Transaction.CallOff _ ->
                (byRecovery && !(record.pending() instanceof Pending.Recovery)) || signed.isAuthorized(genesis, master);
            case Transaction.TransferName _,
                    Transaction.OfferName _,
                    Transaction.SetMaster _,
                    Transaction.SetRecovery _,
                    Transaction.Designate _,
                    Transaction.Withdraw _ -> signed.isAuthorized(genesis, master);
        };
    }

    private @Nullable Rule change(NameRecord record, Transaction.ByName transaction) {
        boolean waits = !(record.pending() instanceof Pending.None);
        return switch (transaction) {
            case Transaction.CallOff _ -> waits ? put(record.withPending(Pending.None.NONE)) : Rule.NOTHING_PENDING;
            case Transaction.Recover recover -> recover(record, recover);
            case Transaction.TransferName to -> waits ? Rule.LOCKED : transferName(record, to);
            case Transaction.OfferName offer -> waits ? Rule.LOCKED : offer(record, offer);
            case Transaction.SetMaster set -> waits ? Rule.LOCKED : setMaster(record, set);
            case Transaction.SetRecovery set -> waits ? Rule.LOCKED : setRecovery(record, set);
            case Transaction.Designate designate -> waits ? Rule.LOCKED : designate(record, designate);
            case Transaction.Withdraw withdraw -> waits ? Rule.LOCKED : withdraw(record, withdraw);
        };
    }

    private @Nullable Rule transferName(NameRecord record, Transaction.TransferName to) {
        return isInvalid(to.master()) || isInvalid(to.recovery())
                ? Rule.KEY_INVALID
                : put(record.withPending(
                        new Pending.Transfer(to.master(), to.recovery(), timeSeconds + parameters.lockSeconds())));
    }

    private @Nullable Rule offer(NameRecord record, Transaction.OfferName offer) {
        long from = timeSeconds + parameters.lockSeconds();
        if (offer.untilSeconds() < from) {
            return Rule.OFFER_TOO_SHORT;
        }
        return state.account(offer.payee()) == null
                ? Rule.PAYEE_UNKNOWN
                : put(record.withPending(new Pending.Offer(offer.grains(), offer.payee(), from, offer.untilSeconds())));
    }

    private @Nullable Rule setMaster(NameRecord record, Transaction.SetMaster set) {
        return isInvalid(set.master())
                ? Rule.KEY_INVALID
                : put(record.changed(set.master(), record.recovery(), Pending.None.NONE));
    }

    private @Nullable Rule setRecovery(NameRecord record, Transaction.SetRecovery set) {
        if (isInvalid(set.recovery())) {
            return Rule.KEY_INVALID;
        }
        return put(
                record.recovery() == null
                        ? record.changed(record.master(), set.recovery(), Pending.None.NONE)
                        : record.withPending(new Pending.RecoveryChange(
                                set.recovery(), timeSeconds + parameters.recoverySeconds())));
    }

    /* Takes the place of what the master key has begun: a thief who has it must not be able to keep this out. */
    private @Nullable Rule recover(NameRecord record, Transaction.Recover recover) {
        if (record.recovery() == null) {
            return Rule.NO_RECOVERY_KEY;
        }
        if (record.pending() instanceof Pending.Recovery) {
            return Rule.LOCKED;
        }
        return isInvalid(recover.master())
                ? Rule.KEY_INVALID
                : put(record.withPending(
                        new Pending.Recovery(recover.master(), timeSeconds + parameters.recoverySeconds())));
    }

    private @Nullable Rule designate(NameRecord record, Transaction.Designate designate) {
        Role role = new Role(designate.role(), designate.name());
        RoleRecord before = state.role(role);
        boolean isNew = before == null || before.owner() != record.owner();
        if (isNew && record.roles() >= NameRecord.ROLES_MAX) {
            return Rule.ROLES_FULL;
        }
        if (isInvalid(designate.key())) {
            return Rule.KEY_INVALID;
        }
        state = state.with(new RoleRecord(role, record.owner(), designate.key()));
        return put(record.withRoles(record.roles() + (isNew ? 1 : 0)));
    }

    private @Nullable Rule withdraw(NameRecord record, Transaction.Withdraw withdraw) {
        Role role = new Role(withdraw.role(), withdraw.name());
        RoleRecord before = state.role(role);
        if (before == null || !before.isHeld(record)) {
            return Rule.ROLE_UNKNOWN;
        }
        state = state.with(new RoleRecord(role, record.owner(), null));
        return put(record.withRoles(record.roles()));
    }

    private @Nullable Rule put(NameRecord record) {
        state = state.with(record);
        return null;
    }

    private static boolean isInvalid(@Nullable Key key) {
        return key != null && key.verifying() == null;
    }
}
