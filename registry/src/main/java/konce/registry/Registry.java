package konce.registry;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import konce.crypto.SigningKey;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.checkpoint.WitnessKeys;
import konce.names.checkpoint.WitnessSignature;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import konce.names.ledger.Account;
import konce.names.ledger.Block;
import konce.names.ledger.Ledger;
import konce.names.ledger.Rule;
import konce.names.ledger.SignedTransaction;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryReply.Problem;
import org.jspecify.annotations.Nullable;

/// A ledger at work: takes transactions in, makes blocks of them as the sequencer orders, and has them countersigned.
///
/// - threads: any may call; one thread of its own orders
/// - source: docs/spec/16-registry.md, sections 4 and 5
final class Registry implements Sequencer.Follower, AutoCloseable {
    /// Between two blocks: what comes meanwhile shares the next one, and its one write to disk.
    private static final long BLOCK_NANOS_MIN = 50_000_000L;

    /// Between two attempts to order what could not be.
    private static final long RETRY_NANOS = 500_000_000L;

    private static final Logger LOG = System.getLogger("konce.registry");

    /// What makes this registry one of the ledger's sequencers.
    ///
    /// @param key it signs proposals with
    /// @param index its place in the witness set
    record Proposer(SigningKey key, int index) {}

    private final Chain chain;
    private final SignedStore signedStore;
    private final LongSupplier clockSeconds;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Mempool mempool = new Mempool();
    private final Map<Hash, CompletableFuture<RegistryReply>> submissions = new HashMap<>();
    private final Countersigning countersigning;
    private final long[] signedSeconds;
    private final Proposals proposals;
    private boolean emptyBlockWanted;
    private boolean closing;
    private @Nullable String failure;
    private volatile Countersigning.@Nullable Signed signed;
    private volatile @Nullable Sequencer sequencer;

    /// @param clockSeconds Unix time
    Registry(
            Chain chain, SignedStore signedStore, WitnessKeys witnesses, Proposer proposer, LongSupplier clockSeconds) {
        this.chain = chain;
        this.signedStore = signedStore;
        this.clockSeconds = clockSeconds;
        this.countersigning = new Countersigning(witnesses);
        this.signedSeconds = new long[witnesses.set().witnesses().size()];
        this.proposals = new Proposals(chain, witnesses, proposer, this::leads, clockSeconds, this::blockIsStale);
        countersigning.await(chain.ledger());
        SignedCheckpoint shown = signedStore.newest();
        if (shown != null && shown.checkpoint().equals(chain.ledger().checkpoint())) {
            signed = new Countersigning.Signed(chain.ledger(), shown);
            proposals.quorumSigned(shown.checkpoint().height());
        }
    }

    /// Begins to order what comes, on a thread of its own, until it is closed.
    void start(Sequencer ordering) {
        sequencer = ordering;
        Thread.ofPlatform().daemon().name("konce-sequencer").start(() -> run(ordering));
    }

    private boolean leads() {
        Sequencer ordering = sequencer;
        return ordering != null && ordering.leads();
    }

    /// Its ledger on disk.
    Chain chain() {
        return chain;
    }

    /// The newest ledger that a quorum of witnesses has signed; null: none yet.
    Countersigning.@Nullable Signed signed() {
        return signed;
    }

    /// Transactions that wait.
    int waiting() {
        lock.lock();
        try {
            return mempool.size();
        } finally {
            lock.unlock();
        }
    }

    /// When each witness last signed, in seconds of Unix time; 0: not since the start.
    List<Long> witnessTimes() {
        lock.lock();
        try {
            List<Long> times = new ArrayList<>();
            for (long seconds : signedSeconds) {
                times.add(seconds);
            }
            return times;
        } finally {
            lock.unlock();
        }
    }

    /// Takes a transaction in. The answer comes once it is in a block on disk, or cannot be.
    CompletableFuture<RegistryReply> submit(SignedTransaction transaction) {
        lock.lock();
        try {
            if (failure != null || closing) {
                return done(
                        new RegistryReply.Refused(Problem.BUSY, failure == null ? "the registry is closing" : failure));
            }
            Rule broken = check(transaction);
            if (broken != null) {
                return done(new RegistryReply.Broken(broken));
            }
            Account account = chain.ledger().account(transaction.order().account());
            return switch (mempool.add(transaction, account == null ? 0 : account.nonce())) {
                case Mempool.Outcome.Taken(SignedTransaction displaced) -> {
                    if (displaced != null) {
                        finish(
                                displaced,
                                new RegistryReply.Refused(Problem.FEE_TOO_LOW, "a dearer transaction took its place"));
                    }
                    changed.signalAll();
                    yield submissions.computeIfAbsent(transaction.id(), _ -> new CompletableFuture<>());
                }
                case Mempool.Outcome.Known _ ->
                    submissions.computeIfAbsent(transaction.id(), _ -> new CompletableFuture<>());
                case Mempool.Outcome.OutOfTurn _ -> done(new RegistryReply.Broken(Rule.NONCE_AHEAD));
                case Mempool.Outcome.AccountFull _ ->
                    done(new RegistryReply.Refused(
                            Problem.BUSY, "the account has as many transactions waiting as one may"));
                case Mempool.Outcome.TooCheap(long feeGrains) ->
                    done(new RegistryReply.Refused(
                            Problem.FEE_TOO_LOW, "a fee of " + feeGrains + " grains would do now"));
            };
        } finally {
            lock.unlock();
        }
    }

    /// The rule that a transaction would break behind those of its account that wait already.
    private @Nullable Rule check(SignedTransaction transaction) {
        // = docs/spec/16-registry.md R16.5
        List<SignedTransaction> inTurn = new ArrayList<>(mempool.before(transaction));
        inTurn.add(transaction);
        Ledger ledger = chain.ledger();
        for (Ledger.Omitted omitted : ledger.draft(timeAfter(ledger), inTurn).omitted()) {
            if (omitted.index() == inTurn.size() - 1) {
                return omitted.rule();
            }
        }
        return null;
    }

    private long timeAfter(Ledger ledger) {
        return Math.max(clockSeconds.getAsLong(), ledger.head().timeSeconds());
    }

    private static CompletableFuture<RegistryReply> done(RegistryReply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    private void run(Sequencer sequencer) {
        while (true) {
            List<SignedTransaction> best;
            lock.lock();
            try {
                while (!closing && failure == null && mempool.size() == 0 && !emptyBlockWanted) {
                    changed.await();
                }
                if (closing || failure != null) {
                    return;
                }
                best = mempool.best(Block.TRANSACTIONS_MAX);
            } catch (InterruptedException e) {
                return;
            } finally {
                lock.unlock();
            }
            try {
                sequencer.order(new Sequencer.Batch(clockSeconds.getAsLong(), best));
                blockIsFresh();
                pause(BLOCK_NANOS_MIN);
            } catch (IOException e) {
                LOG.log(Level.WARNING, "a batch could not be ordered: {0}", e.getMessage());
                pause(RETRY_NANOS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /// Whoever asked while the block was made is served by it too.
    private void blockIsFresh() {
        lock.lock();
        try {
            emptyBlockWanted = false;
        } finally {
            lock.unlock();
        }
    }

    private void blockIsStale() {
        lock.lock();
        try {
            emptyBlockWanted = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void pause(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && !closing) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void follow(long place, Sequencer.Batch batch) throws IOException {
        Ledger before = chain.ledger();
        long next = before.head().height() + 1;
        if (place < next) {
            return; // known already: the engine goes through its log again
        }
        if (place > next) {
            throw new IOException("batch " + place + " cannot follow block " + (next - 1));
        }
        Ledger.Draft draft =
                before.draft(Math.max(batch.timeSeconds(), before.head().timeSeconds()), batch.transactions());
        try {
            chain.append(draft.block(), draft.ledger());
        } catch (IOException e) {
            fail("the ledger's disk failed: " + e.getMessage());
            throw e;
        }
        lock.lock();
        try {
            settle(draft, batch);
            countersigning.await(draft.ledger());
        } finally {
            lock.unlock();
        }
        proposals.blockCame();
    }

    @Override
    public void leaderChanged() {
        proposals.leaderChanged();
    }

    @Override
    public long followed() {
        return chain.ledger().head().height();
    }

    private void settle(Ledger.Draft draft, Sequencer.Batch batch) {
        long height = draft.block().header().height();
        for (SignedTransaction taken : draft.block().transactions()) {
            Key account = taken.order().account();
            finish(taken, new RegistryReply.Submitted(height));
            mempool.settle(account, taken.order().nonce() + 1).forEach(other -> {
                if (!other.equals(taken)) {
                    finish(other, new RegistryReply.Broken(Rule.NONCE_USED));
                }
            });
        }
        for (Ledger.Omitted omitted : draft.omitted()) {
            SignedTransaction left = batch.transactions().get(omitted.index());
            if (submissions.containsKey(left.id())) {
                mempool.drop(left)
                        .forEach(each -> finish(
                                each, new RegistryReply.Broken(each.equals(left) ? omitted.rule() : Rule.NONCE_AHEAD)));
            }
        }
    }

    private void finish(SignedTransaction transaction, RegistryReply reply) {
        CompletableFuture<RegistryReply> waiting = submissions.remove(transaction.id());
        if (waiting != null) {
            waiting.complete(reply);
        }
    }

    private void fail(String why) {
        LOG.log(Level.ERROR, "{0}; nothing more is taken in", why);
        lock.lock();
        try {
            failure = why;
            List.copyOf(submissions.values())
                    .forEach(each -> each.complete(new RegistryReply.Refused(Problem.UNDECIDED, why)));
            submissions.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// A checkpoint for a witness that has signed one of so many blocks; at once if there is a newer one, else
    /// after a while.
    CompletableFuture<RegistryReply> proposal(long signedBlocks) {
        return proposals.propose(signedBlocks);
    }

    /// Takes a witness's signature under the block at `height`.
    RegistryReply countersign(long height, WitnessSignature signature) {
        Countersigning.Outcome outcome;
        Countersigning.Signed now;
        lock.lock();
        try {
            outcome = countersigning.take(height, signature);
            now = countersigning.signed();
            if (outcome == Countersigning.Outcome.COUNTED || outcome == Countersigning.Outcome.QUORUM) {
                signedSeconds[signature.witness()] = signature.timeSeconds();
            }
        } finally {
            lock.unlock();
        }
        return switch (outcome) {
            case COUNTED, QUORUM -> now == null ? new RegistryReply.Done() : shown(now);
            case NOT_ASKED ->
                new RegistryReply.Refused(Problem.UNKNOWN, "no checkpoint of this height waits for signatures");
            case WRONG -> new RegistryReply.Refused(Problem.NOT_TAKEN, "this is no witness's signature under it");
        };
    }

    /// Shows clients what a quorum has signed, once that is on the disk.
    private RegistryReply shown(Countersigning.Signed next) {
        try {
            // = docs/spec/16-registry.md R16.23
            signedStore.keep(next.checkpoint());
        } catch (IOException e) {
            fail("a signed checkpoint could not be stored: " + e.getMessage());
            return new RegistryReply.Refused(Problem.OTHER, "the registry's disk failed");
        }
        lock.lock();
        try {
            Countersigning.Signed before = signed;
            if (before == null
                    || before.checkpoint().checkpoint().height()
                            <= next.checkpoint().checkpoint().height()) {
                signed = next;
            }
        } finally {
            lock.unlock();
        }
        proposals.quorumSigned(next.checkpoint().checkpoint().height());
        return new RegistryReply.Done();
    }

    /// Stops ordering, and tells who waits. The chain is the caller's to close.
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            List.copyOf(submissions.values())
                    .forEach(each ->
                            each.complete(new RegistryReply.Refused(Problem.UNDECIDED, "the registry is closing")));
            submissions.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
