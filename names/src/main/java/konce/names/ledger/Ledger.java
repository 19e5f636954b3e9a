package konce.names.ledger;

import java.util.ArrayList;
import java.util.List;
import konce.names.checkpoint.Checkpoint;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import konce.names.history.HistoryPeaks;
import konce.names.trie.Trie;
import konce.names.trie.TrieProof;
import org.jspecify.annotations.Nullable;

/// A ledger after some block: who has what, and the roots over all of it. A value: a block gives another ledger, and
/// this one stays as it is.
///
/// - threads: any may read one; whoever made it does so before giving it away
/// - memory: see [Trie]; the ledgers of two blocks share what did not change
/// - source: docs/spec/12-ledger.md
public final class Ledger {
    private final Genesis genesis;
    private final Hash genesisId;
    private final State state;
    private final HistoryPeaks history;
    private final Block.Header head;

    private Ledger(Genesis genesis, Hash genesisId, State state, HistoryPeaks history, Block.Header head) {
        this.genesis = genesis;
        this.genesisId = genesisId;
        this.state = state;
        this.history = history;
        this.head = head;
    }

    /// What comes of a block.
    public sealed interface Result {
        /// The ledger after it.
        record Applied(Ledger ledger) implements Result {}

        /// The block breaks a rule.
        ///
        /// @param index of the transaction that breaks it, or -1 when the block itself does
        record Refused(Rule rule, int index) implements Result {}
    }

    /// A block put together, the ledger after it, and what did not go in.
    public record Draft(Block block, Ledger ledger, List<Omitted> omitted) {}

    /// A transaction that did not go into a draft.
    ///
    /// @param index its place among those given
    public record Omitted(int index, Rule rule) {}

    /// The ledger that a genesis begins, after its block number 0.
    public static Ledger begin(Genesis genesis) {
        State state = State.EMPTY;
        for (Genesis.Allocation each : genesis.allocations()) {
            state = state.with(new Account(each.account(), each.grains(), 0, List.of()));
        }
        state = state.with(
                new Totals(genesis.supply(), 0, 0, genesis.allocations().size()));
        Block.Header head = new Block.Header(
                0, Hash.ZERO, genesis.timeSeconds(), state.trie().root(), Hash.ZERO, Hash.ZERO);
        return new Ledger(genesis, genesis.id(), state, HistoryPeaks.EMPTY.with(head.hash()), head);
    }

    /// The ledger of parts that a snapshot held.
    static Ledger restored(Genesis genesis, Trie trie, HistoryPeaks history, Block.Header head) {
        return new Ledger(genesis, genesis.id(), new State(trie), history, head);
    }

    /// The ledger of a next block that puts this state in place of the one before: for [Synthetic].
    static Ledger holding(Ledger before, Trie trie) {
        Block.Header head = new Block.Header(
                before.head.height() + 1,
                before.head.hash(),
                before.head.timeSeconds(),
                trie.root(),
                before.history.root(),
                Hash.ZERO);
        return before.after(new State(trie), head);
    }

    /// What the ledger is after `block`.
    public Result apply(Block block) {
        return apply(block, false);
    }

    /// The same for a block that this machine has applied before and kept where nobody else writes: signatures are
    /// not
    /// checked again, everything else is.
    public Result replay(Block block) {
        return apply(block, true);
    }

    private Result apply(Block block, boolean signaturesKnown) {
        Rule broken = misfit(block);
        if (broken != null) {
            return new Result.Refused(broken, -1);
        }
        Transition.Context context = context(block.header().timeSeconds(), signaturesKnown);
        State next = state;
        for (int i = 0; i < block.transactions().size(); i++) {
            switch (Transition.of(context, next, block.transactions().get(i))) {
                case Transition.Outcome.Done(State after) -> next = after;
                case Transition.Outcome.Refused(Rule rule) -> {
                    return new Result.Refused(rule, i);
                }
            }
        }
        // = docs/spec/12-ledger.md R12.26
        return next.trie().root().equals(block.header().stateRoot())
                ? new Result.Applied(after(next, block.header()))
                : new Result.Refused(Rule.BLOCK_STATE, -1);
    }

    private @Nullable Rule misfit(Block block) {
        // = docs/spec/12-ledger.md R12.25
        Block.Header header = block.header();
        if (header.height() != head.height() + 1) {
            return Rule.BLOCK_HEIGHT;
        }
        if (!header.previous().equals(head.hash())) {
            return Rule.BLOCK_PREVIOUS;
        }
        if (!fitsTime(header.timeSeconds())) {
            return Rule.BLOCK_TIME;
        }
        if (!header.historyRoot().equals(history.root())) {
            return Rule.BLOCK_HISTORY;
        }
        return header.transactionsRoot().equals(Block.root(block.transactions())) ? null : Rule.BLOCK_TRANSACTIONS;
    }

    private boolean fitsTime(long timeSeconds) {
        return timeSeconds >= head.timeSeconds() && timeSeconds <= Checkpoint.TIME_SECONDS_MAX;
    }

    private Transition.Context context(long timeSeconds, boolean signaturesKnown) {
        return new Transition.Context(genesis.parameters(), genesisId, timeSeconds, signaturesKnown);
    }

    private Ledger after(State next, Block.Header header) {
        return new Ledger(genesis, genesisId, next, history.with(header.hash()), header);
    }

    /// The next block, of as many of `transactions` as keep the rules, in their order.
    ///
    /// @param timeSeconds what o'clock it is, in seconds of Unix time
    /// @throws IllegalArgumentException when that is before the last block's time, or there are more transactions
    /// than
    /// a block holds
    public Draft draft(long timeSeconds, List<SignedTransaction> transactions) {
        if (!fitsTime(timeSeconds) || transactions.size() > Block.TRANSACTIONS_MAX) {
            throw new IllegalArgumentException("time " + timeSeconds + " after " + head.timeSeconds() + ", "
                    + transactions.size() + " transactions");
        }
        Transition.Context context = context(timeSeconds, false);
        State next = state;
        List<SignedTransaction> taken = new ArrayList<>();
        List<Omitted> omitted = new ArrayList<>();
        for (int i = 0; i < transactions.size(); i++) {
            switch (Transition.of(context, next, transactions.get(i))) {
                case Transition.Outcome.Done(State after) -> {
                    next = after;
                    taken.add(transactions.get(i));
                }
                case Transition.Outcome.Refused(Rule rule) -> omitted.add(new Omitted(i, rule));
            }
        }
        Block.Header header = new Block.Header(
                head.height() + 1, head.hash(), timeSeconds, next.trie().root(), history.root(), Block.root(taken));
        return new Draft(new Block(header, taken), after(next, header), List.copyOf(omitted));
    }

    /// The rule that the transaction would break in a block of this time, after this ledger and nothing else; null
    /// when it would go in. What waits in a queue before it is not considered.
    public @Nullable Rule check(SignedTransaction transaction, long timeSeconds) {
        return switch (Transition.of(context(timeSeconds, false), state, transaction)) {
            case Transition.Outcome.Done _ -> null;
            case Transition.Outcome.Refused(Rule rule) -> rule;
        };
    }

    /// What it began with.
    public Genesis genesis() {
        return genesis;
    }

    /// Its name in signatures.
    public Hash genesisId() {
        return genesisId;
    }

    /// The last block's header.
    public Block.Header head() {
        return head;
    }

    /// The history up to and with the last block.
    public HistoryPeaks history() {
        return history;
    }

    /// Everything in it, by place; see [Entry].
    public Trie trie() {
        return state.trie();
    }

    /// What witnesses sign and clients believe.
    public Checkpoint checkpoint() {
        return new Checkpoint(genesisId, head.height(), head.timeSeconds(), head.stateRoot(), history.root());
    }

    /// The account, or null when it never received coins.
    public @Nullable Account account(Key id) {
        return state.account(id);
    }

    /// What the ledger says of a name at the last block's time, or null when nobody ever had it. It may have
    /// expired:
    /// see [NameRecord#status].
    public @Nullable NameRecord name(Name name) {
        NameRecord stored = state.name(name);
        return stored == null ? null : stored.at(head.timeSeconds());
    }

    /// Who holds a role, or held it; null when nobody ever did. Whether it is held now: [RoleRecord#isHeld].
    public @Nullable RoleRecord role(Role role) {
        return state.role(role);
    }

    /// Sums over everything.
    public Totals totals() {
        return state.totals();
    }

    /// The entry of a subject as it is stored, with what proves it against [#checkpoint].
    public Proven prove(Subject subject) {
        Hash place = Entry.placeOf(subject);
        return new Proven(state.trie().find(place), state.trie().prove(place));
    }

    /// An entry's encoding, and a proof that it is there; or null, and a proof that there is none.
    @SuppressWarnings("ArrayRecordComponent") // a view of what the trie holds
    public record Proven(byte @Nullable [] entry, TrieProof proof) {}
}
