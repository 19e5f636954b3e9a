package konce.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import konce.bench.peer.Contestant;
import konce.bench.peer.Contestants;
import konce.bench.peer.Discipline;
import org.junit.jupiter.api.Test;

/// What is measured, of whom, and the order of the rounds.
class PlanTest {
    private static final List<String> ALL = List.of("a", "b", "c");

    @Test
    void trialsAreThoseOfTheDisciplinesAndAdmitWhoTakesPart() {
        Plan plan = new Plan(Set.of(Discipline.REPLY, Discipline.BULK), Contestants.all(), 3, 100, 0, 1, 10);
        assertEquals(
                List.of("bulk", "reply", "reply, guarded"),
                plan.trials().stream().map(Trial::title).toList());
        Trial guarded = plan.trials().getLast();
        assertEquals(
                List.of("konce-xchacha", "netty-quic", "kwik"),
                plan.in(guarded).stream().map(Contestant::name).toList());
    }

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
