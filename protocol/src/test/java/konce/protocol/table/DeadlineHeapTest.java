package konce.protocol.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import konce.protocol.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The heap of deadlines, against [PriorityQueue].
final class DeadlineHeapTest {
    private static final int OPERATIONS = 100_000;

    private static final class Thing extends DeadlineHeap.Item {}

    /// Goal: the earliest deadline is always known, and things come out in their order, whatever is set,
    /// moved and taken out. Method: the same random operations on a PriorityQueue that removes and adds
    /// anew.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 17, 1_000})
    void theEarliestIsAlwaysKnown(int count) {
        Random random = Seeds.random("DeadlineHeap " + count, count);
        DeadlineHeap<Thing> heap = new DeadlineHeap<>();
        PriorityQueue<Thing> model = new PriorityQueue<>(Comparator.comparingLong(Thing::deadlineNanos));
        Thing[] things = new Thing[count];
        for (int i = 0; i < count; i++) {
            things[i] = new Thing();
        }
        long now = 0;
        for (int i = 0; i < OPERATIONS; i++) {
            Thing thing = things[random.nextInt(count)];
            model.remove(thing);
            if (random.nextInt(4) == 0) {
                heap.set(thing, DeadlineHeap.NONE);
                assertEquals(DeadlineHeap.NONE, thing.deadlineNanos());
            } else {
                heap.set(thing, now + random.nextInt(5_000));
                model.add(thing);
            }
            now += random.nextInt(20);
            Thing first = model.peek();
            assertEquals(first == null ? DeadlineHeap.NONE : first.deadlineNanos(), heap.nextNanos());
            long due = first == null ? 0 : first.deadlineNanos();
            Thing polled = heap.pollDue(now);
            if (first == null || due > now) {
                assertNull(polled);
            } else {
                model.remove(polled);
                assertEquals(DeadlineHeap.NONE, polled.deadlineNanos());
                // of several with the same deadline any may come first
                assertEquals(true, model.isEmpty() || model.peek().deadlineNanos() >= due);
            }
        }
    }

    /// Goal: a thing is due at its deadline, not a nanosecond before.
    @Test
    void dueMeansAtTheDeadline() {
        DeadlineHeap<Thing> heap = new DeadlineHeap<>();
        Thing thing = new Thing();
        heap.set(thing, 100);
        assertNull(heap.pollDue(99));
        assertSame(thing, heap.pollDue(100));
        assertNull(heap.pollDue(100));
    }

    /// Goal: taking out what is not in costs nothing and breaks nothing.
    @Test
    void takingOutTwiceIsHarmless() {
        DeadlineHeap<Thing> heap = new DeadlineHeap<>();
        Thing in = new Thing();
        Thing out = new Thing();
        heap.set(in, 5);
        heap.set(out, DeadlineHeap.NONE);
        heap.set(out, DeadlineHeap.NONE);
        assertEquals(5, heap.nextNanos());
        heap.set(in, DeadlineHeap.NONE);
        heap.set(in, DeadlineHeap.NONE);
        assertEquals(DeadlineHeap.NONE, heap.nextNanos());
    }

    /// Goal: a deadline that moves away leaves a thing where it is, one that comes nearer moves it.
    @Test
    void atMostMovesOnlyNearer() {
        DeadlineHeap<Thing> heap = new DeadlineHeap<>();
        Thing thing = new Thing();
        heap.setAtMost(thing, 100);
        heap.setAtMost(thing, 200);
        assertEquals(100, heap.nextNanos());
        heap.setAtMost(thing, DeadlineHeap.NONE);
        assertEquals(100, thing.deadlineNanos());
        heap.setAtMost(thing, 50);
        assertEquals(50, heap.nextNanos());
        assertSame(thing, heap.pollDue(50));
        heap.setAtMost(thing, 200);
        assertEquals(200, heap.nextNanos());
    }
}
