package konce.protocol.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;

/// The pipe model on an ideal path: a rate, a round trip, a queue without end, and losses as a test wants them. What it
/// gets beside others is measured in the simulator.
final class PipeControllerTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final int BYTES = 1_200;
    private static final long RTT = 40 * MILLI;

    /// 20 Mbit/s in bytes a nanosecond.
    private static final double RATE = 0.0025;

    private static final long PIPE = (long) (RATE * RTT);

    private record Packet(long sentNanos, long ackNanos, long[] stamp) {}

    private final RttEstimator rtt = new RttEstimator();
    private final PipeController pipe = new PipeController(BYTES, 1);
    private final Account account = new Account(pipe, rtt, BYTES, false, 0);
    private final ArrayDeque<Packet> flying = new ArrayDeque<>();
    private long now;
    private long freeNanos;
    private long sent;
    private long acked;
    private int loseEvery = Integer.MAX_VALUE;
    private int markEvery = Integer.MAX_VALUE;

    private void send() {
        long[] stamp = new long[DeliveryRate.STAMP_LONGS];
        account.onSent(now, BYTES, stamp, 0);
        sent++;
        freeNanos = Math.max(freeNanos, now) + (long) (BYTES / RATE);
        flying.add(new Packet(now, freeNanos + RTT, stamp));
    }

    private void run(long untilNanos, boolean always) {
        while (now < untilNanos) {
            while (!flying.isEmpty() && flying.peek().ackNanos() <= now) {
                Packet packet = flying.remove();
                acked++;
                if (acked % loseEvery == 0) {
                    account.onLost(now, packet.sentNanos(), BYTES, packet.stamp(), 0);
                } else {
                    rtt.measure(now - packet.sentNanos(), 0, 0);
                    account.onAcked(now, packet.sentNanos(), BYTES, packet.stamp(), 0);
                    if (acked % markEvery == 0) {
                        account.onMarked(now, packet.sentNanos());
                    }
                }
                account.settle(now);
            }
            if (always) {
                while (account.sendable(now) >= BYTES) {
                    send();
                }
            } else {
                account.onIdle();
                if (account.sendable(now) >= BYTES && flying.size() < 2) {
                    send();
                }
            }
            now += MILLI / 10;
        }
    }

    /// Goal: it finds the rate and the round trip of a path within a second, and then keeps it full without a queue
    /// to
    /// speak of.
    @Test
    void itFindsThePipe() {
        run(SECOND, true);
        assertEquals(RATE, pipe.model().bandwidth(), 0.1 * RATE);
        assertEquals((double) RTT, (double) pipe.model().minRttNanos(), 2.0 * MILLI);
        long before = acked;
        run(11 * SECOND, true);
        double used = (acked - before) * BYTES / (RATE * 10 * SECOND);
        assertTrue(used > 0.93, used + " of the path was used");
        assertTrue(account.windowBytes() < 3 * PIPE, account.windowBytes() + " bytes of window");
        assertTrue(rtt.smoothedNanos() < 1.5 * RTT, rtt.smoothedNanos() + " ns");
    }

    /// Goal: twenty seconds of a sender that has little to send do not make it forget the bandwidth.
    // = docs/spec/05-paths.md R5.8
    @Test
    void littleToSendDoesNotLowerTheBandwidth() {
        run(3 * SECOND, true);
        double before = pipe.model().bandwidth();
        run(23 * SECOND, false);
        assertEquals(before, pipe.model().bandwidth(), 0.02 * before);
        assertTrue(pipe.pace(RTT) > 0.85 * RATE, "pace " + pipe.pace(RTT));
    }

    /// Goal: one loss in a hundred leaves the pace; one in five does not.
    // = docs/spec/05-paths.md R5.9
    @Test
    void fewLossesAreChanceManyAreNot() {
        loseEvery = 101;
        run(10 * SECOND, true);
        long before = sent;
        run(20 * SECOND, true);
        double few = (sent - before) * BYTES / (RATE * 10 * SECOND);
        assertTrue(few > 0.85, few + " with few losses");
        loseEvery = 5;
        before = sent;
        run(30 * SECOND, true);
        double many = (sent - before) * BYTES / (RATE * 10 * SECOND);
        assertTrue(many < 0.9 * few, many + " with many");
        assertTrue(many > 0.05, many + ": it does not give up");
    }

    /// Goal: marks slow it down, and take nothing out of what has arrived.
    // = docs/spec/05-paths.md R5.10
    @Test
    void marksSlowItDown() {
        run(5 * SECOND, true);
        long before = account.windowBytes();
        markEvery = 1;
        run(now + 30 * RTT, true);
        assertTrue(account.windowBytes() < 0.8 * before, account.windowBytes() + " of " + before);
    }

    /// Goal: after nothing came through for long it starts small, and is back within a few round trips.
    // = docs/spec/05-paths.md R5.3
    @Test
    void afterDarknessItComesBack() {
        run(5 * SECOND, true);
        account.onPersistentCongestion();
        assertEquals(4 * BYTES, account.windowBytes());
        run(now + 20 * RTT, true);
        assertTrue(account.windowBytes() > PIPE, account.windowBytes() + " bytes");
    }
}
