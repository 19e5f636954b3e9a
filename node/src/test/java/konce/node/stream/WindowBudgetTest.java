package konce.node.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowBudgetTest {
    /// Goal: windows shrink but never below the least, never exceed the limit together, and all come back. Method:
    /// take
    /// until refused, for a small heap and a large one; give back; take again.
    // = docs/spec/10-streams.md (R10.4) MUST NOT give a window that, with all others it has given, exceeds its limit
    // = docs/spec/10-streams.md (R10.4) MUST refuse the stream when it cannot give the least window
    @Test
    void givesSmallerWindowsTheMoreAreGiven() {
        for (long heap : new long[] {64L << 20, 1L << 30, 64L << 30}) {
            WindowBudget budget = new WindowBudget(heap);
            long limit = Math.min(StreamLimits.WINDOWS_BYTES_MAX, heap / 4);
            List<Integer> windows = new ArrayList<>();
            long given = 0;
            for (int window = budget.reserve(); window > 0; window = budget.reserve()) {
                assertTrue(window >= StreamLimits.WINDOW_BYTES_MIN && window <= StreamLimits.WINDOW_BYTES_MAX);
                assertTrue(windows.isEmpty() || window <= windows.getLast());
                windows.add(window);
                given += window;
            }
            assertTrue(given <= limit && given > limit - StreamLimits.WINDOW_BYTES_MIN, given + " of " + limit);
            assertTrue(windows.size() > 300, windows.size() + " streams");
            windows.forEach(budget::release);
            assertEquals(windows.getFirst(), budget.reserve());
        }
    }
}
