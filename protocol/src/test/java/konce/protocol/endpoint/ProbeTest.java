package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import org.junit.jupiter.api.Test;

/// What goes out when acknowledgements stay away.
final class ProbeTest {
    /// Goal: a probe carries whatever is not acknowledged, not only what went first: on a bad link each probe is a
    /// chance that may not come again. Method: a small message, then a large one; everything is lost; the large one
    /// must be among the probes.
    @Test
    void probesCarryAllThatIsUnderWay() {
        try (Pair pair = new Pair()) {
            pair.send("open");
            pair.run(1_000 * Pair.MILLI);
            pair.carries = (_, _) -> false;
            pair.send(pair.target(), Pair.text("small"), SendOptions.REQUEST);
            pair.run(10 * Pair.MILLI);
            pair.send(pair.target(), MemorySegment.ofArray(new byte[800]), SendOptions.REQUEST);
            pair.toServer.clear();
            pair.run(1_000 * Pair.MILLI);
            assertTrue(
                    pair.toServer.stream().anyMatch(packet -> packet.length > 800), "no probe carries the large one");
        }
    }

    /// Goal: a datagram that a probe goes past is still told from a lost one when its acknowledgement comes late.
    /// Method: the way back takes two seconds once.
    @Test
    void aDatagramIsNotGivenUpByAProbe() {
        try (Pair pair = new Pair()) {
            pair.send("open");
            pair.run(1_000 * Pair.MILLI);
            pair.oneWayNanos = 2_000 * Pair.MILLI;
            SendOptions datagram = SendOptions.ONE_WAY.withoutRetransmit();
            long ticket = pair.send(pair.target(), Pair.text("once"), datagram);
            pair.run(20_000 * Pair.MILLI);
            assertInstanceOf(Outcome.Delivered.class, pair.outcome(ticket));
        }
    }

    /// Goal: a link that loses everything for twenty seconds is tried often enough that the message then gets
    /// through within a few.
    @Test
    void probesDoNotBecomeRare() {
        try (Pair pair = new Pair()) {
            pair.send("open");
            pair.run(1_000 * Pair.MILLI);
            long lightNanos = pair.nowNanos + 20_000 * Pair.MILLI;
            pair.carries = (_, _) -> pair.nowNanos >= lightNanos;
            long ticket = pair.send("through the dark");
            pair.run(24_000 * Pair.MILLI);
            assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket));
        }
    }
}
