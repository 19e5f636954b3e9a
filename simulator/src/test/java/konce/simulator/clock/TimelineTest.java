package konce.simulator.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
    /// Goal: things happen by time, and at one time in the order they were planned; the past means now.
    @Test
    void keepsOrder() {
        Timeline timeline = new Timeline();
        List<String> done = new ArrayList<>();
        timeline.at(20, () -> done.add("c"));
        timeline.at(10, () -> {
            done.add("a");
            timeline.at(5, () -> done.add("late"));
            timeline.after(10, () -> done.add("d"));
        });
        timeline.at(10, () -> done.add("b"));
        assertEquals(10, timeline.nextNanos());
        while (timeline.step()) {
            assertTrue(timeline.nowNanos() <= 20);
        }
        assertEquals(List.of("a", "b", "late", "c", "d"), done);
        assertFalse(timeline.step());
    }

    /// Goal: time may be skipped only where nothing would be missed.
    @Test
    void skipsOnlyEmptyTime() {
        Timeline timeline = new Timeline();
        timeline.skipTo(5);
        assertEquals(5, timeline.nowNanos());
        timeline.at(7, () -> {});
        assertThrows(IllegalArgumentException.class, () -> timeline.skipTo(8));
        timeline.skipTo(7);
        assertEquals(7, timeline.nowNanos());
    }
}
