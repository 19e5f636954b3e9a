package konce.protocol.table;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Things with a deadline each, the earliest first: a heap of four branches in which every thing knows its place, so
/// that moving a deadline costs O(log n), finding the next costs nothing, and so does moving one away by [#setAtMost].
///
/// - unit: nanoseconds of the owner's steady time
public final class DeadlineHeap<T extends DeadlineHeap.Item> {
    /// The deadline of a thing that has none.
    public static final long NONE = Long.MAX_VALUE;

    /// Four deadlines beside each other cost one look into memory.
    private static final int BRANCHES = 4;

    private static final int CAPACITY_START = 16;

    /// Something that can wait in a heap, in one at a time.
    public abstract static class Item {
        private int place = -1;
        private long deadlineNanos = NONE;

        /// When it comes out; [#NONE] when it is in no heap.
        public final long deadlineNanos() {
            return deadlineNanos;
        }
    }

    private @Nullable Item[] items = new Item[CAPACITY_START];
    private long[] deadlines = new long[CAPACITY_START];
    private int size;

    /// The earliest deadline; [#NONE] when nothing waits.
    public long nextNanos() {
        return size == 0 ? NONE : deadlines[0];
    }

    /// Takes the earliest thing out if it is due; null if none is.
    @SuppressWarnings("unchecked")
    public @Nullable T pollDue(long nowNanos) {
        if (size == 0 || deadlines[0] - nowNanos > 0) {
            return null;
        }
        T first = (T) at(0);
        set(first, NONE);
        return first;
    }

    /// Has a thing come out by a deadline, or earlier: where it is to come out before, that stays, and it may find
    /// nothing to do then and be set again. So a deadline that moves away with every packet costs nothing.
    public void setAtMost(T item, long deadlineNanos) {
        Item it = item;
        if (deadlineNanos < it.deadlineNanos) {
            set(item, deadlineNanos);
        }
    }

    /// Gives a thing a new deadline; [#NONE] takes it out.
    public void set(T item, long deadlineNanos) {
        Item it = item;
        long before = it.deadlineNanos;
        it.deadlineNanos = deadlineNanos;
        if (deadlineNanos == NONE) {
            remove(it);
        } else if (it.place < 0) {
            if (size == items.length) {
                items = Arrays.copyOf(items, size * 2);
                deadlines = Arrays.copyOf(deadlines, size * 2);
            }
            siftUp(it, size++);
        } else if (deadlineNanos > before) {
            siftDown(it, it.place);
        } else {
            siftUp(it, it.place);
        }
    }

    @SuppressWarnings("ReferenceEquality") // whether the last is this very item
    private void remove(Item item) {
        if (item.place < 0) {
            return;
        }
        int hole = item.place;
        item.place = -1;
        Item last = at(--size);
        items[size] = null;
        if (last != item) {
            siftDown(last, hole);
            if (last.place == hole) {
                siftUp(last, hole);
            }
        }
    }

    private void siftUp(Item item, int from) {
        int i = from;
        while (i > 0) {
            int parent = (i - 1) / BRANCHES;
            if (deadlines[parent] <= item.deadlineNanos) {
                break;
            }
            put(at(parent), i);
            i = parent;
        }
        put(item, i);
    }

    private void siftDown(Item item, int from) {
        int i = from;
        int least = leastBelow(i);
        while (least < size && deadlines[least] < item.deadlineNanos) {
            put(at(least), i);
            i = least;
            least = leastBelow(i);
        }
        put(item, i);
    }

    /// The place below `i` with the earliest deadline; none is below: [#size] or more.
    private int leastBelow(int i) {
        int least = BRANCHES * i + 1;
        int end = Math.min(least + BRANCHES, size);
        for (int child = least + 1; child < end; child++) {
            if (deadlines[child] < deadlines[least]) {
                least = child;
            }
        }
        return least;
    }

    private void put(Item item, int place) {
        items[place] = item;
        deadlines[place] = item.deadlineNanos;
        item.place = place;
    }

    private Item at(int place) {
        return Objects.requireNonNull(items[place]);
    }
}
