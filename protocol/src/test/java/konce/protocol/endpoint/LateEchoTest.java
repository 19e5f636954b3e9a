package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.ArrayList;
import java.util.List;
import konce.crypto.PublicKey;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.wire.PacketType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A COOKIE-ECHO that somebody held back.
final class LateEchoTest {
    private static final long SECOND = 1_000 * Pair.MILLI;

    // = docs/spec/03-handshake.md R3.30
    /// Goal: a message runs once, although a COOKIE-ECHO that carries it comes when another of the same attempt has
    /// long been
    /// accepted, confirmed, and perhaps closed. Method: everything sent under the first cookie is held back, and
    /// delivered so
    /// many seconds after the second was accepted.
    @ParameterizedTest
    @CsvSource({"0, false", "1, false", "10, false", "25, false", "1, true", "10, true", "25, true"})
    void doesNotRunItsMessageAgain(long lateSeconds, boolean closed) {
        try (Pair pair = new Pair()) {
            List<byte[]> heldBack = new ArrayList<>();
            int[] initAcks = {0};
            pair.carries = (toServer, packet) -> {
                initAcks[0] += packet[0] == PacketType.INIT_ACK ? 1 : 0;
                boolean held = toServer && packet[0] == PacketType.COOKIE_ECHO && initAcks[0] == 1;
                if (held) {
                    heldBack.add(packet);
                }
                return !held;
            };
            long ticket = pair.send("once");
            pair.run(2 * SECOND);
            assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket));
            if (closed) {
                long channel = pair.events(pair.clientEvents, Event.ChannelOpened.class)
                        .getFirst()
                        .channel();
                pair.client.closeChannel(pair.nowNanos, channel, 0, "");
            }
            pair.run(lateSeconds * SECOND);
            heldBack.forEach(packet -> pair.deliver(true, packet));
            pair.run(SECOND);
            assertEquals(
                    1,
                    pair.events(pair.serverEvents, Event.MessageArrived.class).size());
            assertEquals(
                    1, pair.events(pair.serverEvents, Event.ChannelOpened.class).size());
        }
    }

    // = docs/spec/03-handshake.md R3.61
    /// Goal: a COOKIE-ECHO that was overtaken by the next of its attempt does not take the channel back to keys
    /// that the
    /// client has not. Method: what was sent under the first cookie comes after the second was accepted, and before
    /// the
    /// server has heard its client.
    @Test
    void anOvertakenEchoChangesNoKeys() {
        try (Pair pair = new Pair()) {
            List<byte[]> heldBack = new ArrayList<>();
            int[] initAcks = {0};
            boolean[] deaf = {true};
            pair.carries = (toServer, packet) -> {
                initAcks[0] += packet[0] == PacketType.INIT_ACK ? 1 : 0;
                boolean held = toServer && packet[0] == PacketType.COOKIE_ECHO && initAcks[0] == 1;
                if (held) {
                    heldBack.add(packet);
                }
                boolean unheard = toServer && deaf[0] && (packet[0] & PacketType.TYPE_MASK) == PacketType.DATA;
                return !held && !unheard;
            };
            long ticket = pair.send("once");
            pair.run(2 * SECOND);
            assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket));
            heldBack.forEach(packet -> pair.deliver(true, packet));
            deaf[0] = false;
            long next = pair.send("next");
            pair.run(2 * SECOND);
            assertInstanceOf(Outcome.Replied.class, pair.outcome(next));
            assertEquals(
                    2,
                    pair.events(pair.serverEvents, Event.MessageArrived.class).size());
        }
    }

    /// Goal: attempts are told apart by number and by identity, forgotten in time and only then, and never
    /// remembered beyond
    /// the limit.
    @Test
    void remembersForAsLongAsACookieIsGood() {
        RecentAttempts attempts = new RecentAttempts(5);
        long lifeNanos = Limits.ATTEMPT_NANOS_MAX + Limits.COOKIE_LIFETIME_NANOS;
        try (Pair pair = new Pair()) {
            PublicKey somebody = pair.clientKey.publicKey();
            assertEquals(DropReason.NONE, attempts.admit(0, 1, null));
            assertEquals(DropReason.NONE, attempts.admit(0, 1, somebody));
            assertEquals(DropReason.NONE, attempts.admit(1, 2, null));
            assertEquals(DropReason.ALREADY_ACCEPTED, attempts.admit(lifeNanos, 1, null));
            assertEquals(DropReason.ALREADY_ACCEPTED, attempts.admit(lifeNanos, 1, somebody));
            assertEquals(DropReason.NONE, attempts.admit(lifeNanos + 1, 1, null));
            assertEquals(DropReason.ALREADY_ACCEPTED, attempts.admit(lifeNanos + 1, 2, null));
        }
        RecentAttempts full = new RecentAttempts(6);
        for (int i = 0; i < Limits.RECENT_ATTEMPTS_MAX; i++) {
            assertEquals(DropReason.NONE, full.admit(0, i, null));
        }
        assertEquals(DropReason.BUSY, full.admit(lifeNanos, -1, null));
        assertEquals(DropReason.NONE, full.admit(lifeNanos + 1, -1, null));
    }
}
