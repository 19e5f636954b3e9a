package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import konce.protocol.CongestionControl;
import konce.protocol.Event;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.Refusal;
import konce.protocol.SendOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// First messages larger than the server takes, sent before it could say so.
final class TooLargeTest {
    // = docs/spec/07-messages.md R7.4
    /// Goal: such a message is refused, and never looks delivered, whether a reply is wanted or not and whether it
    /// fits into
    /// the handshake or not.
    @ParameterizedTest
    @CsvSource({"300, true", "300, false", "700, false", "5000, true", "5000, false", "60000, false"})
    void areRefusedAndNeverDelivered(int bytes, boolean replyWanted) {
        EndpointConfig small = new EndpointConfig(
                null,
                EndpointConfig.CLIENT.handshakeProtocols(),
                EndpointConfig.CLIENT.sessionProtocols(),
                256,
                Limits.CREDIT_BYTES_MIN,
                EndpointConfig.CLIENT.idleNanos(),
                0,
                0,
                1,
                Limits.DATAGRAM_BYTES_BASE,
                CongestionControl.PIPE,
                false,
                false,
                KeyPolicy.DEFAULT,
                false);
        try (Pair pair = new Pair(0, EndpointConfig.CLIENT, small)) {
            SendOptions options = replyWanted ? SendOptions.REQUEST : SendOptions.ONE_WAY;
            long ticket = pair.send(pair.target(), MemorySegment.ofArray(new byte[bytes]), options);
            pair.run(2_000 * Pair.MILLI);
            assertEquals(new Outcome.Refused(Refusal.TOO_LARGE), pair.outcome(ticket));
            assertEquals(
                    0,
                    pair.events(pair.serverEvents, Event.MessageArrived.class).size());
        }
    }
}
