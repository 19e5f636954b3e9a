package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import konce.crypto.KeyEncapsulation;
import konce.protocol.CloseReason;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.PeerOffence;
import konce.protocol.SendOptions;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.FrameWriter;
import konce.protocol.wire.PacketType;
import konce.protocol.wire.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// ML-KEM-768 enters the keys of a channel.
final class PostQuantumTest {
    private static final long SECOND = 1_000 * Pair.MILLI;
    private static final EndpointConfig QUANTUM = EndpointConfig.CLIENT;
    private static final EndpointConfig CLASSICAL = EndpointConfig.CLIENT.withKeys(KeyPolicy.DEFAULT.classical());
    private static final SendOptions MARKED = SendOptions.REQUEST.withPostQuantum();

    private static boolean isPostQuantum(Pair pair, Endpoint endpoint) {
        return endpoint.channels(pair.nowNanos).getFirst().postQuantum();
    }

    private static Event.KeysRenewed renewed(List<Event> events) {
        return events.stream()
                .filter(Event.KeysRenewed.class::isInstance)
                .map(Event.KeysRenewed.class::cast)
                .findFirst()
                .orElseThrow();
    }

    // = docs/spec/04-protection.md R4.14
    /// Goal: the secret enters where both sides have it on, and only there; messages go either way.
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void whereBothWantIt(boolean client, boolean server) {
        try (Pair pair = new Pair(0, client ? QUANTUM : CLASSICAL, server ? QUANTUM : CLASSICAL)) {
            long ticket = pair.send("hello");
            pair.run(SECOND);
            assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket));
            assertEquals(client && server, isPostQuantum(pair, pair.client));
            assertEquals(client && server, isPostQuantum(pair, pair.server));
            if (client && server) {
                assertEquals(1, renewed(pair.clientEvents).phase());
                assertTrue(renewed(pair.serverEvents).postQuantum());
            }
            ticket = pair.send("and on");
            pair.run(SECOND);
            assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket));
        }
    }

    // = docs/spec/04-protection.md R4.19
    /// Goal: before the server has taken the work as done, it sends and computes nothing of this; and the packets
    /// of the
    /// handshake carry none of it. Method: hold everything back from the COOKIE-ACK on, and count.
    @Test
    void nothingOfItBeforeTheWorkIsProven() {
        try (Pair pair = new Pair(64, QUANTUM, QUANTUM)) {
            pair.carries = (_, packet) -> (packet[0] & PacketType.TYPE_MASK) != PacketType.COOKIE_ACK;
            pair.send("hello");
            pair.run(300 * Pair.MILLI);
            pair.toServer.forEach(packet -> assertFalse((packet[0] & PacketType.TYPE_MASK) == PacketType.DATA));
            assertTrue(pair.toServer.stream()
                            .mapToInt(packet -> packet.length)
                            .max()
                            .orElse(0)
                    < KeyEncapsulation.PUBLIC_KEY_BYTES);
        }
    }

    // = docs/spec/04-protection.md R4.20
    /// Goal: a channel of one question and its answer costs neither side the arithmetic; one that lives on gets its
    /// keys,
    /// and at once where a message waits for them. Method: count the steps that were computed.
    @Test
    void aShortChannelComputesNothingOfIt() {
        try (Lab lab = new Lab()) {
            long ticket = lab.send("hello");
            for (int i = 0; i < 200 && lab.outcome(ticket) == null; i++) {
                lab.run(Lab.MILLI);
            }
            assertInstanceOf(Outcome.Replied.class, lab.outcome(ticket));
            lab.run(Limits.EXCHANGE_DELAY_NANOS - 2 * Lab.MILLI);
            assertEquals(0, lab.encapsulationJobs);
            long channel = lab.client.channels(lab.nowNanos).getFirst().channel();
            lab.client.closeChannel(lab.nowNanos, channel, 0, "");
            lab.run(Lab.SECOND);
            assertEquals(0, lab.encapsulationJobs);
            // one that lives on
            lab.send("hello again");
            lab.run(Lab.SECOND);
            assertEquals(3, lab.encapsulationJobs);
        }
        try (Lab lab = new Lab()) {
            long marked = lab.send(lab.target(), "secret for long", MARKED);
            lab.run(4 * lab.oneWayNanos + Limits.ACK_DELAY_NANOS_MAX);
            assertEquals(1, lab.encapsulationJobs, "as soon as the COOKIE-ACK has opened");
            lab.run(Lab.SECOND);
            assertInstanceOf(Outcome.Replied.class, lab.outcome(marked));
        }
    }

    // = docs/spec/04-protection.md R4.17
    /// Goal: a marked message waits for the keys, in the first flight and later, and no part of it leaves before;
    /// one
    /// that is not marked does not wait. Method: the keys' exchange is held up.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMarkedMessageWaits(boolean first) {
        try (Pair pair = new Pair(0, QUANTUM, QUANTUM)) {
            if (!first) {
                pair.send("to begin with");
                // the COOKIE-ACK has come, the key has not arrived
                pair.run(45 * Pair.MILLI);
            }
            long marked = pair.send(pair.target(), Pair.text("secret for long"), MARKED);
            long plain = pair.send("at once");
            assertEquals(first ? 0 : 1, pair.client.channels(pair.nowNanos).size());
            for (int i = 0; i < 1_000 && !isEstablished(pair); i++) {
                pair.run(Pair.MILLI);
                assertTrue(arrivals(pair, "secret for long") == 0 || isEstablished(pair));
            }
            pair.run(SECOND);
            assertInstanceOf(Outcome.Replied.class, pair.outcome(marked));
            assertInstanceOf(Outcome.Replied.class, pair.outcome(plain));
            assertEquals(1, arrivals(pair, "secret for long"));
        }
    }

    private static boolean isEstablished(Pair pair) {
        return !pair.client.channels(pair.nowNanos).isEmpty() && isPostQuantum(pair, pair.client);
    }

    private static int arrivals(Pair pair, String text) {
        return (int) pair.events(pair.serverEvents, Event.MessageArrived.class).stream()
                .filter(message -> Pair.text(message.payload()).equals(text))
                .count();
    }

    // = docs/spec/04-protection.md R4.17
    /// Goal: where the keys never come a marked message is not sent, on a channel that is there and one that is
    /// made.
    @ParameterizedTest
    @CsvSource({"true, false", "false, true"})
    void aMarkedMessageIsNotSentWhereItWouldWaitForEver(boolean client, boolean server) {
        try (Pair pair = new Pair(0, client ? QUANTUM : CLASSICAL, server ? QUANTUM : CLASSICAL)) {
            long first = pair.send(pair.target(), Pair.text("marked"), MARKED);
            pair.run(SECOND);
            long later = pair.send(pair.target(), Pair.text("marked"), MARKED);
            pair.run(SECOND);
            assertInstanceOf(Outcome.NotSent.class, pair.outcome(first));
            assertInstanceOf(Outcome.NotSent.class, pair.outcome(later));
            assertEquals(0, arrivals(pair, "marked"));
        }
    }

    // = docs/spec/04-protection.md R4.17
    /// Goal: where an operator requires it every message is as if marked, the server's replies too; and to a peer
    /// that
    /// has turned it off none is sent.
    @Test
    void anOperatorCanRequireIt() {
        EndpointConfig requiring = EndpointConfig.CLIENT.withKeys(KeyPolicy.DEFAULT.requiringPostQuantum());
        try (Pair pair = new Pair(0, requiring, requiring)) {
            long ticket = pair.send("not marked");
            for (int i = 0; i < 1_000 && !isEstablished(pair); i++) {
                pair.run(Pair.MILLI);
                assertTrue(arrivals(pair, "not marked") == 0 || isEstablished(pair));
            }
            pair.run(SECOND);
            assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket));
        }
        try (Pair pair = new Pair(0, requiring, CLASSICAL)) {
            long ticket = pair.send("not marked");
            pair.run(SECOND);
            assertInstanceOf(Outcome.NotSent.class, pair.outcome(ticket));
            assertEquals(0, arrivals(pair, "not marked"));
        }
        try (Pair pair = new Pair(0, CLASSICAL, requiring)) {
            long ticket = pair.send("not marked");
            pair.run(SECOND);
            assertEquals(1, arrivals(pair, "not marked"));
            assertNull(pair.outcome(ticket), "the reply is not sent");
        }
    }

    /// Goal: a marked message that is given up while it waits is forgotten.
    @Test
    void aWaitingMessageCanBeCancelled() {
        try (Pair pair = new Pair(0, QUANTUM, QUANTUM)) {
            long ticket = pair.send(pair.target(), Pair.text("never mind"), MARKED);
            pair.client.cancel(pair.nowNanos, ticket);
            pair.drain();
            assertInstanceOf(Outcome.Cancelled.class, pair.outcome(ticket));
            pair.send("hello");
            pair.run(SECOND);
            assertEquals(0, arrivals(pair, "never mind"));
        }
    }

    // = docs/spec/04-protection.md R4.15
    /// Goal: losses, disorder and updates asked for in the middle change nothing: every channel gets the secret, in
    /// phase 1. Method: 60 bad networks.
    @Test
    void badNetworksOnlyDelayIt() {
        for (int seed = 0; seed < 60; seed++) {
            try (Pair pair = new Pair(0, QUANTUM, QUANTUM)) {
                Random random = new Random(seed);
                pair.carries = (_, _) -> {
                    pair.oneWayNanos = (5 + random.nextInt(60)) * Pair.MILLI;
                    return random.nextInt(4) > 0;
                };
                long ticket = pair.send(pair.target(), Pair.text("through"), MARKED);
                for (int i = 0; i < 20; i++) {
                    pair.run(50 * Pair.MILLI);
                    pair.client.channels(pair.nowNanos).forEach(channel -> pair.client.updateKeys(channel.channel()));
                    pair.server.channels(pair.nowNanos).forEach(channel -> pair.server.updateKeys(channel.channel()));
                    pair.drain();
                }
                pair.run(20 * SECOND);
                assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket), "seed " + seed);
                assertEquals(1, renewed(pair.clientEvents).phase(), "seed " + seed);
                assertTrue(renewed(pair.clientEvents).postQuantum(), "seed " + seed);
            }
        }
    }

    // = docs/spec/04-protection.md R4.16
    /// Goal: a ciphertext that is another on its way fails closed: the client's next packets do not open, nothing
    /// of
    /// them is handed up, nothing tells why. Method: alter it where the server has just made it; every byte of it
    /// is
    /// tried in `KeyEncapsulationTest`, some here.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 543, 544, 959, 960, 1_087})
    void anAlteredCiphertextFailsClosed(int at) {
        try (Lab lab = new Lab()) {
            lab.holdsJobs = true;
            lab.send("hello");
            long marked = lab.send(lab.target(), "never heard", MARKED);
            for (int i = 0; i < 200; i++) {
                lab.run(Lab.MILLI);
                Job job = lab.held.poll();
                if (job != null) {
                    lab.finish(job, () -> alter(job, at));
                }
            }
            lab.holdsJobs = false;
            lab.run(50 * Lab.SECOND);
            assertTrue(lab.server.dropped(DropReason.NOT_AUTHENTIC) > 0);
            assertFalse(Objects.requireNonNull(lab.outcome(marked)) instanceof Outcome.Replied);
            assertEquals(1, lab.arrived(), "what was not marked");
            List<Event.ChannelClosed> closed = Lab.events(lab.serverEvents, Event.ChannelClosed.class);
            assertInstanceOf(CloseReason.PeerGone.class, closed.getFirst().reason());
            assertEquals(
                    1, Lab.events(lab.clientEvents, Event.ChannelClosed.class).size());
        }
    }

    private static void alter(Job job, int at) {
        if (job instanceof EncapsulationJob step && step.step() == EncapsulationJob.Step.ENCAPSULATE) {
            MemorySegment ciphertext = step.ciphertext();
            ciphertext.set(ValueLayout.JAVA_BYTE, at, (byte) (ciphertext.get(ValueLayout.JAVA_BYTE, at) ^ 0x10));
        }
    }

    /// Goal: a channel that goes while its step is computed leaves no secret behind. Method: close each side while
    /// each
    /// job is out; the lab counts.
    @ParameterizedTest
    @CsvSource({"0, true", "0, false", "1, true", "1, false", "2, true", "2, false"})
    void aStepThatComesBackTooLateIsWiped(int which, boolean byClient) {
        try (Lab lab = new Lab()) {
            lab.send("hello");
            // until just before the COOKIE-ACK arrives
            lab.run(39 * Lab.MILLI);
            lab.holdsJobs = true;
            for (int i = 0; i < which; i++) {
                runUntilHeld(lab);
                lab.finish(Objects.requireNonNull(lab.held.poll()));
            }
            runUntilHeld(lab);
            Endpoint endpoint = byClient ? lab.client : lab.server;
            endpoint.closeChannel(
                    lab.nowNanos, endpoint.channels(lab.nowNanos).getFirst().channel(), 0, "");
            lab.run(5 * Lab.SECOND);
            assertNotNull(lab.held.peek());
        }
    }

    private static void runUntilHeld(Lab lab) {
        for (int i = 0; i < 500 && lab.held.isEmpty(); i++) {
            lab.run(Lab.MILLI);
        }
        assertFalse(lab.held.isEmpty());
    }

    // ---- hostile clients

    private static PeerOffence offence(long encapsulation, Consumer<ByteWriter> frames) {
        try (Pair pair = new Pair();
                HostilePeer peer = new HostilePeer(pair, null, out -> {})
                        .saying(new Settings(
                                5,
                                1,
                                Limits.CREDIT_BYTES_DEFAULT,
                                1_000_000,
                                60 * SECOND,
                                encapsulation,
                                List.of(),
                                null))) {
            peer.connect();
            peer.send(frames);
            pair.run(100 * Pair.MILLI);
            List<Event.ChannelClosed> closed = pair.events(pair.serverEvents, Event.ChannelClosed.class);
            return ((CloseReason.Offence) closed.getFirst().reason()).offence();
        }
    }

    private static void pieces(ByteWriter out, int bytes, int... pieces) {
        MemorySegment noise = Arena.ofAuto().allocate(600).fill((byte) 0xFF);
        for (int piece : pieces) {
            FrameWriter.encapsulation(out, piece, noise, 0, bytes);
        }
    }

    // = docs/spec/04-protection.md R4.18
    /// Goal: what is no key, a piece of another size, a third piece, or a piece where nothing was agreed on, ends
    /// the
    /// channel.
    @Test
    void malformedPiecesEndTheChannel() {
        assertEquals(PeerOffence.FRAME_MALFORMED, offence(0, out -> pieces(out, 592, 0)));
        assertEquals(PeerOffence.FRAME_MALFORMED, offence(2, out -> pieces(out, 592, 0)));
        assertEquals(PeerOffence.FRAME_MALFORMED, offence(1, out -> pieces(out, 591, 0)));
        assertEquals(PeerOffence.FRAME_MALFORMED, offence(1, out -> pieces(out, 593, 1)));
        assertEquals(PeerOffence.FRAME_MALFORMED, offence(1, out -> pieces(out, 592, 2)));
        assertEquals(PeerOffence.FRAME_MALFORMED, offence(1, out -> pieces(out, 592, 0, 1)), "no key");
    }

    /// Goal: pieces that come again and again cost nothing: no job, no secret, no answer but acknowledgements.
    @Test
    void repeatedPiecesAreIgnored() {
        try (Pair pair = new Pair();
                HostilePeer peer = new HostilePeer(pair, null, out -> {})
                        .saying(new Settings(
                                5, 1, Limits.CREDIT_BYTES_DEFAULT, 1_000_000, 60 * SECOND, 1, List.of(), null))) {
            peer.connect();
            int secrets = pair.vault.secretsLive();
            for (int i = 0; i < 5_000; i++) {
                assertEquals(DropReason.NONE, peer.send(out -> pieces(out, 592, 0)));
            }
            assertEquals(secrets, pair.vault.secretsLive());
            assertNull(pair.server.pollJob());
            assertTrue(pair.events(pair.serverEvents, Event.ChannelClosed.class).isEmpty());
        }
    }
}
