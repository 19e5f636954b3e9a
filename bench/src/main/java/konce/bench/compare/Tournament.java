package konce.bench.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import konce.bench.peer.Contestant;
import konce.bench.process.ChildException;
import konce.bench.process.Children;
import konce.bench.report.Results;

/// One run: trial by trial, round by round. Whoever fails is out of that trial; the others go on.
final class Tournament {
    private final Plan plan;
    private final Children children;
    private final Path scratch;
    private final Results results;
    private final Progress progress;
    private final long steps;
    private long step;

    Tournament(Plan plan, Children children, Path scratch, Results results, Progress progress) {
        this.plan = plan;
        this.children = children;
        this.scratch = scratch;
        this.results = results;
        this.progress = progress;
        steps = plan.trials().stream()
                .mapToLong(trial -> (long) plan.in(trial).size() * (trial.rounds() + (trial.isAlone() ? 0 : 1)))
                .sum();
    }

    void run() throws InterruptedException {
        for (Trial trial : plan.trials()) {
            if (trial.isAlone()) {
                oneByOne(trial);
            } else {
                together(trial);
            }
        }
    }

    /// All are alive, and take turns.
    private void together(Trial trial) throws InterruptedException {
        List<Pair> pairs = new ArrayList<>();
        try {
            for (Contestant contestant : plan.in(trial)) {
                guard(trial, contestant, () -> pairs.add(Pair.start(children, contestant, trial, scratch)));
            }
            for (Pair pair : List.copyOf(pairs)) {
                progress.at(trial.title() + ", warm-up, " + pair.contestant().name(), step++, steps);
                keepIf(guard(trial, pair.contestant(), () -> ready(trial, pair)), pair, pairs);
            }
            for (int round = 0; round < trial.rounds(); round++) {
                int number = round;
                for (Pair pair : Plan.order(List.copyOf(pairs), round)) {
                    say(trial, pair.contestant(), round);
                    keepIf(guard(trial, pair.contestant(), () -> take(trial, pair, number)), pair, pairs);
                }
            }
        } finally {
            pairs.forEach(Pair::close);
        }
    }

    private static void ready(Trial trial, Pair pair) throws IOException, ChildException, InterruptedException {
        pair.connect(trial);
        trial.warmUp(pair);
    }

    private static void keepIf(boolean well, Pair pair, List<Pair> pairs) {
        if (!well) {
            pairs.remove(pair);
            pair.close();
        }
    }

    /// Each sample has a pair of its own, and none other is alive.
    private void oneByOne(Trial trial) throws InterruptedException {
        List<Contestant> contestants = new ArrayList<>(plan.in(trial));
        for (int round = 0; round < trial.rounds(); round++) {
            int number = round;
            for (Contestant contestant : Plan.order(List.copyOf(contestants), round)) {
                say(trial, contestant, round);
                boolean taken = guard(trial, contestant, () -> {
                    try (Pair pair = Pair.start(children, contestant, trial, scratch)) {
                        ready(trial, pair);
                        take(trial, pair, number);
                    }
                });
                if (!taken) {
                    contestants.remove(contestant);
                }
            }
        }
    }

    private void say(Trial trial, Contestant contestant, int round) {
        progress.at(trial.title() + ", round " + (round + 1) + ", " + contestant.name(), step++, steps);
    }

    private void take(Trial trial, Pair pair, int round) throws ChildException, InterruptedException {
        String name = pair.contestant().name();
        trial.sample(pair, (measure, sample) -> results.add(measure, name, round, sample));
    }

    private interface Work {
        void run() throws IOException, ChildException, InterruptedException;
    }

    /// Whether it went well; else the results say what did not.
    private boolean guard(Trial trial, Contestant contestant, Work work) throws InterruptedException {
        try {
            work.run();
            return true;
        } catch (ChildException | IOException e) {
            results.fail(contestant.name(), trial.title(), String.valueOf(e.getMessage()));
            return false;
        }
    }
}
