package konce.protocol.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import konce.protocol.Address;
import konce.protocol.table.DeadlineHeap;
import org.junit.jupiter.api.Test;

/// A path's account and its pacer.
final class PathTest {
    private static final long MILLI = 1_000_000L;
    private static final int BYTES = 1_200;
    private static final long RTT = 100 * MILLI;

    private final Turns turns = new Turns();
    private final Sleeper nobody = new Sleeper();
    private final Path path = new Path(Address.parse("192.0.2.1:413"), BYTES, 0, turns);

    /// Somebody who waits.
    private static final class Sleeper implements Path.Waiter {
        private boolean waiting;

        @Override
        public boolean isWaiting() {
            return waiting;
        }

        @Override
        public void setWaiting(boolean newWaiting) {
            waiting = newWaiting;
        }
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
            path.onSent(BYTES);
        }
        assertEquals(10 * BYTES, path.inFlightBytes());
        path.onAcked(RTT, 0, BYTES);
        path.onLost(RTT, 0, BYTES);
        assertEquals(8 * BYTES, path.inFlightBytes());
        path.release(nobody, 3 * BYTES);
        assertFalse(path.leave());
        path.release(nobody, 5 * BYTES);
        assertTrue(path.leave());
        assertEquals(0, path.inFlightBytes());
    }

    /// Goal: nothing goes that the window has no room for.
    // = docs/spec/05-paths.md R5.2
    @Test
    void nothingGoesBeyondTheWindow() {
        long sent = 0;
        while (path.sendable(0) >= BYTES) {
            path.onSent(BYTES);
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
            path.onSent(BYTES);
        }
        for (int i = 0; i < 10; i++) {
            path.onAcked(RTT, 0, BYTES);
        }
        assertEquals(20 * BYTES, path.windowBytes());
        path.onSent(BYTES);
        path.onAcked(2 * RTT, RTT, BYTES);
        assertEquals(20 * BYTES, path.windowBytes(), "one packet does not try it out");
    }

    private void fill(long nowNanos) {
        while (path.sendable(nowNanos) >= BYTES) {
            path.onSent(BYTES);
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
            assertFalse(path.maySend(0, sleeper));
            path.await(0, sleeper);
        }
        assertNull(turns.next(0));
        assertEquals(DeadlineHeap.NONE, turns.nextNanos(), "time alone makes no room");
        path.onLost(RTT, 0, BYTES);
        assertNull(turns.next(RTT), "the window has shrunk by more");
        path.onAcked(RTT, 1, 4 * BYTES);
        assertFalse(path.maySend(RTT, third), "two wait longer");
        path.await(RTT, third);
        assertSame(first, turns.next(RTT));
        assertTrue(path.maySend(RTT, first));
        assertFalse(path.maySend(RTT, second));
        path.onSent(BYTES);
        path.await(RTT, first);
        turns.end();
        assertFalse(path.maySend(RTT, first));
        assertSame(second, turns.next(RTT));
        fill(RTT);
        turns.end();
        assertNull(turns.next(RTT));
        path.onAcked(2 * RTT, RTT, path.inFlightBytes());
        assertSame(third, turns.next(2 * RTT));
        turns.end();
        assertSame(first, turns.next(2 * RTT));
        turns.end();
        assertNull(turns.next(2 * RTT));
        assertTrue(path.maySend(2 * RTT, second), "nobody waits");
    }

    /// Goal: whom the pacer stopped is called when it lets a datagram go, not before.
    // = docs/spec/05-paths.md R5.6
    @Test
    void thePacerCallsInTurn() {
        Sleeper first = new Sleeper();
        path.rtt().guess(RTT);
        path.join();
        fill(0);
        path.onAcked(RTT, 0, path.inFlightBytes());
        while (path.maySend(RTT, first)) {
            path.onSent(BYTES);
        }
        path.await(RTT, first);
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
        path.await(0, first);
        path.await(0, second);
        path.release(first, path.inFlightBytes());
        assertFalse(path.leave());
        assertFalse(first.isWaiting());
        turns.handleDeadline(RTT);
        assertSame(second, turns.next(RTT));
        turns.end();
        path.release(second, 0);
        assertTrue(path.leave());
        turns.forget(path);
        assertEquals(DeadlineHeap.NONE, turns.nextNanos());
    }

    /// Goal: over a second the pacer lets go 1.25 windows for each round trip, twice the window in slow
    /// start, and at once no more than ten datagrams or two milliseconds' worth.
    // = docs/spec/05-paths.md R5.4
    @Test
    void thePacerSpreadsTheWindow() {
        for (boolean slowStart : new boolean[] {false, true}) {
            for (long window : new long[] {12_000, 120_000, 12_000_000}) {
                Pacer pacer = new Pacer(BYTES, 0);
                pacer.setRate(window, RTT, slowStart);
                double perSecond = (slowStart ? 2.0 : 1.25) * window * 10;
                double burst = Math.max(10 * BYTES, perSecond * 0.002);
                long sent = 0;
                long now = 0;
                long atOnce = 0;
                while (now < 1_000 * MILLI) {
                    if (pacer.available(now) >= BYTES) {
                        pacer.onSent(BYTES);
                        sent += BYTES;
                        atOnce += BYTES;
                    } else {
                        assertTrue(atOnce <= burst + BYTES, atOnce + " bytes at once");
                        atOnce = 0;
                        long ready = pacer.readyNanos(now);
                        assertTrue(ready > now, "waiting makes progress");
                        now = ready;
                    }
                }
                assertEquals(perSecond, (double) sent, 0.02 * perSecond + burst, "window " + window);
            }
        }
    }

    /// Goal: a long silence saves up one burst, no more.
    // = docs/spec/05-paths.md R5.4
    @Test
    void silenceSavesUpOneBurst() {
        Pacer pacer = new Pacer(BYTES, 0);
        pacer.setRate(12_000, RTT, false);
        assertEquals(10 * BYTES, pacer.available(3_600_000 * MILLI));
        pacer.setRate(1L << 30, RTT, false);
        double capacity = 1.25 * (1L << 30) / RTT * 2 * MILLI;
        assertEquals(capacity, (double) pacer.available(7_200_000 * MILLI), 1);
    }
}
