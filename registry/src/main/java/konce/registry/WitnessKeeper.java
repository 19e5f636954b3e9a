package konce.registry;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.Witness;
import konce.names.checkpoint.WitnessMemory;
import konce.names.checkpoint.WitnessSignature;
import konce.names.encoding.Decoded;
import konce.names.ledger.Block;
import konce.names.ledger.Ledger;
import konce.names.ledger.Rule;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import org.jspecify.annotations.Nullable;

/// A witness at work: asks sequencers for what is to be signed, applies the blocks itself, and gives signatures away
/// that cannot be forgotten.
///
/// - threads: any; one signs at a time
/// - source: docs/spec/14-witnesses.md, section 3; docs/spec/16-registry.md, section 5
final class WitnessKeeper {
    /// Bytes of blocks that are held before they are written down: enough for every block between two visits.
    static final long HELD_BYTES_MAX = 32L << 20;

    /// How long one visit waits for another that is applying blocks: they are mostly the same blocks.
    private static final long TURN_SECONDS = 2;

    private final Witness witness;
    private final WitnessStore store;
    private final LongSupplier clockSeconds;
    private final Consumer<String> say;
    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantLock applying = new ReentrantLock();

    /// A signature that may be given away: what it says is stored.
    ///
    /// @param height of the checkpoint
    record Given(long height, WitnessSignature signature) {}

    /// Blocks that the witness has gone through.
    ///
    /// @param ledgers after each of `blocks`
    private record Applied(List<Block> blocks, List<Ledger> ledgers) {}

    /// @param clockSeconds its own clock, Unix time
    /// @param say told what it will not sign
    WitnessKeeper(Witness witness, WitnessStore store, LongSupplier clockSeconds, Consumer<String> say) {
        this.witness = witness;
        this.store = store;
        this.clockSeconds = clockSeconds;
        this.say = say;
    }

    /// Asks once, signs what it may, and gives the signature to whom it asked.
    ///
    /// @return whether a signature was given
    boolean visit(Registrar registry) throws IOException, InterruptedException {
        Given given = sign(registry);
        if (given != null) {
            registry.ask(new RegistryRequest.Countersign(given.height, given.signature));
        }
        return given != null;
    }

    /// Asks once, and signs what it may; null: nothing.
    @Nullable
    Given sign(Registrar registry) throws IOException, InterruptedException {
        Checkpoint asked = last();
        RegistryReply reply = registry.ask(new RegistryRequest.AskProposal(asked == null ? 0 : asked.blocks()));
        if (!(reply instanceof RegistryReply.Proposal proposed)) {
            throw new IOException("no proposal, but " + reply);
        }
        boolean turn = applying.tryLock(TURN_SECONDS, TimeUnit.SECONDS);
        try {
            return consider(registry, asked, proposed);
        } finally {
            if (turn) {
                applying.unlock();
            }
        }
    }

    private @Nullable Checkpoint last() {
        lock.lock();
        try {
            return store.memory().last();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Given consider(Registrar registry, @Nullable Checkpoint asked, RegistryReply.Proposal proposed)
            throws IOException, InterruptedException {
        Checkpoint next = proposed.proposal().checkpoint();
        Ledger known;
        lock.lock();
        try {
            if (next.equals(store.memory().last()) || !isWorthApplying(asked, proposed)) {
                return sign(asked, proposed, new Applied(List.of(), List.of()));
            }
            known = store.ledger();
        } finally {
            lock.unlock();
        }
        Applied applied = apply(registry, known, next);
        lock.lock();
        try {
            return applied == null ? null : sign(asked, proposed, applied);
        } finally {
            lock.unlock();
        }
    }

    /// Whether the witness would sign if the blocks are right: others are not asked for.
    private boolean isWorthApplying(@Nullable Checkpoint asked, RegistryReply.Proposal proposed) {
        WitnessMemory memory = store.memory();
        return Objects.equals(asked, memory.last())
                && witness.consider(memory, proposed.proposal(), proposed.proof(), clockSeconds.getAsLong())
                        instanceof Witness.Answer.StoreThenAnswer;
    }

    /// The blocks behind `known` up to the checkpoint, each gone through; null when they do not lead there.
    private @Nullable Applied apply(Registrar registry, Ledger known, Checkpoint next)
            throws IOException, InterruptedException {
        Applied applied = new Applied(new ArrayList<>(), new ArrayList<>());
        Ledger ledger = known;
        long held = 0;
        while (ledger.head().height() < next.height()) {
            long height = ledger.head().height() + 1;
            byte[] bytes = block(registry, height);
            if (!(Block.decode(bytes) instanceof Decoded.Value<Block>(Block block))) {
                throw new IOException("block " + height + " is none");
            }
            switch (ledger.apply(block)) {
                case Ledger.Result.Applied(Ledger after) -> ledger = after;
                case Ledger.Result.Refused(Rule rule, var _) -> {
                    refuse(next, "block " + height + " breaks a rule: " + rule.sentence());
                    forgetWhatWasNotSigned(rule);
                    return null;
                }
            }
            applied.blocks.add(block);
            applied.ledgers.add(ledger);
            held += bytes.length;
            if (held > HELD_BYTES_MAX) {
                keep(applied);
                applied = new Applied(new ArrayList<>(), new ArrayList<>());
                held = 0;
            }
        }
        // = docs/spec/14-witnesses.md R14.10
        if (!ledger.checkpoint().equals(next)) {
            refuse(next, "its blocks do not lead to it");
            return null;
        }
        return applied;
    }

    private static byte[] block(Registrar registry, long height) throws IOException, InterruptedException {
        RegistryReply reply = registry.ask(new RegistryRequest.AskBlock(height));
        if (reply instanceof RegistryReply.OfBlock(byte[] bytes)) {
            return bytes;
        }
        throw new IOException("no block " + height + ", but " + reply);
    }

    private void keep(Applied applied) throws IOException {
        lock.lock();
        try {
            for (int i = 0; i < applied.blocks.size(); i++) {
                store.append(applied.blocks.get(i), applied.ledgers.get(i));
            }
        } finally {
            lock.unlock();
        }
    }

    /// Blocks that were written down unsigned, in a long catching up, may have been a liar's: then all are fetched
    /// anew.
    private void forgetWhatWasNotSigned(Rule rule) throws IOException {
        lock.lock();
        try {
            Checkpoint last = store.memory().last();
            if (rule == Rule.BLOCK_PREVIOUS && store.ledger().head().height() > (last == null ? 0 : last.height())) {
                store.forgetBlocks();
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Given sign(@Nullable Checkpoint asked, RegistryReply.Proposal proposed, Applied applied)
            throws IOException {
        WitnessMemory before = store.memory();
        Checkpoint next = proposed.proposal().checkpoint();
        if (!Objects.equals(asked, before.last()) && !next.equals(before.last())) {
            return null; // another sequencer's was signed meanwhile; the proof is for what was signed before it
        }
        return switch (witness.consider(before, proposed.proposal(), proposed.proof(), clockSeconds.getAsLong())) {
            case Witness.Answer.Refused(Witness.Refusal reason) -> {
                if (reason != Witness.Refusal.BEHIND) {
                    refuse(next, reason.toString());
                }
                yield null;
            }
            case Witness.Answer.StoreThenAnswer(WitnessMemory memory, WitnessSignature signature) -> {
                // = docs/spec/16-registry.md R16.11
                if (!memory.equals(before)) {
                    store.store(memory);
                }
                keep(applied);
                yield new Given(next.height(), signature);
            }
        };
    }

    private void refuse(Checkpoint next, String why) {
        say.accept("will not sign block " + next.height() + ": " + why);
    }
}
