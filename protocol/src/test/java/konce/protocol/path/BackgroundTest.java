package konce.protocol.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import konce.protocol.Address;
import konce.protocol.CongestionControl;
import org.junit.jupiter.api.Test;

/// The background class of a path.
final class BackgroundTest {
    private static final long MILLI = 1_000_000L;
    private static final int BYTES = 1_200;

    private final Turns turns = new Turns();
    private final Path path = new Path(Address.parse("192.0.2.1:413"), BYTES, CongestionControl.PIPE, 0, 0, turns);
    private final long[] stamps = new long[2 * Path.STAMP_LONGS];

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

    /// Goal: the classes have accounts of their own, and nothing goes in the background while somebody else waits.
    // = docs/spec/05-paths.md R5.7
    @Test
    void theBackgroundWaitsForEverybody() {
        Sleeper eager = new Sleeper();
        Sleeper patient = new Sleeper();
        path.rtt().guess(40 * MILLI);
        assertTrue(path.maySend(0, patient, true));
        while (path.maySend(0, eager, false)) {
            path.onSent(0, BYTES, false, stamps, 0);
        }
        assertTrue(path.maySend(0, patient, true), "nobody waits");
        path.await(0, eager, false);
        assertFalse(path.maySend(0, patient, true));
        path.onSent(0, BYTES, true, stamps, Path.STAMP_LONGS);
        assertTrue(Path.isBackground(stamps, Path.STAMP_LONGS) && !Path.isBackground(stamps, 0));
        path.await(0, patient, true);
        path.onAcked(40 * MILLI, 0, 5 * BYTES, stamps, 0);
        path.settle(40 * MILLI);
        assertSame(eager, turns.next(40 * MILLI));
        turns.end();
        assertSame(patient, turns.next(40 * MILLI));
        turns.end();
        long left = path.inFlightBytes();
        path.release(eager, left, BYTES);
        assertEquals(0, path.inFlightBytes());
    }

    /// Goal: the window shrinks while packets wait longer than the target, by half at most, and grows while they do
    /// not; a loss halves it, once a round trip, and teaches the target.
    // = docs/spec/05-paths.md R5.11
    @Test
    void itYieldsToAQueue() {
        BackgroundController background = new BackgroundController(BYTES);
        RttEstimator rtt = new RttEstimator();
        long now = grow(background, rtt, 0, 40 * MILLI, 100);
        long before = background.windowBytes();
        assertTrue(before > 20 * BYTES, before + " bytes");
        now = grow(background, rtt, now, 160 * MILLI, 45);
        assertTrue(background.windowBytes() < 0.7 * before, background.windowBytes() + " of " + before);
        before = background.windowBytes();
        DeliveryRate delivery = new DeliveryRate();
        background.onLost(now, now - 1, BYTES, delivery);
        background.onLost(now + 1, now - 1, BYTES, delivery);
        assertEquals(Math.max(before / 2, 2 * BYTES), background.windowBytes());
        background.onPersistentCongestion();
        assertEquals(2 * BYTES, background.windowBytes());
    }

    private static long grow(BackgroundController background, RttEstimator rtt, long start, long rttNanos, int acks) {
        long now = start;
        DeliveryRate delivery = new DeliveryRate();
        long[] stamp = new long[DeliveryRate.STAMP_LONGS];
        for (int i = 0; i < acks; i++) {
            delivery.onSent(now, background.windowBytes(), false, true, stamp, 0);
            now += rttNanos / 10;
            rtt.measure(rttNanos, 0, 0);
            delivery.onAcked(now, now - rttNanos, background.windowBytes() / 10, stamp, 0);
            delivery.finish(now, 0);
            background.onAckEnd(now, delivery, rtt, 0);
            delivery.reset();
        }
        return now;
    }
}
