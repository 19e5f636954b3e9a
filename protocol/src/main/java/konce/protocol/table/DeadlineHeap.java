package konce.protocol.table;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Things with a deadline each, the earliest first: a binary heap in which every thing knows its place, so that moving
/// a deadline costs O(log n) and finding the next costs nothing.
///
/// - unit: nanoseconds of the owner's steady time
public final class DeadlineHeap<T extends DeadlineHeap.Item> {
    /// The deadline of a thing that has none.
    public static final long NONE = Long.MAX_VALUE;

    /// Something that can wait in a heap, in one at a time.
    public abstract static class Item {
        private int place = -1;
        private long deadlineNanos = NONE;

        /// When it is due; [#NONE] when it is in no heap.
        public final long deadlineNanos() {
            return deadlineNanos;
        }
    }

    private @Nullable Item[] items = new Item[16];
    private int size;

    /// The earliest deadline; [#NONE] when nothing waits.
    public long nextNanos() {
        Item first = items[0];
        return size == 0 || first == null ? NONE : first.deadlineNanos;
    }

    /// Takes the earliest thing out if it is due; null if none is.
    @SuppressWarnings("unchecked")
    public @Nullable T pollDue(long nowNanos) {
        Item first = items[0];
        if (size == 0 || first == null || first.deadlineNanos - nowNanos > 0) {
            return null;
        }
        set((T) first, NONE);
        return (T) first;
    }

    /// Gives a thing a new deadline; [#NONE] takes it out.
    public void set(T item, long deadlineNanos) {
        Item it = item;
        if (deadlineNanos == NONE) {
            it.deadlineNanos = NONE;
            remove(it);
        } else if (it.place < 0) {
            it.deadlineNanos = deadlineNanos;
            if (size == items.length) {
                items = Arrays.copyOf(items, size * 2);
            }
            siftUp(it, size++);
        } else {
            boolean later = deadlineNanos > it.deadlineNanos;
            it.deadlineNanos = deadlineNanos;
            if (later) {
                siftDown(it, it.place);
            } else {
                siftUp(it, it.place);
            }
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
            int parent = (i - 1) >>> 1;
            Item above = at(parent);
            if (above.deadlineNanos <= item.deadlineNanos) {
                break;
            }
            put(above, i);
            i = parent;
        }
        put(item, i);
    }

    private void siftDown(Item item, int from) {
        int i = from;
        for (int child = 2 * i + 1; child < size; child = 2 * i + 1) {
            if (child + 1 < size && at(child + 1).deadlineNanos < at(child).deadlineNanos) {
                child++;
            }
            Item below = at(child);
            if (below.deadlineNanos >= item.deadlineNanos) {
                break;
            }
            put(below, i);
            i = child;
        }
        put(item, i);
    }

    private void put(Item item, int place) {
        items[place] = item;
        item.place = place;
    }

    private Item at(int place) {
        return Objects.requireNonNull(items[place]);
    }
}
