package konce.protocol.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import konce.protocol.Allocation;
import konce.protocol.Limits;
import konce.protocol.Seeds;
import org.junit.jupiter.api.Test;

/// The packets under way and what they carried, against lists and maps.
final class SentPacketsTest implements SentContents {
    private static final int OPERATIONS = 100_000;

    /// A thing that a packet carried.
    private record Thing(int kind, long subject, long offset, int length) {}

    /// What became of things, in order.
    private final List<String> told = new ArrayList<>();

    @Override
    public void onAcked(int kind, long subject, long offset, int length) {
        told.add("acked " + new Thing(kind, subject, offset, length));
    }

    @Override
    public void onLost(int kind, long subject, long offset, int length) {
        told.add("lost " + new Thing(kind, subject, offset, length));
    }

    @Override
    public void onProbed(int kind, long subject, long offset, int length) {
        told.add("probed " + new Thing(kind, subject, offset, length));
    }

    /// Goal: every thing is told of with its packet, whatever the order in which packets settle; bytes
    /// and packets in flight are exact; the rings grow and wrap. Method: random packets with none to many
    /// things, numbers left out, random settling, against a sorted map.
    @Test
    void everyThingIsToldOfWithItsPacket() {
        Random random = Seeds.random("SentPackets", 32);
        SentPackets sent = new SentPackets();
        TreeMap<Long, List<Thing>> model = new TreeMap<>();
        Map<Long, Integer> sizes = new HashMap<>();
        long bytes = 0;
        for (int i = 0; i < OPERATIONS; i++) {
            // phases in which the rings fill, and phases in which they empty
            boolean filling = (i / 5_000) % 2 == 0;
            int dice = random.nextInt(filling ? 12 : 24);
            if (dice < 9) {
                List<Thing> things = new ArrayList<>();
                for (int n = random.nextInt(4) == 0 ? random.nextInt(30) : random.nextInt(3); n > 0; n--) {
                    Thing thing = new Thing(random.nextInt(4), random.nextLong(), random.nextLong(), random.nextInt());
                    things.add(thing);
                    sent.add(thing.kind(), thing.subject(), thing.offset(), thing.length());
                }
                boolean eliciting = !things.isEmpty() || random.nextBoolean();
                if (eliciting) {
                    model.put(sent.next(), things);
                    sizes.put(sent.next(), i % 1_300);
                    bytes += i % 1_300;
                }
                sent.onSent(i, i % 1_300, eliciting);
            } else if (dice == 9) {
                sent.skip();
                assertTrue(sent.isSkipped(sent.next() - 1));
            } else if (!model.isEmpty()) {
                long number = random.nextBoolean() ? model.firstKey() : pick(random, model);
                bytes -= sizes.get(number);
                settle(sent, number, model.remove(number), random.nextBoolean());
                sent.trim();
            }
            assertEquals(model.size(), sent.packetsInFlight());
            assertEquals(bytes, sent.bytesInFlight());
            assertEquals(model.isEmpty() ? sent.next() : model.firstKey(), sent.oldest());
        }
        List<String> probed = new ArrayList<>();
        model.values().forEach(things -> things.forEach(thing -> probed.add("probed " + thing)));
        told.clear();
        sent.reportProbed(this);
        assertEquals(probed, told);
        assertEquals(model.size(), sent.packetsInFlight(), "a probe settles nothing");
    }

    private static long pick(Random random, NavigableMap<Long, List<Thing>> model) {
        long from = model.firstKey() + random.nextLong(model.lastKey() - model.firstKey() + 1);
        return model.ceilingKey(from);
    }

    private void settle(SentPackets sent, long number, List<Thing> things, boolean acked) {
        assertTrue(sent.isInFlight(number));
        told.clear();
        if (acked) {
            sent.onAcked(number, this);
        } else {
            sent.onLost(number, this);
        }
        assertFalse(sent.isInFlight(number));
        assertEquals(
                things.stream()
                        .map(thing -> (acked ? "acked " : "lost ") + thing)
                        .toList(),
                told);
    }

    /// Goal: in the steady state nothing is allocated, however far the numbers go.
    @Test
    void theSteadyStateAllocatesNothing() {
        SentPackets sent = new SentPackets();
        SentContents nobody = new LossRecoveryTest.Nobody();
        long[] now = {0};
        assertEquals(0, Allocation.of(100_000, () -> {
            sent.add(1, now[0], 0, 1_000);
            sent.add(2, now[0], 0, 1_000);
            sent.onSent(now[0]++, 1_200, true);
            if (sent.packetsInFlight() > 500) {
                sent.onAcked(sent.oldest(), nobody);
                sent.trim();
            }
        }));
    }

    /// Goal: there is room for so many packets and no more, and a number that has settled makes room only
    /// at the old end.
    @Test
    void roomIsBounded() {
        SentPackets sent = new SentPackets();
        for (int i = 0; i < Limits.PACKETS_IN_FLIGHT_MAX; i++) {
            assertTrue(sent.hasRoom());
            sent.onSent(i, 100, true);
        }
        assertFalse(sent.hasRoom());
        sent.onAcked(5, this);
        sent.trim();
        assertFalse(sent.hasRoom());
        sent.onAcked(0, this);
        sent.trim();
        assertTrue(sent.hasRoom());
    }

    /// Goal: a number can be left out at any moment, also when the table is just full and has to grow.
    /// Method: leave one out after every count of packets in flight up to some thousand.
    @Test
    void numbersAreLeftOutAtAnyFill() {
        SentPackets sent = new SentPackets();
        for (int i = 0; i < 3_000; i++) {
            long skipped = sent.next();
            sent.skip();
            long number = sent.next();
            sent.onSent(i, 100, true);
            assertTrue(sent.isSkipped(skipped) && !sent.isInFlight(skipped), () -> "number " + skipped);
            assertTrue(sent.isInFlight(number), () -> "number " + number);
        }
        for (int fill = 1; fill < 600; fill++) {
            SentPackets exact = new SentPackets();
            for (int i = 0; i < fill; i++) {
                exact.onSent(i, 100, true);
            }
            exact.skip();
            assertFalse(exact.isInFlight(fill));
            assertEquals(fill + 1, exact.next());
        }
    }
}
