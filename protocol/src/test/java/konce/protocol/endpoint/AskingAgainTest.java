package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import konce.protocol.Event;
import konce.protocol.Outcome;
import konce.protocol.wire.CookieEcho;
import konce.protocol.wire.PacketType;
import org.junit.jupiter.api.Test;

/// A client whose COOKIE-ECHO stays unanswered.
final class AskingAgainTest {
    private static final long SECOND = 1_000 * Pair.MILLI;

    /// Goal: while the client asks for a fresh cookie, the answer to its last COOKIE-ECHO still opens the channel.
    /// Method: COOKIE-ACKs of the first three seconds and INIT-ACKs after the first are lost.
    @Test
    void theAnswerToTheLastCookieStillCounts() {
        try (Pair pair = new Pair()) {
            long end = pair.nowNanos + 3 * SECOND;
            int[] initAcks = {0};
            pair.carries = (toServer, packet) -> {
                int type = packet[0] & PacketType.TYPE_MASK;
                boolean lost = (type == PacketType.INIT_ACK && initAcks[0]++ > 0)
                        || (type == PacketType.COOKIE_ACK && pair.nowNanos < end);
                return toServer || !lost;
            };
            long ticket = pair.send("late answer");
            pair.run(8 * SECOND);
            assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket));
            assertEquals(
                    1, pair.events(pair.serverEvents, Event.ChannelOpened.class).size());
        }
    }

    /// Goal: a cookie used up by a damaged copy of its packet costs less than a second. Method: the first
    /// COOKIE-ECHO gets one bit of its box flipped, so its cookie passes and its box does not open.
    @Test
    void aUsedUpCookieIsSoonReplaced() {
        try (Pair pair = new Pair()) {
            int[] echoes = {0};
            pair.carries = (toServer, packet) -> {
                if (toServer && packet[0] == PacketType.COOKIE_ECHO && echoes[0]++ == 0) {
                    packet[CookieEcho.NEGOTIATION + 40] ^= 1;
                }
                return true;
            };
            long ticket = pair.send("again");
            pair.run(SECOND);
            assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket));
        }
    }
}
