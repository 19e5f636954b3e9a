package konce.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import konce.simulator.Campaign;
import konce.simulator.Report;
import konce.simulator.Scenario;
import konce.simulator.Simulation;
import konce.simulator.measure.Measurement;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `konce simulate`.
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Run the protocol in a simulated network, in virtual time.",
            "",
            "Clients and servers run the very code of a node; network, clocks and attackers are simulated from one seed. The"
                    + " same seed gives the same run, to the last byte. Every run is checked against the rules of the"
                    + " protocol; a broken rule is status 1, with the command that does it again."
        },
        footer = {
            "",
            "Examples:",
            "  konce simulate --list",
            "  konce simulate --scenario L1 --seed 42",
            "  konce simulate --scenario L1 --seed 42 --trace      every datagram and event",
            "  konce simulate --scenario CH --seeds 1000           chaos, a thousand times",
            "  konce simulate --scenario XS --seeds 100000         small worlds under floods",
            "  konce simulate --attackers --seeds 5                floods beside every scenario",
            "  konce simulate --scenario GF --seeds 5              what it gets beside TCP",
            "  konce simulate --seeds 20 --twice --json            all scenarios; each run twice, alike"
        })
final class SimulateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--scenario", paramLabel = "X", description = "Which one, by its code (default: all).")
    @Nullable
    String scenario;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The first seed (default: ${DEFAULT-VALUE}).")
    long seed = 1;

    @Option(
            names = "--seeds",
            paramLabel = "COUNT",
            defaultValue = "1",
            description = "How many seeds of each scenario (default: ${DEFAULT-VALUE}).")
    long seeds = 1;

    @Option(names = "--threads", paramLabel = "N", description = "How many runs at once (default: one a processor).")
    int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--twice", description = "Run each seed twice, and require that both runs are the same.")
    boolean twice;

    @Option(
            names = "--attackers",
            description = "Add floods to each scenario, drawn from the seed; the same as a + behind its code.")
    boolean attackers;

    @Option(names = "--keep-going", description = "Do not stop at the first broken rule.")
    boolean keepGoing;

    @Option(names = "--trace", description = "Print every datagram and event; for one scenario and one seed.")
    boolean trace;

    @Option(names = "--list", description = "List the scenarios, and run none.")
    boolean list;

    @Option(names = "--json", description = "Print the result as one JSON object on one line.")
    boolean json;

    SimulateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (list) {
            Scenario.all().forEach(one -> terminal.out().println(line(one.code(), one.name(), one.about())));
            Measurement.all().forEach(one -> terminal.out().println(line(one.code(), one.name(), one.about())));
            return Main.EXIT_OK;
        }
        List<Measurement> measured = Measurement.all().stream()
                .filter(one -> one.code().equalsIgnoreCase(scenario))
                .toList();
        if (!measured.isEmpty()) {
            return measure(measured.getFirst());
        }
        List<Scenario> plain = scenario == null ? Scenario.all() : List.of(byCode(scenario));
        List<Scenario> chosen =
                attackers ? plain.stream().map(Scenario::flooded).toList() : plain;
        if (trace) {
            return trace(chosen);
        }
        if (seeds < 1 || threads < 1) {
            throw CommandException.mistake("--seeds and --threads are at least 1");
        }
        Campaign campaign = new Campaign(chosen, seed, seeds, threads, !keepGoing, twice);
        long start = System.nanoTime();
        try (ProgressBar progress = ProgressBar.ofPieces(terminal)) {
            List<Report> reports = new ArrayList<>();
            Campaign.Totals totals = campaign.run((report, sofar) -> {
                if (reports.isEmpty()) {
                    reports.add(report);
                }
                progress.at("runs", sofar.runCount(), seeds * chosen.size());
            });
            progress.wipe();
            print(totals, reports.getFirst(), (System.nanoTime() - start) / 1e9);
            return totals.failedCount() == 0 ? Main.EXIT_OK : Main.EXIT_FAILED;
        }
    }

    private static Scenario byCode(String code) {
        try {
            return Scenario.byCode(code);
        } catch (IllegalArgumentException e) {
            throw CommandException.mistake(e.getMessage() + "; 'konce simulate --list' says what they are");
        }
    }

    /// Measures, seed after seed; status 1 if a share is out of bounds.
    private int measure(Measurement measurement) {
        boolean passed = true;
        for (long i = 0; i < seeds; i++) {
            Measurement.Result result = measurement.run(seed + i);
            passed &= result.isPassed();
            if (json) {
                terminal.out()
                        .println(new JsonLine()
                                .with("scenario", measurement.code())
                                .with("seed", result.seed())
                                .with("share", result.share())
                                .with("used", result.used())
                                .with("least", measurement.least())
                                .with("most", measurement.most())
                                .with("passed", result.isPassed()));
            } else {
                terminal.out().println(result);
            }
        }
        return passed ? Main.EXIT_OK : Main.EXIT_FAILED;
    }

    private static String line(String code, String name, String about) {
        return String.format(Locale.ROOT, "%-3s %-20s %s", code, name, about);
    }

    private int trace(List<Scenario> chosen) {
        if (chosen.size() != 1 || seeds != 1) {
            throw CommandException.mistake("--trace goes with one --scenario and one --seed");
        }
        Report report =
                Simulation.trace(chosen.getFirst(), seed, line -> terminal.out().println(line));
        terminal.out().println(summary(report));
        return report.isPassed() ? Main.EXIT_OK : Main.EXIT_FAILED;
    }

    private void print(Campaign.Totals totals, Report first, double seconds) {
        if (json) {
            terminal.out().println(json(totals, first, seconds));
            return;
        }
        if (totals.runCount() == 1) {
            terminal.out().println(summary(first));
        }
        for (Report failed : totals.failed()) {
            terminal.out().println(terminal.red("broken") + " " + failed.replayCommand());
            failed.violations().forEach(violation -> terminal.out().println("  " + violation));
        }
        terminal.out()
                .println(String.format(
                        Locale.ROOT,
                        "%d runs, %d broke a rule; %.1f virtual seconds in %.1f s; %d datagrams, %d messages, outcomes %s",
                        totals.runCount(),
                        totals.failedCount(),
                        totals.virtualSeconds(),
                        seconds,
                        totals.datagrams(),
                        totals.messages(),
                        totals.outcomes()));
    }

    private static String summary(Report report) {
        return String.format(
                Locale.ROOT,
                "scenario %s, seed %d: %s; %.3f virtual seconds, %d datagrams (%d lost, %d damaged), %d messages,"
                        + " outcomes %s, trace %s",
                report.scenario(),
                report.seed(),
                report.isPassed() ? "passed" : report.violationCount() + " rules broken",
                report.virtualNanos() / 1e9,
                report.datagrams().sent(),
                report.datagrams().lost(),
                report.datagrams().corrupted(),
                report.messages(),
                new TreeMap<>(report.outcomes()),
                report.traceHash());
    }

    private static JsonLine json(Campaign.Totals totals, Report first, double seconds) {
        List<JsonLine> failed = new ArrayList<>();
        for (Report report : totals.failed()) {
            failed.add(new JsonLine()
                    .with("scenario", report.scenario())
                    .with("seed", report.seed())
                    .with("replay", report.replayCommand())
                    .with(
                            "violations",
                            report.violations().stream().map(Object::toString).toList()));
        }
        JsonLine outcomes = new JsonLine();
        totals.outcomes().forEach(outcomes::with);
        JsonLine line = new JsonLine()
                .with("runs", totals.runCount())
                .with("failed", totals.failedCount())
                .with("seconds", seconds)
                .with("virtualSeconds", totals.virtualSeconds())
                .with("datagrams", totals.datagrams())
                .with("messages", totals.messages())
                .with("outcomes", outcomes)
                .with("failures", failed);
        return totals.runCount() == 1 ? line.with("trace", first.traceHash()) : line;
    }
}
