package konce.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Where `fuzz/run` begins: runs Jazzer on each group of targets, counts, and stops at the first finding.
@Command(
        name = "fuzz/run",
        mixinStandardHelpOptions = true,
        description = {
            "Feed everything that reads bytes of others with bytes that a fuzzer finds.",
            "",
            "Ends with the executions of each target and of all, and status 0; or at the first input that breaks"
                    + " something, which is kept in fuzz/corpus and fails in ./verify from then on, and status 1."
        },
        footer = {
            "",
            "Examples:",
            "  fuzz/run --executions 100000000     the long run, a quarter of an hour or more",
            "  fuzz/run transaction                one target, until Ctrl-C or a finding",
            "  fuzz/run --keep --executions 5000000    and keep what new inputs reached"
        })
public final class Main implements Callable<Integer> {
    private static final long EXECUTIONS_DEFAULT = 10_000_000;

    @Parameters(paramLabel = "TARGET", description = "Targets, or groups of them (all).")
    private List<String> wanted = new ArrayList<>();

    @Option(names = "--executions", paramLabel = "N", description = "Over all targets together (10000000).")
    private long executions = EXECUTIONS_DEFAULT;

    @Option(names = "--keep", description = "Keep inputs that reach new code, the fewest that do.")
    private boolean keep;

    @Option(names = "--list", description = "Say which targets there are, and run none.")
    private boolean list;

    /// Runs the command line and ends the process with its exit status.
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("konce-fuzz");
        try {
            Map<String, List<Target>> groups = Targets.groups(scratch);
            if (list) {
                groups.forEach((name, targets) -> System.out.println(name + ": "
                        + String.join(" ", targets.stream().map(Target::name).toList())));
                return 0;
            }
            List<FuzzRun.Part> parts = parts(groups);
            if (parts == null) {
                return CommandLine.ExitCode.USAGE;
            }
            return run(scratch, parts) ? 0 : 1;
        } finally {
            delete(scratch);
        }
    }

    /// What is to run, each with its share; null when a target is not known.
    private List<FuzzRun.Part> parts(Map<String, List<Target>> groups) {
        Map<FuzzRun.Part, Double> shares = new LinkedHashMap<>();
        groups.forEach((group, targets) -> {
            if (wanted.isEmpty() || wanted.contains(group)) {
                shares.put(new FuzzRun.Part(group, "", 0), targets.size() * Targets.share(group));
            } else {
                targets.stream()
                        .filter(target -> wanted.contains(target.name()))
                        .forEach(target -> shares.put(new FuzzRun.Part(group, target.name(), 0), 1.0));
            }
        });
        for (String name : wanted) {
            if (!groups.containsKey(name)
                    && groups.values().stream()
                            .flatMap(List::stream)
                            .noneMatch(t -> t.name().equals(name))) {
                System.err.println("there is no target '" + name + "'; fuzz/run --list says which there are");
                return null;
            }
        }
        double all = shares.values().stream().mapToDouble(share -> share).sum();
        List<FuzzRun.Part> parts = new ArrayList<>();
        shares.forEach((part, share) ->
                parts.add(new FuzzRun.Part(part.group(), part.only(), (long) Math.ceil(executions * share / all))));
        return parts;
    }

    private boolean run(Path scratch, List<FuzzRun.Part> parts) throws IOException, InterruptedException {
        Map<String, Long> counts = new LinkedHashMap<>();
        long started = System.nanoTime();
        for (FuzzRun.Part part : parts) {
            FuzzRun run = new FuzzRun(scratch, part, Corpus.here());
            boolean well = run.run();
            run.counts().forEach((target, count) -> counts.merge(target, count, Long::sum));
            if (!well) {
                return false;
            }
            if (keep) {
                run.keep();
            }
        }
        counts.forEach((target, count) -> System.out.printf(Locale.ROOT, "%,15d  %s%n", count, target));
        System.out.printf(
                Locale.ROOT,
                "%,15d  executions over %d targets in %d s, no finding%n",
                counts.values().stream().mapToLong(count -> count).sum(),
                counts.size(),
                (System.nanoTime() - started) / 1_000_000_000);
        return true;
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
