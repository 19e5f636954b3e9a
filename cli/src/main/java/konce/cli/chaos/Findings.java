package konce.cli.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.checkpoint.WitnessKeys;
import konce.names.checkpoint.WitnessSignature;

/// What was seen, and what must not have been.
///
/// - threads: any
final class Findings {
    /// More are counted, not kept.
    private static final int KEPT_MAX = 50;

    private final WitnessKeys keys;
    private final Map<Long, Checkpoint> checkpoints = new ConcurrentHashMap<>();
    private final List<String> violations = new ArrayList<>();
    private final AtomicLong signatures = new AtomicLong();
    private int count;

    Findings(WitnessKeys keys) {
        this.keys = keys;
    }

    /// Something that must not be.
    synchronized void violated(String what) {
        count++;
        if (violations.size() < KEPT_MAX) {
            violations.add(what);
        }
    }

    /// Somebody was shown a checkpoint.
    void shown(String by, SignedCheckpoint signed) {
        Checkpoint checkpoint = signed.checkpoint();
        for (WitnessSignature each : signed.signatures()) {
            if (!each.isOver(keys, checkpoint)) {
                violated(by + " showed a signature that is none, at block " + checkpoint.height());
            }
            signatures.incrementAndGet();
        }
        if (!signed.quorum(keys).isReached()) {
            violated(by + " showed block " + checkpoint.height() + " without a quorum");
        }
        same(by, checkpoint);
    }

    /// A checkpoint that somebody has or believes: there is one at each height.
    void same(String by, Checkpoint checkpoint) {
        Checkpoint before = checkpoints.putIfAbsent(checkpoint.height(), checkpoint);
        if (before != null && !before.equals(checkpoint)) {
            violated("two roots at block " + checkpoint.height() + ": " + by + " has " + checkpoint.stateRoot()
                    + ", another " + before.stateRoot());
        }
    }

    /// The checkpoints that were seen, by height.
    Map<Long, Checkpoint> checkpoints() {
        return checkpoints;
    }

    /// Signatures that were looked at.
    long signatures() {
        return signatures.get();
    }

    /// What must not have been; the last line says how many more there are.
    synchronized List<String> violations() {
        List<String> all = new ArrayList<>(violations);
        if (count > KEPT_MAX) {
            all.add("and " + (count - KEPT_MAX) + " more");
        }
        return all;
    }
}
