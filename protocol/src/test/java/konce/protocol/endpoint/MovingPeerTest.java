package konce.protocol.endpoint;

import static konce.protocol.endpoint.Duo.MILLI;
import static konce.protocol.endpoint.Duo.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import konce.crypto.SecretKey;
import konce.protocol.Address;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.wire.PacketType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two endpoints while the address of one changes, and while somebody pretends that it does.
final class MovingPeerTest {
    private static final SendOptions PATIENT = SendOptions.REQUEST.withReplyTimeout(120 * SECOND);
    private static final Address MALLORY = Address.parse("203.0.113.66:6666");

    private static boolean isData(byte[] datagram) {
        return (datagram[0] & PacketType.TYPE_MASK) == PacketType.DATA;
    }

    /// Where the channel of the right side leads.
    private static Address remote(Duo duo) {
        return duo.right.endpoint.channels(duo.nowNanos).getFirst().remote();
    }

    /// Goal: the client's port, or its whole address, changes in the middle of transfers in both directions, again
    /// and
    /// again: everything arrives once, and the server follows within a round trip and a half of the first packet.
    // = docs/spec/05-paths.md R5.13
    // = docs/spec/05-paths.md R5.12
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everythingArrivesWhileTheClientMoves(boolean portOnly) {
        try (Duo duo = new Duo()) {
            duo.open();
            List<Long> tickets = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                tickets.add(duo.left.send(new byte[400_000], PATIENT));
                duo.run(20 * MILLI);
                duo.left.seenAs = portOnly
                        ? new Address(duo.left.address.high(), duo.left.address.low(), 2_000 + i)
                        : Address.parse("198.51.100." + (20 + i) + ":999");
                duo.run(5 * SECOND);
                assertEquals(duo.left.seenAs, remote(duo), "move " + i);
            }
            duo.runUntilSettled(7, 60 * SECOND);
            tickets.forEach(ticket -> assertInstanceOf(Outcome.Replied.class, duo.left.outcomes.get(ticket)));
            assertEquals(6, duo.right.arrived.size());
            assertEquals(0, duo.right.endpoint.channels(duo.nowNanos).getFirst().inFlightBytes());
        }
    }

    /// Goal: a client that waits for a slow reply, and whose translator forgets it meanwhile, gets the reply all
    /// the
    /// same: it says something before the server has given up.
    // = docs/spec/06-flow.md R6.8
    @Test
    void aReplyFindsItsWayAfterTheTranslatorForgot() {
        try (Duo duo = new Duo()) {
            duo.open();
            List<konce.protocol.Event.MessageArrived> held = new ArrayList<>();
            duo.right.application = (_, message) -> held.add(message);
            long ticket = duo.left.send(new byte[100], PATIENT);
            duo.run(300 * MILLI);
            duo.left.seenAs = Address.parse("198.51.100.99:999");
            duo.run(100 * MILLI);
            Duo.echo(duo.right, held.getFirst());
            long start = duo.nowNanos;
            duo.runUntilSettled(2, 60 * SECOND);
            assertInstanceOf(Outcome.Replied.class, duo.left.outcomes.get(ticket));
            assertTrue(duo.nowNanos - start < 3 * SECOND, (duo.nowNanos - start) / MILLI + " ms");
        }
    }

    /// Goal: somebody on the path who copies the client's packets and gets them there first, from an address of its
    /// own, moves nothing, and is sent no more than three packets in ten seconds, and less than it sent.
    // = docs/spec/05-paths.md R5.15
    // = docs/spec/05-paths.md R5.14
    @Test
    void copiesFromElsewhereMoveNothing() {
        try (Duo duo = new Duo()) {
            duo.open();
            Map<Address, Long> sent = new HashMap<>();
            long[] copied = {0, 0};
            duo.sight = (side, to, datagram) -> {
                sent.merge(to, 1L, Long::sum);
                if (side == duo.left && isData(datagram) && copied[0]++ % 3 == 0) {
                    copied[1] += datagram.length;
                    duo.inject(true, MALLORY, datagram);
                }
                return to.equals(side.other().seenAs);
            };
            for (int i = 0; i < 20; i++) {
                duo.left.send(new byte[3_000], PATIENT);
                duo.run(400 * MILLI);
                assertEquals(duo.left.address, remote(duo));
            }
            assertEquals(21, duo.left.outcomes.size());
            assertTrue(sent.getOrDefault(MALLORY, 0L) <= 3, sent.toString());
            assertTrue(sent.getOrDefault(MALLORY, 0L) >= 1, "it was asked");
            assertEquals(0, duo.right.endpoint.dropped(konce.protocol.DropReason.NOT_AUTHENTIC));
        }
    }

    /// Goal: old packets from elsewhere, and packets of a server from elsewhere, are no sign of anything.
    // = docs/spec/05-paths.md R5.17
    // = docs/spec/05-paths.md R5.18
    @Test
    void clientsDoNotFollowServers() {
        try (Duo duo = new Duo()) {
            duo.open();
            Map<Address, Long> sent = new HashMap<>();
            duo.sight = (side, to, _) -> {
                sent.merge(to, 1L, Long::sum);
                return true;
            };
            duo.right.seenAs = MALLORY;
            for (int i = 0; i < 5; i++) {
                duo.left.send(new byte[3_000], PATIENT);
                duo.run(200 * MILLI);
            }
            assertEquals(6, duo.left.outcomes.size(), "what it says counts all the same");
            assertEquals(0, sent.getOrDefault(MALLORY, 0L));
            assertEquals(
                    duo.right.address,
                    duo.left.endpoint.channels(duo.nowNanos).getFirst().remote());
        }
    }

    /// Goal: a client that moves on purpose, in the middle of a transfer, is followed at once; what was under way
    /// arrives, and its path begins anew, one for all its channels.
    // = docs/spec/05-paths.md R5.19
    @Test
    void aClientMovesOnPurpose() {
        try (Duo duo = new Duo();
                SecretKey somebody = SecretKey.generate(duo.vault, duo.random)) {
            duo.open();
            MemorySegment small = MemorySegment.ofArray(new byte[10]);
            duo.left.send(duo.left.peer(somebody), Duo.HANDLER, small, PATIENT);
            duo.run(SECOND);
            long ticket = duo.left.send(new byte[4 << 20], PATIENT);
            duo.run(100 * MILLI);
            duo.left.seenAs = Address.parse("198.51.100.77:77");
            duo.left.endpoint.handleMoved(duo.nowNanos);
            duo.run(200 * MILLI);
            assertEquals(duo.left.seenAs, remote(duo));
            assertEquals(
                    duo.left.seenAs,
                    duo.right.endpoint.channels(duo.nowNanos).getLast().remote());
            duo.runUntilSettled(3, 60 * SECOND);
            assertInstanceOf(Outcome.Replied.class, duo.left.outcomes.get(ticket));
            duo.run(SECOND);
            duo.left.endpoint.channels(duo.nowNanos).forEach(one -> assertEquals(0, one.inFlightBytes()));
        }
    }

    /// Every channel id that was seen, and at which of the left's addresses.
    private static Map<Long, Address> watchIds(Duo duo, List<String> linked) {
        Map<Long, Address> seen = new HashMap<>();
        Duo.Sight before = duo.sight;
        duo.sight = (side, to, datagram) -> {
            if (isData(datagram) || (datagram[0] & PacketType.TYPE_MASK) == PacketType.COOKIE_ACK) {
                Address place = side == duo.left ? side.seenAs : to;
                Address first = seen.putIfAbsent(ByteBuffer.wrap(datagram).getLong(1), place);
                if (first != null && !first.equals(place)) {
                    linked.add(first + " and " + place);
                }
            }
            return before.sees(side, to, datagram);
        };
        return seen;
    }

    /// Goal: nobody who sees a client before and after it moved can tell from channel ids that it is one client, in
    /// neither direction, also of what is under way meanwhile; and all arrives. Method: eight moves during
    /// transfers both
    /// ways; no id is seen at two addresses.
    // = docs/spec/05-paths.md R5.23
    // = docs/spec/05-paths.md R5.24
    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void movesCannotBeLinked(int lostPercent) {
        try (Duo duo = new Duo()) {
            List<String> linked = new ArrayList<>();
            Map<Long, Address> seen = watchIds(duo, linked);
            Random chance = new Random(3);
            duo.network = (_, _) -> chance.nextInt(100) < lostPercent
                    ? new long[0]
                    : new long[] {duo.oneWayNanos + chance.nextInt(2) * MILLI};
            duo.open();
            for (int i = 0; i < 8; i++) {
                duo.left.send(new byte[300_000], PATIENT);
                duo.run(30 * MILLI);
                duo.left.seenAs = Address.parse("198.51.100." + (20 + i) + ":999");
                duo.left.endpoint.handleMoved(duo.nowNanos);
                duo.run(4 * SECOND);
            }
            duo.runUntilSettled(9, 60 * SECOND);
            assertEquals(8, duo.right.arrived.size());
            assertEquals(List.of(), linked);
            // both ids of the first address, and of eight more
            assertEquals(18, seen.size());
        }
    }

    /// Goal: a client that moves faster than its peer can follow keeps its channel. Method: it moves every 2 ms
    /// while
    /// packets take 10 ms.
    // = docs/spec/05-paths.md R5.23
    @Test
    void aHastyClientIsNotLost() {
        try (Duo duo = new Duo()) {
            duo.open();
            long ticket = duo.left.send(new byte[200_000], PATIENT);
            for (int i = 0; i < 20; i++) {
                duo.left.seenAs = Address.parse("198.51.100." + (20 + i) + ":999");
                duo.left.endpoint.handleMoved(duo.nowNanos);
                duo.run(2 * MILLI);
            }
            duo.runUntilSettled(2, 60 * SECOND);
            assertInstanceOf(Outcome.Replied.class, duo.left.outcomes.get(ticket));
            assertEquals(duo.left.seenAs, remote(duo));
        }
    }

    /// Goal: a channel that is to stay reachable says something every 25 seconds and does not end; another falls
    /// silent
    /// and ends.
    // = docs/spec/06-flow.md R6.24
    @Test
    void aChannelStaysReachable() {
        for (boolean keepAlive : new boolean[] {true, false}) {
            try (Duo duo = new Duo()) {
                SendOptions options = keepAlive ? PATIENT.withKeepAlive() : PATIENT;
                duo.left.send(new byte[1], options);
                duo.run(SECOND);
                long[] longest = {0, duo.nowNanos};
                duo.sight = (side, _, _) -> {
                    if (side == duo.left) {
                        longest[0] = Math.max(longest[0], duo.nowNanos - longest[1]);
                        longest[1] = duo.nowNanos;
                    }
                    return true;
                };
                duo.run(300 * SECOND);
                assertEquals(
                        keepAlive ? 1 : 0,
                        duo.left.endpoint.channels(duo.nowNanos).size());
                assertTrue(!keepAlive || longest[0] < 30 * SECOND, longest[0] / SECOND + " s of silence");
                assertTrue(duo.left.datagramsSent < 40, duo.left.datagramsSent + " datagrams");
            }
        }
    }
}
