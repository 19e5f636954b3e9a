package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import konce.protocol.CloseReason;
import konce.protocol.CongestionControl;
import konce.protocol.ConnectFailure;
import konce.protocol.Event;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.Refusal;
import konce.protocol.SendOptions;
import konce.protocol.ServerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How long channels live, and what a send settles as when they do not.
final class ChannelLifeTest {
    private static final long SECOND = 1_000 * Pair.MILLI;

    private static List<Event.ChannelClosed> closed(Pair pair) {
        return pair.events(pair.clientEvents, Event.ChannelClosed.class);
    }

    // = docs/spec/06-flow.md R6.17
    /// Goal: a channel on which nothing happens ends after the smaller of both sides' idle times, not before.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anIdleChannelEnds(boolean serverIsBrief) {
        EndpointConfig brief = EndpointConfig.CLIENT.withIdle(5 * SECOND);
        try (Pair pair =
                serverIsBrief ? new Pair(0, EndpointConfig.CLIENT, brief) : new Pair(0, brief, EndpointConfig.CLIENT)) {
            SendOptions options = SendOptions.REQUEST.withIdle(serverIsBrief ? 60 * SECOND : 5 * SECOND);
            pair.send(pair.target(), Pair.text("hello"), options);
            pair.run(5 * SECOND);
            assertEquals(0, closed(pair).size());
            pair.run(SECOND);
            CloseReason reason = closed(pair).getFirst().reason();
            assertTrue(
                    reason instanceof CloseReason.Idle || reason instanceof CloseReason.Remote,
                    () -> "closed: " + reason);
        }
    }

    // = docs/spec/06-flow.md R6.8
    /// Goal: a channel lives as long as a reply is waited for, however long the handler takes.
    @Test
    void waitingForAReplyKeepsTheChannel() {
        EndpointConfig brief = EndpointConfig.CLIENT.withIdle(2 * SECOND);
        try (Pair pair = new Pair(0, brief, brief)) {
            pair.echo = false;
            SendOptions options = SendOptions.REQUEST.withIdle(2 * SECOND).withReplyTimeout(60 * SECOND);
            long ticket = pair.send(pair.target(), Pair.text("slow"), options);
            pair.run(40 * SECOND);
            assertEquals(null, pair.outcome(ticket));
            pair.run(21 * SECOND);
            assertEquals(new Outcome.ReplyTooLate(true), pair.outcome(ticket));
            pair.run(10 * SECOND);
            assertEquals(1, closed(pair).size());
        }
    }

    // = docs/spec/06-flow.md R6.18
    /// Goal: a peer that vanishes is given up after thirty seconds without an acknowledgement, and sends
    /// settle.
    @Test
    void aVanishedPeerIsGivenUp() {
        EndpointConfig patient = EndpointConfig.CLIENT.withIdle(300 * SECOND);
        try (Pair pair = new Pair(0, patient, patient)) {
            SendOptions options = SendOptions.REQUEST.withIdle(300 * SECOND).withReplyTimeout(200 * SECOND);
            pair.send(pair.target(), Pair.text("hello"), options);
            pair.run(SECOND);
            pair.carries = (_, _) -> false;
            long ticket = pair.send(pair.target(), Pair.text("anybody"), options);
            pair.run(Limits.UNACKNOWLEDGED_NANOS_MAX - 1);
            assertEquals(null, pair.outcome(ticket));
            pair.run(SECOND);
            assertEquals(new Outcome.PeerGone(new CloseReason.PeerGone()), pair.outcome(ticket));
        }
    }

    // = docs/spec/07-messages.md R7.3
    /// Goal: whatever the line does, every send settles exactly once and no later than its deadline.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everySendSettlesOnce(long seed) {
        java.util.Random random = new java.util.Random(seed);
        try (Pair pair = new Pair()) {
            pair.carries = (_, _) -> random.nextInt(100) < (pair.nowNanos / SECOND % 5 == 0 ? 20 : 85);
            List<Long> tickets = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                SendOptions options = (random.nextBoolean() ? SendOptions.REQUEST : SendOptions.ONE_WAY)
                        .withReplyTimeout(1 + random.nextLong(8 * SECOND))
                        .withConnectTimeout(1 + random.nextLong(8 * SECOND))
                        .withPriority(random.nextInt(Limits.PRIORITY_MAX + 1));
                options = random.nextInt(5) == 0 ? options.withoutRetransmit() : options;
                MemorySegment payload =
                        MemorySegment.ofArray(new byte[random.nextInt(options.retransmit() ? 20_000 : 900)]);
                tickets.add(pair.send(pair.target(), payload, options));
                if (random.nextInt(10) == 0) {
                    pair.client.cancel(pair.nowNanos, tickets.get(random.nextInt(tickets.size())));
                }
                pair.run(random.nextLong(60 * Pair.MILLI));
            }
            pair.run(9 * SECOND);
            for (long ticket : tickets) {
                long settled = pair.events(pair.clientEvents, Event.MessageSettled.class).stream()
                        .filter(event -> event.ticket() == ticket)
                        .count();
                assertEquals(1, settled, "seed " + seed + ", ticket " + ticket);
            }
        }
    }

    // = docs/spec/03-handshake.md R3.17
    /// Goal: a server that asks for an identity tells an anonymous client so, and sees nothing of its message.
    @Test
    void anAnonymousClientIsTurnedAwayWhereAnIdentityIsAskedFor() {
        try (Pair keys = new Pair()) {
            EndpointConfig strict = EndpointConfig.CLIENT.withServer(new ServerConfig(keys.serverKey, true, 0, null));
            try (Pair pair = new Pair(EndpointConfig.CLIENT, strict, true)) {
                konce.protocol.Target.Peer target =
                        new konce.protocol.Target.Peer(keys.serverKey.publicKey(), List.of(Pair.SERVER), null, null);
                long ticket = pair.send(target, Pair.text("let me in"), SendOptions.REQUEST);
                pair.run(5 * SECOND);
                Outcome.CouldNotConnect outcome = assertInstanceOf(Outcome.CouldNotConnect.class, pair.outcome(ticket));
                ConnectFailure.Refused why = assertInstanceOf(ConnectFailure.Refused.class, outcome.why());
                assertEquals(Limits.CLOSE_IDENTITY_REQUIRED, why.code());
                assertEquals(
                        0,
                        pair.events(pair.serverEvents, Event.MessageArrived.class)
                                .size());
            }
        }
    }

    // = docs/spec/06-flow.md R6.10
    // = docs/spec/07-messages.md R7.7
    /// Goal: a server that takes little is not overrun, neither by the first packet nor later: everything it
    /// takes arrives, and what is too large is refused without holding up the rest.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 200})
    void aSmallServerIsNotOverrun(int messages) {
        int most = 1 << 15;
        EndpointConfig small = new EndpointConfig(
                null,
                List.of(1L),
                List.of(1L),
                most,
                Limits.CREDIT_BYTES_MIN,
                60 * SECOND,
                0,
                Limits.EFFORT_MAX_DEFAULT,
                1,
                Limits.DATAGRAM_BYTES_BASE,
                CongestionControl.PIPE,
                false,
                false,
                KeyPolicy.DEFAULT,
                false);
        try (Pair pair = new Pair(0, EndpointConfig.CLIENT, small)) {
            long huge = pair.send(pair.target(), MemorySegment.ofArray(new byte[most + 1]), SendOptions.REQUEST);
            List<Long> tickets = new ArrayList<>();
            for (int i = 0; i < messages; i++) {
                tickets.add(pair.send(pair.target(), MemorySegment.ofArray(new byte[most]), SendOptions.REQUEST));
                tickets.add(pair.send(pair.target(), Pair.text("little"), SendOptions.REQUEST));
            }
            pair.run(29 * SECOND);
            assertEquals(new Outcome.Refused(Refusal.TOO_LARGE), pair.outcome(huge));
            for (long ticket : tickets) {
                assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket));
            }
        }
    }

    // = docs/spec/07-messages.md R7.14
    /// Goal: a datagram that fits into no packet settles at once; one that just fits arrives, also as the
    /// server's first answer, which has least room.
    @Test
    void aDatagramFitsIntoOnePacketOrIsNotSent() {
        try (Pair pair = new Pair()) {
            int most = Limits.DATAGRAM_BYTES_BASE - Endpoint.DATAGRAM_OVERHEAD_BYTES;
            SendOptions once = SendOptions.REQUEST.withoutRetransmit();
            long tooLong = pair.send(pair.target(), MemorySegment.ofArray(new byte[most + 1]), once);
            assertInstanceOf(Outcome.NotSent.class, pair.outcome(tooLong));
            long fits = pair.send(pair.target(), MemorySegment.ofArray(new byte[most]), once);
            pair.run(SECOND);
            assertInstanceOf(Outcome.Replied.class, pair.outcome(fits));
        }
    }

    // = docs/spec/07-messages.md R7.14
    /// Goal: a server may answer its first message with the longest datagram at once, although its packets
    /// are then at their fullest, and does not send without end.
    @Test
    void theFirstAnswerMayBeTheLongestDatagram() {
        try (Pair pair = new Pair()) {
            pair.echo = false;
            long ticket = pair.send("what is it");
            pair.run(pair.oneWayNanos * 3);
            Event.MessageArrived asked =
                    pair.events(pair.serverEvents, Event.MessageArrived.class).getFirst();
            int most = Limits.DATAGRAM_BYTES_BASE - Endpoint.DATAGRAM_OVERHEAD_BYTES;
            pair.server.send(
                    pair.nowNanos,
                    new konce.protocol.Target.Channel(asked.channel()),
                    java.util.Objects.requireNonNull(asked.replyTo()),
                    MemorySegment.ofArray(new byte[most]),
                    SendOptions.ONE_WAY.withoutRetransmit());
            pair.drain();
            pair.run(SECOND);
            assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket));
        }
    }

    // = docs/spec/07-messages.md R7.8
    /// Goal: a datagram is sent once. When its packet is lost nobody hears of it again, and its send settles
    /// at its deadline.
    @Test
    void aLostDatagramStaysLost() {
        try (Pair pair = new Pair()) {
            pair.send("hello");
            pair.run(SECOND);
            pair.carries = (_, _) -> false;
            SendOptions once = SendOptions.ONE_WAY.withoutRetransmit().withReplyTimeout(10 * SECOND);
            long ticket = pair.send(pair.target(), Pair.text("gone"), once);
            pair.run(100 * Pair.MILLI);
            pair.carries = (_, _) -> true;
            pair.run(11 * SECOND);
            assertEquals(
                    1,
                    pair.events(pair.serverEvents, Event.MessageArrived.class).size());
            assertEquals(new Outcome.ReplyTooLate(false), pair.outcome(ticket));
        }
    }

    // = docs/spec/05-paths.md R5.5
    /// Goal: channels to one address share one window: two of them have no more under way than one would.
    @Test
    void channelsOfOneAddressShareItsWindow() {
        try (Pair pair = new Pair()) {
            long first = pair.send("first");
            long second = pair.send(pair.anonymous(), Pair.text("second"), SendOptions.REQUEST);
            pair.run(SECOND);
            assertInstanceOf(Outcome.Replied.class, pair.outcome(first));
            assertInstanceOf(Outcome.Replied.class, pair.outcome(second));
            assertEquals(2, pair.client.channels(pair.nowNanos).size());
            pair.carries = (toServer, _) -> !toServer;
            int before = pair.toServer.size();
            byte[] much = new byte[1 << 20];
            pair.send(pair.target(), MemorySegment.ofArray(much), SendOptions.REQUEST);
            pair.send(pair.anonymous(), MemorySegment.ofArray(much), SendOptions.REQUEST);
            pair.run(20 * Pair.MILLI);
            long sent = pair.toServer.subList(before, pair.toServer.size()).stream()
                    .mapToLong(packet -> packet.length)
                    .sum();
            long window = pair.client.channels(pair.nowNanos).getFirst().congestionWindowBytes();
            assertTrue(sent > 0 && sent <= window, () -> sent + " bytes under way, window " + window);
        }
    }
}
