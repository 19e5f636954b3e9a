package konce.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The order of the rounds.
class PlanTest {
    private static final List<String> ALL = List.of("a", "b", "c");

    @Test
    void everyRoundHasEverybodyOnce() {
        for (int round = 0; round < 8; round++) {
            assertEquals(Set.copyOf(ALL), new HashSet<>(Plan.order(ALL, round)));
            assertEquals(ALL.size(), Plan.order(ALL, round).size());
        }
    }

    @Test
    void orderAlternatesAndAnotherOneBegins() {
        assertEquals(List.of("a", "b", "c"), Plan.order(ALL, 0));
        assertEquals(List.of("c", "b", "a"), Plan.order(ALL, 1));
        assertEquals(List.of("b", "c", "a"), Plan.order(ALL, 2));
        assertEquals(List.of("a", "c", "b"), Plan.order(ALL, 3));
    }
}
