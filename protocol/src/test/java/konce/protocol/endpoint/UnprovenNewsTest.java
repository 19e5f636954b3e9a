package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import konce.protocol.ConnectFailure;
import konce.protocol.Outcome;
import konce.protocol.wire.InitAck;
import konce.protocol.wire.PacketType;
import org.junit.jupiter.api.Test;

/// Bad news in a packet that proves nothing: true, and made up.
final class UnprovenNewsTest {
    private static final long SECOND = 1_000 * Pair.MILLI;

    private static boolean isInitAck(byte[] packet) {
        return packet[0] == PacketType.INIT_ACK;
    }

    /// Goal: one damaged or forged INIT-ACK that asks for too much work does not fail a connect. Method: the first
    /// two get the highest bit of their effort set on the way.
    @Test
    void oneForgedEffortFailsNothing() {
        try (Pair pair = new Pair()) {
            int[] seen = {0};
            pair.carries = (toServer, packet) -> {
                if (!toServer && isInitAck(packet) && seen[0]++ < 2) {
                    packet[InitAck.EFFORT] |= (byte) 0x80;
                }
                return true;
            };
            long ticket = pair.send("hello");
            pair.run(3 * SECOND);
            assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket));
            assertTrue(seen[0] >= 3, () -> seen[0] + " INIT-ACKs");
        }
    }

    /// Goal: a server that really asks for too much is given up within a second, and says what it asked.
    @Test
    void tooMuchWorkIsBelievedSoon() {
        EndpointConfig lazy = EndpointConfig.CLIENT.withPuzzles(100, 1);
        try (Pair pair = new Pair(1_000, lazy, EndpointConfig.CLIENT)) {
            long ticket = pair.send("hello");
            pair.run(SECOND);
            assertEquals(
                    new Outcome.CouldNotConnect(new ConnectFailure.EffortTooHigh(1_000, 100)), pair.outcome(ticket));
        }
    }

    /// Goal: a server with none of our protocols is given up within a second, and says what it runs.
    @Test
    void noCommonProtocolIsBelievedSoon() {
        EndpointConfig odd = EndpointConfig.CLIENT.withProtocols(List.of(1L), List.of(3L));
        try (Pair pair = new Pair(0, EndpointConfig.CLIENT.withProtocols(List.of(1L), List.of(1L)), odd)) {
            long ticket = pair.send("hello");
            pair.run(SECOND);
            Outcome.CouldNotConnect outcome = assertInstanceOf(Outcome.CouldNotConnect.class, pair.outcome(ticket));
            assertInstanceOf(ConnectFailure.NoCommonProtocol.class, outcome.why());
        }
    }
}
