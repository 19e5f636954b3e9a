package konce.names.ledger;

import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import konce.names.encoding.MalformedException;
import org.jspecify.annotations.Nullable;

/// What the ledger says of a name.
///
/// @param master the owner's key: it signs server bindings, and authorizes what is done with the name
/// @param recovery replaces a lost master key; null when there is none
/// @param sequence how often the record has changed, but for rent
/// @param owner the number of the owner: 1 for the first, one more for each that follows. Who only changed keys is
/// the same owner.
/// @param sinceSeconds when this owner's time began, in seconds of Unix time
/// @param expiresSeconds when the rent ends
/// @param roles how many were ever given by this owner
/// @param pending what waits
public record NameRecord(
        Name name,
        Key master,
        @Nullable Key recovery,
        long sequence,
        int owner,
        long sinceSeconds,
        long expiresSeconds,
        int roles,
        Pending pending)
        implements Entry {
    /// The longest rent that can be paid ahead.
    public static final int YEARS_MAX = 10;

    /// Roles an owner can give.
    public static final int ROLES_MAX = 1_000;

    /// Whether a name is somebody's.
    public enum Status {
        /// It resolves.
        ACTIVE,
        /// Its rent has ended; it still can be renewed, and does not resolve.
        GRACE,
        /// Anyone may register it.
        FREE
    }

    /// What becomes of the record when it is `timeSeconds`: what waited for its time by then, holds.
    public NameRecord at(long timeSeconds) {
        // = docs/spec/12-ledger.md R12.20
        return switch (pending) {
            case Pending.None _ -> this;
            case Pending.Transfer(Key to, Key toRecovery, long at) ->
                timeSeconds < at ? this : ownedBy(to, toRecovery, at);
            case Pending.Offer offer ->
                timeSeconds <= offer.untilSeconds() ? this : changed(master, recovery, Pending.None.NONE);
            case Pending.Recovery(Key to, long at) ->
                timeSeconds < at ? this : changed(to, recovery, Pending.None.NONE);
            case Pending.RecoveryChange(Key to, long at) ->
                timeSeconds < at ? this : changed(master, to, Pending.None.NONE);
        };
    }

    /// Whose it is when it is `timeSeconds`.
    public Status status(long timeSeconds, Parameters parameters) {
        // = docs/spec/12-ledger.md R12.17
        if (timeSeconds < expiresSeconds) {
            return Status.ACTIVE;
        }
        return timeSeconds < expiresSeconds + parameters.graceSeconds() ? Status.GRACE : Status.FREE;
    }

    /// The record of its next owner, from `atSeconds` on. Roles are the old owner's.
    NameRecord ownedBy(Key to, @Nullable Key toRecovery, long atSeconds) {
        return new NameRecord(
                name, to, toRecovery, sequence + 1, owner + 1, atSeconds, expiresSeconds, 0, Pending.None.NONE);
    }

    /// The record after a change by its owner.
    NameRecord changed(Key toMaster, @Nullable Key toRecovery, Pending toPending) {
        return new NameRecord(
                name, toMaster, toRecovery, sequence + 1, owner, sinceSeconds, expiresSeconds, roles, toPending);
    }

    /// The record while something waits, or no longer does.
    NameRecord withPending(Pending toPending) {
        return changed(master, recovery, toPending);
    }

    NameRecord withRoles(int count) {
        return new NameRecord(
                name, master, recovery, sequence + 1, owner, sinceSeconds, expiresSeconds, count, pending);
    }

    NameRecord expiringAt(long seconds) {
        return new NameRecord(name, master, recovery, sequence, owner, sinceSeconds, seconds, roles, pending);
    }

    @Override
    public Hash place() {
        return Entry.placeOf(name);
    }

    @Override
    public void write(ByteWriter out) {
        name.write(out.u8(NAME));
        out.key(master).optionalKey(recovery).u63(sequence).u31(owner);
        out.u63(sinceSeconds).u63(expiresSeconds).u16(roles);
        Pending.write(pending, out);
    }

    static NameRecord read(ByteReader in) throws MalformedException {
        return new NameRecord(
                Name.read(in),
                in.key(),
                in.optionalKey(),
                in.u63(),
                in.u31(),
                in.u63(),
                in.u63(),
                in.u16(),
                Pending.read(in));
    }
}
