package konce.names.checkpoint;

import java.util.List;
import konce.fuzz.Target;

/// What is read of checkpoints and witnesses.
public final class CheckpointTargets {
    private CheckpointTargets() {}

    /// All of them.
    public static List<Target> all() {
        return List.of(
                Target.whole("checkpoint", Checkpoint::decode, Checkpoint::encode),
                Target.whole("proposed-checkpoint", ProposedCheckpoint::decode, ProposedCheckpoint::encode),
                Target.whole("signed-checkpoint", SignedCheckpoint::decode, SignedCheckpoint::encode),
                Target.whole("witness-signature", WitnessSignature::decode, WitnessSignature::encode),
                Target.part("indexed-signature", IndexedSignature::read, IndexedSignature::write),
                Target.whole("witness-set", WitnessSet::decode, WitnessSet::encode),
                Target.whole("witness-set-change", WitnessSetChange::decode, WitnessSetChange::encode),
                Target.whole("witness-memory", WitnessMemory::decode, WitnessMemory::encode),
                Target.whole("equivocation", Equivocation::decode, Equivocation::encode));
    }
}
