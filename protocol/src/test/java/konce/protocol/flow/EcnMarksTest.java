package konce.protocol.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import konce.protocol.Ecn;
import org.junit.jupiter.api.Test;

/// When a channel marks its packets, and when it stops.
final class EcnMarksTest {
    private static final int TEST_PACKETS = 10;

    private final EcnMarks marks = new EcnMarks(true);
    private long next = 1;

    private void send(int packets) {
        for (int i = 0; i < packets; i++) {
            if (marks.isMarking()) {
                marks.onSentMarked(next);
            }
            next++;
        }
    }

    /// An ACK of these, and the report in its packet.
    private boolean acknowledge(long from, long to, long ect0, long ce) {
        for (long number = from; number < to; number++) {
            marks.onAcked(number, number, false);
        }
        boolean congested = marks.onReported(ect0, ce);
        marks.onPacketRead();
        return congested;
    }

    // = docs/spec/06-flow.md R6.25
    /// Goal: ten packets are marked, then none until some are reported; then all. Marks CE are congestion once
    /// each.
    @Test
    void aPathIsTriedOut() {
        send(25);
        assertFalse(marks.isMarking());
        assertFalse(marks.isCapable());
        assertFalse(acknowledge(1, 4, 3, 0));
        assertTrue(marks.isMarking() && marks.isCapable());
        // those between were not marked
        assertFalse(acknowledge(4, 26, 10, 0));
        assertTrue(marks.isMarking());
        send(5);
        assertTrue(acknowledge(26, 31, 12, 3));
        assertFalse(acknowledge(31, 31, 12, 3), "the same mark again");
        assertTrue(marks.isMarking());
    }

    // = docs/spec/06-flow.md R6.26
    /// Goal: a path that takes marks away, or adds some, is marked no more; another path is tried out.
    @Test
    void spoiledMarksEndIt() {
        send(TEST_PACKETS);
        marks.onAcked(1, 1, false);
        marks.onPacketRead();
        assertFalse(marks.isMarking(), "an ACK without a report");
        marks.onPathChanged(true);
        assertTrue(marks.isMarking());
        send(TEST_PACKETS);
        acknowledge(11, 15, 3, 0);
        assertFalse(marks.isMarking() || marks.isCapable(), "three reported, four acknowledged");
        marks.onPathChanged(true);
        send(TEST_PACKETS);
        acknowledge(21, 22, 31, 0);
        assertFalse(marks.isMarking() || marks.isCapable(), "more than were ever sent");
        marks.onPathChanged(false);
        assertFalse(marks.isMarking());
    }

    // = docs/spec/06-flow.md R6.25
    /// Goal: a path that marks all as congested is not relied on.
    @Test
    void aPathThatMarksAllIsNotReliedOn() {
        send(TEST_PACKETS);
        assertTrue(acknowledge(1, 6, 0, 5));
        assertFalse(marks.isMarking(), "not decided");
        assertTrue(acknowledge(6, 11, 0, 10));
        assertFalse(marks.isMarking() || marks.isCapable());
        assertFalse(acknowledge(11, 11, 5, 10), "for good");
    }

    // = docs/spec/06-flow.md R6.25
    /// Goal: reports that overtake each other, and what the path before still reports, are no offence of the path.
    @Test
    void lateReportsAreIgnored() {
        send(TEST_PACKETS);
        acknowledge(1, 6, 5, 0);
        assertTrue(marks.isCapable());
        assertFalse(acknowledge(6, 6, 2, 0), "an older one");
        assertTrue(marks.isCapable());
        marks.onPathChanged(true);
        send(TEST_PACKETS);
        assertFalse(acknowledge(6, 13, 12, 0), "five of the path before with two of this");
        assertTrue(marks.isCapable());
    }

    /// Goal: what comes is counted, and only what takes part.
    @Test
    void whatComesIsCounted() {
        EcnMarks plain = new EcnMarks(false);
        assertFalse(plain.isMarking() || plain.hasReceived());
        for (int ecn : new int[] {Ecn.NOT_ECT, Ecn.ECT_1, Ecn.ECT_0, Ecn.ECT_0, Ecn.CE}) {
            plain.onReceived(ecn);
        }
        assertTrue(plain.hasReceived());
        assertEquals(2, plain.ect0Received());
        assertEquals(1, plain.ceReceived());
    }
}
