package konce.registry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;
import konce.names.encoding.Key;
import konce.names.ledger.SignedTransaction;
import org.jspecify.annotations.Nullable;

/// Transactions that wait for a block: the dearest first, those of one account in the order of their nonces.
///
/// An account's transactions follow one another without a gap, so each can go in once those before it have. What is
/// full refuses, or lets a dearer one in for the cheapest that nothing waits behind.
///
/// - limits: [#TRANSACTIONS_MAX], and [#ACCOUNT_TRANSACTIONS_MAX] of one account. The worst an attacker can do is to
///   fill it with transactions that pay more than others'; each of them costs that fee.
/// - threads: one at a time
/// - source: docs/spec/16-registry.md, section 4
final class Mempool {
    /// Transactions it holds: at most 512 bytes each, so some tens of megabytes with what surrounds them.
    static final int TRANSACTIONS_MAX = 20_000;

    /// Transactions of one account: enough for a busy one between two blocks, too few to crowd others out.
    static final int ACCOUNT_TRANSACTIONS_MAX = 16;

    /// A replacement pays at least an eighth more, so that replacing for ever costs.
    private static final int REPLACEMENT_DIVISOR = 8;

    private static final Comparator<Waiting> DEAREST_FIRST =
            Comparator.comparingLong(Waiting::feeGrains).reversed().thenComparingLong(Waiting::arrival);

    /// What became of a transaction.
    sealed interface Outcome {
        /// It waits.
        ///
        /// @param displaced what it took the place of; null: nothing
        record Taken(@Nullable SignedTransaction displaced) implements Outcome {}

        /// It waits already.
        enum Known implements Outcome {
            KNOWN
        }

        /// Its nonce is not the next of its account.
        enum OutOfTurn implements Outcome {
            OUT_OF_TURN
        }

        /// It pays too little: for the place of another, or for a place at all.
        ///
        /// @param feeGrains what would do now
        record TooCheap(long feeGrains) implements Outcome {}

        /// The account has as many waiting as one may.
        enum AccountFull implements Outcome {
            ACCOUNT_FULL
        }
    }

    private record Waiting(SignedTransaction transaction, long arrival) {
        Key account() {
            return transaction.order().account();
        }

        long nonce() {
            return transaction.order().nonce();
        }

        long feeGrains() {
            return transaction.order().feeGrains();
        }
    }

    private final int transactionsMax;
    private final Map<Key, NavigableMap<Long, Waiting>> accounts = new HashMap<>();

    /// The last of each account, the cheapest and newest last: only these can be let go without a gap.
    private final TreeSet<Waiting> tails = new TreeSet<>(DEAREST_FIRST);

    private long arrivals;
    private int size;

    Mempool() {
        this(TRANSACTIONS_MAX);
    }

    Mempool(int transactionsMax) {
        this.transactionsMax = transactionsMax;
    }

    /// How many wait.
    int size() {
        return size;
    }

    /// Takes a transaction in, or says why not.
    ///
    /// @param nonce the account's on the ledger
    Outcome add(SignedTransaction transaction, long nonce) {
        Waiting waiting = new Waiting(transaction, arrivals++);
        NavigableMap<Long, Waiting> own = accounts.get(waiting.account());
        Waiting there = own == null ? null : own.get(waiting.nonce());
        if (there != null) {
            return replace(there, waiting);
        }
        // = docs/spec/16-registry.md R16.7
        if (waiting.nonce() != (own == null ? nonce : own.lastKey() + 1)) {
            return Outcome.OutOfTurn.OUT_OF_TURN;
        }
        if (own != null && own.size() >= ACCOUNT_TRANSACTIONS_MAX) {
            return Outcome.AccountFull.ACCOUNT_FULL;
        }
        SignedTransaction displaced = null;
        if (size >= transactionsMax) {
            // = docs/spec/16-registry.md R16.8
            Waiting cheapest = tails.last();
            if (waiting.feeGrains() <= cheapest.feeGrains()
                    || cheapest.account().equals(waiting.account())) {
                return new Outcome.TooCheap(cheapest.feeGrains() + 1);
            }
            remove(cheapest);
            displaced = cheapest.transaction;
        }
        put(waiting);
        return new Outcome.Taken(displaced);
    }

    private Outcome replace(Waiting there, Waiting waiting) {
        if (there.transaction.equals(waiting.transaction)) {
            return Outcome.Known.KNOWN;
        }
        // = docs/spec/16-registry.md R16.9
        long least = there.feeGrains() + Math.max(1, there.feeGrains() / REPLACEMENT_DIVISOR);
        if (waiting.feeGrains() < least) {
            return new Outcome.TooCheap(least);
        }
        NavigableMap<Long, Waiting> own = accounts.get(there.account());
        if (own == null) {
            throw new IllegalStateException("a transaction waits without its account");
        }
        if (tails.remove(there)) {
            tails.add(waiting);
        }
        own.put(waiting.nonce(), waiting);
        return new Outcome.Taken(there.transaction);
    }

    /// Up to `count` transactions for a block, in an order in which they can go in. They stay until [#settle].
    List<SignedTransaction> best(int count) {
        PriorityQueue<Waiting> first = new PriorityQueue<>(DEAREST_FIRST);
        accounts.values().forEach(own -> first.add(own.firstEntry().getValue()));
        List<SignedTransaction> best = new ArrayList<>();
        while (best.size() < count && !first.isEmpty()) {
            Waiting next = first.remove();
            best.add(next.transaction);
            NavigableMap<Long, Waiting> own = accounts.get(next.account());
            Waiting following = own == null ? null : own.get(next.nonce() + 1);
            if (following != null) {
                first.add(following);
            }
        }
        return best;
    }

    /// Forgets what the ledger has taken, and what can never go in: transactions of `account` with nonces below
    /// `nonce`.
    ///
    /// @return all of them
    List<SignedTransaction> settle(Key account, long nonce) {
        NavigableMap<Long, Waiting> own = accounts.get(account);
        List<Waiting> settled =
                own == null ? List.of() : List.copyOf(own.headMap(nonce).values());
        settled.forEach(this::remove);
        return settled.stream().map(Waiting::transaction).toList();
    }

    /// What waits of the same account and goes in before it.
    List<SignedTransaction> before(SignedTransaction transaction) {
        NavigableMap<Long, Waiting> own = accounts.get(transaction.order().account());
        return own == null
                ? List.of()
                : own.headMap(transaction.order().nonce()).values().stream()
                        .map(Waiting::transaction)
                        .toList();
    }

    /// Takes a transaction out, and those of its account behind it, which cannot go in without it.
    ///
    /// @return all of them
    List<SignedTransaction> drop(SignedTransaction transaction) {
        NavigableMap<Long, Waiting> own = accounts.get(transaction.order().account());
        List<SignedTransaction> dropped = new ArrayList<>();
        if (own != null) {
            for (Waiting each : List.copyOf(own.tailMap(transaction.order().nonce(), true)
                    .descendingMap()
                    .values())) {
                remove(each);
                dropped.add(each.transaction);
            }
        }
        return dropped;
    }

    private void put(Waiting waiting) {
        NavigableMap<Long, Waiting> own = accounts.computeIfAbsent(waiting.account(), _ -> new TreeMap<>());
        if (!own.isEmpty()) {
            tails.remove(own.lastEntry().getValue());
        }
        own.put(waiting.nonce(), waiting);
        tails.add(waiting);
        size++;
    }

    private void remove(Waiting waiting) {
        NavigableMap<Long, Waiting> own = accounts.get(waiting.account());
        if (own == null || own.remove(waiting.nonce()) == null) {
            throw new IllegalStateException("a transaction that does not wait cannot go");
        }
        size--;
        if (tails.remove(waiting) && !own.isEmpty()) {
            tails.add(own.lastEntry().getValue());
        }
        if (own.isEmpty()) {
            accounts.remove(waiting.account());
        }
    }
}
