package konce.protocol.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import konce.protocol.Address;
import konce.protocol.CongestionControl;
import konce.protocol.table.DeadlineHeap;
import org.junit.jupiter.api.Test;

/// A path's account and its pacer.
final class PathTest {
    private static final long MILLI = 1_000_000L;
    private static final int BYTES = 1_200;
    private static final long RTT = 100 * MILLI;

    private final Turns turns = new Turns();
    private final long[] stamps = new long[Path.STAMP_LONGS];
    private final Sleeper nobody = new Sleeper();
    private final Path path = new Path(Address.parse("192.0.2.1:413"), BYTES, CongestionControl.CUBIC, 0, 0, turns);

    /// Somebody who waits.
    private static final class Sleeper implements Path.Waiter {
        private final boolean[] waiting = new boolean[2];

        @Override
        public boolean isWaiting(boolean background) {
            return waiting[background ? 1 : 0];
        }

        @Override
        public void setWaiting(boolean background, boolean newWaiting) {
            waiting[background ? 1 : 0] = newWaiting;
        }
    }

    private void send(long nowNanos) {
        path.onSent(nowNanos, BYTES, false, stamps, 0);
    }

    private void ack(long nowNanos, long sentNanos, long bytes) {
        path.onAcked(nowNanos, sentNanos, bytes, stamps, 0);
        path.settle(nowNanos);
    }

    private void lose(long nowNanos, long sentNanos, long bytes) {
        path.onLost(nowNanos, sentNanos, bytes, stamps, 0);
        path.settle(nowNanos);
    }

    /// Goal: sending takes from the window, arriving, losing and leaving give back, and the account ends
    /// at zero.
    // = docs/spec/05-paths.md R5.5
    @Test
    void theAccountEndsAtZero() {
        path.rtt().guess(RTT);
        path.join();
        path.join();
        for (int i = 0; i < 10; i++) {
            send(0);
        }
        assertEquals(10 * BYTES, path.inFlightBytes());
        ack(RTT, 0, BYTES);
        lose(RTT, 0, BYTES);
        assertEquals(8 * BYTES, path.inFlightBytes());
        path.release(nobody, 3 * BYTES, 0);
        assertFalse(path.leave());
        path.release(nobody, 5 * BYTES, 0);
        assertTrue(path.leave());
        assertEquals(0, path.inFlightBytes());
    }

    /// Goal: nothing goes that the window has no room for.
    // = docs/spec/05-paths.md R5.2
    @Test
    void nothingGoesBeyondTheWindow() {
        long sent = 0;
        while (path.sendable(0) >= BYTES) {
            send(0);
            sent += BYTES;
        }
        assertEquals(path.windowBytes(), sent);
        assertEquals(0, path.sendable(1_000_000 * MILLI), "time alone makes no room");
        assertEquals(Long.MAX_VALUE, path.readyNanos(0));
    }

    /// Goal: an acknowledgement of a whole window at once lets it grow by all of it in slow start: it was
    /// what held the sender back, also while the account runs down.
    @Test
    void oneAcknowledgementOfAWholeWindowDoublesIt() {
        path.rtt().guess(RTT);
        while (path.sendable(0) >= BYTES) {
            send(0);
        }
        for (int i = 0; i < 10; i++) {
            ack(RTT, 0, BYTES);
        }
        assertEquals(20 * BYTES, path.windowBytes());
        send(0);
        ack(2 * RTT, RTT, BYTES);
        assertEquals(20 * BYTES, path.windowBytes(), "one packet does not try it out");
    }

    private void fill(long nowNanos) {
        while (path.sendable(nowNanos) >= BYTES) {
            send(nowNanos);
        }
    }

    /// Goal: those whom a full window stopped go on in their order, one at a time, whoever's ACK made the
    /// room; nobody passes them, and nobody is called for nothing.
    // = docs/spec/05-paths.md R5.6
    @Test
    void whoeverWaitsGoesOnInTurn() {
        Sleeper first = new Sleeper();
        Sleeper second = new Sleeper();
        Sleeper third = new Sleeper();
        path.rtt().guess(RTT);
        path.join();
        fill(0);
        for (Sleeper sleeper : new Sleeper[] {first, second, first}) {
            assertFalse(path.maySend(0, sleeper, false));
            path.await(0, sleeper, false);
        }
        assertNull(turns.next(0));
        assertEquals(DeadlineHeap.NONE, turns.nextNanos(), "time alone makes no room");
        lose(RTT, 0, BYTES);
        assertNull(turns.next(RTT), "the window has shrunk by more");
        ack(RTT, 1, 4 * BYTES);
        assertFalse(path.maySend(RTT, third, false), "two wait longer");
        path.await(RTT, third, false);
        assertSame(first, turns.next(RTT));
        assertTrue(path.maySend(RTT, first, false));
        assertFalse(path.maySend(RTT, second, false));
        send(RTT);
        path.await(RTT, first, false);
        turns.end();
        assertFalse(path.maySend(RTT, first, false));
        assertSame(second, turns.next(RTT));
        fill(RTT);
        turns.end();
        assertNull(turns.next(RTT));
        ack(2 * RTT, RTT, path.inFlightBytes());
        assertSame(third, turns.next(2 * RTT));
        turns.end();
        assertSame(first, turns.next(2 * RTT));
        turns.end();
        assertNull(turns.next(2 * RTT));
        assertTrue(path.maySend(2 * RTT, second, false), "nobody waits");
    }

    /// Goal: whom the pacer stopped is called when it lets a datagram go, not before.
    // = docs/spec/05-paths.md R5.6
    @Test
    void thePacerCallsInTurn() {
        Sleeper first = new Sleeper();
        path.rtt().guess(RTT);
        path.join();
        fill(0);
        ack(RTT, 0, path.inFlightBytes());
        while (path.maySend(RTT, first, false)) {
            send(RTT);
        }
        path.await(RTT, first, false);
        long due = turns.nextNanos();
        assertTrue(due > RTT && due < RTT + 20 * MILLI, "due " + due);
        turns.handleDeadline(due - 1);
        assertNull(turns.next(due - 1));
        turns.handleDeadline(due);
        assertSame(first, turns.next(due));
        turns.end();
        assertNull(turns.next(due));
        assertEquals(DeadlineHeap.NONE, turns.nextNanos());
    }

    /// Goal: who leaves the path leaves the queue.
    @Test
    void whoeverLeavesLeavesTheQueue() {
        Sleeper first = new Sleeper();
        Sleeper second = new Sleeper();
        path.join();
        path.join();
        fill(0);
        path.await(0, first, false);
        path.await(0, second, false);
        path.release(first, path.inFlightBytes(), 0);
        assertFalse(path.leave());
        assertFalse(first.isWaiting(false));
        turns.handleDeadline(RTT);
        assertSame(second, turns.next(RTT));
        turns.end();
        path.release(second, 0, 0);
        assertTrue(path.leave());
        turns.forget(path);
        assertEquals(DeadlineHeap.NONE, turns.nextNanos());
    }

    /// Goal: over a second the pacer lets go what its pace says, and at once no more than two datagrams or two
    /// milliseconds' worth, after ten datagrams at the very beginning.
    // = docs/spec/05-paths.md R5.4
    @Test
    void thePacerSpreadsTheWindow() {
        for (double perSecond : new double[] {50_000, 500_000, 5e6, 5e8}) {
            Pacer pacer = new Pacer(BYTES, 0);
            pacer.setPace(perSecond / 1e9);
            double burst = Math.max(2 * BYTES, perSecond * 0.002);
            long sent = 0;
            long now = 0;
            long atOnce = 0;
            while (now < 1_000 * MILLI) {
                if (pacer.available(now) >= BYTES) {
                    pacer.onSent(BYTES);
                    sent += BYTES;
                    atOnce += BYTES;
                } else {
                    double most = now == 0 ? Math.max(burst, 10 * BYTES) : burst;
                    assertTrue(atOnce <= most + BYTES, atOnce + " bytes at once");
                    atOnce = 0;
                    long ready = pacer.readyNanos(now);
                    assertTrue(ready > now, "waiting makes progress");
                    now = ready;
                }
            }
            assertEquals(perSecond, (double) sent, 0.02 * perSecond + burst + 10 * BYTES, "pace " + perSecond);
        }
    }

    /// Goal: a long silence saves up one burst, no more.
    // = docs/spec/05-paths.md R5.4
    @Test
    void silenceSavesUpOneBurst() {
        Pacer pacer = new Pacer(BYTES, 0);
        pacer.setPace(0.000_01);
        pacer.onSent(10 * BYTES);
        assertEquals(2 * BYTES, pacer.available(3_600_000 * MILLI));
        pacer.setPace(10);
        assertEquals(20.0 * MILLI, (double) pacer.available(7_200_000 * MILLI), 1);
    }
}
