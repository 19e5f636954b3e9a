package konce.simulator.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import konce.protocol.endpoint.Endpoint;
import konce.simulator.clock.Dice;
import org.junit.jupiter.api.Test;

class HostClockTest {
    /// Goal: a host woken for a deadline finds that its clock has reached it, and by little more. Method: random
    /// clocks,
    /// times and deadlines.
    @Test
    void wakesAtTheDeadline() {
        long seed = 23;
        Dice dice = new Dice(seed);
        for (int i = 0; i < 10_000; i++) {
            HostClock clock = new HostClock(dice.between(0, 1L << 50), (int) dice.between(-100_000, 100_000));
            long deadlineNanos = clock.offsetNanos() + dice.between(1, 1L << dice.between(1, 48));
            long trueNanos = clock.trueNanos(deadlineNanos);
            long overNanos = clock.at(trueNanos) - deadlineNanos;
            assertTrue(overNanos >= 0 && overNanos <= 400_000, () -> "seed " + seed + ", " + clock + ": " + overNanos);
        }
    }

    /// Goal: no deadline, and one far away, mean never; one in the past means at once.
    @Test
    void knowsNeverAndNow() {
        HostClock clock = new HostClock(1_000, 50);
        assertEquals(Long.MAX_VALUE, clock.trueNanos(Endpoint.NO_DEADLINE));
        assertEquals(Long.MAX_VALUE, clock.trueNanos(Long.MAX_VALUE / 2));
        assertEquals(0, clock.trueNanos(Long.MIN_VALUE));
        assertEquals(0, clock.trueNanos(1_000));
    }
}
