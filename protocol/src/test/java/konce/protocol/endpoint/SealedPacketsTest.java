package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import konce.protocol.CloseReason;
import konce.protocol.Event;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.PeerOffence;
import konce.protocol.SendOptions;
import konce.protocol.SessionProtocol;
import konce.protocol.dissect.Dissector;
import konce.protocol.dissect.LoggedKey;
import konce.protocol.wire.PacketType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Sealed packets as an onlooker, and as somebody with a key log, sees them.
final class SealedPacketsTest {
    private static final int SEED = 41;
    private static final long SECOND = 1_000 * Pair.MILLI;

    private static boolean isSealed(byte[] packet) {
        int type = packet[0] & PacketType.TYPE_MASK;
        return type == PacketType.DATA || type == PacketType.COOKIE_ACK;
    }

    private static Pair exchange(SessionProtocol session) {
        EndpointConfig config = EndpointConfig.CLIENT
                .withProtocols(List.of(1L), List.of(session.number()))
                .withDiagnostics(false, true);
        Pair pair = new Pair(0, config, EndpointConfig.CLIENT);
        Random random = new Random(SEED);
        pair.carries = (_, _) -> random.nextInt(10) > 0;
        for (int i = 0; i < 60; i++) {
            int bytes = random.nextInt(i % 10 == 0 ? 100_000 : 2_000);
            pair.send(pair.target(), MemorySegment.ofArray(new byte[bytes]), SendOptions.REQUEST);
            pair.run(50 * Pair.MILLI);
        }
        pair.run(20 * SECOND);
        for (long ticket = 1; ticket <= 60; ticket++) {
            assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket), "seed " + SEED);
        }
        return pair;
    }

    private static Dissector dissector(Pair pair) {
        List<LoggedKey> keys = pair.clientEvents.stream()
                .filter(Event.SecretDerived.class::isInstance)
                .map(Event.SecretDerived.class::cast)
                .map(secret -> new LoggedKey(secret.label(), secret.clientRandom(), secret.secret()))
                .toList();
        return new Dissector(pair.vault, keys);
    }

    private static List<konce.protocol.dissect.Field> fields(Dissector dissector, byte[] packet, String name) {
        return dissector.dissect(packet.clone()).stream()
                .filter(field -> field.name().equals(name))
                .toList();
    }

    // = docs/spec/04-protection.md R4.1
    // = docs/spec/04-protection.md R4.2
    /// Goal: under every session protocol each packet is sealed by its cipher, under a number that only grows
    /// and is never used again, whatever is lost on the way.
    @ParameterizedTest
    @EnumSource(SessionProtocol.class)
    void everyPacketIsSealedUnderANumberOfItsOwn(SessionProtocol session) {
        try (Pair pair = exchange(session);
                Dissector dissector = dissector(pair)) {
            for (List<byte[]> packets : List.of(pair.toServer, pair.toClient)) {
                long last = 0;
                for (byte[] packet :
                        packets.stream().filter(SealedPacketsTest::isSealed).toList()) {
                    List<konce.protocol.dissect.Field> tag = fields(dissector, packet, "tag");
                    assertEquals(1, tag.size());
                    assertEquals(session.suite().tagBytes(), tag.getFirst().bytes());
                    String number = fields(dissector, packet, "packet number")
                            .getFirst()
                            .value();
                    long next = Long.parseLong(number.substring(0, number.indexOf(',')));
                    assertTrue(next > last, last + " then " + next);
                    last = next;
                }
                assertTrue(last > 0);
            }
        }
    }

    // = docs/spec/04-protection.md R4.6
    /// Goal: under session protocol 3 lengths tell four things apart, and no more; COOKIE-ECHO has one.
    @Test
    void paddedPacketsHaveFourSizes() {
        try (Pair pair = exchange(SessionProtocol.XCHACHA20_POLY1305_PADDED)) {
            Set<Integer> sizes = new HashSet<>();
            Stream.concat(pair.toServer.stream(), pair.toClient.stream())
                    .filter(SealedPacketsTest::isSealed)
                    .forEach(packet -> sizes.add(packet.length));
            assertEquals(Set.of(256, 512, 1_024, Limits.DATAGRAM_BYTES_BASE), sizes);
            pair.toServer.stream()
                    .filter(packet -> packet[0] == PacketType.COOKIE_ECHO)
                    .forEach(packet -> assertEquals(Limits.DATAGRAM_BYTES_BASE, packet.length));
        }
    }

    // = docs/spec/04-protection.md R4.7
    /// Goal: forged packets end a channel only at the limit of what the cipher bears. Method: the count is
    /// set to just below it.
    @Test
    void aChannelEndsWhenTooManyPacketsDoNotOpen() {
        try (Pair pair = new Pair();
                HostilePeer peer = new HostilePeer(pair, null, out -> {})) {
            peer.connect();
            long number = pair.server.channels(pair.nowNanos).getFirst().channel();
            Channel channel = java.util.Objects.requireNonNull(pair.server.channel(number));
            byte[] forged = peer.seal(1, out -> {});
            forged[forged.length - 1] ^= 1;
            for (int i = 0; i < 1_000; i++) {
                pair.deliver(true, HostilePeer.ADDRESS, forged.clone());
            }
            assertEquals(1_000, channel.authenticationFailures());
            channel.setAuthenticationFailures(Limits.AUTHENTICATION_FAILURES_MAX - 2);
            pair.deliver(true, HostilePeer.ADDRESS, forged.clone());
            assertTrue(channel.isOpen());
            pair.deliver(true, HostilePeer.ADDRESS, forged.clone());
            assertEquals(
                    List.of(new Event.ChannelClosed(
                            channel.number(), new CloseReason.Offence(PeerOffence.AUTHENTICATION_FAILURES))),
                    pair.events(pair.serverEvents, Event.ChannelClosed.class));
        }
    }
}
