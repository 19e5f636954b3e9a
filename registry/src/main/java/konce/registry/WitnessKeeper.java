package konce.registry;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.Witness;
import konce.names.checkpoint.WitnessMemory;
import konce.names.checkpoint.WitnessSignature;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import org.jspecify.annotations.Nullable;

/// A witness at work: asks sequencers for what is to be signed, and gives signatures away that cannot be forgotten.
///
/// - threads: any; one signs at a time
/// - source: docs/spec/16-registry.md, section 5
final class WitnessKeeper {
    private final Witness witness;
    private final WitnessStore store;
    private final LongSupplier clockSeconds;
    private final Consumer<String> say;
    private final ReentrantLock lock = new ReentrantLock();

    /// @param clockSeconds its own clock, Unix time
    /// @param say told what it will not sign
    WitnessKeeper(Witness witness, WitnessStore store, LongSupplier clockSeconds, Consumer<String> say) {
        this.witness = witness;
        this.store = store;
        this.clockSeconds = clockSeconds;
        this.say = say;
    }

    /// Asks once, and signs what it may.
    ///
    /// @return whether a signature was given
    boolean visit(Registrar registry) throws IOException, InterruptedException {
        Checkpoint last = last();
        RegistryReply reply = registry.ask(new RegistryRequest.AskProposal(last == null ? 0 : last.blocks()));
        if (!(reply instanceof RegistryReply.Proposal proposed)) {
            throw new IOException("no proposal, but " + reply);
        }
        WitnessSignature signature = consider(last, proposed);
        if (signature == null) {
            return false;
        }
        registry.ask(
                new RegistryRequest.Countersign(proposed.proposal().checkpoint().height(), signature));
        return true;
    }

    private @Nullable Checkpoint last() {
        lock.lock();
        try {
            return store.memory().last();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable WitnessSignature consider(@Nullable Checkpoint asked, RegistryReply.Proposal proposed)
            throws IOException {
        lock.lock();
        try {
            WitnessMemory before = store.memory();
            Checkpoint next = proposed.proposal().checkpoint();
            if (!Objects.equals(asked, before.last()) && !next.equals(before.last())) {
                return null; // another sequencer's was signed meanwhile; the proof is for what was signed before it
            }
            return switch (witness.consider(before, proposed.proposal(), proposed.proof(), clockSeconds.getAsLong())) {
                case Witness.Answer.Refused(Witness.Refusal reason) -> {
                    if (reason != Witness.Refusal.BEHIND) {
                        say.accept("will not sign block " + next.height() + ": " + reason);
                    }
                    yield null;
                }
                case Witness.Answer.StoreThenAnswer(WitnessMemory memory, WitnessSignature signature) -> {
                    // = docs/spec/16-registry.md R16.11
                    if (!memory.equals(before)) {
                        store.store(memory);
                    }
                    yield signature;
                }
            };
        } finally {
            lock.unlock();
        }
    }
}
