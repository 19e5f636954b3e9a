package konce.node.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// When a thread looks before it sleeps. Method: a made-up clock; a thread that sleeps, is woken, works.
class PatienceTest {
    private static final long MICRO = 1_000;
    private static final long LOOK = Patience.LOOK_NANOS_MAX;

    private final Patience patience = new Patience();
    private long nowNanos = 17;
    private int looks;

    /// Is idle until work comes after `waitNanos`, then works for `workNanos`. Each look takes a microsecond.
    ///
    /// @return whether work was found by looking
    private boolean idle(long waitNanos, long workNanos) {
        long workAt = nowNanos + waitNanos;
        boolean found = false;
        if (patience.begin(nowNanos)) {
            do {
                looks++;
                found = nowNanos >= workAt;
                nowNanos += found ? 0 : MICRO;
            } while (!found && patience.mayGoOn(nowNanos));
        }
        if (!found) {
            patience.sleep();
            nowNanos = Math.max(nowNanos, workAt);
        }
        nowNanos += workNanos;
        return found;
    }

    /// Goal: it looks while peers answer at once, and stops the first time they do not.
    @Test
    void looksWhileThatPays() {
        assertFalse(idle(10 * MICRO, 5 * MICRO), "it sleeps until it knows better");
        for (int i = 0; i < 1_000; i++) {
            assertTrue(idle(10 * MICRO, 5 * MICRO));
        }
        assertFalse(idle(LOOK + MICRO, 5 * MICRO));
        assertFalse(idle(10 * MICRO, 5 * MICRO));
        assertTrue(idle(10 * MICRO, 5 * MICRO));
    }

    /// Goal: who has little to do, or much, never looks.
    @Test
    void looksForNothingInVain() {
        for (int i = 0; i < 100; i++) {
            idle(1_000 * MICRO, 5 * MICRO);
        }
        assertEquals(0, looks);
        for (int i = 0; i < 100; i++) {
            idle(10 * MICRO, LOOK);
        }
        assertEquals(0, looks);
        idle(10 * MICRO, 5 * MICRO);
        assertTrue(idle(10 * MICRO, LOOK));
        assertFalse(idle(10 * MICRO, LOOK), "much work has come");
    }

    /// Goal: where others want the processor, it looks ever more seldom. Method: whoever looks does not run again
    /// for
    /// three milliseconds; how much of a minute is lost by that?
    @Test
    void makesRoomWhereItIsCrowded() {
        long taken = 3_000 * MICRO;
        long lost = 0;
        long start = nowNanos;
        while (nowNanos - start < 60_000_000 * MICRO) {
            if (patience.begin(nowNanos)) {
                nowNanos += taken;
                lost += taken;
                assertFalse(patience.mayGoOn(nowNanos));
            }
            patience.sleep();
            nowNanos += 10 * MICRO;
        }
        assertTrue(lost < 60_000_000 * MICRO / 100, lost / MICRO + " us lost of a minute");
        assertTrue(lost > 0);
    }

    /// Goal: when it is no more crowded it looks again, as much as before.
    @Test
    void looksAgainWhenThereIsRoom() {
        assertFalse(idle(10 * MICRO, MICRO));
        assertTrue(patience.begin(nowNanos));
        nowNanos += Patience.CROWDED_NANOS;
        assertFalse(patience.mayGoOn(nowNanos));
        patience.sleep();
        nowNanos += 10 * MICRO;
        assertFalse(idle(10 * MICRO, MICRO));
        nowNanos += Patience.REST_NANOS_MIN;
        idle(10 * MICRO, MICRO);
        idle(10 * MICRO, MICRO);
        assertTrue(idle(10 * MICRO, MICRO));
    }
}
