package konce.simulator.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import konce.simulator.clock.Dice;
import org.junit.jupiter.api.Test;

class LinkTest {
    private static final long MILLISECOND = 1_000_000L;

    private record Arrival(long atNanos, byte[] datagram) {}

    private final List<Arrival> arrivals = new ArrayList<>();
    private final LinkCounts counts = new LinkCounts();

    private Link link(LinkOptions options) {
        return new Link(options, new Dice(17), counts);
    }

    private void send(Link link, long atNanos, byte[] datagram) {
        link.send(atNanos, datagram, (at, bytes) -> arrivals.add(new Arrival(at, bytes)));
    }

    private void sendMany(Link link, int count, long everyNanos) {
        for (int i = 0; i < count; i++) {
            send(link, i * everyNanos, new byte[] {(byte) i, 1, 2, 3});
        }
    }

    /// Goal: a perfect link delivers everything after its delay, unchanged.
    @Test
    void delays() {
        sendMany(link(LinkOptions.delay(5 * MILLISECOND)), 3, MILLISECOND);
        assertEquals(
                List.of(5L, 6L, 7L),
                arrivals.stream().map(a -> a.atNanos() / MILLISECOND).toList());
        assertEquals(0, counts.lost());
    }

    /// Goal: jitter alone never changes the order.
    @Test
    void jitterKeepsOrder() {
        sendMany(link(LinkOptions.delay(5 * MILLISECOND).withJitter(20 * MILLISECOND)), 200, MILLISECOND);
        for (int i = 1; i < arrivals.size(); i++) {
            assertTrue(arrivals.get(i).atNanos() >= arrivals.get(i - 1).atNanos());
        }
        assertTrue(arrivals.stream().mapToLong(Arrival::atNanos).max().orElseThrow() > 210 * MILLISECOND);
    }

    /// Goal: random loss has its rate, and never more in a row than it may.
    @Test
    void losesByChanceButNotTooManyInARow() {
        Link link = link(LinkOptions.delay(0).withLoss(new Loss.Rate(0.9, 3)));
        int inRow = 0;
        for (int i = 0; i < 10_000; i++) {
            long before = counts.lost();
            send(link, i, new byte[] {1});
            inRow = counts.lost() > before ? inRow + 1 : 0;
            assertTrue(inRow <= 3);
        }
        counts.lost = 0;
        sendMany(link(LinkOptions.delay(0).withLoss(new Loss.Rate(0.3, 1_000))), 10_000, 1);
        assertNear(3_000, counts.lost(), 200);
    }

    /// Goal: the n-th packets are lost and no others.
    @Test
    void losesExactly() {
        sendMany(link(LinkOptions.delay(0).withLoss(new Loss.Exactly(List.of(2L, 3L, 5L)))), 6, 1);
        assertEquals(
                List.of(0, 3, 5),
                arrivals.stream().map(a -> (int) a.datagram()[0]).toList());
    }

    /// Goal: the two-state model loses its share, in bursts. The expected share is toBad / (toBad + toGood) while
    /// bad.
    @Test
    void losesInBursts() {
        sendMany(link(LinkOptions.delay(0).withLoss(new Loss.GilbertElliott(0.02, 0.2, 0, 1))), 100_000, 1);
        assertNear(Math.round(100_000 * 0.02 / 0.22), counts.lost(), 1_000);
        int bursts = 0;
        for (int i = 1; i < arrivals.size(); i++) {
            bursts +=
                    arrivals.get(i).datagram()[0] != (byte) (arrivals.get(i - 1).datagram()[0] + 1) ? 1 : 0;
        }
        assertEquals(5.0, (double) counts.lost() / bursts, 0.5, "mean burst is 1 / toGood");
    }

    /// Goal: in the dark everything is lost, and then nothing.
    @Test
    void goesDark() {
        sendMany(link(LinkOptions.delay(0).withOutage(new Outage(5, 2))), 14, 1);
        assertEquals(
                List.of(0, 1, 2, 3, 4, 7, 8, 9, 10, 11),
                arrivals.stream().map(a -> (int) a.datagram()[0]).toList());
    }

    /// Goal: a bottleneck has its rate and its queue, and drops what comes last.
    @Test
    void queuesAndDropsTheTail() {
        Link link = link(LinkOptions.delay(0).withBottleneck(8_000_000, 3));
        byte[] kilobyte = new byte[1_000 - Bottleneck.OVERHEAD_BYTES];
        for (int i = 0; i < 10; i++) {
            send(link, 0, kilobyte);
        }
        assertEquals(
                List.of(1L, 2L, 3L, 4L),
                arrivals.stream().map(a -> a.atNanos() / MILLISECOND).toList());
        assertEquals(6, counts.lost());
        send(link, 4 * MILLISECOND, kilobyte);
        assertEquals(5 * MILLISECOND, arrivals.getLast().atNanos());
    }

    /// Goal: duplicates, late ones and damaged ones occur at their rates; damage is one to eight bits.
    @Test
    void makesMischief() {
        Link link = link(LinkOptions.delay(0).withMischief(new Mischief(0.5, 0.25, 100, 0.1, MILLISECOND)));
        byte[] sent = new byte[100];
        for (int i = 0; i < 10_000; i++) {
            send(link, 0, sent);
        }
        assertNear(5_000, counts.duplicated(), 250);
        assertNear(2_500, counts.corrupted(), 250);
        assertNear(1_500, counts.heldBack(), 200);
        assertNear(15_000, arrivals.size(), 250);
        long damaged = 0;
        for (Arrival arrival : arrivals) {
            int bits = 0;
            for (byte b : arrival.datagram()) {
                bits += Integer.bitCount(b & 0xFF);
            }
            assertTrue(bits <= Mischief.CORRUPT_BITS_MAX);
            damaged += bits > 0 ? 1 : 0;
        }
        assertEquals(counts.corrupted(), damaged, "every damaged datagram differs from what was sent");
        assertTrue(Arrays.equals(new byte[100], sent), "the sender's bytes are left alone");
    }

    /// Goal: too long is lost, and a healed link has its delay and MTU but no faults.
    @Test
    void healsButKeepsItsMtu() {
        Link link = link(LinkOptions.delay(3).withMtu(10).withLoss(new Loss.Rate(1, 1_000)));
        send(link, 0, new byte[1]);
        assertEquals(0, arrivals.size());
        link.heal();
        send(link, 0, new byte[10]);
        send(link, 0, new byte[11]);
        assertEquals(1, arrivals.size());
        assertEquals(2, counts.lost());
        assertNotEquals(0, arrivals.getFirst().atNanos());
    }

    private static void assertNear(long expected, long actual, long within) {
        assertTrue(Math.abs(actual - expected) <= within, actual + " is not within " + within + " of " + expected);
    }
}
