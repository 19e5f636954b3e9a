package konce.protocol.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Random;
import konce.protocol.Limits;
import konce.protocol.Seeds;
import konce.protocol.wire.AckRuns;
import konce.protocol.wire.ByteReader;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.WindowedInteger;
import org.junit.jupiter.api.Test;

/// Which packets have come, and when that has to be said.
final class ReceivedPacketsTest {
    private static final long MILLI = 1_000_000L;
    private static final long NEVER = Long.MAX_VALUE;

    private final ReceivedPackets received = new ReceivedPackets();
    private final MemorySegment bytes = MemorySegment.ofArray(new byte[2_000]);

    private void receive(long nowNanos, long number) {
        assertTrue(received.isNew(number));
        received.onReceived(nowNanos, number);
        received.onAckEliciting(nowNanos);
    }

    private AckRuns ack(long nowNanos, int room) {
        ByteWriter out = new ByteWriter().wrap(bytes, 0, room);
        received.writeAck(nowNanos, out, 0);
        ByteReader in = new ByteReader().wrap(bytes, 1, out.position() - 1);
        AckRuns ack = new AckRuns();
        ack.read(in);
        assertTrue(in.isOk());
        return ack;
    }

    /// Goal: no number is taken twice, whatever the order; what is too old to remember counts as seen.
    /// Method: random numbers around a moving front, against a set of bits.
    // = docs/spec/04-protection.md R4.5
    @Test
    void noNumberIsTakenTwice() {
        Random random = Seeds.random("ReceivedPackets", 31);
        BitSet model = new BitSet();
        int front = 0;
        int taken = 0;
        for (int i = 0; i < 100_000; i++) {
            int number = Math.max(0, front - random.nextInt(1 << random.nextInt(1, 12)));
            boolean isNew = received.isNew(number);
            assertFalse(isNew && model.get(number), "number " + number + " twice");
            if (isNew) {
                received.onReceived(i, number);
                model.set(number);
                taken++;
            }
            assertFalse(received.isNew(number));
            front += random.nextInt(3);
        }
        assertTrue(taken > 50_000, taken + " taken");
    }

    /// Goal: memory is bounded: of a peer that leaves out every second number the newest 512 runs are
    /// kept, and below them everything counts as a repeat.
    // = docs/spec/04-protection.md R4.5
    @Test
    void runsAreBounded() {
        for (long number = 0; number < 10_000; number += 2) {
            receive(0, number);
        }
        long floor = 9_998 - 2L * (Limits.RECEIVED_RUNS_MAX - 1);
        for (long number = 1; number < 10_000; number += 2) {
            assertEquals(number > floor - 2, received.isNew(number), "number " + number);
        }
        assertTrue(received.isNew(1L << 47));
    }

    /// Goal: the lowest acceptable number lies half a window behind the newest, and never below the
    /// floor.
    // = docs/spec/02-packets.md R2.2
    @Test
    void theLowestAcceptableIsHalfAWindowBehind() {
        assertEquals(0, received.lowestAcceptable(1));
        receive(0, 50);
        assertEquals(0, received.lowestAcceptable(1));
        receive(0, 1_000);
        assertEquals(1_001 - 64, received.lowestAcceptable(1));
        assertEquals(0, received.lowestAcceptable(2));
        receive(0, 1L << 40);
        for (int groups = 1; groups <= WindowedInteger.GROUPS_MAX; groups++) {
            long half = (WindowedInteger.mask(groups) + 1) / 2;
            assertEquals(Math.max(0, (1L << 40) + 1 - half), received.lowestAcceptable(groups));
        }
    }

    /// Goal: an ACK is due five milliseconds after a first packet, at once after a second, and at once
    /// when a packet did not come in its order, be it early, late or filling a gap.
    // = docs/spec/06-flow.md R6.2
    @Test
    void anAckIsDueInTime() {
        assertEquals(NEVER, received.ackDueNanos());
        receive(100, 0);
        assertEquals(100 + 5 * MILLI, received.ackDueNanos());
        receive(200, 1);
        assertEquals(200, received.ackDueNanos());
        ack(200, 1_000);
        assertEquals(NEVER, received.ackDueNanos());
        receive(300, 3);
        assertEquals(300, received.ackDueNanos(), "2 is missing");
        ack(300, 1_000);
        receive(400, 4);
        assertEquals(400 + 5 * MILLI, received.ackDueNanos());
        ack(450, 1_000);
        receive(500, 2);
        assertEquals(500, received.ackDueNanos(), "the gap is filled");
    }

    /// Goal: as many packets wait for an ACK as the peer has asked for, and as long; what is out of order does not.
    // = docs/spec/06-flow.md R6.21
    @Test
    void thePeerSaysHowManyShareAnAck() {
        received.onAckRate(4, 2 * MILLI);
        for (int number = 0; number < 3; number++) {
            receive(100, number);
            assertEquals(100 + 2 * MILLI, received.ackDueNanos());
        }
        receive(200, 3);
        assertEquals(200, received.ackDueNanos());
        ack(200, 1_000);
        receive(300, 5);
        assertEquals(300, received.ackDueNanos(), "4 is missing");
        received.onAckRate(1, Long.MAX_VALUE);
        ack(300, 1_000);
        receive(400, 6);
        assertEquals(400, received.ackDueNanos());
    }

    /// Goal: a packet that wants no ACK makes none due, however many come, but is named by the next.
    // = docs/spec/06-flow.md R6.2
    // = docs/spec/06-flow.md R6.3
    @Test
    void whatWantsNoAckMakesNoneDue() {
        for (long number = 0; number < 100; number++) {
            received.onReceived(number, number);
        }
        assertEquals(NEVER, received.ackDueNanos());
        assertFalse(received.hasUnacknowledged());
        assertTrue(received.hasAny());
        receive(200, 100);
        assertTrue(received.hasUnacknowledged());
        AckRuns ack = ack(200, 1_000);
        assertEquals(0, ack.start(0));
        assertEquals(101, ack.end(0));
        assertFalse(received.hasUnacknowledged());
    }

    /// Goal: the delay told is that of the newest packet, and never negative.
    @Test
    void theDelayIsTheNewestsOwn() {
        receive(10 * MILLI, 5);
        receive(12 * MILLI, 3);
        assertEquals(4 * MILLI, ack(14 * MILLI, 1_000).delayNanos());
        receive(20 * MILLI, 6);
        assertEquals(0, ack(19 * MILLI, 1_000).delayNanos());
    }

    /// Goal: where little room is left the newest runs are named, and at most 64 in any case.
    // = docs/spec/06-flow.md R6.3
    @Test
    void theNewestRunsThatFitAreNamed() {
        for (long number = 0; number < 1_000; number += 3) {
            receive(0, number);
        }
        assertEquals(Limits.ACK_RUNS_MAX, ack(0, 2_000).size());
        for (int room = AckRuns.bytesMax(1); room < 1_000; room += 7) {
            AckRuns ack = ack(0, room);
            assertEquals(999, ack.newest());
            assertTrue(ack.size() >= 1 && AckRuns.bytesMax(ack.size()) <= room);
            assertEquals(999 - 3L * (ack.size() - 1), ack.start(ack.size() - 1));
        }
    }
}
