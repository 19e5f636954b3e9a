package konce.bench.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import konce.bench.peer.Contestant;
import konce.bench.peer.Discipline;

/// What one run does.
///
/// @param disciplines in which to compare
/// @param contestants whom
/// @param rounds in each of which every contestant is measured once
/// @param sampleMillis how long a sample takes
/// @param warmUpMillis how long each works before it is measured
record Plan(Set<Discipline> disciplines, List<Contestant> contestants, int rounds, int sampleMillis, int warmUpMillis) {
    Plan {
        disciplines = EnumSet.copyOf(disciplines);
        contestants = List.copyOf(contestants);
        if (rounds < 1 || sampleMillis < 1 || warmUpMillis < 0) {
            throw new IllegalArgumentException(
                    "rounds, samples and warm-ups are not negative: " + rounds + ", " + sampleMillis + " ms");
        }
    }

    /// Those who take part in a discipline.
    List<Contestant> in(Discipline discipline) {
        return contestants.stream()
                .filter(contestant -> contestant.disciplines().contains(discipline))
                .toList();
    }

    /// The order of a round: another one begins each time, and every other time it goes backwards, so that none
    /// always
    /// comes after the same one.
    static <T> List<T> order(List<T> all, int round) {
        List<T> order = new ArrayList<>(all);
        Collections.rotate(order, -(round / 2));
        return round % 2 == 0 ? order : order.reversed();
    }
}
