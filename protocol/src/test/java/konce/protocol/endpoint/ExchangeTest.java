package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.lang.foreign.MemorySegment;
import java.util.List;
import konce.protocol.Event;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages and their replies between two endpoints.
final class ExchangeTest {
    /// Goal: the headline. One round trip and data is in flight, the reply after two, with a puzzle and without.
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 50})
    void theFirstReplyComesAfterTwoRoundTrips(long effort) {
        try (Pair pair = new Pair(effort, EndpointConfig.CLIENT, EndpointConfig.CLIENT)) {
            long start = pair.nowNanos;
            long ticket = pair.send("hello");
            pair.run(4 * pair.oneWayNanos - 1);
            assertEquals(null, pair.outcome(ticket));
            pair.run(1);
            Outcome.Replied replied = assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket));
            assertEquals("hello", Pair.text(replied.payload()));
            assertEquals(4 * pair.oneWayNanos, pair.nowNanos - start);
            Event.ChannelOpened opened =
                    pair.events(pair.serverEvents, Event.ChannelOpened.class).getFirst();
            assertEquals(pair.clientKey.publicKey(), opened.peer());
        }
    }

    /// Goal: a channel that exists is used: the next reply comes after one round trip.
    @Test
    void theNextReplyComesAfterOneRoundTrip() {
        try (Pair pair = new Pair()) {
            pair.send("first");
            pair.run(100 * Pair.MILLI);
            long ticket = pair.send("second");
            pair.run(2 * pair.oneWayNanos);
            assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket));
        }
    }

    /// Goal: an anonymous client is served, and the server is told nothing about it.
    @Test
    void anAnonymousClientIsServed() {
        try (Pair pair = new Pair()) {
            long ticket = pair.send(pair.anonymous(), Pair.text("who am I"), SendOptions.REQUEST);
            pair.run(100 * Pair.MILLI);
            assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket));
            assertEquals(
                    null,
                    pair.events(pair.serverEvents, Event.ChannelOpened.class)
                            .getFirst()
                            .peer());
        }
    }

    /// Goal: every size up to the limit arrives unchanged, both ways, under every session protocol.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 500, 1_000, 1_200, 70_000, 1 << 20, 16 << 20})
    void everySizeArrivesUnchanged(int size) {
        for (long session = 1; session <= 3; session++) {
            EndpointConfig config = EndpointConfig.CLIENT.withProtocols(List.of(1L), List.of(session));
            try (Pair pair = new Pair(0, config, EndpointConfig.CLIENT)) {
                byte[] bytes = new byte[size];
                new java.util.Random(size).nextBytes(bytes);
                long ticket = pair.send(pair.target(), MemorySegment.ofArray(bytes), SendOptions.REQUEST);
                pair.run(29_000 * Pair.MILLI);
                Outcome.Replied replied = assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket));
                assertEquals(-1, MemorySegment.ofArray(bytes).mismatch(replied.payload()), "size " + size);
            }
        }
    }
}
