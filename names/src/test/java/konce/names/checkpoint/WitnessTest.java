package konce.names.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;
import konce.names.encoding.Key;
import konce.names.history.HistoryProof;
import konce.names.ledger.Actors;
import konce.names.ledger.Chain;
import konce.names.ledger.Parameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Actors 3 is the sequencer, 4 to 7 are the witnesses; 0 to 2 are strangers.
class WitnessTest {
    private static final Hash OTHER = Hashing.hash("other", new byte[0]);

    private Actors actors;
    private Chain chain;
    private long now;

    @BeforeEach
    void begin() {
        actors = new Actors(11, 8);
        chain = new Chain(actors, actors.genesis(Parameters.QUICK, 1, 1_000_000));
        now = Actors.START_SECONDS;
    }

    @AfterEach
    void end() {
        actors.close();
    }

    private Witness witness() {
        return new Witness(actors.signing(4), 0, chain.keys());
    }

    private WitnessMemory memory() {
        return WitnessMemory.start(chain.ledger.genesisId());
    }

    private Witness.Answer.StoreThenAnswer signed(Witness.Answer answer) {
        return assertInstanceOf(Witness.Answer.StoreThenAnswer.class, answer);
    }

    private Witness.Refusal refused(WitnessMemory memory, Checkpoint next, HistoryProof proof) {
        Witness.Answer answer = witness().consider(memory, chain.propose(next), proof, now);
        return assertInstanceOf(Witness.Answer.Refused.class, answer).reason();
    }

    private static Checkpoint with(Checkpoint c, long height, long time, Hash state, Hash history) {
        return new Checkpoint(c.genesis(), height, time, state, history);
    }

    /// Goal: a witness follows one history, signs the same again, and stores before it answers.
    // = docs/spec/14-witnesses.md R14.5 R14.8
    @Test
    void itFollowsOneHistory() {
        WitnessMemory memory = memory();
        for (int i = 0; i < 20; i++) {
            Checkpoint next = chain.ledger.checkpoint();
            long before = memory.last() == null ? 0 : memory.last().blocks();
            HistoryProof proof = chain.history.consistency(before, next.blocks());
            Witness.Answer.StoreThenAnswer answer =
                    signed(witness().consider(memory, chain.propose(next), proof, next.timeSeconds()));
            assertEquals(next, answer.memory().last());
            assertTrue(answer.signature().isOver(chain.keys(), next));
            memory = value(WitnessMemory.decode(answer.memory().encode()));
            Witness.Answer.StoreThenAnswer again = signed(
                    witness().consider(memory, chain.propose(next), HistoryProof.EMPTY, next.timeSeconds() + 5_000));
            assertEquals(next.timeSeconds() + 5_000, again.signature().timeSeconds());
            chain.block(1 + i % 3);
            if (i % 4 == 0) {
                chain.block(0);
            }
        }
    }

    /// Goal: a sequencer that equivocates gets one signature for a height at most, and none for what forgets.
    // = docs/spec/14-witnesses.md R14.5
    @Test
    void itSignsOneRootForAHeight() {
        chain.block(1);
        chain.block(1);
        Checkpoint last = chain.ledger.checkpoint();
        WitnessMemory memory = new WitnessMemory(last.genesis(), last);
        now = last.timeSeconds();
        assertEquals(
                Witness.Refusal.SECOND_ROOT,
                refused(memory, with(last, 2, now, OTHER, last.historyRoot()), HistoryProof.EMPTY));
        assertEquals(
                Witness.Refusal.SECOND_ROOT,
                refused(memory, with(last, 2, now + 1, last.stateRoot(), last.historyRoot()), HistoryProof.EMPTY));
        assertEquals(
                Witness.Refusal.BEHIND,
                refused(memory, with(last, 1, now, last.stateRoot(), chain.history.root(2)), HistoryProof.EMPTY));
        chain.block(1);
        Checkpoint next = chain.ledger.checkpoint();
        HistoryProof proof = chain.history.consistency(last.blocks(), next.blocks());
        assertEquals(Witness.Refusal.NOT_AN_EXTENSION, refused(memory, next, HistoryProof.EMPTY));
        assertEquals(
                Witness.Refusal.NOT_AN_EXTENSION, refused(memory, with(next, 3, now, next.stateRoot(), OTHER), proof));
        assertEquals(
                Witness.Refusal.TIME_RUNS_BACK,
                refused(memory, with(next, 3, now - 1, next.stateRoot(), next.historyRoot()), proof));
        signed(witness().consider(memory, chain.propose(next), proof, now));
    }

    // = docs/spec/14-witnesses.md R14.6 R14.7
    @Test
    void itSignsOnlyWhatItsSequencersPropose() {
        Checkpoint next = chain.ledger.checkpoint();
        ProposedCheckpoint stranger = ProposedCheckpoint.sign(actors.signing(0), 0, 0, next);
        ProposedCheckpoint nobody = ProposedCheckpoint.sign(actors.signing(3), 1, 0, next);
        ProposedCheckpoint otherSet = ProposedCheckpoint.sign(actors.signing(3), 0, 1, next);
        for (ProposedCheckpoint bad : List.of(stranger, nobody, otherSet)) {
            assertEquals(
                    new Witness.Answer.Refused(Witness.Refusal.NOT_FROM_A_SEQUENCER),
                    witness().consider(memory(), bad, HistoryProof.EMPTY, now));
        }
        assertEquals(Witness.Refusal.OTHER_LEDGER, refused(WitnessMemory.start(OTHER), next, HistoryProof.EMPTY));
        now = next.timeSeconds() + 61;
        assertEquals(Witness.Refusal.CLOCKS_DIFFER, refused(memory(), next, HistoryProof.EMPTY));
        now = next.timeSeconds() - 61;
        assertEquals(Witness.Refusal.CLOCKS_DIFFER, refused(memory(), next, HistoryProof.EMPTY));
        assertEquals(
                chain.propose(next),
                value(ProposedCheckpoint.decode(chain.propose(next).encode())));
        assertThrows(IllegalArgumentException.class, () -> new Witness(actors.signing(0), 0, chain.keys()));
    }

    /// Goal: only good signatures of different witnesses of the set count, and f liars cannot make an old
    /// checkpoint
    /// fresh.
    // = docs/spec/14-witnesses.md R14.2 R14.3
    @Test
    void aQuorumIsCountedRight() {
        Checkpoint c = chain.ledger.checkpoint();
        WitnessKeys keys = chain.keys();
        assertEquals(new SignedCheckpoint.Quorum(2, -1), chain.signed(2, now).quorum(keys));
        assertEquals(new SignedCheckpoint.Quorum(3, now), chain.signed(3, now).quorum(keys));
        List<WitnessSignature> mixed = List.of(
                chain.signature(c, 0, now),
                chain.signature(c, 1, now + 7),
                chain.signature(c, 2, now + 1_000_000),
                chain.signature(c, 3, now - 5));
        SignedCheckpoint signed = new SignedCheckpoint(c, 0, mixed);
        assertEquals(now, signed.quorum(keys).timeSeconds());
        assertEquals(signed, value(SignedCheckpoint.decode(signed.encode())));
        assertFalse(new SignedCheckpoint(c, 1, mixed).quorum(keys).isReached());
        WitnessSignature first = mixed.getFirst();
        WitnessSignature moved = new WitnessSignature(1, first.timeSeconds(), first.signature());
        WitnessSignature later = new WitnessSignature(0, first.timeSeconds() + 1, first.signature());
        assertFalse(moved.isOver(keys, c));
        assertFalse(later.isOver(keys, c));
        assertFalse(new WitnessSignature(4, now, first.signature()).isOver(keys, c));
        assertThrows(IllegalArgumentException.class, () -> new SignedCheckpoint(c, 0, List.of(first, first)));
        byte[] twice = new SignedCheckpoint(c, 0, List.of(first, mixed.get(1))).encode();
        twice[Checkpoint.BYTES + 4 + 2 + WitnessSignature.BYTES] = 0;
        assertInstanceOf(Decoded.Malformed.class, SignedCheckpoint.decode(twice));
    }

    // = docs/spec/14-witnesses.md R14.1
    @Test
    void aSetIsThreeTimesItsLiarsAndOne() {
        List<Key> keys = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            keys.add(actors.key(i));
        }
        List<Key> one = keys.subList(0, 1);
        for (int count = 0; count < 8; count++) {
            List<Key> witnesses = keys.subList(1, Math.min(8, 1 + count));
            if (count == 1 || count == 4 || count == 7) {
                WitnessSet set = new WitnessSet(0, 0, one, witnesses);
                assertEquals((count - 1) / 3, set.liarsMax());
                assertEquals(2 * ((count - 1) / 3) + 1, set.quorum());
                assertEquals(set, value(WitnessSet.decode(set.encode())));
            } else {
                assertThrows(IllegalArgumentException.class, () -> new WitnessSet(0, 0, one, witnesses));
            }
        }
        List<Key> doubled = Arrays.asList(keys.get(1), keys.get(2), keys.get(3), keys.get(1));
        assertThrows(IllegalArgumentException.class, () -> new WitnessSet(0, 0, one, doubled));
        assertThrows(IllegalArgumentException.class, () -> new WitnessSet(0, 0, keys.subList(1, 2), doubled));
        assertThrows(IllegalArgumentException.class, () -> new WitnessSet(0, 1, one, keys.subList(1, 5)));
        assertThrows(IllegalArgumentException.class, () -> new WitnessSet(0, 0, List.of(), keys.subList(1, 5)));
    }

    /// Goal: a set follows only when a quorum of the one before says so, about this ledger, this set and this next
    /// one.
    // = docs/spec/14-witnesses.md R14.4
    @Test
    void aSetFollowsByTheWordOfTheOneBefore() {
        Hash genesis = chain.ledger.genesisId();
        WitnessSet set = chain.ledger.genesis().witnesses();
        WitnessSet next = new WitnessSet(1, 10, set.sequencers(), List.of(actors.key(0)));
        WitnessSet skipping = new WitnessSet(2, 10, set.sequencers(), List.of(actors.key(0)));
        List<IndexedSignature> three = signatures(genesis, set.hash(), next);
        WitnessSetChange good = new WitnessSetChange(genesis, set.hash(), next, three);
        assertTrue(good.follows(genesis, chain.keys()));
        assertEquals(good, value(WitnessSetChange.decode(good.encode())));
        assertFalse(good.follows(OTHER, chain.keys()));
        assertFalse(
                new WitnessSetChange(genesis, set.hash(), next, three.subList(0, 2)).follows(genesis, chain.keys()));
        assertFalse(new WitnessSetChange(genesis, OTHER, next, signatures(genesis, OTHER, next))
                .follows(genesis, chain.keys()));
        assertFalse(new WitnessSetChange(genesis, set.hash(), skipping, signatures(genesis, set.hash(), skipping))
                .follows(genesis, chain.keys()));
        WitnessSet early = new WitnessSet(1, 0, set.sequencers(), List.of(actors.key(0)));
        assertFalse(new WitnessSetChange(genesis, set.hash(), early, signatures(genesis, set.hash(), early))
                .follows(genesis, chain.keys()));
        WitnessSet other = new WitnessSet(1, 10, set.sequencers(), List.of(actors.key(1)));
        assertFalse(new WitnessSetChange(genesis, set.hash(), other, three).follows(genesis, chain.keys()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new WitnessSetChange(
                        genesis, set.hash(), next, List.of(three.getFirst(), three.getFirst(), three.getLast())));
    }

    private List<IndexedSignature> signatures(Hash genesis, Hash before, WitnessSet next) {
        List<IndexedSignature> signatures = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            signatures.add(WitnessSetChange.sign(actors.signing(4 + i), i, genesis, before, next));
        }
        return signatures;
    }

    // = docs/spec/14-witnesses.md R14.9
    @Test
    void whoeverSignsTwoRootsIsFound() {
        Checkpoint c = chain.ledger.checkpoint();
        Checkpoint lie = with(c, c.height(), c.timeSeconds(), OTHER, c.historyRoot());
        List<WitnessSignature> ofLie = List.of(chain.signature(lie, 1, now), chain.signature(lie, 3, now));
        Equivocation evidence = new Equivocation(chain.signed(3, now), new SignedCheckpoint(lie, 0, ofLie));
        assertEquals(List.of(actors.key(5)), evidence.liars(chain.keys()));
        assertEquals(evidence, value(Equivocation.decode(evidence.encode())));
        assertEquals(List.of(), new Equivocation(chain.signed(3, now), chain.signed(3, now + 1)).liars(chain.keys()));
        Checkpoint later = with(c, c.height() + 1, c.timeSeconds(), OTHER, c.historyRoot());
        assertEquals(
                List.of(), new Equivocation(chain.signed(3, now), chain.signed(later, 3, now)).liars(chain.keys()));
        WitnessSignature forged =
                new WitnessSignature(0, now, chain.signature(c, 0, now).signature());
        assertEquals(
                List.of(),
                new Equivocation(chain.signed(3, now), new SignedCheckpoint(lie, 0, List.of(forged)))
                        .liars(chain.keys()));
    }

    private static <T> T value(Decoded<T> decoded) {
        return switch (decoded) {
            case Decoded.Value<T>(T value) -> value;
            case Decoded.Malformed<T>(String reason) -> throw new AssertionError(reason);
        };
    }
}
