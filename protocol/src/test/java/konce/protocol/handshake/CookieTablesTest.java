package konce.protocol.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.protocol.DropReason;
import konce.protocol.Limits;
import konce.protocol.Seeds;
import konce.protocol.wire.CookieEcho;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The fixed tables behind a cookie: sequence numbers given out, sequence numbers used, transient keys held.
final class CookieTablesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int BUCKETS = Limits.ACCEPTED_SEQUENCES_MAX / 4;

    // = docs/spec/03-handshake.md R3.9
    /// Goal: a transient key is found by its id while it is in use and until the renewal after that; then never
    /// again,
    /// also when ids come round.
    @Test
    void aTransientKeyIsGoneAfterTwoRenewals() {
        SeededRandom random = new SeededRandom(3);
        try (Vault vault = Vault.open(1 << 12);
                SecretKey durable = SecretKey.generate(vault, random);
                TransientKeys keys = new TransientKeys(vault, random, durable, 0)) {
            Set<String> seen = new HashSet<>();
            int before = -1;
            int twoBefore = -1;
            for (int i = 1; i <= 300; i++) {
                int id = keys.current().id();
                assertTrue(id >= 0 && id < 128);
                assertTrue(seen.add(keys.current().publicKey().toString()), "each D is new");
                assertTrue(before < 0 || keys.find(before) != null);
                assertTrue(twoBefore < 0 || keys.find(twoBefore) == null);
                assertEquals(before < 0 ? 1 : 2, vault.secretsLive() - 1, "no more than two are held");
                long due = keys.renewNanos();
                keys.renew(due - 1);
                assertEquals(id, keys.current().id(), "not early");
                keys.renew(due);
                twoBefore = before;
                before = id;
            }
        }
    }

    // = docs/spec/03-handshake.md R3.9
    /// Goal: a key that an agreement works with is wiped only when that has ended, and is not found meanwhile.
    @Test
    void aKeyInUseOutlivesItsTurn() {
        SeededRandom random = new SeededRandom(4);
        try (Vault vault = Vault.open(1 << 12);
                SecretKey durable = SecretKey.generate(vault, random)) {
            TransientKeys keys = new TransientKeys(vault, random, durable, 0);
            TransientKeys.Key used = keys.current().acquire();
            keys.renew(Limits.TRANSIENT_KEY_NANOS);
            keys.renew(2 * Limits.TRANSIENT_KEY_NANOS);
            assertNull(keys.find(used.id()));
            used.secret().multiply(vault, used.publicKey()).close();
            assertEquals(4, vault.secretsLive());
            used.release();
            assertEquals(3, vault.secretsLive());
            keys.close();
            assertEquals(1, vault.secretsLive());
        }
    }

    // = docs/spec/03-handshake.md R3.5
    /// Goal: numbers not given out yet, and those from before the cookie's lifetime, are refused; all in between
    /// are
    /// recent. Every second of two minutes, at rates from one number in a while to thousands.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000})
    void onlyRecentSequenceNumbersAreKnown(int perSecond) {
        long start = Long.MAX_VALUE / 3;
        RecentSequences recent = new RecentSequences(start, 0);
        List<Long> issuedNanos = new ArrayList<>();
        for (long now = 0; now < 120 * SECOND; now += SECOND) {
            for (int i = 0; i < perSecond || (perSecond == 0 && now % (7 * SECOND) == 0 && i == 0); i++) {
                assertEquals(start + issuedNanos.size(), recent.next(now));
                issuedNanos.add(now);
            }
            long next = start + issuedNanos.size();
            assertFalse(recent.isRecent(now, next), "from the future");
            assertFalse(recent.isRecent(now, next + 1));
            assertFalse(recent.isRecent(now, start - 1));
            assertFalse(recent.isRecent(now, Long.MAX_VALUE));
            assertFalse(recent.isRecent(now, Long.MIN_VALUE));
            for (int i = 0; i < issuedNanos.size(); i++) {
                long age = now - issuedNanos.get(i);
                boolean isRecent = recent.isRecent(now, start + i);
                assertTrue(isRecent || age > Limits.COOKIE_LIFETIME_NANOS, "a cookie in its lifetime");
                assertFalse(isRecent && age > Limits.COOKIE_LIFETIME_NANOS + 3 * SECOND, "an old one");
            }
        }
        assertFalse(recent.isRecent(1L << 60, start + issuedNanos.size() - 1), "after a long sleep");
    }

    // = docs/spec/03-handshake.md R3.6
    /// Goal: a full bucket refuses, and nothing that is in it is forgotten before its time; then its room is used
    /// again.
    @Test
    void aFullBucketRefuses() {
        AcceptedSequences accepted = new AcceptedSequences();
        for (int way = 0; way < 4; way++) {
            assertTrue(accepted.add(0, 5 + (long) way * BUCKETS, (way + 1) * SECOND));
        }
        assertFalse(accepted.add(SECOND, 5 + 4L * BUCKETS, 9 * SECOND), "the first expires after this moment");
        assertTrue(accepted.add(SECOND, 6, 9 * SECOND), "its neighbour has room");
        for (int way = 0; way < 4; way++) {
            assertTrue(accepted.contains(5 + (long) way * BUCKETS));
        }
        assertTrue(accepted.add(SECOND + 1, 5 + 4L * BUCKETS, 9 * SECOND));
        assertFalse(accepted.contains(5), "it made room");
        assertFalse(accepted.add(SECOND + 1, 5 + 5L * BUCKETS, 9 * SECOND));
    }

    // = docs/spec/03-handshake.md R3.6
    /// Goal: as many as the table is meant for fit in, as they come, and each is known until it expires, however
    /// often
    /// and in whatever order they are asked for.
    @Test
    void everyAcceptedSequenceIsKnownUntilItExpires() {
        Random random = Seeds.random("accepted sequences", 9);
        AcceptedSequences accepted = new AcceptedSequences();
        long start = 1L << 62;
        for (int i = 0; i < Limits.ACCEPTED_SEQUENCES_MAX; i++) {
            assertFalse(accepted.contains(start + i));
            assertTrue(accepted.add(0, start + i, SECOND));
        }
        assertFalse(accepted.add(SECOND, start + Limits.ACCEPTED_SEQUENCES_MAX, 2 * SECOND));
        for (int i = 0; i < 1_000_000; i++) {
            long sequence = start + random.nextInt(2 * Limits.ACCEPTED_SEQUENCES_MAX);
            assertEquals(sequence < start + Limits.ACCEPTED_SEQUENCES_MAX, accepted.contains(sequence));
        }
    }

    // = docs/spec/03-handshake.md R3.6
    /// Goal: a server whose table has no room for a cookie refuses its packet as busy, does nothing for it, and
    /// takes
    /// it
    /// once there is room: the cookie is not spent.
    @Test
    void aServerWithoutRoomIsBusy() {
        try (Rig rig = new Rig(0)) {
            Candidate first = rig.candidate();
            MemorySegment model = rig.honest(first, null, Group.key(rig.vault, Group.scalar(rig.random)));
            int accepted = 0;
            MemorySegment refused = null;
            Candidate candidate = first;
            // the sequence numbers of one server are consecutive, so every 16,384th meets in one bucket
            for (int i = 0; i <= 4 * BUCKETS && refused == null; i++) {
                if (i % BUCKETS == 0) {
                    MemorySegment echo = under(candidate, model, rig);
                    DropReason reason = rig.server.handleCookieEcho(rig.nowNanos, Rig.CLIENT, echo);
                    if (reason == DropReason.BUSY) {
                        refused = echo;
                    } else {
                        assertEquals(DropReason.NONE, reason);
                        ServerAgreement agreement = rig.server.takeAgreement();
                        assertNotNull(agreement);
                        agreement.run();
                        if (rig.server.finish(rig.nowNanos, agreement)
                                instanceof ServerAgreement.Result.Accepted done) {
                            done.keys().close();
                        }
                        accepted++;
                    }
                }
                candidate = rig.candidate();
            }
            assertEquals(4, accepted);
            assertNotNull(refused);
            assertNull(rig.server.takeAgreement());
            assertEquals(DropReason.BUSY, rig.server.handleCookieEcho(rig.nowNanos, Rig.CLIENT, refused));
        }
    }

    /// The model's packet under another cookie.
    private static MemorySegment under(Candidate candidate, MemorySegment model, Rig rig) {
        MemorySegment echo = Rig.copy(model);
        MemorySegment head = Rig.bytes(new byte[(int) model.byteSize()]);
        konce.protocol.wire.ByteWriter out = new konce.protocol.wire.ByteWriter().wrap(head, 0, head.byteSize());
        int box = candidate.writeEchoHead(
                out, rig.serverKey.publicKey(), rig.ours, new Clues(rig.vault, rig.random, null));
        MemorySegment.copy(head, 0, echo, 0, CookieEcho.EFFORT_OFFERED);
        MemorySegment.copy(head, CookieEcho.NEGOTIATION, echo, CookieEcho.NEGOTIATION, box - CookieEcho.NEGOTIATION);
        return echo;
    }
}
