package konce.registry;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import konce.names.checkpoint.ProposedCheckpoint;
import konce.names.checkpoint.Witness;
import konce.names.checkpoint.WitnessKeys;
import konce.names.history.HistoryProof;
import konce.names.ledger.Ledger;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryReply.Problem;

/// What witnesses are asked to sign: one checkpoint after the other, each until a quorum has signed it or a moment has
/// passed. Blocks come faster than witnesses sign, and only signatures under the same one make a quorum.
///
/// - threads: any
/// - source: docs/spec/16-registry.md, section 5
final class Proposals {
    /// How long a witness that has seen everything waits for more. Then it signs again, so that an idle ledger
    /// stays fresh.
    static final long PROPOSAL_SECONDS = 20;

    /// The same while the last block has no quorum yet: after a start, what was signed before is signed again.
    static final long UNSIGNED_PROPOSAL_SECONDS = 1;

    /// A block that nobody has signed for so long gets another behind it: witnesses sign nothing twice as old.
    static final long STALE_SECONDS = Witness.CLOCK_SECONDS_MAX / 2;

    /// Witnesses that may wait at once; more are answered at once.
    static final int PROPOSALS_WAITING_MAX = 64;

    /// How long one checkpoint is proposed while a newer one waits.
    private static final long OFFER_NANOS = 1_000_000_000L;

    private final Chain chain;
    private final WitnessKeys witnesses;
    private final Registry.Proposer proposer;
    private final BooleanSupplier leads;
    private final LongSupplier clockSeconds;
    private final Runnable stale;
    private final ReentrantLock lock = new ReentrantLock();
    private CompletableFuture<Boolean> news = new CompletableFuture<>();
    private Ledger offered;
    private long offeredNanos = System.nanoTime();
    private boolean given;
    private boolean signed;
    private int waiting;

    /// @param leads whether this machine orders: one that follows proposes only where nobody else does for long
    /// @param clockSeconds Unix time
    /// @param stale told when what is to be signed has become too old for it
    Proposals(
            Chain chain,
            WitnessKeys witnesses,
            Registry.Proposer proposer,
            BooleanSupplier leads,
            LongSupplier clockSeconds,
            Runnable stale) {
        this.chain = chain;
        this.witnesses = witnesses;
        this.proposer = proposer;
        this.leads = leads;
        this.clockSeconds = clockSeconds;
        this.stale = stale;
        this.offered = chain.ledger();
    }

    /// There is another block.
    void blockCame() {
        lock.lock();
        try {
            renew();
        } finally {
            lock.unlock();
        }
    }

    /// A quorum has signed the block at `height`.
    void quorumSigned(long height) {
        lock.lock();
        try {
            signed |= height >= offered.head().height();
            renew();
        } finally {
            lock.unlock();
        }
    }

    private void renew() {
        Ledger newest = chain.ledger();
        if (newest.head().height() > offered.head().height()
                && (signed || !given || isStale(offered) || System.nanoTime() - offeredNanos > OFFER_NANOS)) {
            offered = newest;
            offeredNanos = System.nanoTime();
            signed = false;
            given = false;
            tell();
        }
    }

    private boolean isStale(Ledger ledger) {
        return clockSeconds.getAsLong() - ledger.head().timeSeconds() > STALE_SECONDS;
    }

    private void tell() {
        CompletableFuture<Boolean> told = news;
        news = new CompletableFuture<>();
        told.completeAsync(() -> true);
    }

    /// Another machine orders now, or this one.
    void leaderChanged() {
        lock.lock();
        try {
            tell();
        } finally {
            lock.unlock();
        }
    }

    /// A checkpoint for a witness that has signed one of so many blocks; at once if there is a newer one, else
    /// after a while. A machine that follows one that orders leaves proposing to that.
    CompletableFuture<RegistryReply> propose(long signedBlocks) {
        return propose(signedBlocks, System.nanoTime() + TimeUnit.SECONDS.toNanos(PROPOSAL_SECONDS));
    }

    private CompletableFuture<RegistryReply> propose(long signedBlocks, long untilNanos) {
        lock.lock();
        try {
            renew();
            boolean leading = leads.getAsBoolean();
            if ((leading && offered.checkpoint().blocks() > signedBlocks) || waiting >= PROPOSALS_WAITING_MAX) {
                return CompletableFuture.completedFuture(proposed(offered, signedBlocks));
            }
            waiting++;
            boolean idle = !leading || (signed && chain.ledger() == offered);
            long left = untilNanos - System.nanoTime();
            long patience = idle ? left : Math.min(left, TimeUnit.SECONDS.toNanos(UNSIGNED_PROPOSAL_SECONDS));
            // = docs/spec/16-registry.md R16.12
            return news.copy()
                    .completeOnTimeout(false, Math.max(0, patience), TimeUnit.NANOSECONDS)
                    .thenCompose(came -> after(came, signedBlocks, untilNanos));
        } finally {
            lock.unlock();
        }
    }

    private CompletableFuture<RegistryReply> after(boolean came, long signedBlocks, long untilNanos) {
        lock.lock();
        try {
            waiting--;
            renew();
            return came && !leads.getAsBoolean() && System.nanoTime() < untilNanos
                    ? propose(signedBlocks, untilNanos)
                    : CompletableFuture.completedFuture(proposed(offered, signedBlocks));
        } finally {
            lock.unlock();
        }
    }

    private RegistryReply proposed(Ledger ledger, long signedBlocks) {
        given = true;
        // = docs/spec/16-registry.md R16.27
        if (!signed && leads.getAsBoolean() && ledger == chain.ledger() && isStale(ledger)) {
            stale.run();
        }
        HistoryProof proof = chain.consistency(signedBlocks, ledger.checkpoint().blocks());
        return proof == null
                ? new RegistryReply.Refused(Problem.UNKNOWN, "this registry has fewer blocks than the witness signed")
                : new RegistryReply.Proposal(
                        ProposedCheckpoint.sign(
                                proposer.key(),
                                proposer.index(),
                                witnesses.set().number(),
                                ledger.checkpoint()),
                        proof);
    }
}
