package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import konce.protocol.Event;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.wire.PacketType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What happens while the server has accepted and the client does not know it yet.
final class UnconfirmedTest {
    private static boolean isCookieAck(byte[] packet) {
        return (packet[0] & PacketType.TYPE_MASK) == PacketType.COOKIE_ACK;
    }

    // = docs/spec/03-handshake.md R3.14
    /// Goal: at most once, although the client gives its cookie up and comes again with another. Every COOKIE-ACK
    /// of the first seconds is lost.
    @ParameterizedTest
    @ValueSource(longs = {1, 3, 6, 15, 25})
    void aMessageRunsOnceHoweverManyCookiesItTravelsUnder(long darkSeconds) {
        try (Pair pair = new Pair()) {
            long end = pair.nowNanos + darkSeconds * 1_000 * Pair.MILLI;
            pair.carries = (toServer, packet) -> toServer || !isCookieAck(packet) || pair.nowNanos > end;
            SendOptions patient =
                    SendOptions.REQUEST.withConnectTimeout(60_000 * Pair.MILLI).withReplyTimeout(60_000 * Pair.MILLI);
            long ticket = pair.send(pair.target(), Pair.text("once"), patient);
            pair.run(70_000 * Pair.MILLI);
            assertEquals(
                    1,
                    pair.events(pair.serverEvents, Event.MessageArrived.class).size());
            if (darkSeconds < 20) {
                assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket));
            } else {
                assertInstanceOf(Outcome.CouldNotConnect.class, pair.outcome(ticket));
            }
        }
    }

    // = docs/spec/03-handshake.md R3.19
    /// Goal: a COOKIE-ACK is repeated until the client is heard, also when it carries nothing but an
    /// acknowledgement.
    @Test
    void aLostCookieAckIsRepeated() {
        try (Pair pair = new Pair()) {
            int[] lost = {0};
            pair.carries = (toServer, packet) -> toServer || !isCookieAck(packet) || lost[0]++ > 0;
            long ticket = pair.send(pair.target(), Pair.text("one way"), SendOptions.ONE_WAY);
            pair.run(3_000 * Pair.MILLI);
            assertEquals(new Outcome.Delivered(), pair.outcome(ticket));
            assertEquals(
                    1, pair.events(pair.serverEvents, Event.ChannelOpened.class).size());
        }
    }

    // = docs/spec/03-handshake.md R3.19
    /// Goal: once the client is heard, no packet carries the server random any more.
    @Test
    void theCookieAckFormEndsWhenTheClientIsHeard() {
        try (Pair pair = new Pair()) {
            pair.send("first");
            pair.run(200 * Pair.MILLI);
            pair.toClient.clear();
            pair.send("second");
            pair.run(200 * Pair.MILLI);
            List<byte[]> after = pair.toClient;
            assertEquals(0, after.stream().filter(UnconfirmedTest::isCookieAck).count());
        }
    }

    /// Goal: a reply that is there at once goes with the COOKIE-ACK: four packets, and the exchange is done.
    @Test
    void aQuickReplyGoesWithTheCookieAck() {
        EndpointConfig classical = EndpointConfig.CLIENT.withKeys(KeyPolicy.DEFAULT.classical());
        try (Pair pair = new Pair(0, classical, classical)) {
            long ticket = pair.send("quick");
            pair.run(4 * pair.oneWayNanos);
            assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket));
            assertEquals(2, pair.toServer.size(), "INIT, COOKIE-ECHO");
            assertEquals(2, pair.toClient.size(), "INIT-ACK, COOKIE-ACK");
        }
    }
}
