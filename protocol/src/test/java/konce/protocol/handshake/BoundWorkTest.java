package konce.protocol.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import konce.crypto.SecretKey;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.Limits;
import konce.protocol.ServerLoad;
import konce.protocol.wire.CookieEcho;
import org.junit.jupiter.api.Test;

/// Work is good for whom it was done, once, and for a while: stockpiled, copied, transferred and late work fails.
final class BoundWorkTest {
    private static final long EFFORT = 500;
    private static final Address ELSEWHERE = Address.parse("203.0.113.77:40000");
    private static final int COPIES = 1_000_000;
    private static final int HOARD = 200;

    private static MemorySegment worked(Rig rig) {
        Candidate candidate = rig.candidate();
        MemorySegment echo = rig.honest(candidate, null, SecretKey.generate(rig.vault, rig.random));
        Rig.solve(echo, candidate);
        return echo;
    }

    private static void serve(Rig rig) {
        ServerAgreement agreement = Objects.requireNonNull(rig.server.takeAgreement());
        agreement.run();
        if (rig.server.finish(rig.nowNanos, agreement) instanceof ServerAgreement.Result.Accepted accepted) {
            accepted.keys().close();
        }
    }

    // = docs/spec/03-handshake.md R3.26
    /// Goal, threats row 3: work done in advance is worth nothing once its cookie has expired, however much of it
    /// there
    /// is; nor is late work. Method: a hoard of worked packets, fired at once after a cookie's life; one fired in
    /// time.
    @Test
    void threat3_aHoardIsWorthNothingAfterItsTime() {
        try (Rig rig = new Rig(EFFORT)) {
            List<MemorySegment> hoard = new ArrayList<>();
            SecretKey b = SecretKey.generate(rig.vault, rig.random);
            for (int i = 0; i < HOARD; i++) {
                Candidate candidate = rig.candidate();
                MemorySegment echo = rig.honest(candidate, null, b);
                Rig.solve(echo, candidate);
                hoard.add(echo);
            }
            assertEquals(DropReason.NONE, rig.server.handleCookieEcho(rig.nowNanos, Rig.CLIENT, hoard.removeLast()));
            serve(rig);
            long late = rig.nowNanos + Limits.COOKIE_LIFETIME_NANOS + 1_000_000_000L;
            for (MemorySegment echo : hoard) {
                assertNotEquals(DropReason.NONE, rig.server.handleCookieEcho(late, Rig.CLIENT, echo));
            }
            assertNull(rig.server.takeAgreement());
            b.close();
        }
    }

    // = docs/spec/03-handshake.md R3.6
    /// Goal, threats row 4: a million copies of one worked packet are one agreement, also from other addresses; and
    /// none
    /// at another process of the server.
    @Test
    void threat4_aMillionCopiesAreOneAgreement() {
        try (Rig rig = new Rig(EFFORT);
                Rig another = new Rig(EFFORT)) {
            MemorySegment echo = worked(rig);
            assertEquals(DropReason.NONE, rig.server.handleCookieEcho(rig.nowNanos, Rig.CLIENT, echo));
            for (int i = 1; i < COPIES; i++) {
                Address from = i % 2 == 0 ? Rig.CLIENT : ELSEWHERE;
                assertEquals(DropReason.ALREADY_ACCEPTED, rig.server.handleCookieEcho(rig.nowNanos, from, echo));
            }
            assertNotEquals(DropReason.NONE, another.server.handleCookieEcho(another.nowNanos, Rig.CLIENT, echo));
            Objects.requireNonNull(rig.server.takeAgreement()).transientKey().release();
            assertNull(rig.server.takeAgreement());
        }
    }

    // = docs/spec/03-handshake.md R3.7
    /// Goal, threats row 5: work is of use to nobody else: not from another address, not for another client,
    /// another B,
    /// another message or another effort.
    @Test
    void threat5_transferredWorkIsRefused() {
        try (Rig rig = new Rig(EFFORT)) {
            MemorySegment echo = worked(rig);
            assertRefused(DropReason.COOKIE_WRONG, rig, ELSEWHERE, echo);
            MemorySegment client = Rig.copy(echo);
            client.set(Rig.LONG, CookieEcho.COOKIE, ~client.get(Rig.LONG, CookieEcho.COOKIE));
            assertRefused(DropReason.COOKIE_WRONG, rig, Rig.CLIENT, client);
            MemorySegment thief = Rig.copy(echo);
            try (SecretKey other = SecretKey.generate(rig.vault, rig.random)) {
                other.publicKey().writeTo(thief, CookieEcho.TRANSIENT_KEY);
            }
            assertRefused(DropReason.SOLUTION_WRONG, rig, Rig.CLIENT, thief);
            MemorySegment message = Rig.copy(echo);
            message.set(Rig.INT, message.byteSize() - 4, ~message.get(Rig.INT, message.byteSize() - 4));
            assertRefused(DropReason.SOLUTION_WRONG, rig, Rig.CLIENT, message);
            MemorySegment claimed = Rig.copy(echo);
            claimed.set(Rig.INT, CookieEcho.EFFORT_OFFERED, (int) (1L << 31));
            assertRefused(DropReason.SOLUTION_WRONG, rig, Rig.CLIENT, claimed);
            MemorySegment another = worked(rig);
            another.set(Rig.LONG, CookieEcho.SOLUTION, echo.get(Rig.LONG, CookieEcho.SOLUTION));
            assertRefused(DropReason.SOLUTION_WRONG, rig, Rig.CLIENT, another);
            assertEquals(DropReason.NONE, rig.server.handleCookieEcho(rig.nowNanos, Rig.CLIENT, echo));
            serve(rig);
        }
    }

    private static void assertRefused(DropReason why, Rig rig, Address from, MemorySegment echo) {
        assertEquals(why, rig.server.handleCookieEcho(rig.nowNanos, from, echo));
        assertNull(rig.server.takeAgreement());
    }

    // = docs/spec/03-handshake.md R3.42
    /// Goal, threats row 15: nobody can make an address a burden by writing it into packets. Method: junk of every
    /// kind
    /// from an address, then what that address is asked for.
    @Test
    void threat15_junkInAnothersNameCostsItNothing() {
        try (Rig rig = new Rig(ServerLoad.LIVE)) {
            Candidate candidate = rig.candidate();
            MemorySegment echo = rig.honest(candidate, null, SecretKey.generate(rig.vault, rig.random));
            Rig.solve(echo, candidate);
            for (int i = 0; i < 20 * Limits.STANDING_ALLOWANCE; i++) {
                MemorySegment junk = Rig.copy(echo);
                junk.set(Rig.LONG, i % 2 == 0 ? CookieEcho.AUTHENTICATOR : CookieEcho.SEQUENCE, i);
                assertNotEquals(DropReason.NONE, rig.server.handleCookieEcho(rig.nowNanos, Rig.CLIENT, junk));
                MemorySegment idle = Rig.copy(echo);
                idle.set(Rig.INT, CookieEcho.EFFORT_OFFERED, -1);
                assertEquals(DropReason.SOLUTION_WRONG, rig.server.handleCookieEcho(rig.nowNanos, Rig.CLIENT, idle));
            }
            assertEquals(0, rig.candidate().effort());
        }
    }
}
