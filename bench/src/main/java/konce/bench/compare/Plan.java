package konce.bench.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import konce.bench.peer.Contestant;
import konce.bench.peer.Discipline;

/// What one run does.
///
/// @param disciplines in which to compare
/// @param contestants whom
/// @param rounds in each of which every contestant is measured once
/// @param sampleMillis how long a sample takes
/// @param warmUpMillis how long each works before it is measured
/// @param idleRounds in each of which every contestant keeps idle connections once
/// @param idleConnections how many
record Plan(
        Set<Discipline> disciplines,
        List<Contestant> contestants,
        int rounds,
        int sampleMillis,
        int warmUpMillis,
        int idleRounds,
        int idleConnections) {
    Plan {
        disciplines = EnumSet.copyOf(disciplines);
        contestants = List.copyOf(contestants);
        if (rounds < 1 || sampleMillis < 1 || warmUpMillis < 0) {
            throw new IllegalArgumentException(
                    "rounds, samples and warm-ups are not negative: " + rounds + ", " + sampleMillis + " ms");
        }
    }

    /// What is measured, in this order.
    List<Trial> trials() {
        return Stream.<Trial>of(
                        new BulkTrial(this),
                        new RequestsTrial(this),
                        new HandshakesTrial(this),
                        new ReplyTrial(this, false),
                        new ReplyTrial(this, true),
                        new IdleTrial(this),
                        new GarbageTrial(this))
                .filter(trial -> disciplines.contains(trial.discipline()))
                .toList();
    }

    /// Those who take part in a trial.
    List<Contestant> in(Trial trial) {
        return contestants.stream().filter(trial::admits).toList();
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
