package konce.protocol.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import konce.crypto.PublicKey;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.Limits;
import konce.protocol.ServerLoad;
import konce.protocol.wire.Ticket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a server knows of keys that come again.
final class KnownKeysTest {
    private static final long SECOND = 1_000_000_000L;

    private final Vault vault = Vault.open(1 << 12);
    private final SeededRandom random = new SeededRandom(11);
    private final KnownKeys known = new KnownKeys(random);

    @AfterEach
    void close() {
        vault.close();
    }

    private PublicKey key() {
        try (SecretKey made = SecretKey.generate(vault, random)) {
            return made.publicKey();
        }
    }

    private int find(long nowNanos, Ticket ticket) {
        return known.find(nowNanos, ticket.handle(), ticket.proof());
    }

    // = docs/spec/03-handshake.md R3.50
    // = docs/spec/03-handshake.md R3.51
    /// Goal: each ticket of a key holds once, several at a time, for a time, in the process that gave it, and as it
    /// was given.
    @Test
    void aTicketHoldsOnce() {
        PublicKey key = key();
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < KnownKeys.TICKETS + 1; i++) {
            tickets.add(known.meet(SECOND, key));
        }
        assertEquals(KnownKeys.NOBODY, find(SECOND, tickets.getFirst()), "too many are out");
        for (Ticket ticket : tickets.subList(1, tickets.size())) {
            int entry = find(SECOND, ticket);
            assertNotEquals(KnownKeys.NOBODY, entry);
            assertTrue(known.isOf(known.use(entry, ticket.handle()), key));
            assertEquals(KnownKeys.NOBODY, find(SECOND, ticket), "used");
        }
        Ticket last = known.meet(SECOND, key);
        assertEquals(KnownKeys.NOBODY, find(SECOND, new Ticket(last.handle() ^ 1, last.proof())));
        assertEquals(KnownKeys.NOBODY, find(SECOND, new Ticket(last.handle(), last.proof() ^ 1)));
        assertEquals(
                KnownKeys.NOBODY, new KnownKeys(random).find(SECOND, last.handle(), last.proof()), "another process");
        assertNotEquals(KnownKeys.NOBODY, find(SECOND + Limits.KNOWN_NANOS - 1, last));
        assertEquals(KnownKeys.NOBODY, find(SECOND + Limits.KNOWN_NANOS, last), "an hour later");
        known.forget(key);
        assertEquals(KnownKeys.NOBODY, find(SECOND, last), "it broke a rule");
    }

    // = docs/spec/03-handshake.md R3.53
    /// Goal: tickets show nobody whose they are: no two are alike, and neither word repeats.
    @Test
    void ticketsAreRandomToOthers() {
        PublicKey key = key();
        List<Long> words = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            Ticket ticket = known.meet(SECOND, key);
            words.add(ticket.handle());
            words.add(ticket.proof());
        }
        assertEquals(words.size(), words.stream().distinct().count());
        for (int bit = 0; bit < Long.SIZE; bit++) {
            int at = bit;
            long ones = words.stream().filter(word -> (word >>> at & 1) == 1).count();
            assertTrue(Math.abs(ones - words.size() / 2) < 500, () -> "bit " + at + " is set in " + ones);
        }
    }

    // = docs/spec/03-handshake.md R3.52
    /// Goal: the table is bounded, and a key that comes too often loses its favour, until that has faded.
    @Test
    void whatAKeyCostsFades() {
        PublicKey key = key();
        Ticket ticket = known.meet(SECOND, key);
        assertEquals(1, known.factor(SECOND, find(SECOND, ticket)));
        for (int i = 0; i < 3 * Limits.KNOWN_ALLOWANCE; i++) {
            ticket = known.meet(SECOND, key);
        }
        double most = known.factor(SECOND, find(SECOND, ticket));
        assertTrue(most > 8 && most < 11, () -> "factor " + most);
        long later = SECOND + 3 * Limits.STANDING_HALF_LIFE_NANOS;
        assertEquals(1, known.factor(later, find(later, ticket)));
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            tickets.add(known.meet(later + i, key()));
        }
        long held = tickets.stream()
                .filter(each -> find(later + SECOND, each) != KnownKeys.NOBODY)
                .count();
        assertTrue(held > 3_900, () -> held + " of 4,000");
    }

    // = docs/spec/03-handshake.md R3.51
    /// Goal: a ticket serves nobody but its key. Method: a client shows one that another was given, after the
    /// server
    /// has taken it for a known one.
    @Test
    void aStolenTicketServesNobody() {
        try (Rig rig = new Rig(0)) {
            SecretKey first = SecretKey.generate(rig.vault, rig.random);
            SecretKey thief = SecretKey.generate(rig.vault, rig.random);
            rig.ticket = ticketOf(rig, first);
            Candidate candidate = rig.candidate();
            assertEquals(
                    new ServerAgreement.Result.Rejected(DropReason.NOT_AUTHENTIC),
                    rig.present(rig.honest(candidate, thief, SecretKey.generate(rig.vault, rig.random)), candidate));
            rig.ticket = ticketOf(rig, first);
            Candidate own = rig.candidate();
            assertInstanceOf(
                    ServerAgreement.Result.Accepted.class,
                    rig.present(rig.honest(own, first, SecretKey.generate(rig.vault, rig.random)), own));
            first.close();
            thief.close();
        }
    }

    private static Ticket ticketOf(Rig rig, SecretKey identity) {
        rig.ticket = new Ticket(7, 7);
        Candidate candidate = rig.candidate();
        MemorySegment echo = rig.honest(candidate, identity, SecretKey.generate(rig.vault, rig.random));
        assertInstanceOf(ServerAgreement.Result.Accepted.class, rig.present(echo, candidate));
        return Objects.requireNonNull(rig.given);
    }

    // = docs/spec/03-handshake.md R3.52
    /// Goal, threats row 14: under a flood from their own prefix, clients that the server knows are asked for far
    /// less
    /// than strangers beside them, and get in at least as soon; in peace both are asked for nothing. Method: fifty
    /// regulars and fifty strangers behind the address that floods.
    @Test
    void threat14_knownKeysAreAskedForLess() {
        try (LoadLab lab = new LoadLab(ServerLoad.LIVE, 1, 41)) {
            Address crowd = Address.parse("198.51.100.9:4000");
            List<LoadLab.Regular> regulars = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                LoadLab.Regular regular = new LoadLab.Regular(key());
                regulars.add(regular);
                lab.at(lab.nowNanos + i * SECOND, () -> lab.visit(crowd, 3e6, regular));
            }
            lab.run(60 * SECOND);
            assertEquals(0, lab.mostAsked());
            assertEquals(50, lab.connected());
            lab.flood(() -> crowd, 3e8, 100_000);
            lab.run(30 * SECOND);
            List<LoadLab.Visit> known = new ArrayList<>();
            List<LoadLab.Visit> strangers = new ArrayList<>();
            for (LoadLab.Regular regular : regulars) {
                known.add(lab.visit(crowd, 3e6, regular));
                strangers.add(lab.visit(crowd, 3e6));
                lab.run(SECOND / 10);
            }
            lab.run(20 * SECOND);
            double askedOfKnown =
                    known.stream().mapToLong(visit -> visit.mostAsked).average().orElseThrow();
            double askedOfStrangers = strangers.stream()
                    .mapToLong(visit -> visit.mostAsked)
                    .average()
                    .orElseThrow();
            long in = known.stream().filter(visit -> visit.connectedNanos >= 0).count();
            System.out.println("asked of known keys " + askedOfKnown + ", of strangers " + askedOfStrangers + "; " + in
                    + " of 50 known keys connected");
            assertTrue(askedOfStrangers > 8 * askedOfKnown + 8 * EffortController.STEP);
            assertTrue(in >= 49, () -> in + " of 50 connected");
        }
    }
}
