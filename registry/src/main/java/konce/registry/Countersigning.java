package konce.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.checkpoint.WitnessKeys;
import konce.names.checkpoint.WitnessSignature;
import konce.names.ledger.Ledger;
import org.jspecify.annotations.Nullable;

/// Collects the witnesses' signatures. A ledger is shown to clients once a quorum has signed it, and not before.
///
/// - threads: one at a time
/// - source: docs/spec/16-registry.md, section 5
final class Countersigning {
    /// Ledgers that wait for signatures: witnesses are asked for the newest only, so few ever get more.
    static final int WAITING_MAX = 64;

    /// What came of a signature.
    enum Outcome {
        /// It counts.
        COUNTED,
        /// It completes a quorum for a ledger that had none.
        QUORUM,
        /// The checkpoint is none that waits.
        NOT_ASKED,
        /// It is no witness's over that checkpoint.
        WRONG
    }

    /// A ledger that a quorum has signed.
    record Signed(Ledger ledger, SignedCheckpoint checkpoint) {}

    private record Waiting(Ledger ledger, Checkpoint checkpoint, Map<Integer, WitnessSignature> signatures) {
        SignedCheckpoint signed(WitnessKeys keys) {
            List<WitnessSignature> all = new ArrayList<>(signatures.values());
            return new SignedCheckpoint(checkpoint, keys.set().number(), all);
        }
    }

    private final WitnessKeys keys;
    private final NavigableMap<Long, Waiting> waiting = new TreeMap<>();
    private @Nullable Signed signed;

    Countersigning(WitnessKeys keys) {
        this.keys = keys;
    }

    /// The newest ledger that a quorum has signed; null: none yet.
    @Nullable
    Signed signed() {
        return signed;
    }

    /// Waits for signatures under a ledger.
    void await(Ledger ledger) {
        Checkpoint checkpoint = ledger.checkpoint();
        waiting.put(checkpoint.height(), new Waiting(ledger, checkpoint, new HashMap<>()));
        if (waiting.size() > WAITING_MAX) {
            waiting.pollFirstEntry();
        }
    }

    /// Takes a signature.
    Outcome take(long height, WitnessSignature signature) {
        Waiting asked = waiting.get(height);
        if (asked == null) {
            return Outcome.NOT_ASKED;
        }
        // = docs/spec/16-registry.md R16.13
        if (!signature.isOver(keys, asked.checkpoint)) {
            return Outcome.WRONG;
        }
        asked.signatures.merge(
                signature.witness(), signature, (old, next) -> next.timeSeconds() > old.timeSeconds() ? next : old);
        // = docs/spec/16-registry.md R16.14
        if (asked.signatures.size() < keys.set().quorum()) {
            return Outcome.COUNTED;
        }
        boolean newer = signed == null || signed.checkpoint.checkpoint().height() < height;
        signed = new Signed(asked.ledger, asked.signed(keys));
        waiting.headMap(height, false).clear();
        return newer ? Outcome.QUORUM : Outcome.COUNTED;
    }
}
