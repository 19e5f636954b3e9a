package konce.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import konce.protocol.DropReason;

/// Many seeds over many scenarios, on several threads. Each run is alone on its thread; threads share only the totals.
///
/// @param scenarios which to run
/// @param firstSeed the first seed of each
/// @param seeds how many of each
/// @param threads how many runs at once
/// @param stopAtFirst whether the first violation ends it
/// @param twice whether each seed runs twice, to show that both runs are the same
public record Campaign(
        List<Scenario> scenarios, long firstSeed, long seeds, int threads, boolean stopAtFirst, boolean twice) {

    /// Failed runs kept of one campaign; further ones are only counted.
    public static final int FAILED_KEPT_MAX = 100;

    public Campaign {
        scenarios = List.copyOf(scenarios);
        if (scenarios.isEmpty() || seeds < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    seeds + " seeds of " + scenarios.size() + " scenarios on " + threads + " threads");
        }
    }

    /// Told of each run, from any of the threads, one at a time.
    public interface Progress {
        void on(Report report, Totals totals);
    }

    /// What came of a campaign so far.
    public static final class Totals {
        private final Map<String, Long> runs = new TreeMap<>();
        private final Map<String, Long> failedRuns = new TreeMap<>();
        private final Map<String, Long> outcomes = new TreeMap<>();
        private final Map<DropReason, Long> drops = new TreeMap<>();
        private final List<Report> failed = new ArrayList<>();
        private long runCount;
        private long failedCount;
        private long datagrams;
        private long forged;
        private long messages;
        private long channels;
        private double virtualSeconds;

        private Totals() {}

        private void add(Report report) {
            runCount++;
            runs.merge(report.scenario(), 1L, Long::sum);
            datagrams += report.datagrams().sent();
            forged += report.datagrams().forged();
            messages += report.messages();
            channels += report.channels();
            virtualSeconds += report.virtualNanos() / 1e9;
            report.outcomes().forEach((name, count) -> outcomes.merge(name, count, Long::sum));
            report.drops().forEach((reason, count) -> drops.merge(reason, count, Long::sum));
            if (!report.isPassed()) {
                failedCount++;
                failedRuns.merge(report.scenario(), 1L, Long::sum);
                if (failed.size() < FAILED_KEPT_MAX) {
                    failed.add(report);
                }
            }
        }

        /// Runs by scenario.
        public Map<String, Long> runs() {
            return runs;
        }

        /// Runs that broke a rule, by scenario.
        public Map<String, Long> failedRuns() {
            return failedRuns;
        }

        /// Sends by how they settled.
        public Map<String, Long> outcomes() {
            return outcomes;
        }

        /// Datagrams that endpoints dropped, by reason.
        public Map<DropReason, Long> drops() {
            return drops;
        }

        /// The first of the runs that broke a rule, whole.
        public List<Report> failed() {
            return failed;
        }

        public long runCount() {
            return runCount;
        }

        public long failedCount() {
            return failedCount;
        }

        /// Datagrams endpoints sent.
        public long datagrams() {
            return datagrams;
        }

        /// Datagrams attackers sent.
        public long forged() {
            return forged;
        }

        public long messages() {
            return messages;
        }

        public long channels() {
            return channels;
        }

        /// Virtual time of all runs together.
        public double virtualSeconds() {
            return virtualSeconds;
        }
    }

    /// Runs it to its end, or to the first violation.
    ///
    /// @param progress told of each run
    /// @throws InterruptedException when the caller's thread is; runs under way end first
    public Totals run(Progress progress) throws InterruptedException {
        Totals totals = new Totals();
        AtomicLong next = new AtomicLong();
        AtomicBoolean stopped = new AtomicBoolean();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(Thread.ofPlatform().name("simulation-" + i).start(() -> work(next, stopped, totals, progress)));
        }
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } finally {
            stopped.set(true);
        }
        return totals;
    }

    private void work(AtomicLong next, AtomicBoolean stopped, Totals totals, Progress progress) {
        try (Simulation simulation = new Simulation()) {
            while (!stopped.get()) {
                long number = next.getAndIncrement();
                if (number >= seeds * scenarios.size()) {
                    return;
                }
                Scenario scenario = scenarios.get((int) (number % scenarios.size()));
                long seed = firstSeed + number / scenarios.size();
                Report report = twice ? simulation.twice(scenario, seed) : simulation.report(scenario, seed, null);
                synchronized (totals) {
                    totals.add(report);
                    progress.on(report, totals);
                }
                if (stopAtFirst && !report.isPassed()) {
                    stopped.set(true);
                }
            }
        }
    }
}
