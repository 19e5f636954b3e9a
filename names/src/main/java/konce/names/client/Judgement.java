package konce.names.client;

import java.util.ArrayList;
import java.util.List;
import konce.names.binding.ServerBinding;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.Equivocation;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.checkpoint.WitnessKeys;
import konce.names.checkpoint.WitnessSet;
import konce.names.checkpoint.WitnessSetChange;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.ledger.Entry;
import konce.names.ledger.Name;
import konce.names.ledger.NameRecord;
import konce.names.ledger.Role;
import konce.names.ledger.RoleRecord;
import konce.names.ledger.Subject;
import org.jspecify.annotations.Nullable;

/// One answer being judged: the checks in their order. The first that does not pass ends it.
///
/// - source: docs/spec/15-light-client.md, section 3
final class Judgement {
    private final long nowSeconds;
    private final List<Check.Made> made = new ArrayList<>();
    private LightClient client;
    private Verdict.@Nullable Refused refused;

    Judgement(LightClient client, long nowSeconds) {
        this.client = client;
        this.nowSeconds = nowSeconds;
    }

    Verdict resolve(Subject subject, Answer answer) {
        if (!believe(answer)) {
            return verdict();
        }
        Verdict.Facts facts = facts(subject, answer);
        return facts == null ? verdict() : bind(subject, facts, answer.binding());
    }

    private Verdict verdict() {
        if (refused == null) {
            throw new IllegalStateException("a judgement without an outcome");
        }
        return new Verdict(client, refused, made);
    }

    /* Writes the check down; a failed one is the outcome. */
    private boolean holds(boolean passed, Reason reason, String input) {
        return holds(passed, reason, input, null);
    }

    private boolean holds(boolean passed, Reason reason, String input, @Nullable Equivocation evidence) {
        made.add(new Check.Made(reason.check(), input, passed));
        if (!passed) {
            refused = new Verdict.Refused(reason, input, evidence);
        }
        return passed;
    }

    /* Whether the checkpoint is to be believed; if so, the client has it from here on. */
    private boolean believe(Answer answer) {
        SignedCheckpoint signed = answer.checkpoint();
        Checkpoint next = signed.checkpoint();
        ClientRecord record = client.record;
        // = docs/spec/15-light-client.md R15.4
        if (!holds(next.genesis().equals(record.genesis()), Reason.OTHER_LEDGER, "ledger " + brief(next.genesis()))) {
            return false;
        }
        WitnessKeys keys = witnesses(answer);
        if (keys == null) {
            return false;
        }
        SignedCheckpoint newest = record.newest();
        Checkpoint held = newest == null ? null : newest.checkpoint();
        SignedCheckpoint.Quorum quorum = quorum(signed, keys);
        if (newest != null && Equivocation.isBetween(newest.checkpoint(), next) && quorum.valid() > 0) {
            // = docs/spec/15-light-client.md R15.8
            return holds(
                    false,
                    Reason.FORK,
                    "height " + next.height() + ": " + brief(next.stateRoot()) + " and "
                            + brief(newest.checkpoint().stateRoot()),
                    new Equivocation(newest, signed));
        }
        // = docs/spec/15-light-client.md R15.6 R15.9
        boolean good = holds(
                        quorum.isReached(),
                        Reason.SHORT_OF_QUORUM,
                        quorum.valid() + " good signatures of " + keys.set().quorum() + " needed")
                && isFresh(quorum.timeSeconds())
                && holds(
                        held == null || next.height() >= held.height(),
                        Reason.ROLLBACK,
                        "height " + next.height() + (held == null ? "" : ", believed before: " + held.height()))
                && (newest == null || goesOn(answer, newest));
        boolean isNews = !next.equals(held) || quorum.timeSeconds() > record.signedSeconds();
        if (good && isNews) {
            client = client.with(record.withCheckpoint(keys.set(), signed, quorum.timeSeconds()), keys);
        }
        return good;
    }

    /* What was believed before need not be checked again, which saves most of the work of an answer. */
    private SignedCheckpoint.Quorum quorum(SignedCheckpoint signed, WitnessKeys keys) {
        ClientRecord record = client.record;
        boolean known = signed.equals(record.newest()) && keys == client.witnesses;
        return known ? new SignedCheckpoint.Quorum(keys.set().quorum(), record.signedSeconds()) : signed.quorum(keys);
    }

    private boolean isFresh(long signedSeconds) {
        // = docs/spec/15-light-client.md R15.7
        long age = nowSeconds - signedSeconds;
        return holds(
                        age >= -LightClient.AHEAD_SECONDS_MAX,
                        Reason.CLOCK_BEHIND,
                        "signed " + -age + " s in the future; at most " + LightClient.AHEAD_SECONDS_MAX)
                && holds(
                        age <= client.ageSecondsMax,
                        Reason.STALE,
                        "signed " + age + " s ago; at most " + client.ageSecondsMax);
    }

    private boolean goesOn(Answer answer, SignedCheckpoint newest) {
        Checkpoint next = answer.checkpoint().checkpoint();
        Checkpoint held = newest.checkpoint();
        // = docs/spec/15-light-client.md R15.8
        boolean consistent = next.height() == held.height()
                ? next.equals(held)
                : next.timeSeconds() >= held.timeSeconds()
                        && answer.history()
                                .isConsistent(held.blocks(), held.historyRoot(), next.blocks(), next.historyRoot());
        return holds(
                consistent,
                Reason.FORK,
                "from height " + held.height() + " to " + next.height(),
                consistent ? null : new Equivocation(newest, answer.checkpoint()));
    }

    /* The keys that should have signed a checkpoint of this height. */
    private @Nullable WitnessKeys witnesses(Answer answer) {
        // = docs/spec/15-light-client.md R15.5
        long height = answer.checkpoint().checkpoint().height();
        WitnessKeys keys = client.witnesses;
        for (WitnessSetChange change : answer.changes()) {
            if (change.next().fromHeight() > height) {
                break;
            }
            WitnessKeys next = change.follows(client.genesis(), keys) ? WitnessKeys.of(change.next()) : null;
            if (next == null) {
                holds(false, Reason.UNKNOWN_WITNESSES, "set " + change.next().number());
                return null;
            }
            keys = next;
        }
        WitnessSet set = keys.set();
        boolean known = answer.checkpoint().set() == set.number();
        return holds(
                        known,
                        Reason.UNKNOWN_WITNESSES,
                        "signed by set " + answer.checkpoint().set() + ", known: " + set.number())
                ? keys
                : null;
    }

    private Verdict.@Nullable Facts facts(Subject subject, Answer answer) {
        Checkpoint checkpoint = answer.checkpoint().checkpoint();
        Name name = subject.name();
        if (!isProven(name, answer.name(), checkpoint)) {
            return null;
        }
        NameRecord record = owned(name, answer.name(), checkpoint);
        if (record == null) {
            return null;
        }
        return switch (subject) {
            case Name _ -> new Verdict.Facts(checkpoint, client.record.signedSeconds(), record, null);
            case Role role -> roleFacts(role, answer.role(), record, checkpoint);
        };
    }

    private boolean isProven(Subject subject, Proof proof, Checkpoint checkpoint) {
        // = docs/spec/15-light-client.md R15.10
        Hash place = Entry.placeOf(subject);
        byte[] entry = proof.entry();
        boolean proven = entry == null
                ? proof.path().isAbsent(checkpoint.stateRoot(), place)
                : proof.path().isPresent(checkpoint.stateRoot(), place, entry);
        return holds(
                proven,
                Reason.BAD_PROOF,
                subject + (entry == null ? " absent from " : " present in ") + brief(checkpoint.stateRoot()) + " by "
                        + proof.path().steps().size() + " steps");
    }

    private @Nullable NameRecord owned(Name name, Proof proof, Checkpoint checkpoint) {
        // = docs/spec/15-light-client.md R15.11
        NameRecord stored = proof.entry() != null
                        && Entry.decode(proof.entry()) instanceof Decoded.Value<Entry>(NameRecord found)
                        && found.name().equals(name)
                ? found
                : null;
        if (stored == null) {
            holds(false, Reason.UNKNOWN, name + " is not in the ledger");
            return null;
        }
        NameRecord record = stored.at(checkpoint.timeSeconds());
        NameRecord.Status status = record.status(checkpoint.timeSeconds(), client.parameters);
        boolean owned = holds(
                        status != NameRecord.Status.FREE,
                        Reason.UNKNOWN,
                        status == NameRecord.Status.FREE
                                ? name + " was given up"
                                : name + " belongs to owner number " + record.owner())
                && holds(
                        status == NameRecord.Status.ACTIVE && nowSeconds < record.expiresSeconds(),
                        Reason.EXPIRED,
                        "rent is paid until " + record.expiresSeconds());
        return owned ? record : null;
    }

    private Verdict.@Nullable Facts roleFacts(
            Role role, @Nullable Proof proof, NameRecord name, Checkpoint checkpoint) {
        // = docs/spec/15-light-client.md R15.12
        if (proof == null) {
            holds(false, Reason.BAD_PROOF, "nothing is said of " + role);
            return null;
        }
        if (!isProven(role, proof, checkpoint)) {
            return null;
        }
        RoleRecord record = proof.entry() != null
                        && Entry.decode(proof.entry()) instanceof Decoded.Value<Entry>(RoleRecord found)
                        && found.role().equals(role)
                ? found
                : null;
        if (record == null) {
            holds(false, Reason.UNKNOWN, "nobody ever was " + role);
            return null;
        }
        return holds(
                        record.isHeld(name),
                        Reason.REVOKED,
                        role + ", given by owner number " + record.owner()
                                + (record.key() == null ? ", was taken back" : ""))
                ? new Verdict.Facts(checkpoint, client.record.signedSeconds(), name, record)
                : null;
    }

    Verdict bind(Subject subject, Verdict.Facts facts, @Nullable ServerBinding binding) {
        if (binding == null) {
            holds(false, Reason.NO_BINDING, "no binding for " + subject);
            return verdict();
        }
        ServerBinding.Terms terms = binding.terms();
        int owner = facts.name().owner();
        long sequenceMin = client.record.sequenceMin(subject, owner);
        // = docs/spec/15-light-client.md R15.13 R15.14
        boolean good = holds(
                        terms.subject().equals(subject) && terms.owner() == owner,
                        Reason.OTHER_BINDING,
                        "binding of " + terms.subject() + " by owner number " + terms.owner())
                && holds(nowSeconds >= terms.fromSeconds(), Reason.BINDING_NOT_YET, "good from " + terms.fromSeconds())
                && holds(
                        nowSeconds <= terms.untilSeconds(),
                        Reason.BINDING_EXPIRED,
                        "good until " + terms.untilSeconds())
                && holds(
                        terms.sequence() >= sequenceMin,
                        Reason.BINDING_REPLAYED,
                        "sequence " + terms.sequence() + ", seen before: " + sequenceMin)
                && holds(
                        binding.isBy(facts.key(), client.genesis()),
                        Reason.BINDING_FORGED,
                        "key " + facts.key().toString().substring(0, 16));
        if (!good) {
            return verdict();
        }
        client = client.with(
                client.record.withSeen(new ClientRecord.Seen(subject, owner, terms.sequence())), client.witnesses);
        long fresh = Math.min(
                Math.min(facts.signedSeconds() + client.ageSecondsMax, terms.untilSeconds()),
                facts.name().expiresSeconds() - 1);
        return new Verdict(client, new Verdict.Resolved(facts, binding, fresh), made);
    }

    private static String brief(Hash hash) {
        return hash.toString().substring(0, 16);
    }
}
