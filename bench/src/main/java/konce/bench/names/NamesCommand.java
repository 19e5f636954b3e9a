package konce.bench.names;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import konce.bench.report.Bar;
import konce.bench.report.Measure;
import konce.bench.report.Reports;
import konce.bench.report.Results;
import konce.names.ledger.Ledger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `konce bench names`.
@Command(
        name = "names",
        mixinStandardHelpOptions = true,
        description = {
            "What names cost at several sizes of a ledger, and what others do instead.",
            "",
            "Proofs, verification and transactions on one core; a registry's restart from disk; round trips of a stranger's"
                    + " question over a relay of 50 ms each way. Beside it, where installed: the tree of hsd (npm), and"
                    + " unbound with nsd, validating DNSSEC."
        })
public final class NamesCommand implements Callable<Integer> {
    private static final String OURS = "konce";
    private static final long MILLIS_PER_SECOND = 1_000;
    private static final long BEGAN_SECONDS_AGO = 30;
    private static final int ROUNDS = 9;
    private static final int DISK_ROUNDS = 3;

    @Parameters(paramLabel = "NAMES", description = "How many names there are (10000 100000 1000000).")
    private List<Integer> sizes = List.of(10_000, 100_000, 1_000_000);

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "target/bench",
            description = "Where names.md and names.svg go (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("target/bench");

    @Option(names = "--json", paramLabel = "FILE", description = "Also write every sample, spread and bar as JSON.")
    @Nullable
    private Path json;

    @Option(
            names = "--hsd",
            paramLabel = "DIR",
            description = "Where 'npm install hsd' was run; without it hsd is left out.")
    @Nullable
    private Path hsd;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Results results = new Results();
        results.note("command", "`./konce bench names`");
        results.note("begun", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        results.note("Java", System.getProperty("java.vm.version", "unknown"));
        results.note("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        Path scratch = Files.createTempDirectory("konce-bench-names");
        try {
            for (int size : sizes) {
                ours(size, scratch, results);
            }
            Rivals.run(sizes, hsd, scratch, results);
        } finally {
            delete(scratch);
        }
        judge(results);
        IO.print(Reports.terminal(results));
        Files.createDirectories(out);
        Files.writeString(out.resolve("names.md"), Reports.markdown("What names cost", "names", results));
        Files.writeString(out.resolve("names.svg"), Reports.svg(results, OURS));
        if (json != null) {
            Files.writeString(json, Reports.json(results));
        }
        IO.println("written: " + out.resolve("names.md") + ", " + out.resolve("names.svg"));
        for (Results.Failure failure : results.failures()) {
            IO.println(failure.contestant() + ": " + failure.why());
        }
        return 0;
    }

    static String contestant(String who, int size) {
        return who + "-" + size;
    }

    private static void ours(int size, Path scratch, Results results) throws IOException, InterruptedException {
        String contestant = contestant(OURS, size);
        results.enter(new Results.Entrant(
                contestant, String.format(Locale.ROOT, "Konce, %,d names", size), List.of("one thread")));
        try (World world = new World(System.currentTimeMillis() / MILLIS_PER_SECOND - BEGAN_SECONDS_AGO)) {
            Ledger ledger = new SizeRun(world, size, results, contestant, ROUNDS).run();
            Path directory = Files.createDirectory(scratch.resolve(contestant));
            try (DiskRun disk = new DiskRun(world, directory, results, contestant)) {
                disk.run(ledger, DISK_ROUNDS);
            }
        }
    }

    private void judge(Results results) {
        List<Bar> bars = new ArrayList<>();
        String largest =
                contestant(OURS, sizes.stream().max(Comparator.naturalOrder()).orElseThrow());
        String names = String.format(Locale.ROOT, "%s names: ", largest.substring(OURS.length() + 1));
        List<String> unmeasured = new ArrayList<>();
        judge(results, Figures.PROOF_BYTES, largest, names + "longest proof, bytes", 1_024, bars, unmeasured);
        judge(results, Figures.PRESENT, largest, names + "cold resolve, round trips", 1.2, bars, unmeasured);
        judge(results, Figures.RESOLVE, largest, names + "verification, µs", 200, bars, unmeasured);
        judge(results, Figures.SERVED, largest, names + "proofs per core and second", 20_000, bars, unmeasured);
        judge(results, Figures.RESTART, largest, names + "restart to serving, s", 10, bars, unmeasured);
        results.judge(bars, unmeasured);
    }

    private static void judge(
            Results results,
            Measure measure,
            String contestant,
            String name,
            double bar,
            List<Bar> bars,
            List<String> unmeasured) {
        var series = results.find(measure, contestant);
        if (series.isEmpty()) {
            unmeasured.add(name);
        } else {
            double figure = series.get().spread().median() * measure.scale();
            bars.add(
                    measure.best() == Measure.Best.HIGHEST
                            ? Bar.atLeast(name, figure, bar)
                            : Bar.atMost(name, figure, bar));
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
