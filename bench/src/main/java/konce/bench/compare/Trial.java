package konce.bench.compare;

import java.util.List;
import konce.bench.peer.Contestant;
import konce.bench.peer.Discipline;
import konce.bench.process.ChildException;
import konce.bench.report.Measure;

/// How one thing is measured.
///
/// - [BulkTrial], [RequestsTrial], [HandshakesTrial], [ReplyTrial], [IdleTrial], [GarbageTrial]
interface Trial {
    /// Takes the samples.
    interface Samples {
        void add(Measure measure, double sample);
    }

    Discipline discipline();

    /// As it is shown while it runs.
    default String title() {
        return discipline().word();
    }

    /// Whether a contestant takes part.
    default boolean admits(Contestant contestant) {
        return contestant.disciplines().contains(discipline());
    }

    /// Whether servers are guarded.
    default boolean isGuarded() {
        return false;
    }

    /// What lies between client and server.
    default Route route() {
        return Route.DIRECT;
    }

    /// Whether each sample is taken from a pair of its own, with no other alive; else all pairs live until the end.
    default boolean isAlone() {
        return false;
    }

    /// More options of the Java machine, for all contestants.
    default List<String> options() {
        return List.of();
    }

    /// How often each contestant is measured.
    int rounds();

    void warmUp(Pair pair) throws ChildException, InterruptedException;

    void sample(Pair pair, Samples samples) throws ChildException, InterruptedException;
}
