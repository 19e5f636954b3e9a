package konce.protocol.endpoint;

import static konce.protocol.endpoint.Duo.MILLI;
import static konce.protocol.endpoint.Duo.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import konce.crypto.SecretKey;
import konce.protocol.CongestionControl;
import konce.protocol.Event;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import org.junit.jupiter.api.Test;

/// Channels on one path, messages on one credit, and silence when there is nothing to say.
final class SharingTest {
    private static final SendOptions REQUEST = SendOptions.REQUEST.withReplyTimeout(300 * SECOND);

    private static EndpointConfig credit(int messageBytesMax, long creditBytes) {
        return new EndpointConfig(
                null,
                List.of(1L),
                List.of(1L),
                messageBytesMax,
                creditBytes,
                60 * SECOND,
                0,
                1,
                1,
                Limits.DATAGRAM_BYTES_BASE,
                CongestionControl.PIPE,
                false,
                false,
                KeyPolicy.DEFAULT,
                false);
    }

    /// Goal: a pair that has nothing to say is silent: acknowledgements are not acknowledged, whoever
    /// spoke last.
    // = docs/spec/06-flow.md R6.2
    @Test
    void anIdlePairIsSilent() {
        try (Duo duo = new Duo()) {
            duo.open();
            long left = duo.left.datagramsSent;
            long right = duo.right.datagramsSent;
            duo.run(30 * SECOND);
            assertEquals(left, duo.left.datagramsSent);
            assertEquals(right, duo.right.datagramsSent);
            for (int i = 0; i < 20; i++) {
                (i % 2 == 0 ? duo.left : duo.right)
                        .send(
                                i % 2 == 0
                                        ? duo.left.peer()
                                        : new Target.Channel(duo.right.channel().channel()),
                                Duo.HANDLER,
                                MemorySegment.ofArray(new byte[10]),
                                SendOptions.ONE_WAY);
                duo.run(SECOND);
            }
            assertEquals(left + 20, duo.left.datagramsSent, "one packet for each message, and one ACK");
            assertEquals(right + 20, duo.right.datagramsSent);
        }
    }

    /// Goal: an ACK for every second packet while the window is small, and for an eighth of it when it is large:
    /// few for
    /// a large message, and never so few that it takes longer.
    // = docs/spec/06-flow.md R6.2
    // = docs/spec/06-flow.md R6.22
    @Test
    void manyPacketsShareAnAck() {
        try (Duo duo = new Duo()) {
            duo.open();
            long left = duo.left.datagramsSent;
            long right = duo.right.datagramsSent;
            duo.left.send(new byte[2 << 20], SendOptions.ONE_WAY);
            duo.run(5 * SECOND);
            long packets = duo.left.datagramsSent - left;
            long acks = duo.right.datagramsSent - right;
            assertTrue(packets > 1_700 && packets < 2_000, packets + " packets");
            assertTrue(acks >= packets / 40 && acks < packets / 10, acks + " ACKs for " + packets);
        }
    }

    /// Goal: two that connect to each other at the same moment both get through, on a channel each.
    @Test
    void bothConnectAtOnce() {
        try (Duo duo = new Duo()) {
            long one = duo.left.send(new byte[5], REQUEST);
            long other = duo.right.send(new byte[6], REQUEST);
            duo.run(SECOND);
            assertInstanceOf(Outcome.Replied.class, duo.left.outcomes.get(one));
            assertInstanceOf(Outcome.Replied.class, duo.right.outcomes.get(other));
            assertEquals(2, duo.left.endpoint.channels(duo.nowNanos).size());
            assertEquals(2, duo.right.endpoint.channels(duo.nowNanos).size());
        }
    }

    /// Goal: many channels between two addresses share one window: together they never have more in
    /// flight, each gets its share, and all finish. Method: twenty identities send at once over a link
    /// with losses.
    // = docs/spec/05-paths.md R5.5
    // = docs/spec/05-paths.md R5.2
    @Test
    void channelsShareTheWindow() {
        try (Duo duo = new Duo()) {
            List<SecretKey> somebody = new ArrayList<>();
            int[] count = {0};
            duo.network = (_, _) -> ++count[0] % 300 == 0 ? new long[0] : new long[] {duo.oneWayNanos};
            for (int i = 0; i < 20; i++) {
                somebody.add(SecretKey.generate(duo.vault, duo.random));
                duo.left.send(
                        duo.left.peer(somebody.get(i)), Duo.HANDLER, MemorySegment.ofArray(new byte[300_000]), REQUEST);
            }
            long firstNanos = 0;
            long before = 0;
            while (duo.left.outcomes.size() < 20 && duo.nowNanos < 1_300 * SECOND) {
                duo.run(MILLI);
                List<ChannelStatus> channels = duo.left.endpoint.channels(duo.nowNanos);
                for (ChannelStatus channel : channels) {
                    // a probe may go beyond the window, and a loss leaves more in flight than the window then is
                    long most = channel.congestionWindowBytes() + channels.size() * (long) channel.datagramBytes();
                    assertTrue(channel.inFlightBytes() <= Math.max(most, before));
                    assertEquals(channels.getFirst().congestionWindowBytes(), channel.congestionWindowBytes());
                    assertEquals(channels.getFirst().inFlightBytes(), channel.inFlightBytes());
                }
                before = channels.isEmpty() ? 0 : channels.getFirst().inFlightBytes();
                firstNanos = firstNanos == 0 && !duo.left.outcomes.isEmpty() ? duo.nowNanos : firstNanos;
            }
            assertEquals(20, duo.left.outcomes.size());
            duo.left.outcomes.values().forEach(outcome -> assertInstanceOf(Outcome.Replied.class, outcome));
            assertTrue(firstNanos > 0);
            duo.run(5 * SECOND);
            assertEquals(0, duo.left.endpoint.channels(duo.nowNanos).getFirst().inFlightBytes());
            somebody.forEach(SecretKey::close);
        }
    }

    /// Goal: a channel that has nothing in flight gets its turn on a window that another keeps full.
    // = docs/spec/05-paths.md R5.5
    @Test
    void nobodyStarvesBesideABulkTransfer() {
        try (Duo duo = new Duo(EndpointConfig.CLIENT.withCongestion(CongestionControl.CUBIC));
                SecretKey somebody = SecretKey.generate(duo.vault, duo.random)) {
            long warm =
                    duo.left.send(duo.left.peer(somebody), Duo.HANDLER, MemorySegment.ofArray(new byte[1]), REQUEST);
            duo.run(SECOND);
            assertInstanceOf(Outcome.Replied.class, duo.left.outcomes.get(warm));
            int[] count = {0};
            duo.network = (_, _) -> ++count[0] % 100 == 0 ? new long[0] : new long[] {duo.oneWayNanos};
            long bulk = duo.left.send(new byte[8 << 20], REQUEST);
            duo.run(SECOND);
            List<Long> took = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                long start = duo.nowNanos;
                long small = duo.left.send(
                        duo.left.peer(somebody), Duo.HANDLER, MemorySegment.ofArray(new byte[100]), REQUEST);
                duo.run(200 * MILLI);
                took.add(duo.left.settledNanos.getOrDefault(small, Long.MAX_VALUE) - start);
            }
            took.sort(null);
            assertNull(duo.left.outcomes.get(bulk), "the bulk was still under way");
            assertTrue(took.get(10) <= 4 * duo.oneWayNanos, took.get(10) + " ns in the middle");
            assertTrue(took.getLast() <= 200 * MILLI, took.getLast() + " ns the slowest");
        }
    }

    /// Goal: a channel that ends while it has bytes in flight leaves the path's account; the others go
    /// on.
    // = docs/spec/05-paths.md R5.5
    @Test
    void aChannelThatEndsLeavesTheAccount() {
        try (Duo duo = new Duo();
                SecretKey somebody = SecretKey.generate(duo.vault, duo.random)) {
            duo.open();
            long own = duo.left.channel().channel();
            duo.left.send(duo.left.peer(somebody), Duo.HANDLER, MemorySegment.ofArray(new byte[1]), REQUEST);
            duo.run(SECOND);
            duo.left.send(new byte[1 << 20], REQUEST);
            duo.run(3 * duo.oneWayNanos);
            assertTrue(duo.left.endpoint.channels(duo.nowNanos).getFirst().inFlightBytes() > 10_000);
            duo.left.act(endpoint -> endpoint.closeChannel(duo.nowNanos, own, 0, ""));
            assertEquals(0, duo.left.channel().inFlightBytes(), "at once, also while it lingers");
            duo.run(5 * SECOND);
            assertEquals(0, duo.left.channel().inFlightBytes());
            long next = duo.left.send(
                    duo.left.peer(somebody), Duo.HANDLER, MemorySegment.ofArray(new byte[200_000]), REQUEST);
            duo.run(5 * SECOND);
            assertInstanceOf(Outcome.Replied.class, duo.left.outcomes.get(next));
        }
    }

    /// Goal: a handler that is slow to be done holds back new messages, and nothing else: what has begun
    /// arrives, answers and the other direction flow, datagrams pass, nothing is lost, and once it is
    /// done everything arrives.
    // = docs/spec/06-flow.md R6.7
    // = docs/spec/06-flow.md R6.13
    @Test
    void aSlowHandlerHoldsBackOnlyNewMessages() {
        int size = 1 << 17;
        try (Duo duo = new Duo(EndpointConfig.CLIENT, credit(size, 2L * (size + Limits.MESSAGE_OVERHEAD_BYTES)))) {
            duo.open();
            duo.right.application = (side, message) -> Duo.reply(side, message, message.payload());
            List<Long> tickets = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                tickets.add(duo.left.send(new byte[size], REQUEST));
            }
            duo.run(20 * SECOND);
            assertEquals(2, duo.right.arrived.size());
            assertEquals(3, duo.left.outcomes.size(), "those two are answered");
            long datagram = duo.left.send(
                    duo.left.peer(),
                    Duo.HANDLER,
                    MemorySegment.ofArray(new byte[50]),
                    SendOptions.REQUEST.withoutRetransmit());
            Target channel = new Target.Channel(duo.right.channel().channel());
            long back = duo.right.send(channel, Duo.HANDLER, MemorySegment.ofArray(new byte[size]), REQUEST);
            duo.run(5 * SECOND);
            assertInstanceOf(Outcome.Replied.class, duo.left.outcomes.get(datagram));
            assertNull(duo.right.outcomes.get(back), "its answer waits for credit");
            assertEquals(1, duo.left.arrived.size(), "but it has arrived");
            long silent = duo.left.datagramsSent + duo.right.datagramsSent;
            duo.run(10 * SECOND);
            assertTrue(duo.left.datagramsSent + duo.right.datagramsSent - silent < 10, "nothing is tried in vain");

            duo.right.application = Duo::echo;
            for (Event.MessageArrived message : List.copyOf(duo.right.arrived)) {
                duo.right.act(_ -> Duo.done(duo.right, message));
            }
            duo.run(20 * SECOND);
            tickets.forEach(ticket -> assertInstanceOf(Outcome.Replied.class, duo.left.outcomes.get(ticket)));
            assertInstanceOf(Outcome.Replied.class, duo.right.outcomes.get(back));
            assertEquals(11, duo.right.arrived.size());
        }
    }

    /// Goal: credit that was told in a lost packet is told again, without a probe's help from the other
    /// side.
    // = docs/spec/06-flow.md R6.7
    @Test
    void lostCreditIsToldAgain() {
        int size = 1 << 17;
        try (Duo duo = new Duo(EndpointConfig.CLIENT, credit(size, 2L * (size + Limits.MESSAGE_OVERHEAD_BYTES)))) {
            duo.open();
            duo.right.application = (_, _) -> {};
            for (int i = 0; i < 3; i++) {
                duo.left.send(new byte[size], SendOptions.ONE_WAY);
            }
            duo.run(5 * SECOND);
            assertEquals(2, duo.right.arrived.size());
            int[] lost = {0};
            duo.network = (toRight, _) -> !toRight && ++lost[0] <= 2 ? new long[0] : new long[] {duo.oneWayNanos};
            duo.right.act(_ -> Duo.done(duo.right, duo.right.arrived.getFirst()));
            duo.run(5 * SECOND);
            assertEquals(3, duo.right.arrived.size());
        }
    }
}
