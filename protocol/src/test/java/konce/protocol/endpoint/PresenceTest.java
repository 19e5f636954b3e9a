package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import konce.crypto.SecretKey;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.Refusal;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import konce.protocol.wire.PacketType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Peers at rest: after a channel has ended, a message of one packet needs no handshake.
final class PresenceTest {
    private static final long PATIENCE = 40 * Lab.SECOND;

    /// A lab in which a request was answered, and the channel has ended since.
    private static Lab atRest() {
        Lab lab = new Lab(Lab.Setup.PLAIN);
        lab.client.keepPresences(4);
        lab.server.keepPresences(4);
        assertInstanceOf(Outcome.Replied.class, lab.settle(lab.send("hello"), Lab.SECOND));
        long channel = lab.client.channels(lab.nowNanos).getFirst().channel();
        lab.client.closeChannel(lab.nowNanos, channel, 0, "");
        lab.run(5 * Lab.SECOND);
        assertTrue(lab.client.channels(lab.nowNanos).isEmpty());
        assertTrue(lab.server.channels(lab.nowNanos).isEmpty());
        assertEquals(1, lab.client.atRest().count());
        assertEquals(1, lab.server.atRest().count());
        lab.toServer.clear();
        lab.toClient.clear();
        return lab;
    }

    private static List<Event.PresenceMessage> arrived(Lab lab) {
        return Lab.events(lab.serverEvents, Event.PresenceMessage.class);
    }

    private static String text(MemorySegment payload) {
        return new String(
                payload.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), java.nio.charset.StandardCharsets.UTF_8);
    }

    // = docs/spec/08-presence.md R8.1
    // = docs/spec/08-presence.md R8.2
    /// Goal: request and reply take one packet each and no handshake, and the server learns who asks.
    @Test
    void aRequestAndItsReplyAreOnePacketEach() {
        try (Lab lab = atRest()) {
            Outcome outcome = lab.settle(lab.send("again"), Lab.SECOND);
            assertEquals(
                    "again",
                    text(assertInstanceOf(Outcome.Replied.class, outcome).payload()));
            assertEquals(1, lab.toServer.size());
            assertEquals(1, lab.toClient.size());
            assertTrue(Lab.isOf(lab.toServer.getFirst(), PacketType.DATA));
            Event.PresenceMessage message = arrived(lab).getFirst();
            assertEquals(lab.clientKey.publicKey(), message.peer());
            assertEquals(Lab.CLIENT, message.remote());
            assertTrue(message.presence() < 0);
        }
    }

    // = docs/spec/08-presence.md R8.3
    /// Goal: what is too long, and what comes while another waits, takes a channel; so does the server's word to a
    /// peer
    /// whose address only the presence knows.
    @ParameterizedTest
    @ValueSource(ints = {Limits.PRESENCE_PAYLOAD_BYTES_MAX, Limits.PRESENCE_PAYLOAD_BYTES_MAX + 1, 60_000})
    void whatDoesNotFitTakesAChannel(int bytes) {
        try (Lab lab = atRest()) {
            Target nowhere = new Target.Peer(lab.wanted, List.of(), lab.clientKey, null);
            long ticket = lab.send(nowhere, "x".repeat(bytes), SendOptions.REQUEST);
            Outcome.Replied replied = assertInstanceOf(Outcome.Replied.class, lab.settle(ticket, 10 * Lab.SECOND));
            assertEquals(bytes, replied.payload().byteSize());
            assertEquals(bytes > Limits.PRESENCE_PAYLOAD_BYTES_MAX, lab.opened() == 2);
        }
    }

    // = docs/spec/04-protection.md R4.21
    /// Goal: a message that waits for post-quantum keys takes a channel, as a presence has none.
    @Test
    void aMarkedMessageTakesAChannel() {
        try (Lab lab = atRest()) {
            long ticket = lab.send(lab.target(), "secret for long", SendOptions.REQUEST.withPostQuantum());
            assertInstanceOf(Outcome.Replied.class, lab.settle(ticket, 10 * Lab.SECOND));
            assertEquals(0, arrived(lab).size());
            assertEquals(2, lab.opened());
        }
    }

    // = docs/spec/08-presence.md R8.3
    /// Goal: two messages at once: one goes to the presence, the other makes a channel, and both are answered.
    @Test
    void oneAtATimeGoesToAPresence() {
        try (Lab lab = atRest()) {
            long first = lab.send("first");
            long second = lab.send("second");
            assertInstanceOf(Outcome.Replied.class, lab.settle(first, Lab.SECOND));
            assertInstanceOf(Outcome.Replied.class, lab.settle(second, Lab.SECOND));
            assertEquals(1, arrived(lab).size());
            assertEquals(2, lab.opened());
        }
    }

    // = docs/spec/08-presence.md R8.4
    /// Goal: with every third packet lost, and every packet twice, each request is answered and no handler runs
    /// twice.
    @Test
    void losesNothingAndRunsNothingTwice() {
        try (Lab lab = atRest()) {
            int[] count = {0};
            lab.attacker = (_, packet) -> ++count[0] % 3 == 0 ? List.of() : List.of(packet, packet.clone());
            for (int i = 0; i < 60; i++) {
                String text = "number " + i;
                Outcome outcome = lab.settle(lab.send(text), PATIENCE);
                assertEquals(
                        text,
                        text(assertInstanceOf(Outcome.Replied.class, outcome).payload()));
            }
            assertEquals(60, arrived(lab).size());
            assertEquals(1, lab.opened());
        }
    }

    // = docs/spec/08-presence.md R8.4
    /// Goal, threats row 25: a packet that comes again is refused, also much later and from elsewhere, and moves
    /// nothing.
    @Test
    void threat25_aReplayedPacketIsRefused() {
        try (Lab lab = atRest()) {
            lab.settle(lab.send("once"), Lab.SECOND);
            byte[] packet = lab.toServer.getFirst();
            for (int i = 0; i < 200; i++) {
                assertInstanceOf(Outcome.Replied.class, lab.settle(lab.send("more"), Lab.SECOND));
                assertEquals(
                        i < 64 ? DropReason.REPLAYED : DropReason.NOT_AUTHENTIC,
                        lab.inject(true, Lab.STRANGER, packet.clone()));
            }
            lab.toClient.clear();
            byte[] flipped = packet.clone();
            flipped[packet.length - 1] ^= 1;
            assertEquals(DropReason.NOT_AUTHENTIC, lab.inject(true, flipped));
            assertEquals(DropReason.BAD_LENGTH, lab.inject(true, Arrays.copyOf(packet, 20)));
            assertEquals(0, lab.toClient.size(), "no answer to any of them");
            assertEquals(201, arrived(lab).size());
        }
    }

    // = docs/spec/08-presence.md R8.5
    /// Goal: a peer that moves is answered where it is, and a copy of an older packet does not take it elsewhere.
    @Test
    void aPeerIsAnsweredWhereItIs() {
        try (Lab lab = atRest()) {
            lab.attacker = (toServer, packet) -> toServer ? List.of() : List.of(packet);
            lab.send("moved");
            byte[] packet = lab.toServer.getFirst();
            Address moved = Address.parse("198.51.100.99:1234");
            assertEquals(DropReason.NONE, lab.inject(true, moved, packet.clone()));
            assertEquals(moved, lab.remote);
        }
    }

    // = docs/spec/08-presence.md R8.4
    /// Goal: a message for a handler that does not exist is refused, and a one-way message is delivered.
    @Test
    void refusalsAndDeliveriesAreSaid() {
        try (Lab lab = atRest()) {
            Outcome delivered = lab.settle(lab.send(lab.target(), "one way", SendOptions.ONE_WAY), Lab.SECOND);
            assertInstanceOf(Outcome.Delivered.class, delivered);
            lab.server.closeHandler(0, Lab.ECHO);
            Outcome refused = lab.settle(lab.send("nobody"), Lab.SECOND);
            assertEquals(new Outcome.Refused(Refusal.NO_SUCH_HANDLER), refused);
        }
    }

    // = docs/spec/08-presence.md R8.6
    /// Goal: a server keeps what its client keeps, whichever of several handshakes that is of. Method: it keeps
    /// nothing
    /// while nothing but handshakes reaches it, however often; and the first packet of the channel decides.
    @Test
    void aServerKeepsWhatItsClientTook() {
        try (Lab lab = new Lab(Lab.Setup.PLAIN)) {
            lab.client.keepPresences(4);
            lab.server.keepPresences(4);
            lab.attacker =
                    (toServer, packet) -> toServer && Lab.isOf(packet, PacketType.DATA) ? List.of() : List.of(packet);
            assertInstanceOf(Outcome.Replied.class, lab.settle(lab.send("hello"), Lab.SECOND));
            assertEquals(1, lab.client.atRest().count());
            assertEquals(0, lab.server.atRest().count());
            lab.attacker = (_, packet) -> List.of(packet);
            lab.run(Lab.SECOND);
            assertEquals(1, lab.server.atRest().count());
        }
    }

    // = docs/spec/08-presence.md R8.8
    /// Goal: a presence that is silent for longer than it may be falls, and comes back by a handshake; one that
    /// talks
    /// stays. Method: sixty seconds of silence are allowed; ask every 40 seconds, then be silent.
    @Test
    void theSilentFallAndReturn() {
        try (Lab lab = new Lab(Lab.Setup.PLAIN)) {
            lab.client.keepPresences(4);
            lab.server.keepPresences(4, 60 * Lab.SECOND);
            lab.settle(lab.send("hello"), Lab.SECOND);
            long channel = lab.client.channels(lab.nowNanos).getFirst().channel();
            lab.client.closeChannel(lab.nowNanos, channel, 0, "");
            for (int i = 0; i < 5; i++) {
                lab.run(40 * Lab.SECOND);
                assertInstanceOf(Outcome.Replied.class, lab.settle(lab.send("still here"), Lab.SECOND));
            }
            assertEquals(1, lab.server.atRest().count());
            assertEquals(5, arrived(lab).size());
            lab.run(70 * Lab.SECOND);
            assertEquals(0, lab.server.atRest().count());
            SendOptions options = SendOptions.REQUEST.withReplyTimeout(3 * Lab.SECOND);
            lab.settle(lab.send(lab.target(), "who?", options), 5 * Lab.SECOND);
            assertInstanceOf(Outcome.Replied.class, lab.settle(lab.send("me again"), 5 * Lab.SECOND));
            lab.run(Lab.SECOND);
            assertEquals(1, lab.server.atRest().count());
            assertEquals(
                    List.of(true, false, true),
                    Lab.events(lab.serverEvents, Event.PresenceChanged.class).stream()
                            .map(Event.PresenceChanged::isKept)
                            .toList());
        }
    }

    /// Goal: who is forgotten by its key is a stranger.
    @Test
    void aForgottenPeerIsAStranger() {
        try (Lab lab = atRest()) {
            lab.server.forgetPeer(lab.clientKey.publicKey(), List.of());
            assertEquals(0, lab.server.atRest().count());
        }
    }

    // = docs/spec/08-presence.md R8.7
    /// Goal: a peer that has forgotten us is not believed to be there: the message settles as too late, once, and
    /// the
    /// next takes a channel.
    @Test
    void aForgetfulPeerIsNoticed() {
        try (Lab lab = atRest()) {
            lab.restartServer();
            SendOptions options = SendOptions.REQUEST.withReplyTimeout(3 * Lab.SECOND);
            Outcome outcome = lab.settle(lab.send(lab.target(), "hello?", options), 5 * Lab.SECOND);
            assertEquals(new Outcome.ReplyTooLate(false), outcome);
            assertEquals(0, lab.client.atRest().count());
            assertInstanceOf(Outcome.Replied.class, lab.settle(lab.send("hello again"), 5 * Lab.SECOND));
        }
    }

    /// Goal: anonymous clients leave no presence, and more peers than there is room for are not kept while the
    /// others are
    /// fresh.
    @Test
    void onlyKnownPeersAreKept() {
        try (Lab lab = new Lab(Lab.Setup.PLAIN)) {
            lab.server.keepPresences(2);
            assertNotNull(
                    lab.settle(lab.send(lab.target(null, null, Lab.SERVER), "who?", SendOptions.REQUEST), Lab.SECOND));
            assertEquals(0, lab.server.atRest().count());
            List<SecretKey> identities = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                SecretKey identity = SecretKey.generate(lab.vault, lab.random);
                identities.add(identity);
                assertNotNull(lab.settle(
                        lab.send(lab.target(identity, null, Lab.SERVER), "I", SendOptions.REQUEST), Lab.SECOND));
                lab.run(Lab.SECOND / 10); // until the server has heard its client
                assertEquals(Math.min(i + 1, 2), lab.server.atRest().count());
            }
            identities.forEach(SecretKey::close);
            assertFalse(lab.server.atRest().count() > 2);
            assertNull(lab.outcome(-1));
        }
    }
}
