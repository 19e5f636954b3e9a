package konce.names.checkpoint;

import konce.crypto.SigningKey;
import konce.names.history.HistoryProof;
import org.jspecify.annotations.Nullable;

/// A witness's rule: at most one root for a height, and only what extends the last it signed.
///
/// It has no state of its own. Whoever runs it stores [Answer.StoreThenAnswer#memory] so that a crash cannot lose it,
/// and only then gives the signature away.
///
/// - source: docs/spec/14-witnesses.md, section 3
public final class Witness {
    /// How far the block's time may be from the witness's clock. A sequencer that is ahead could let names expire
    /// early; one behind, keep them alive.
    public static final long CLOCK_SECONDS_MAX = 60;

    private final SigningKey key;
    private final int index;
    private final WitnessKeys set;

    /// A witness.
    ///
    /// @param index its place among the witnesses of `set`
    /// @throws IllegalArgumentException when another key stands there
    public Witness(SigningKey key, int index, WitnessKeys set) {
        if (!set.witness(index).equals(key.verifyingKey())) {
            throw new IllegalArgumentException("witness " + index + " of the set has another key");
        }
        this.key = key;
        this.index = index;
        this.set = set;
    }

    /// What comes of a proposal.
    public sealed interface Answer {
        /// Store the memory durably; then, and not before, give the signature away.
        record StoreThenAnswer(WitnessMemory memory, WitnessSignature signature) implements Answer {}

        /// No signature.
        record Refused(Refusal reason) implements Answer {}
    }

    /// Why a witness does not sign.
    public enum Refusal {
        /// The checkpoint is of another ledger.
        OTHER_LEDGER,
        /// No sequencer of the set signed the proposal.
        NOT_FROM_A_SEQUENCER,
        /// The set is not in force at this height.
        OTHER_SET,
        /// The witness has signed a later checkpoint.
        BEHIND,
        /// The witness has signed another root at this height: the sequencer shows two histories.
        SECOND_ROOT,
        /// The history does not begin with the one that was signed last.
        NOT_AN_EXTENSION,
        /// The block's time is before that of the checkpoint signed last.
        TIME_RUNS_BACK,
        /// The block's time is too far from the witness's clock.
        CLOCKS_DIFFER
    }

    /// Considers a proposal. A checkpoint that was signed before is signed again, with the time of now: so an idle
    /// ledger stays fresh.
    ///
    /// @param nowSeconds the witness's own clock, in seconds of Unix time
    /// @param proof that the proposed history begins with the one in `memory`
    public Answer consider(WitnessMemory memory, ProposedCheckpoint proposal, HistoryProof proof, long nowSeconds) {
        Checkpoint next = proposal.checkpoint();
        Checkpoint last = memory.last();
        // = docs/spec/14-witnesses.md R14.6
        if (!next.genesis().equals(memory.genesis())) {
            return new Answer.Refused(Refusal.OTHER_LEDGER);
        }
        if (next.height() < set.set().fromHeight()) {
            return new Answer.Refused(Refusal.OTHER_SET);
        }
        if (!proposal.isBySequencer(set)) {
            return new Answer.Refused(Refusal.NOT_FROM_A_SEQUENCER);
        }
        // = docs/spec/14-witnesses.md R14.5
        if (last != null && !next.equals(last)) {
            Refusal refusal = refusal(last, next, proof);
            if (refusal != null) {
                return new Answer.Refused(refusal);
            }
        }
        // = docs/spec/14-witnesses.md R14.7
        if (!next.equals(last) && Math.abs(next.timeSeconds() - nowSeconds) > CLOCK_SECONDS_MAX) {
            return new Answer.Refused(Refusal.CLOCKS_DIFFER);
        }
        // = docs/spec/14-witnesses.md R14.8
        return new Answer.StoreThenAnswer(
                new WitnessMemory(memory.genesis(), next),
                WitnessSignature.sign(key, index, set.set().number(), next, nowSeconds));
    }

    private static @Nullable Refusal refusal(Checkpoint last, Checkpoint next, HistoryProof proof) {
        if (next.height() < last.height()) {
            return Refusal.BEHIND;
        }
        if (next.height() == last.height()) {
            return Refusal.SECOND_ROOT;
        }
        if (next.timeSeconds() < last.timeSeconds()) {
            return Refusal.TIME_RUNS_BACK;
        }
        return proof.isConsistent(last.blocks(), last.historyRoot(), next.blocks(), next.historyRoot())
                ? null
                : Refusal.NOT_AN_EXTENSION;
    }
}
