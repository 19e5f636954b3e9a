package konce.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import konce.protocol.Allocation;
import konce.protocol.Limits;
import konce.protocol.Seeds;
import konce.protocol.table.RangeSet;
import org.junit.jupiter.api.Test;

/// What an ACK says, from one side's set of packets to the other's.
// = docs/spec/06-flow.md R6.3
final class AckRunsTest {
    private final MemorySegment bytes = MemorySegment.ofArray(new byte[2_000]);
    private final ByteWriter out = new ByteWriter();
    private final ByteReader in = new ByteReader();
    private final AckRuns ack = new AckRuns();

    private AckRuns transfer(RangeSet received, long delayNanos, long credit, int runsMax) {
        AckRuns.write(out.wrap(bytes, 0, bytes.byteSize()), received, delayNanos, credit, runsMax);
        in.wrap(bytes, 0, out.position());
        assertEquals(FrameType.ACK, in.readVarint());
        ack.read(in);
        return ack;
    }

    /// Goal: the other side learns exactly the newest runs, in order, at most as many as were asked for,
    /// within the room promised. Method: random sets of packets, over small numbers and numbers up to the
    /// last a key may seal.
    @Test
    void theNewestRunsComeBack() {
        Random random = Seeds.random("AckRuns", 10);
        for (int i = 0; i < 20_000; i++) {
            RangeSet received = new RangeSet();
            long next = random.nextBoolean()
                    ? random.nextInt(3)
                    : (Limits.PACKET_NUMBER_MAX >>> (1 + random.nextInt(40))) - 1;
            for (int run = random.nextInt(100); run >= 0; run--) {
                long end = next + 1 + random.nextInt(1 << random.nextInt(12));
                received.add(next, end);
                next = end + 1 + random.nextInt(1 << random.nextInt(12));
            }
            int runsMax = 1 + random.nextInt(Limits.ACK_RUNS_MAX);
            long delay = random.nextInt(10_000) * 1_000L;
            long credit = random.nextLong(Long.MAX_VALUE);
            transfer(received, delay, credit, runsMax);
            assertTrue(in.isOk() && in.remaining() == 0);
            assertTrue(out.position() <= AckRuns.bytesMax(runsMax), "within the room promised");
            assertEquals(Math.min(runsMax, received.size()), ack.size());
            assertEquals(received.end(received.size() - 1) - 1, ack.newest());
            assertEquals(delay, ack.delayNanos());
            assertEquals(credit, ack.credit());
            for (int run = 0; run < ack.size(); run++) {
                assertEquals(received.start(received.size() - 1 - run), ack.start(run));
                assertEquals(received.end(received.size() - 1 - run), ack.end(run));
            }
        }
    }

    private boolean reads(long... values) {
        out.wrap(bytes, 0, bytes.byteSize());
        for (long value : values) {
            out.writeVarint(value);
        }
        ack.read(in.wrap(bytes, 0, out.position()));
        return in.isOk();
    }

    /// Goal: runs below packet 0, more runs than allowed, packets no key can seal, and delays nobody
    /// waits are refused.
    @Test
    void runsThatCannotBeAreRefused() {
        long most = Limits.PACKET_NUMBER_MAX;
        assertTrue(reads(5, 0, 0, 0, 5), "packets 0 to 5");
        assertFalse(reads(5, 0, 0, 0, 6), "a first run below packet 0");
        assertTrue(reads(5, 0, 0, 1, 0, 0, 3), "5, and 0 to 3");
        assertFalse(reads(5, 0, 0, 1, 0, 0, 4), "a second run below packet 0");
        assertFalse(reads(5, 0, 0, 1, 0, 5, 0), "a gap below packet 0");
        assertTrue(reads(most, 0, 0, 0, most));
        assertFalse(reads(most + 1, 0, 0, 0, 0));
        assertFalse(reads(-1, 0, 0, 0, 0), "2^64 - 1");
        assertFalse(reads(5, Limits.TIMEOUT_NANOS_MAX / 1_000 + 1, 0, 0, 0));
        assertFalse(reads(5, 0, -1, 0, 0), "credit of 2^64 - 1");
        assertFalse(reads(1_000, 0, 0, Limits.ACK_RUNS_MAX, 0));
        assertFalse(reads(1_000, 0, 0, 1, 0, most + 1, 0));
        assertFalse(reads(1_000, 0, 0, 1, 0), "cut short");
    }

    /// Goal: whatever the bytes, runs that are taken lie apart and in order at or above packet 0, and
    /// nothing is allocated.
    @Test
    void whatIsTakenIsInOrder() {
        Random random = Seeds.random("AckRuns garbage", 11);
        Runnable garbage = () -> {
            out.wrap(bytes, 0, bytes.byteSize());
            for (int i = 0; i < 140; i++) {
                out.writeVarint(
                        i == 3 ? random.nextInt(Limits.ACK_RUNS_MAX) : random.nextInt(1 << random.nextInt(1, 20)));
            }
            ack.read(in.wrap(bytes, 0, out.position()));
            for (int i = 0; in.isOk() && i < ack.size(); i++) {
                if (ack.start(i) < 0 || ack.end(i) <= ack.start(i) || (i > 0 && ack.end(i) >= ack.start(i - 1))) {
                    throw new AssertionError("run " + i + ": " + ack.start(i) + ".." + ack.end(i));
                }
            }
        };
        assertEquals(0, Allocation.of(20_000, garbage));
    }
}
