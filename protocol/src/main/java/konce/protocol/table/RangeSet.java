package konce.protocol.table;

import java.util.Arrays;

/// A set of `long`s kept as sorted, disjoint, non-adjacent ranges.
///
/// - shape: range `i` holds `start(i)` to `end(i)`, the end not included; range 0 is the lowest
/// - error: never throws for a non-empty range; the owner holds the number of ranges to a limit by asking [#size]
public final class RangeSet {
    private static final int CAPACITY_MIN = 2;

    /// Most sets of a message's bytes never hold a range.
    private static final long[] NONE = new long[0];

    private long[] starts = NONE;
    private long[] ends = NONE;
    private int size;

    /// How many separate ranges.
    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public long start(int i) {
        assert i < size;
        return starts[i];
    }

    public long end(int i) {
        assert i < size;
        return ends[i];
    }

    /// Adds `start` to `end` (not included).
    ///
    /// @return how many numbers were not in the set before
    public long add(long start, long end) {
        assert start < end : start + ".." + end;
        if (size > 0 && start == ends[size - 1]) {
            // what grows at its end, grows most often
            ends[size - 1] = end;
            return end - start;
        }
        int from = firstEndingAtOrAfter(start);
        if (from == size || end < starts[from]) {
            insert(from, start, end);
            return end - start;
        }
        long covered = 0;
        int to = from;
        long low = Math.min(start, starts[from]);
        long high = end;
        while (to < size && starts[to] <= end) {
            covered += Math.max(0, Math.min(end, ends[to]) - Math.max(start, starts[to]));
            high = Math.max(high, ends[to]);
            to++;
        }
        starts[from] = low;
        ends[from] = high;
        delete(from + 1, to);
        return end - start - covered;
    }

    /// Removes `start` to `end` (not included).
    ///
    /// @return how many numbers were in the set before
    public long remove(long start, long end) {
        assert start < end : start + ".." + end;
        long removed = 0;
        int i = firstEndingAfter(start);
        while (i < size && starts[i] < end) {
            long rangeStart = starts[i];
            long rangeEnd = ends[i];
            removed += Math.min(end, rangeEnd) - Math.max(start, rangeStart);
            if (rangeStart < start && rangeEnd > end) {
                ends[i] = start;
                insert(i + 1, end, rangeEnd);
                return removed;
            } else if (rangeStart < start) {
                ends[i++] = start;
            } else if (rangeEnd > end) {
                starts[i++] = end;
            } else {
                delete(i, i + 1);
            }
        }
        return removed;
    }

    public boolean contains(long number) {
        int i = firstEndingAfter(number);
        return i < size && starts[i] <= number;
    }

    /// Whether all of `start` to `end` (not included) is in the set.
    public boolean containsAll(long start, long end) {
        int i = firstEndingAfter(start);
        return i < size && starts[i] <= start && ends[i] >= end;
    }

    /// Forgets the lowest range.
    public void removeLowest() {
        delete(0, 1);
    }

    public void clear() {
        size = 0;
    }

    private int firstEndingAtOrAfter(long number) {
        return firstEndingAfter(number - 1);
    }

    private int firstEndingAfter(long number) {
        // newest numbers come last and are asked for most
        if (size == 0 || ends[size - 1] <= number) {
            return size;
        }
        int low = 0;
        int high = size - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ends[middle] > number) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /// Gives back what it holds for ranges to come.
    public void trim() {
        if (starts.length > Math.max(size, CAPACITY_MIN)) {
            resize(Math.max(size, CAPACITY_MIN));
        }
    }

    private void resize(int capacity) {
        starts = Arrays.copyOf(starts, capacity);
        ends = Arrays.copyOf(ends, capacity);
    }

    private void insert(int at, long start, long end) {
        if (size == starts.length) {
            resize(Math.max(CAPACITY_MIN, size * 2));
        }
        System.arraycopy(starts, at, starts, at + 1, size - at);
        System.arraycopy(ends, at, ends, at + 1, size - at);
        starts[at] = start;
        ends[at] = end;
        size++;
    }

    private void delete(int from, int to) {
        if (from < to) {
            System.arraycopy(starts, to, starts, from, size - to);
            System.arraycopy(ends, to, ends, from, size - to);
            size -= to - from;
        }
    }
}
