package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import konce.protocol.CloseReason;
import konce.protocol.Event;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The end of a channel that nobody uses.
final class IdleTest {
    private static final long IDLE_NANOS = 5_000 * Pair.MILLI;

    private static Pair pair() {
        return new Pair(0, EndpointConfig.CLIENT.withIdle(IDLE_NANOS), EndpointConfig.CLIENT.withIdle(IDLE_NANOS));
    }

    private static long send(Pair pair, String text) {
        return pair.send(pair.target(), Pair.text(text), SendOptions.REQUEST.withIdle(IDLE_NANOS));
    }

    // = docs/spec/06-flow.md R6.17
    /// Goal: a message sent just before a channel would have idled out arrives all the same, and one sent just
    /// after finds another channel. Method: send at times around the idle time's end.
    @ParameterizedTest
    @ValueSource(longs = {-100, -40, -25, -20, -15, -10, -5, -2, -1, 0, 1, 2, 5, 10, 40, 100})
    void nobodySendsIntoAChannelThatJustEnded(long afterMillis) {
        try (Pair pair = pair()) {
            long first = send(pair, "first");
            while (pair.outcome(first) == null) {
                pair.run(Pair.MILLI);
            }
            pair.run(IDLE_NANOS + afterMillis * Pair.MILLI);
            long second = send(pair, "second");
            pair.run(1_000 * Pair.MILLI);
            assertInstanceOf(Outcome.Replied.class, pair.outcome(second));
        }
    }

    /// Goal: a channel that nobody uses ends on both sides, soon after its idle time.
    @Test
    void whatNobodyUsesEnds() {
        try (Pair pair = pair()) {
            send(pair, "only");
            pair.run(IDLE_NANOS + 1_000 * Pair.MILLI);
            List<Event.ChannelClosed> client = pair.events(pair.clientEvents, Event.ChannelClosed.class);
            assertEquals(
                    List.of(new CloseReason.Idle()),
                    client.stream().map(Event.ChannelClosed::reason).toList());
            assertEquals(
                    1, pair.events(pair.serverEvents, Event.ChannelClosed.class).size());
        }
    }

    /// Goal: the server ends an idle channel by itself when the client's CLOSE is lost, after its grace.
    @Test
    void theServerNeedsNoClose() {
        try (Pair pair = pair()) {
            send(pair, "only");
            pair.run(1_000 * Pair.MILLI);
            pair.carries = (_, _) -> false;
            pair.run(IDLE_NANOS + 2_000 * Pair.MILLI);
            List<Event.ChannelClosed> server = pair.events(pair.serverEvents, Event.ChannelClosed.class);
            assertEquals(
                    List.of(new CloseReason.Idle()),
                    server.stream().map(Event.ChannelClosed::reason).toList());
        }
    }
}
