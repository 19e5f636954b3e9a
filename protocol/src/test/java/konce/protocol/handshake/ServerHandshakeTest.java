package konce.protocol.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import konce.crypto.SecretKey;
import konce.protocol.Allocation;
import konce.protocol.DropReason;
import konce.protocol.Limits;
import konce.protocol.ServerLoad;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.CookieEcho;
import konce.protocol.wire.Init;
import konce.protocol.wire.InitAck;
import konce.protocol.wire.ProtocolOffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a server does for somebody who has proved nothing yet: little, and without keeping anything.
final class ServerHandshakeTest {
    private static final int TIMES = 20_000;

    private static MemorySegment init(Rig rig, ProtocolOffer offer) {
        MemorySegment init = Arena.ofAuto().allocate(Limits.INIT_BYTES);
        MemorySegment clientRandom = Arena.ofAuto().allocate(Init.CLIENT_RANDOM_BYTES);
        rig.random.fill(clientRandom);
        Init.write(init, clientRandom, 77, offer, new Init.Hello(rig.random.nextLong(), rig.ticket), new ByteWriter());
        return init;
    }

    private static MemorySegment echo(Rig rig, Candidate candidate) {
        MemorySegment echo =
                rig.honest(candidate, null, SecretKey.hedged(rig.vault, rig.random, null, "konce transient B"));
        Rig.solve(echo, candidate);
        return echo;
    }

    private static void assertAllocatesNothing(Rig rig, MemorySegment echo, DropReason expected) {
        int secrets = rig.vault.secretsLive();
        assertEquals(expected, rig.server.handleCookieEcho(rig.nowNanos, Rig.CLIENT, echo));
        long bytes = Allocation.of(TIMES, () -> rig.server.handleCookieEcho(rig.nowNanos, Rig.CLIENT, echo));
        assertLessThanOneByteEach(bytes, expected.toString());
        assertEquals(secrets, rig.vault.secretsLive());
    }

    /// A smallest object has sixteen bytes; a call or two that is not compiled yet may make some.
    private static void assertLessThanOneByteEach(long bytes, String what) {
        assertTrue(bytes < TIMES, () -> bytes + " bytes for " + TIMES + " of " + what);
    }

    // = docs/spec/03-handshake.md R3.4
    /// Goal: an INIT, and a COOKIE-ECHO at whichever check it fails, leaves nothing behind. A group operation
    /// allocates, so none is done either.
    @ParameterizedTest
    @ValueSource(longs = {0, 1_000})
    void nothingIsKeptForWhoHasProvedNothing(long effort) {
        try (Rig rig = new Rig(effort)) {
            MemorySegment init = init(rig, rig.ours);
            MemorySegment reply = Arena.ofAuto().allocate(Limits.INIT_BYTES);
            int secrets = rig.vault.secretsLive();
            long bytes = Allocation.of(TIMES, () -> rig.server.handleInit(rig.nowNanos, Rig.CLIENT, init, reply));
            assertLessThanOneByteEach(bytes, "INIT");
            assertEquals(secrets, rig.vault.secretsLive());

            Candidate candidate = rig.candidate();
            MemorySegment echo = echo(rig, candidate);
            MemorySegment old = Rig.copy(echo);
            old.set(Rig.LONG, CookieEcho.SEQUENCE, ~echo.get(Rig.LONG, CookieEcho.SEQUENCE));
            assertAllocatesNothing(rig, old, DropReason.SEQUENCE_NOT_RECENT);
            MemorySegment blind = Rig.copy(echo);
            blind.set(Rig.INT, CookieEcho.REVEALED, ~echo.get(Rig.INT, CookieEcho.REVEALED));
            assertAllocatesNothing(rig, blind, DropReason.REVEALED_BITS_WRONG);
            MemorySegment altered = Rig.copy(echo);
            altered.set(ValueLayout.JAVA_BYTE, CookieEcho.CLIENT_TIME, (byte)
                    ~echo.get(ValueLayout.JAVA_BYTE, CookieEcho.CLIENT_TIME));
            assertAllocatesNothing(rig, altered, DropReason.COOKIE_WRONG);
            if (effort > 0) {
                MemorySegment idle = Rig.copy(echo);
                idle.set(Rig.INT, CookieEcho.EFFORT_OFFERED, (int) effort - 1);
                assertAllocatesNothing(rig, idle, DropReason.EFFORT_TOO_LOW);
                MemorySegment wrong = Rig.copy(echo);
                wrong.set(Rig.INT, CookieEcho.EFFORT_OFFERED, -1);
                assertAllocatesNothing(rig, wrong, DropReason.SOLUTION_WRONG);
            }
            rig.present(echo, candidate);
            assertAllocatesNothing(rig, echo, DropReason.ALREADY_ACCEPTED);
        }
    }

    // = docs/spec/03-handshake.md R3.42
    /// Goal, threats row 15: whatever is sent in somebody's name, he is asked for no more than others. Method: ten
    /// thousand COOKIE-ECHOs from his address that fail at one check after the other, under cookies given to him;
    /// then
    /// work that passes, which alone is charged.
    @Test
    void threat15_junkIsChargedToNobody() {
        try (Rig rig = new Rig(konce.protocol.ServerLoad.LIVE)) {
            Candidate candidate = rig.candidate();
            MemorySegment echo = echo(rig, candidate);
            int[] fields = {CookieEcho.SEQUENCE, CookieEcho.REVEALED, CookieEcho.AUTHENTICATOR, CookieEcho.CLIENT_TIME};
            for (int i = 0; i < 10_000; i++) {
                MemorySegment junk = Rig.copy(echo);
                int at = fields[i % fields.length] + i % Integer.BYTES;
                junk.set(ValueLayout.JAVA_BYTE, at, (byte) ~junk.get(ValueLayout.JAVA_BYTE, at));
                assertTrue(rig.server.handleCookieEcho(rig.nowNanos, Rig.CLIENT, junk) != DropReason.NONE);
            }
            assertEquals(0, rig.candidate().effort());
            for (int i = 0; i < 2 * Limits.STANDING_ALLOWANCE; i++) {
                Candidate worked = rig.candidate();
                assertInstanceOf(ServerAgreement.Result.Accepted.class, rig.present(echo(rig, worked), worked));
            }
            assertTrue(rig.candidate().effort() > 0, "what passed is charged");
        }
    }

    // = docs/spec/03-handshake.md R3.18
    /// Goal: no answer to an INIT is longer than the INIT, whatever it offers; and what is none gets none.
    @Test
    void noAnswerIsLongerThanItsQuestion() {
        try (Rig rig = new Rig(Limits.EFFORT_MAX)) {
            MemorySegment reply = Arena.ofAuto().allocate(Limits.DATAGRAM_BYTES_MAX);
            List<ProtocolOffer> offers = List.of(
                    rig.ours,
                    ProtocolOffer.of(List.of(99L), List.of(1L)),
                    ProtocolOffer.of(
                            List.of(8L, 7L, 6L, 5L, 4L, 3L, 2L, 1L), List.of(Long.MAX_VALUE, Long.MAX_VALUE - 1, 1L)));
            for (ProtocolOffer offer : offers) {
                MemorySegment init = init(rig, offer);
                int bytes = rig.server.handleInit(rig.nowNanos, Rig.CLIENT, init, reply);
                assertTrue(bytes > 0 && bytes <= Limits.INIT_BYTES, () -> bytes + " bytes for " + offer);
            }
            MemorySegment init = init(rig, rig.ours);
            for (int length = 0; length < Limits.INIT_BYTES; length++) {
                assertTrue(rig.server.handleInit(rig.nowNanos, Rig.CLIENT, init.asSlice(0, length), reply) <= 0);
            }
            int answered = 0;
            for (int i = 0; i < 100_000; i++) {
                rig.random.fill(init);
                init.set(ValueLayout.JAVA_BYTE, 0, (byte) konce.protocol.wire.PacketType.INIT);
                int bytes = rig.server.handleInit(rig.nowNanos, Rig.CLIENT, init, reply);
                assertTrue(bytes <= Limits.INIT_BYTES, "seed " + Rig.SEED);
                answered += bytes > 0 ? 1 : 0;
            }
            assertEquals(0, answered, "seed " + Rig.SEED);
        }
    }

    // = docs/spec/03-handshake.md R3.22
    /// Goal: cookies given out one after the other look unrelated: their sequence numbers go up as often as
    /// down, never repeat, and differ in half their bits.
    @Test
    void sequenceNumbersShowNoOrder() {
        try (Rig rig = new Rig(0)) {
            int cookies = 4_000;
            MemorySegment init = init(rig, rig.ours);
            MemorySegment reply = Arena.ofAuto().allocate(Limits.INIT_BYTES);
            Set<Long> seen = new HashSet<>();
            long last = 0;
            int rises = 0;
            long changed = 0;
            for (int i = 0; i < cookies; i++) {
                assertTrue(rig.server.handleInit(rig.nowNanos, Rig.CLIENT, init, reply) > 0);
                long sequence = reply.get(Rig.LONG, InitAck.SEQUENCE);
                assertTrue(seen.add(sequence));
                rises += sequence > last ? 1 : 0;
                changed += Long.bitCount(sequence ^ last);
                last = sequence;
            }
            double spread = 5 * Math.sqrt(cookies) / 2;
            int risesSeen = rises;
            assertTrue(Math.abs(rises - cookies / 2.0) < spread, () -> risesSeen + " rises, seed " + Rig.SEED);
            double bits = (double) changed / cookies;
            assertTrue(Math.abs(bits - 32) < 1, () -> bits + " bits change, seed " + Rig.SEED);
        }
    }

    // = docs/spec/03-handshake.md R3.23
    /// Goal: only so many wait for their group operations; when more come, those at the end of the queue go, and
    /// their
    /// cookies with them.
    @Test
    void onlySoManyWaitForGroupOperations() {
        try (Rig rig = new Rig(0)) {
            MemorySegment model = echo(rig, rig.candidate());
            MemorySegment packet = model;
            for (int i = 0; i <= Limits.AGREEMENTS_PENDING_MAX; i++) {
                packet = under(rig, model);
                assertEquals(DropReason.NONE, rig.server.handleCookieEcho(rig.nowNanos, Rig.CLIENT, packet));
            }
            assertEquals(DropReason.ALREADY_ACCEPTED, rig.server.handleCookieEcho(rig.nowNanos, Rig.CLIENT, packet));
            assertEquals(Limits.AGREEMENTS_PENDING_MAX / 2, rig.server.shed(DropReason.OUTBID));
            int served = 0;
            for (ServerAgreement next = rig.server.takeAgreement(); next != null; next = rig.server.takeAgreement()) {
                next.run();
                rig.server.finish(rig.nowNanos, next);
                served++;
            }
            assertEquals(Limits.AGREEMENTS_PENDING_MAX / 2 + 1, served);
        }
    }

    // = docs/spec/03-handshake.md R3.41
    /// Goal: only so many are handed out at once, and who has waited too long is not handed out at all.
    @Test
    void whoHasWaitedTooLongIsDropped() {
        try (Rig rig = new Rig(0)) {
            MemorySegment model = echo(rig, rig.candidate());
            List<ServerAgreement> running = new ArrayList<>();
            for (int i = 0; i < ServerLoad.AGREEMENT_JOBS_DEFAULT + 2; i++) {
                assertEquals(DropReason.NONE, rig.server.handleCookieEcho(rig.nowNanos, Rig.CLIENT, under(rig, model)));
                ServerAgreement next = rig.server.takeAgreement();
                if (next != null) {
                    running.add(next);
                }
            }
            assertEquals(ServerLoad.AGREEMENT_JOBS_DEFAULT, running.size());
            running.forEach(ServerAgreement::run);
            rig.server.finish(rig.nowNanos + Limits.AGREEMENT_WAIT_NANOS_MAX, running.removeLast());
            ServerAgreement inTime = Objects.requireNonNull(rig.server.takeAgreement());
            inTime.run();
            rig.server.finish(rig.nowNanos + Limits.AGREEMENT_WAIT_NANOS_MAX + 1, inTime);
            assertNull(rig.server.takeAgreement());
            assertEquals(1, rig.server.shed(DropReason.STALE));
            running.forEach(each -> rig.server.finish(rig.nowNanos, each));
        }
    }

    /// The same packet under a fresh cookie of its own; its box does not open under that, which is nothing to
    /// these checks.
    private static MemorySegment under(Rig rig, MemorySegment model) {
        Candidate fresh = rig.candidate();
        MemorySegment packet = Rig.copy(model);
        MemorySegment head = Arena.ofAuto().allocate(Limits.DATAGRAM_BYTES_BASE);
        ByteWriter out = new ByteWriter().wrap(head, 0, head.byteSize());
        fresh.writeEchoHead(out, rig.serverKey.publicKey(), rig.ours, new Clues(rig.vault, rig.random, null));
        MemorySegment.copy(head, 0, packet, 0, out.position());
        return packet;
    }
}
