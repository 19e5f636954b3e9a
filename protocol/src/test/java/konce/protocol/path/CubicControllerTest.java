package konce.protocol.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// The congestion window, against the formulas of RFC 9438.
final class CubicControllerTest {
    private static final long MILLI = 1_000_000L;
    private static final int BYTES = 1_200;
    private static final long RTT = 100 * MILLI;

    private final CubicController congestion = new CubicController(BYTES);
    private long now;

    /// Acknowledges a whole window, packet by packet, over one round trip.
    private void roundTrip(boolean limited) {
        long packets = congestion.windowBytes() / BYTES;
        long start = now;
        for (long i = 1; i <= packets; i++) {
            now = start + RTT * i / packets;
            congestion.onAcked(now, now - RTT, BYTES, RTT, limited);
        }
    }

    private void growTo(long packets) {
        while (congestion.windowBytes() < packets * BYTES) {
            congestion.onAcked(now, now - RTT, Math.min(BYTES, packets * BYTES - congestion.windowBytes()), RTT, true);
        }
    }

    private double packets() {
        return (double) congestion.windowBytes() / BYTES;
    }

    /// Goal: the window begins with ten datagrams, less when they are large, never fewer than two.
    @Test
    void theWindowBeginsWithTenDatagrams() {
        assertEquals(10 * BYTES, congestion.windowBytes());
        assertEquals(14_720, new CubicController(1_500).windowBytes());
        assertEquals(18_000, new CubicController(9_000).windowBytes());
    }

    /// Goal: in slow start the window doubles each round trip.
    @Test
    void slowStartDoubles() {
        assertTrue(congestion.isSlowStart());
        for (int i = 1; i <= 6; i++) {
            roundTrip(true);
            assertEquals((10L << i) * BYTES, congestion.windowBytes());
        }
    }

    /// Goal: a loss takes 30 percent, once for everything sent before it was noticed, and again for what
    /// was sent after.
    // = docs/spec/05-paths.md R5.3
    @Test
    void aLossCountsOncePerRoundTrip() {
        growTo(1_000);
        now = 10_000 * MILLI;
        congestion.shrink(now, now - RTT);
        assertEquals(700 * BYTES, congestion.windowBytes());
        assertFalse(congestion.isSlowStart());
        for (int i = 0; i < 100; i++) {
            congestion.shrink(now + i * MILLI, now - RTT + i * MILLI);
        }
        assertEquals(700 * BYTES, congestion.windowBytes(), "all sent before the first was noticed");
        congestion.onAcked(now + 50 * MILLI, now - 10 * MILLI, BYTES, RTT, true);
        assertEquals(700 * BYTES, congestion.windowBytes(), "nor does what was sent before make it grow");
        congestion.shrink(now + RTT + MILLI, now + 1);
        assertEquals(490 * BYTES, congestion.windowBytes());
    }

    /// Goal: after a loss the window follows W(t) = C (t - K)^3 + Wmax, K = cbrt(Wmax (1 - beta) / C), in
    /// packets and seconds. Method: 1,000 packets, a loss, and the formula every second until well past
    /// Wmax.
    @Test
    void growthFollowsTheFormula() {
        growTo(1_000);
        now = 50_000 * MILLI;
        congestion.shrink(now, now - RTT);
        now += RTT;
        long epoch = now;
        double k = Math.cbrt(1_000 * 0.3 / 0.4);
        for (int i = 0; i < 140; i++) {
            roundTrip(true);
            double seconds = (now - epoch) / 1e9;
            double expected = 0.4 * Math.pow(seconds - k, 3) + 1_000;
            assertEquals(expected, packets(), 0.02 * expected, seconds + " s after the loss");
        }
        assertTrue(packets() > 1_040, packets() + " packets, past the old maximum");
    }

    /// Goal: where the cubic curve is slower than Reno would be, the window grows as Reno's. Method: a
    /// short round trip and a small window: alpha = 3 * 0.3 / 1.7 packets for each round trip.
    @Test
    void neverSlowerThanReno() {
        growTo(20);
        now = 50_000 * MILLI;
        congestion.shrink(now, now - RTT);
        double before = packets();
        long rtt = 10 * MILLI;
        now += rtt;
        for (int trip = 0; trip < 40; trip++) {
            long count = congestion.windowBytes() / BYTES;
            for (long i = 0; i < count; i++) {
                now += rtt / count;
                congestion.onAcked(now, now - rtt, BYTES, rtt, true);
            }
        }
        double grown = packets() - before;
        assertEquals(40 * 3 * 0.3 / 1.7, grown, 3, grown + " packets in 40 round trips");
    }

    /// Goal: a second loss before the old maximum is reached makes room for others: the new maximum lies
    /// below.
    @Test
    void fastConvergenceGivesWay() {
        growTo(1_000);
        now = 50_000 * MILLI;
        congestion.shrink(now, now - RTT);
        now += 2 * RTT;
        congestion.shrink(now, now - RTT / 2);
        assertEquals(490, packets(), 1);
        // the plateau is at 700 * (1 + 0.7) / 2 = 595 packets
        double k = Math.cbrt((595 - 490) / 0.4);
        now += RTT;
        long epoch = now;
        while ((now - epoch) / 1e9 < k) {
            roundTrip(true);
        }
        assertEquals(595, packets(), 12);
    }

    /// Goal: a window that nobody tries out does not grow, in slow start or after.
    @Test
    void anUnusedWindowDoesNotGrow() {
        roundTrip(false);
        assertEquals(10 * BYTES, congestion.windowBytes());
        growTo(100);
        congestion.shrink(now, now - RTT);
        now += RTT;
        for (int i = 0; i < 100; i++) {
            roundTrip(false);
        }
        assertEquals(70 * BYTES, congestion.windowBytes());
    }

    /// Goal: time in which the window was not tried out does not count: after a pause of a minute it
    /// grows on from where it was on its curve, not by half at a stroke (RFC 9438 section 5.8).
    @Test
    void aPauseDoesNotCountAsTime() {
        growTo(1_000);
        now = 50_000 * MILLI;
        congestion.shrink(now, now - RTT);
        now += RTT;
        for (int i = 0; i < 20; i++) {
            roundTrip(true);
        }
        double before = packets();
        roundTrip(true);
        double step = packets() - before;
        roundTrip(false);
        now += 60_000 * MILLI;
        before = packets();
        roundTrip(true);
        assertEquals(step, packets() - before, 0.3 * step, "the next step is like the last before the pause");
    }

    /// Goal: the window is never below two datagrams, however many losses, and comes back from there.
    // = docs/spec/05-paths.md R5.3
    @Test
    void neverBelowTwoDatagrams() {
        for (int i = 0; i < 50; i++) {
            now += 2 * RTT;
            congestion.shrink(now, now - 1);
        }
        assertEquals(2 * BYTES, congestion.windowBytes());
        congestion.onPersistentCongestion();
        assertEquals(2 * BYTES, congestion.windowBytes());
        now += RTT;
        for (int i = 0; i < 100; i++) {
            roundTrip(true);
        }
        assertTrue(packets() > 20, packets() + " packets");
    }

    /// Goal: persistent congestion begins again with two datagrams, and slow start up to beta of the
    /// window there was.
    // = docs/spec/05-paths.md R5.3
    @Test
    void persistentCongestionBeginsAgain() {
        growTo(1_000);
        congestion.onPersistentCongestion();
        assertEquals(2 * BYTES, congestion.windowBytes());
        assertTrue(congestion.isSlowStart());
        growTo(699);
        assertTrue(congestion.isSlowStart());
        growTo(700);
        assertFalse(congestion.isSlowStart());
    }

    /// Goal: the window has an upper bound, so that no sum of bytes overflows.
    @Test
    void theWindowIsBounded() {
        for (int i = 0; i < 40; i++) {
            congestion.onAcked(now, now - 1, 1L << 30, RTT, true);
        }
        assertEquals(1L << 30, congestion.windowBytes());
    }
}
