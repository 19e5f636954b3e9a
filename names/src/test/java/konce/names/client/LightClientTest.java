package konce.names.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import konce.crypto.PublicKey;
import konce.crypto.SecretKey;
import konce.crypto.SigningKey;
import konce.crypto.Vault;
import konce.names.binding.ServerBinding;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.Equivocation;
import konce.names.checkpoint.IndexedSignature;
import konce.names.checkpoint.ProposedCheckpoint;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.checkpoint.Witness;
import konce.names.checkpoint.WitnessKeys;
import konce.names.checkpoint.WitnessMemory;
import konce.names.checkpoint.WitnessSet;
import konce.names.checkpoint.WitnessSetChange;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;
import konce.names.history.HistoryProof;
import konce.names.ledger.Actors;
import konce.names.ledger.Chain;
import konce.names.ledger.Entry;
import konce.names.ledger.Name;
import konce.names.ledger.Parameters;
import konce.names.ledger.Role;
import konce.names.ledger.Subject;
import konce.names.ledger.Transaction;
import konce.names.trie.Trie;
import konce.protocol.Address;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Every check of the light client, with an answer that fails it and it alone. 0 pays; 1 is the master key of the shop,
/// 2 its recovery key, 3 another's; 4 is the sequencer, 5 to 8 are the witnesses.
class LightClientTest {
    private static final Name SHOP = new Name("shop-x");
    private static final Name GONE = new Name("gone-x");
    private static final Role CEO = new Role(new Name("ceo"), SHOP);
    private static final Hash OTHER = Hashing.hash("other", new byte[0]);
    private static final long DAY = 86_400;

    private Actors actors;
    private Vault vault;
    private PublicKey server;
    private Chain chain;
    private LightClient client;
    private long now;

    @BeforeEach
    void begin() {
        actors = new Actors(21, 9);
        vault = Vault.open(4_096);
        try (SecretKey key = SecretKey.generate(vault, actors.random())) {
            server = key.publicKey();
        }
        chain = new Chain(actors, actors.genesis(Parameters.QUICK, 1, 1_000_000_000));
        chain.register(0, SHOP, 1, 2);
        client = LightClient.start(chain.ledger.genesis(), LightClient.AGE_SECONDS_MAX);
        now = chain.ledger.head().timeSeconds();
    }

    @AfterEach
    void end() {
        vault.close();
        actors.close();
    }

    private ServerBinding binding(Subject subject, int owner, long sequence, SigningKey by) {
        return new ServerBinding.Terms(
                        subject,
                        owner,
                        server,
                        List.of(Address.parse("192.0.2.7:413"), Address.parse("[2001:db8::7]:413")),
                        OTHER,
                        now - 10,
                        now + DAY,
                        sequence)
                .sign(by, chain.ledger.genesisId());
    }

    private ServerBinding binding(long sequence) {
        return binding(SHOP, 1, sequence, actors.signing(1));
    }

    private Answer answer(Subject subject, SignedCheckpoint signed, @Nullable ServerBinding binding) {
        long from = client.query(subject).blocks();
        long to = chain.ledger.checkpoint().blocks();
        HistoryProof history = from <= to ? chain.history.consistency(from, to) : HistoryProof.EMPTY;
        return Answer.of(chain.ledger, subject, signed, List.of(), history, binding);
    }

    private Answer answer(Subject subject) {
        return answer(subject, chain.signed(3, now), binding(5));
    }

    private Verdict.Resolved resolved(Subject subject, Answer answer) {
        Verdict verdict = client.resolve(subject, answer.encode(), now);
        client = verdict.client();
        assertTrue(verdict.checks().stream().allMatch(Check.Made::passed), verdict.toString());
        return assertInstanceOf(
                Verdict.Resolved.class, verdict.outcome(), verdict.outcome().toString());
    }

    private Verdict.Refused refused(Subject subject, Answer answer) {
        Verdict verdict = client.resolve(subject, answer.encode(), now);
        Verdict.Refused refused = assertInstanceOf(Verdict.Refused.class, verdict.outcome());
        assertEquals(false, verdict.checks().getLast().passed());
        assertEquals(refused.reason().check(), verdict.checks().getLast().check());
        return refused;
    }

    private Reason reason(Subject subject, Answer answer) {
        return refused(subject, answer).reason();
    }

    private static Answer with(Answer a, SignedCheckpoint checkpoint) {
        return new Answer(checkpoint, a.changes(), a.history(), a.name(), a.role(), a.binding());
    }

    private static Answer with(Answer a, Proof name, @Nullable Proof role) {
        return new Answer(a.checkpoint(), a.changes(), a.history(), name, role, a.binding());
    }

    /// Goal: a name is resolved in one answer, again from another, and what is stored is read back.
    // = docs/spec/15-light-client.md R15.3 R15.4 R15.6
    @Test
    void aNameIsResolved() {
        Verdict.Resolved first = resolved(SHOP, answer(SHOP));
        assertEquals(server, first.binding().terms().server());
        assertEquals(1, first.facts().name().owner());
        assertEquals(now + LightClient.AGE_SECONDS_MAX, first.freshUntilSeconds());
        chain.block(5);
        now += 5;
        resolved(SHOP, answer(SHOP));
        assertEquals(client.record(), value(ClientRecord.decode(client.record().encode())));
        assertEquals(client.query(SHOP), value(Query.decode(client.query(SHOP).encode())));
        assertEquals(
                chain.ledger.checkpoint(), present(client.query(SHOP).newest()).checkpoint());
    }

    /// Goal: an answer cut at any byte, or longer, is none.
    // = docs/spec/15-light-client.md R15.3
    @Test
    void aTruncatedAnswerIsNone() {
        byte[] bytes = answer(SHOP).encode();
        for (int length = 0; length <= bytes.length + 1; length++) {
            if (length != bytes.length) {
                Verdict verdict = client.resolve(SHOP, Arrays.copyOf(bytes, length), now);
                assertEquals(
                        Reason.MALFORMED,
                        assertInstanceOf(Verdict.Refused.class, verdict.outcome())
                                .reason());
                assertSame(client, verdict.client());
            }
        }
    }

    /// Goal: no bit of an answer can be changed so that another server or owner is believed.
    // = docs/spec/15-light-client.md R15.3 R15.10 R15.13
    @Test
    void noBitOfAnAnswerCanBeChanged() {
        byte[] bytes = answer(SHOP).encode();
        Verdict.Resolved right = assertInstanceOf(
                Verdict.Resolved.class, client.resolve(SHOP, bytes, now).outcome());
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        for (int at = 0; at < bytes.length; at++) {
            byte[] changed = bytes.clone();
            changed[at] ^= (byte) (1 << at % 8);
            switch (client.resolve(SHOP, changed, now).outcome()) {
                case Verdict.Refused refused -> reasons.add(refused.reason());
                case Verdict.Resolved resolved -> {
                    assertEquals(right.binding(), resolved.binding());
                    assertEquals(right.facts().name(), resolved.facts().name());
                }
            }
        }
        assertTrue(
                reasons.containsAll(EnumSet.of(
                        Reason.OTHER_LEDGER, Reason.SHORT_OF_QUORUM, Reason.BAD_PROOF, Reason.BINDING_FORGED)),
                reasons.toString());
    }

    // = docs/spec/15-light-client.md R15.4
    @Test
    void anotherLedgersAnswer() {
        Checkpoint c = chain.ledger.checkpoint();
        Checkpoint other = new Checkpoint(OTHER, c.height(), c.timeSeconds(), c.stateRoot(), c.historyRoot());
        assertEquals(Reason.OTHER_LEDGER, reason(SHOP, with(answer(SHOP), chain.signed(other, 4, now))));
    }

    // = docs/spec/15-light-client.md R15.6
    @Test
    void aSetShortOfQuorum() {
        for (int count = 0; count < 3; count++) {
            assertEquals(Reason.SHORT_OF_QUORUM, reason(SHOP, with(answer(SHOP), chain.signed(count, now))));
        }
        resolved(SHOP, with(answer(SHOP), chain.signed(3, now)));
    }

    // = docs/spec/15-light-client.md R15.7
    @Test
    void aStaleAnswer() {
        Answer old = answer(SHOP);
        now += LightClient.AGE_SECONDS_MAX;
        assertInstanceOf(Verdict.Resolved.class, client.resolve(SHOP, old, now).outcome());
        now++;
        assertEquals(Reason.STALE, reason(SHOP, old));
        assertEquals(Reason.CLOCK_BEHIND, reason(SHOP, with(old, chain.signed(3, now + 301))));
        resolved(SHOP, with(old, chain.signed(3, now + 300)));
    }

    /// Goal: what was believed once goes stale too, when nobody signs it again.
    // = docs/spec/15-light-client.md R15.7
    @Test
    void whatIsKnownGoesStaleToo() {
        Answer known = answer(SHOP);
        resolved(SHOP, known);
        now += LightClient.AGE_SECONDS_MAX + 1;
        assertEquals(Reason.STALE, reason(SHOP, known));
        resolved(SHOP, with(known, chain.signed(3, now)));
        // Older signatures of the same checkpoint do not make it older again.
        Verdict.Resolved again = resolved(SHOP, with(known, chain.signed(3, now - 60)));
        assertEquals(now + LightClient.AGE_SECONDS_MAX, again.freshUntilSeconds());
    }

    /// Goal: a sequencer that equivocates, with witnesses who sign anything, is caught and kept as evidence.
    // = docs/spec/15-light-client.md R15.8
    @Test
    void aForkAtTheSameHeight() {
        resolved(SHOP, answer(SHOP));
        Checkpoint c = chain.ledger.checkpoint();
        Checkpoint lie = new Checkpoint(c.genesis(), c.height(), c.timeSeconds(), OTHER, c.historyRoot());
        for (int count = 1; count <= 4; count++) {
            Verdict.Refused refused = refused(SHOP, with(answer(SHOP), chain.signed(lie, count, now)));
            assertEquals(Reason.FORK, refused.reason());
            Equivocation evidence = present(refused.evidence());
            assertEquals(Math.min(3, count), evidence.liars(chain.keys()).size());
        }
        assertEquals(Reason.SHORT_OF_QUORUM, reason(SHOP, with(answer(SHOP), chain.signed(lie, 0, now))));
    }

    /// Goal: a later checkpoint of another history, signed by everybody, is a fork to whoever knows this one.
    // = docs/spec/15-light-client.md R15.8
    @Test
    void aForkAtALaterHeight() {
        resolved(SHOP, answer(SHOP));
        chain.block(1);
        Answer good = answer(SHOP);
        Checkpoint c = chain.ledger.checkpoint();
        Checkpoint lie = new Checkpoint(c.genesis(), c.height(), c.timeSeconds(), c.stateRoot(), OTHER);
        Verdict.Refused refused = refused(SHOP, with(good, chain.signed(lie, 4, now)));
        assertEquals(Reason.FORK, refused.reason());
        assertNotNull(refused.evidence());
        Answer unproven = new Answer(
                good.checkpoint(), good.changes(), HistoryProof.EMPTY, good.name(), good.role(), good.binding());
        assertEquals(Reason.FORK, reason(SHOP, unproven));
        Checkpoint back = new Checkpoint(c.genesis(), c.height(), c.timeSeconds() - 2, c.stateRoot(), c.historyRoot());
        assertEquals(Reason.FORK, reason(SHOP, with(good, chain.signed(back, 4, now))));
        resolved(SHOP, good);
    }

    /// Goal: nothing older is believed, not after a restart either.
    // = docs/spec/15-light-client.md R15.9
    @Test
    void aRollbackAfterARestart() {
        Answer old = answer(SHOP);
        chain.block(1);
        resolved(SHOP, answer(SHOP));
        byte[] stored = client.record().encode();
        assertEquals(Reason.ROLLBACK, reason(SHOP, old));
        client = present(LightClient.of(
                chain.ledger.genesis(), value(ClientRecord.decode(stored)), LightClient.AGE_SECONDS_MAX));
        assertEquals(Reason.ROLLBACK, reason(SHOP, old));
        ClientRecord r = client.record();
        ClientRecord elsewhere = new ClientRecord(OTHER, r.witnesses(), r.newest(), r.signedSeconds(), r.seen());
        assertNull(LightClient.of(chain.ledger.genesis(), elsewhere, LightClient.AGE_SECONDS_MAX));
    }

    // = docs/spec/15-light-client.md R15.10 R15.11
    @Test
    void absentButClaimedPresent() {
        Answer shop = answer(SHOP);
        assertEquals(Reason.UNKNOWN, reason(GONE, answer(GONE)));
        assertEquals(Reason.BAD_PROOF, reason(GONE, with(answer(GONE), shop.name(), null)));
        Proof claimed = new Proof(shop.name().entry(), answer(GONE).name().path());
        assertEquals(Reason.BAD_PROOF, reason(GONE, with(answer(GONE), claimed, null)));
    }

    // = docs/spec/15-light-client.md R15.10
    @Test
    void presentButClaimedAbsent() {
        Answer shop = answer(SHOP);
        assertEquals(Reason.BAD_PROOF, reason(SHOP, with(shop, answer(GONE).name(), null)));
        assertEquals(
                Reason.BAD_PROOF,
                reason(SHOP, with(shop, new Proof(null, shop.name().path()), null)));
        byte[] other =
                shop.name().entry() == null ? new byte[0] : shop.name().entry().clone();
        other[10] ^= 1;
        assertEquals(
                Reason.BAD_PROOF,
                reason(SHOP, with(shop, new Proof(other, shop.name().path()), null)));
    }

    /// Goal: an entry of another name is no entry of this one, though a quorum signed that it is in its place.
    // = docs/spec/15-light-client.md R15.11
    @Test
    void anotherNamesEntryInItsPlace() {
        Answer shop = answer(SHOP);
        byte[] entry = shop.name().entry() == null ? new byte[0] : shop.name().entry();
        Trie trie = Trie.EMPTY.with(Entry.placeOf(GONE), entry);
        Checkpoint c = chain.ledger.checkpoint();
        Checkpoint lie = new Checkpoint(c.genesis(), c.height(), c.timeSeconds(), trie.root(), c.historyRoot());
        Answer answer = with(shop, new Proof(entry, trie.prove(Entry.placeOf(GONE))), null);
        assertEquals(Reason.UNKNOWN, reason(GONE, with(answer, chain.signed(lie, 4, now))));
    }

    /// Goal: rent that has ended is seen by the ledger's time and by the client's.
    // = docs/spec/15-light-client.md R15.11
    @Test
    void anExpiredName() {
        long expires = present(chain.ledger.name(SHOP)).expiresSeconds();
        chain.block(expires - 60 - chain.ledger.head().timeSeconds());
        now = expires - 1;
        resolved(SHOP, answer(SHOP));
        now = expires;
        assertEquals(Reason.EXPIRED, reason(SHOP, answer(SHOP)));
        chain.block(60);
        assertEquals(Reason.EXPIRED, reason(SHOP, answer(SHOP)));
        chain.block(Parameters.QUICK.graceSeconds());
        now = chain.ledger.head().timeSeconds();
        assertEquals(Reason.UNKNOWN, reason(SHOP, answer(SHOP)));
    }

    // = docs/spec/15-light-client.md R15.12
    @Test
    void aRoleThatIsNoLongerHeld() {
        assertEquals(Reason.UNKNOWN, reason(CEO, answer(CEO)));
        chain.block(
                1, chain.signed(0, new Transaction.Designate(CEO.role(), SHOP, 1, actors.key(3)), actors.signing(1)));
        ServerBinding byRole = binding(CEO, 1, 1, actors.signing(3));
        Answer held = answer(CEO, chain.signed(3, now), byRole);
        assertEquals(
                Reason.BINDING_FORGED,
                reason(CEO, answer(CEO, chain.signed(3, now), binding(CEO, 1, 1, actors.signing(1)))));
        assertEquals(Reason.BAD_PROOF, reason(CEO, with(held, held.name(), null)));
        assertEquals(Reason.BAD_PROOF, reason(CEO, with(held, held.name(), held.name())));
        resolved(CEO, held);
        chain.block(1, chain.signed(0, new Transaction.Withdraw(CEO.role(), SHOP, 2), actors.signing(1)));
        assertEquals(Reason.REVOKED, reason(CEO, answer(CEO, chain.signed(3, now), byRole)));
    }

    /// Goal: a role does not outlive the owner who gave it, though nobody took it back.
    // = docs/spec/15-light-client.md R15.12
    @Test
    void aRoleOfAnEarlierOwner() {
        chain.block(
                1, chain.signed(0, new Transaction.Designate(CEO.role(), SHOP, 1, actors.key(3)), actors.signing(1)));
        chain.block(1, chain.signed(0, new Transaction.TransferName(SHOP, 2, actors.key(3), null), actors.signing(1)));
        chain.block(Parameters.QUICK.lockSeconds());
        now = chain.ledger.head().timeSeconds();
        ServerBinding byRole = binding(CEO, 2, 1, actors.signing(3));
        assertEquals(Reason.REVOKED, reason(CEO, answer(CEO, chain.signed(3, now), byRole)));
    }

    // = docs/spec/15-light-client.md R15.2 R15.13
    @Test
    void bindingsThatDoNotFit() {
        SignedCheckpoint signed = chain.signed(3, now);
        assertEquals(Reason.NO_BINDING, reason(SHOP, answer(SHOP, signed, null)));
        assertEquals(Reason.OTHER_BINDING, reason(SHOP, answer(SHOP, signed, binding(GONE, 1, 5, actors.signing(1)))));
        assertEquals(Reason.OTHER_BINDING, reason(SHOP, answer(SHOP, signed, binding(SHOP, 2, 5, actors.signing(1)))));
        assertEquals(Reason.BINDING_FORGED, reason(SHOP, answer(SHOP, signed, binding(SHOP, 1, 5, actors.signing(2)))));
        ServerBinding elsewhere = binding(5).terms().sign(actors.signing(1), OTHER);
        assertEquals(Reason.BINDING_FORGED, reason(SHOP, answer(SHOP, signed, elsewhere)));
        ServerBinding today = binding(5);
        now -= 11;
        assertEquals(Reason.BINDING_NOT_YET, reason(SHOP, answer(SHOP, signed, today)));
        now += 11 + DAY + 1;
        assertEquals(Reason.BINDING_EXPIRED, reason(SHOP, answer(SHOP, chain.signed(3, now), today)));
    }

    /// Goal: an old binding is refused, also after a restart; a new owner begins anew.
    // = docs/spec/15-light-client.md R15.14
    @Test
    void anOldBindingReplayed() {
        resolved(SHOP, answer(SHOP));
        SignedCheckpoint signed = chain.signed(3, now);
        assertEquals(Reason.BINDING_REPLAYED, reason(SHOP, answer(SHOP, signed, binding(4))));
        client = present(LightClient.of(
                chain.ledger.genesis(),
                value(ClientRecord.decode(client.record().encode())),
                LightClient.AGE_SECONDS_MAX));
        assertEquals(Reason.BINDING_REPLAYED, reason(SHOP, answer(SHOP, signed, binding(4))));
        resolved(SHOP, answer(SHOP, signed, binding(5)));
        resolved(SHOP, answer(SHOP, signed, binding(6)));
        chain.block(0, chain.signed(0, new Transaction.TransferName(SHOP, 1, actors.key(3), null), actors.signing(1)));
        chain.block(Parameters.QUICK.lockSeconds());
        signed = chain.signed(3, now);
        assertEquals(Reason.OTHER_BINDING, reason(SHOP, answer(SHOP, signed, binding(7))));
        resolved(SHOP, answer(SHOP, signed, binding(SHOP, 2, 1, actors.signing(3))));
    }

    /// Goal: the table of bindings is bounded; the longest unused goes.
    // = docs/spec/15-light-client.md R15.14
    @Test
    void whatIsSeenIsBounded() {
        ClientRecord record = client.record();
        for (int i = 0; i < ClientRecord.SEEN_MAX + 1; i++) {
            record = record.withSeen(new ClientRecord.Seen(new Name("n" + i), 1, 9));
        }
        assertEquals(ClientRecord.SEEN_MAX, record.seen().size());
        assertEquals(0, record.sequenceMin(new Name("n0"), 1));
        assertEquals(9, record.sequenceMin(new Name("n1"), 1));
    }

    /// Goal: a name that is looked at again and again changes the record, which is written down each time, seldom;
    /// and what was used lately outlives what was not. R15.14
    @Test
    void lookingAgainSeldomChangesTheRecord() {
        ClientRecord record = client.record();
        ClientRecord.Seen used = new ClientRecord.Seen(new Name("used"), 1, 9);
        int changes = 0;
        for (int i = 0; i < 3 * ClientRecord.SEEN_MAX; i++) {
            record = record.withSeen(new ClientRecord.Seen(new Name("n" + i), 1, 9));
            ClientRecord before = record;
            record = record.withSeen(used);
            changes += record.seen().equals(before.seen()) ? 0 : 1;
            assertEquals(9, record.sequenceMin(new Name("used"), 1));
        }
        assertTrue(changes <= 7, () -> "changed more often than twice a table");
        assertEquals(ClientRecord.SEEN_MAX, record.seen().size());
    }

    /// Goal: witnesses change only by the word of those before; their successors' signatures count from the height
    /// on.
    // = docs/spec/15-light-client.md R15.5
    @Test
    void witnessesTheClientDoesNotKnow() {
        WitnessSet set = chain.ledger.genesis().witnesses();
        long from = chain.ledger.checkpoint().height();
        WitnessSet next = new WitnessSet(1, from, set.sequencers(), List.of(actors.key(0)));
        List<IndexedSignature> signatures = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            signatures.add(WitnessSetChange.sign(actors.signing(5 + i), i, chain.ledger.genesisId(), set.hash(), next));
        }
        WitnessSetChange change = new WitnessSetChange(chain.ledger.genesisId(), set.hash(), next, signatures);
        WitnessSetChange unsigned =
                new WitnessSetChange(chain.ledger.genesisId(), set.hash(), next, signatures.subList(0, 2));
        SignedCheckpoint bySuccessor = bySuccessor(next);
        Answer a = answer(SHOP);
        assertEquals(Reason.UNKNOWN_WITNESSES, reason(SHOP, with(a, bySuccessor)));
        assertEquals(Reason.UNKNOWN_WITNESSES, reason(SHOP, changed(a, bySuccessor, unsigned)));
        assertEquals(Reason.UNKNOWN_WITNESSES, reason(SHOP, changed(a, chain.signed(4, now), change)));
        resolved(SHOP, changed(a, bySuccessor, change));
        assertEquals(next, client.record().witnesses());
        assertEquals(Reason.UNKNOWN_WITNESSES, reason(SHOP, answer(SHOP)));
        resolved(SHOP, answer(SHOP, bySuccessor, binding(5)));
    }

    private static Answer changed(Answer a, SignedCheckpoint checkpoint, WitnessSetChange change) {
        return new Answer(checkpoint, List.of(change), a.history(), a.name(), a.role(), a.binding());
    }

    private SignedCheckpoint bySuccessor(WitnessSet next) {
        WitnessKeys keys = present(WitnessKeys.of(next));
        Checkpoint c = chain.ledger.checkpoint();
        Witness successor = new Witness(actors.signing(0), 0, keys);
        ProposedCheckpoint proposal = ProposedCheckpoint.sign(actors.signing(4), 0, 1, c);
        Witness.Answer answer = successor.consider(WitnessMemory.start(c.genesis()), proposal, HistoryProof.EMPTY, now);
        return new SignedCheckpoint(
                c,
                1,
                List.of(assertInstanceOf(Witness.Answer.StoreThenAnswer.class, answer)
                        .signature()));
    }

    private static <T> T present(@Nullable T value) {
        assertNotNull(value);
        return value;
    }

    private static <T> T value(Decoded<T> decoded) {
        return switch (decoded) {
            case Decoded.Value<T>(T value) -> value;
            case Decoded.Malformed<T>(String reason) -> throw new AssertionError(reason);
        };
    }
}
