package konce.names.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import konce.crypto.SigningKey;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.ProposedCheckpoint;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.checkpoint.Witness;
import konce.names.checkpoint.WitnessKeys;
import konce.names.checkpoint.WitnessMemory;
import konce.names.checkpoint.WitnessSet;
import konce.names.checkpoint.WitnessSignature;
import konce.names.encoding.Hash;
import konce.names.encoding.Signature;
import konce.names.history.HistoryProof;
import konce.names.history.HistoryTree;
import org.jspecify.annotations.Nullable;

/// A ledger in a test, with its history, a sequencer and four witnesses who sign whatever they are given: their memory
/// is new each time.
public final class Chain {
    /// A moment after everything in a test.
    public static final long FAR = Actors.START_SECONDS + 1_000_000_000;

    public final Actors actors;
    public final HistoryTree history = new HistoryTree();
    public Ledger ledger;

    public Chain(Actors actors, Genesis genesis) {
        this.actors = actors;
        this.ledger = Ledger.begin(genesis);
        history.append(ledger.head().hash());
    }

    /// Signs for the account `payer`, at its present nonce; authorized by `authorizer` where that is needed.
    public SignedTransaction signed(int payer, Transaction transaction, @Nullable SigningKey authorizer) {
        Account account = ledger.account(actors.key(payer));
        return order(payer, account == null ? 0 : account.nonce(), transaction, authorizer);
    }

    /// The same for a nonce.
    public SignedTransaction order(int payer, long nonce, Transaction transaction, @Nullable SigningKey authorizer) {
        SignedTransaction.Order order = new SignedTransaction.Order(
                actors.key(payer), nonce, ledger.genesis().parameters().feeGrainsMin(), FAR, transaction);
        Signature authorization = transaction instanceof Transaction.ByName && authorizer != null
                ? order.authorize(authorizer, ledger.genesisId())
                : null;
        return order.sign(actors.signing(payer), ledger.genesisId(), authorization);
    }

    /// Takes a block of these, or says which rule the first that does not fit breaks; then nothing has happened.
    public @Nullable Rule tryBlock(long afterSeconds, SignedTransaction... transactions) {
        Ledger.Draft draft = ledger.draft(ledger.head().timeSeconds() + afterSeconds, Arrays.asList(transactions));
        if (!draft.omitted().isEmpty()) {
            return draft.omitted().getFirst().rule();
        }
        ledger = draft.ledger();
        history.append(ledger.head().hash());
        return null;
    }

    /// Takes a block that fits.
    public void block(long afterSeconds, SignedTransaction... transactions) {
        Rule rule = tryBlock(afterSeconds, transactions);
        if (rule != null) {
            throw new AssertionError("refused: " + rule);
        }
    }

    /// Registers a name for `payer`, owned by the key of `master`.
    public void register(int payer, Name name, int master, int recovery) {
        Hash salt = actors.salt();
        block(1, signed(payer, new Transaction.Commit(Transaction.commitment(actors.key(payer), name, salt)), null));
        block(
                ledger.genesis().parameters().commitSecondsMin(),
                signed(payer, new Transaction.Reveal(name, salt, actors.key(master), actors.key(recovery), 1), null));
    }

    /// The checkpoint of now, signed by the first `count` witnesses at `nowSeconds`.
    public SignedCheckpoint signed(int count, long nowSeconds) {
        return signed(ledger.checkpoint(), count, nowSeconds);
    }

    /// Any checkpoint, signed by the first `count` witnesses at `nowSeconds`.
    public SignedCheckpoint signed(Checkpoint checkpoint, int count, long nowSeconds) {
        List<WitnessSignature> signatures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            signatures.add(signature(checkpoint, i, nowSeconds));
        }
        return new SignedCheckpoint(checkpoint, 0, signatures);
    }

    /// One witness's signature over any checkpoint.
    public WitnessSignature signature(Checkpoint checkpoint, int witness, long nowSeconds) {
        WitnessKeys keys = keys();
        Witness signer = new Witness(actors.signing(actors.count() - 4 + witness), witness, keys);
        // The block's time is the witness's own here: what the clock says is part of other tests.
        Witness.Answer answer = signer.consider(
                new WitnessMemory(checkpoint.genesis(), checkpoint),
                propose(checkpoint),
                HistoryProof.EMPTY,
                nowSeconds);
        return switch (answer) {
            case Witness.Answer.StoreThenAnswer signed -> signed.signature();
            case Witness.Answer.Refused(Witness.Refusal reason) -> throw new AssertionError(reason);
        };
    }

    /// The sequencer's proposal of any checkpoint.
    public ProposedCheckpoint propose(Checkpoint checkpoint) {
        return ProposedCheckpoint.sign(actors.signing(actors.count() - 5), 0, 0, checkpoint);
    }

    /// The keys of the first witness set.
    public WitnessKeys keys() {
        WitnessSet set = ledger.genesis().witnesses();
        WitnessKeys keys = WitnessKeys.of(set);
        if (keys == null) {
            throw new AssertionError("the keys of a test are keys");
        }
        return keys;
    }
}
