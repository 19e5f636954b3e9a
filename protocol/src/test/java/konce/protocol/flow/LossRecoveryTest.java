package konce.protocol.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import konce.protocol.Address;
import konce.protocol.CongestionControl;
import konce.protocol.Limits;
import konce.protocol.PeerOffence;
import konce.protocol.Seeds;
import konce.protocol.path.Path;
import konce.protocol.path.Turns;
import konce.protocol.table.RangeSet;
import konce.protocol.wire.AckRuns;
import konce.protocol.wire.ByteReader;
import konce.protocol.wire.ByteWriter;
import org.junit.jupiter.api.Test;

/// What counts as lost, and when to probe. Numbers are worked by hand from RFC 9002.
final class LossRecoveryTest implements SentContents {
    private static final long MILLI = 1_000_000L;
    private static final int BYTES = 1_200;
    private static final long RTT = 80 * MILLI;

    /// To whom it is all the same.
    static final class Nobody implements SentContents {
        @Override
        public void onAcked(int kind, long subject, long offset, int length) {}

        @Override
        public void onLost(int kind, long subject, long offset, int length) {}

        @Override
        public void onProbed(int kind, long subject, long offset, int length) {}
    }

    private final SentPackets sent = new SentPackets();
    private final LossRecovery recovery = new LossRecovery(sent, this);
    private final Path path =
            new Path(Address.parse("192.0.2.1:413"), BYTES, CongestionControl.CUBIC, 0, 0, new Turns());
    private final List<Long> acked = new ArrayList<>();
    private final List<Long> lost = new ArrayList<>();
    private final List<Long> probed = new ArrayList<>();
    private final MemorySegment bytes = MemorySegment.ofArray(new byte[2_000]);
    private long now;

    @Override
    public void onAcked(int kind, long subject, long offset, int length) {
        acked.add(subject);
    }

    @Override
    public void onLost(int kind, long subject, long offset, int length) {
        lost.add(subject);
    }

    @Override
    public void onProbed(int kind, long subject, long offset, int length) {
        probed.add(subject);
    }

    /// Sends packets, each with one thing of the packet's own number.
    private void send(int count) {
        for (int i = 0; i < count; i++) {
            sent.add(1, sent.next(), 0, 1);
            sent.onSent(now, BYTES, path, false);
            recovery.onSent(now);
        }
    }

    /// The peer says that it has these, from `start` to `end` (not included) each.
    private PeerOffence ack(long delayNanos, long... startsAndEnds) {
        RangeSet received = new RangeSet();
        for (int i = 0; i < startsAndEnds.length; i += 2) {
            received.add(startsAndEnds[i], startsAndEnds[i + 1]);
        }
        ByteWriter out = new ByteWriter().wrap(bytes, 0, 2_000);
        AckRuns.write(out, received, delayNanos, 0, Limits.ACK_RUNS_MAX);
        AckRuns ack = new AckRuns();
        ack.read(new ByteReader().wrap(bytes, 1, out.position() - 1));
        return recovery.onAck(now, ack, path);
    }

    /// A round trip is measured: smoothed 80 ms, variation 40 ms; packet 0 is gone.
    private void measure() {
        send(1);
        now += RTT;
        assertNull(ack(0, 0, 1));
        assertEquals(RTT, path.rtt().smoothedNanos());
        acked.clear();
    }

    /// Goal: a packet is lost when one three numbers later has arrived, not when one two later has.
    // = docs/spec/06-flow.md R6.4
    @Test
    void threeNumbersLaterMeansLost() {
        measure();
        send(6);
        now += MILLI;
        assertNull(ack(0, 3, 4));
        assertEquals(List.of(), lost);
        assertNull(ack(0, 3, 5));
        assertEquals(List.of(1L), lost);
        assertNull(ack(0, 3, 6));
        assertEquals(List.of(1L, 2L), lost);
        assertEquals(List.of(3L, 4L, 5L), acked);
        assertEquals(2, recovery.packetsLost());
        assertEquals(BYTES, path.inFlightBytes(), "packet 6");
    }

    /// Goal: a packet before one that has arrived is lost 9/8 of a round trip after it was sent, not a
    /// nanosecond sooner; packets after it are not judged by time.
    // = docs/spec/06-flow.md R6.4
    @Test
    void aRoundTripLaterMeansLost() {
        measure();
        send(3);
        long sentNanos = now;
        now += RTT;
        assertNull(ack(0, 2, 3));
        long due = sentNanos + 9 * RTT / 8;
        assertEquals(List.of(), lost);
        assertEquals(due, recovery.nextDeadlineNanos(path.rtt()));
        now = due - 1;
        recovery.handleDeadline(now, path);
        assertEquals(List.of(), lost);
        now = due;
        recovery.handleDeadline(now, path);
        assertEquals(List.of(1L), lost);
        assertTrue(sent.isInFlight(3));
        assertFalse(recovery.isProbeDue());
    }

    /// Goal: a probe goes after smoothed + 4 variation + 5 ms without an answer, the next after twice
    /// that, and again twice; never more rarely than every three seconds. It declares nothing lost and
    /// reports everything under way.
    // = docs/spec/06-flow.md R6.16
    @Test
    void probesBackOff() {
        measure();
        send(3);
        long timeout = 80 * MILLI + 4 * 40 * MILLI + 5 * MILLI;
        long sentNanos = now;
        for (int probe = 0; probe < 8; probe++) {
            long wait = Math.min(timeout << probe, 3_000 * MILLI);
            assertEquals(sentNanos + wait, recovery.nextDeadlineNanos(path.rtt()), "probe " + probe);
            now = sentNanos + wait - 1;
            recovery.handleDeadline(now, path);
            assertFalse(recovery.isProbeDue());
            now++;
            recovery.handleDeadline(now, path);
            assertTrue(recovery.takeProbe());
            assertFalse(recovery.takeProbe());
            assertEquals(3 + probe, probed.size(), "all that is under way");
            probed.clear();
            send(1);
            sentNanos = now;
        }
        assertEquals(List.of(), lost);
        now += RTT;
        assertNull(ack(0, sent.next() - 1, sent.next()));
        assertFalse(lost.isEmpty(), "the probe's answer shows what was lost before it");
    }

    /// Goal: an answer ends the back-off.
    // = docs/spec/06-flow.md R6.16
    @Test
    void anAnswerEndsTheBackOff() {
        measure();
        send(2);
        for (int probe = 0; probe < 2; probe++) {
            now = recovery.nextDeadlineNanos(path.rtt());
            recovery.handleDeadline(now, path);
            send(1);
        }
        assertNull(ack(0, 1, 5));
        assertEquals(Long.MAX_VALUE, recovery.nextDeadlineNanos(path.rtt()));
        send(1);
        assertEquals(now + path.rtt().probeTimeoutNanos(5 * MILLI), recovery.nextDeadlineNanos(path.rtt()));
    }

    /// Goal: three probes in a row without an answer shrink the window to two datagrams.
    // = docs/spec/05-paths.md R5.3
    @Test
    void threeProbesShrinkTheWindow() {
        measure();
        send(5);
        long window = path.windowBytes();
        for (int probe = 1; probe <= 3; probe++) {
            assertEquals(window, path.windowBytes());
            now = recovery.nextDeadlineNanos(path.rtt());
            recovery.handleDeadline(now, path);
            send(1);
        }
        assertEquals(2 * BYTES, path.windowBytes());
    }

    /// Goal: the acknowledgement of a number that was never sent betrays a peer that acknowledges
    /// blindly: one to come, and one left out.
    // = docs/spec/06-flow.md R6.5
    // = docs/spec/06-flow.md R6.12
    @Test
    void acknowledgingWhatWasNotSentIsAnOffence() {
        measure();
        send(2);
        assertEquals(PeerOffence.ACK_OF_UNSENT_PACKET, ack(0, 1, 4));
        sent.skip();
        send(2);
        assertEquals(PeerOffence.ACK_OF_UNSENT_PACKET, ack(0, 2, 5));
        assertNull(ack(0, 1, 3, 4, 6));
        assertEquals(
                PeerOffence.ACK_OF_UNSENT_PACKET, ack(0, 0, 1, Limits.PACKET_NUMBER_MAX - 1, Limits.PACKET_NUMBER_MAX));
    }

    /// Goal: old news change nothing: an ACK that came before, or of packets already lost, counts nothing
    /// twice.
    @Test
    void oldNewsChangeNothing() {
        measure();
        send(6);
        now += RTT;
        assertNull(ack(0, 4, 7));
        assertEquals(List.of(1L, 2L, 3L), lost);
        long window = path.windowBytes();
        long smoothed = path.rtt().smoothedNanos();
        now += 500 * MILLI;
        assertNull(ack(0, 4, 6));
        assertNull(ack(0, 4, 7));
        assertNull(ack(0, 0, 7));
        assertEquals(List.of(1L, 2L, 3L), lost);
        assertEquals(List.of(4L, 5L, 6L), acked);
        assertEquals(0, path.inFlightBytes());
        assertEquals(window, path.windowBytes());
        assertEquals(smoothed, path.rtt().smoothedNanos(), "no round trip from an old packet");
    }

    /// Goal: the peer counts as gone 30 seconds after the first packet that has no answer, and no answer
    /// but a new one changes that.
    // = docs/spec/06-flow.md R6.18
    @Test
    void thePeerIsGoneAfter30Seconds() {
        measure();
        assertEquals(Long.MAX_VALUE, recovery.goneNanos());
        send(1);
        long first = now;
        for (int i = 0; i < 9; i++) {
            now += 3_000 * MILLI;
            send(1);
            assertNull(ack(0, 0, 1));
            assertFalse(recovery.isPeerGone(now));
        }
        assertEquals(first + Limits.UNACKNOWLEDGED_NANOS_MAX, recovery.goneNanos());
        now = first + Limits.UNACKNOWLEDGED_NANOS_MAX - 1;
        assertFalse(recovery.isPeerGone(now));
        now++;
        assertTrue(recovery.isPeerGone(now));
        assertNull(ack(0, 0, 2));
        assertFalse(recovery.isPeerGone(now));
    }

    /// Goal: whatever is acknowledged in whatever order, the path's account is what is in flight, never
    /// negative, and every packet settles once. Method: a sender within its window, a network that loses
    /// and reorders.
    @Test
    void theAccountIsExact() {
        Random random = Seeds.random("LossRecovery", 33);
        RangeSet received = new RangeSet();
        List<Long> flying = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            now += random.nextInt(3) * MILLI;
            while (path.sendable(now) >= BYTES && random.nextInt(5) > 0) {
                flying.add(sent.next());
                send(1);
            }
            if (!flying.isEmpty()) {
                long number = flying.remove(random.nextInt(Math.min(4, flying.size())));
                if (random.nextInt(50) > 0) {
                    received.add(number, number + 1);
                }
            }
            while (received.size() > 60) {
                received.removeLowest();
            }
            if (!received.isEmpty() && random.nextInt(2) == 0) {
                assertNull(ack(0, runs(received)));
            }
            if (recovery.nextDeadlineNanos(path.rtt()) <= now) {
                recovery.handleDeadline(now, path);
            }
            if (recovery.takeProbe()) {
                flying.add(sent.next());
                send(1);
            }
            assertEquals((long) sent.packetsInFlight() * BYTES, path.inFlightBytes());
            assertEquals(sent.next(), acked.size() + lost.size() + sent.packetsInFlight());
        }
        assertTrue(acked.size() > 5_000 && lost.size() > 100, acked.size() + " arrived, " + lost.size() + " lost");
    }

    private static long[] runs(RangeSet set) {
        long[] runs = new long[2 * set.size()];
        for (int i = 0; i < set.size(); i++) {
            runs[2 * i] = set.start(i);
            runs[2 * i + 1] = set.end(i);
        }
        return runs;
    }
}
