package konce.bench.compare;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import konce.bench.peer.Contestant;
import konce.bench.peer.Contestants;
import konce.bench.peer.Credentials;
import konce.bench.peer.Discipline;
import konce.bench.process.Children;
import konce.bench.report.Reports;
import konce.bench.report.Results;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `konce bench compare`.
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Compare Konce with its peers: on this machine, in one run, over the loopback interface.",
            "",
            "Every contestant has a server and a client process of its own, all with the same options of the Java machine,"
                    + " tuned as its own documentation advises. All are warmed up, then measured round by round in"
                    + " alternating order, so that what else the machine does meets all of them alike. Bars are ratios of"
                    + " figures of the same round, and of those the median.",
            "",
            "The disciplines:",
            "  bulk       1 MiB blocks over one connection until time is up, each confirmed by the receiving program;"
                    + " goodput, processor time of both processes, what both allocate on their heaps",
            "  requests   64-byte requests with 64-byte replies over one connection, with 1, 16 and 256 outstanding;"
                    + " rate, latency, processor time of both processes",
            "  handshakes new connections, 16 at once, nothing resumed, each with one request and its reply; how many a"
                    + " second, and the server's processor time for each",
            "  reply      the time to the first reply over a relay with 50 ms each way, in round trips: from cold, from"
                    + " cold with a guarded server (a puzzle for Konce, Retry for QUIC), over an open"
                    + " connection (Konce: to a presence, without a channel)",
            "  idle       what the server keeps for each of 10,000 connections that do nothing (1,000 with --quick), on"
                    + " its heap and outside, and the processor time they take",
            "  garbage    bytes that a packet leaves on the heap in the steady state, of Konce alone: two endpoints on one"
                    + " thread, in the middle of a transfer"
        },
        footer = {
            "",
            "A bar that is missed is said, and is no failure. Status 1: a contestant failed, the others were measured.",
            "",
            "Examples:",
            "  konce bench compare --quick                               everything, in three minutes",
            "  konce bench compare --only bulk --peers konce,tls         some of it; names may be cut short",
            "  konce bench compare --runs 15 --out report --json r.json  many rounds, and files to keep",
            "  konce bench compare --list                                who takes part in what"
        })
public final class CompareCommand implements Callable<Integer> {
    private static final int EXIT_OK = 0;
    private static final int EXIT_FAILED = 1;
    private static final int ROUNDS = 9;
    private static final int ROUNDS_QUICK = 3;
    private static final int SAMPLE_MILLIS = 1_500;
    private static final int SAMPLE_MILLIS_QUICK = 350;
    /// `konce bench bulk` shows second by second that two processors take longer than ten to compile both sides.
    private static final int WARM_UP_MILLIS = 15_000;
    private static final int WARM_UP_MILLIS_QUICK = 1_200;
    private static final int WARM_UP_SECONDS_MAX = 600;
    private static final int IDLE_ROUNDS = 3;
    private static final int IDLE_CONNECTIONS = 10_000;
    private static final int IDLE_CONNECTIONS_QUICK = 1_000;

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--only", split = ",", paramLabel = "DISCIPLINE", description = "Only these disciplines.")
    List<String> only = List.of();

    @Option(names = "--peers", split = ",", paramLabel = "NAME", description = "Only contestants whose names begin so.")
    List<String> peers = List.of();

    @Option(names = "--runs", paramLabel = "N", description = "Rounds, each with every contestant once.")
    @Nullable
    Integer runs;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            description = "How long each works before it is measured (default: 15, with --quick 1.2).")
    @Nullable
    Double warmUpSeconds;

    @Option(names = "--quick", description = "Fewer rounds, shorter samples: three minutes in all.")
    boolean quick;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "target/bench",
            description = "Where compare.md, compare.svg and the logs go (default: ${DEFAULT-VALUE}).")
    Path out = Path.of("target/bench");

    @Option(names = "--json", paramLabel = "FILE", description = "Also write every sample, spread and bar as JSON.")
    @Nullable
    Path json;

    @Option(names = "--list", description = "List who takes part in what, and measure nothing.")
    boolean list;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintStream answer = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (list) {
            for (Contestant contestant : Contestants.all()) {
                answer.printf(
                        "%-24s %-20s %s%n",
                        contestant.name(),
                        String.join(
                                ",",
                                contestant.disciplines().stream()
                                        .map(Discipline::word)
                                        .toList()),
                        contestant.title());
            }
            return EXIT_OK;
        }
        Plan plan = plan();
        Results results = new Results();
        plan.contestants().forEach(one -> results.enter(new Results.Entrant(one.name(), one.title(), one.tuning())));
        Circumstances.note(results, plan, commandLine());
        Files.createDirectories(out);
        run(plan, results);
        Bars.Judgement judgement = Bars.of(results);
        results.judge(judgement.bars(), judgement.unmeasured());
        answer.print(Reports.terminal(results));
        Files.writeString(out.resolve("compare.md"), Reports.markdown("Konce beside its peers", "compare", results));
        Files.writeString(out.resolve("compare.svg"), Reports.svg(results, Contestants.OURS));
        if (json != null) {
            Files.writeString(json, Reports.json(results));
        }
        answer.println("written: " + out.resolve("compare.md") + ", " + out.resolve("compare.svg")
                + (json == null ? "" : ", " + json));
        for (Results.Failure failure : results.failures()) {
            System.err.println("failed: " + failure.contestant() + ", " + failure.discipline() + ": " + failure.why());
        }
        return results.failures().isEmpty() ? EXIT_OK : EXIT_FAILED;
    }

    private void run(Plan plan, Results results) throws IOException, InterruptedException {
        Console console = System.console();
        Progress progress = new Progress(System.err, console != null && console.isTerminal());
        Path scratch = Files.createTempDirectory("konce-bench-");
        try (Children children = new Children(out.resolve("logs"))) {
            Credentials.make(scratch);
            new Tournament(plan, children, scratch, results, progress).run();
        } finally {
            progress.wipe();
            try (var files = Files.list(scratch)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(scratch);
        }
    }

    private Plan plan() {
        Set<Discipline> disciplines = EnumSet.allOf(Discipline.class);
        disciplines.removeIf(discipline -> !only.isEmpty() && !only.contains(discipline.word()));
        List<Contestant> contestants = Contestants.all().stream()
                .filter(one -> peers.isEmpty()
                        || peers.stream().anyMatch(peer -> one.name().startsWith(peer)))
                .toList();
        if (disciplines.size() < only.size()) {
            throw mistake("--only takes "
                    + String.join(
                            ",",
                            Arrays.stream(Discipline.values())
                                    .map(Discipline::word)
                                    .toList()));
        }
        if (contestants.isEmpty()) {
            throw mistake("nobody is called " + String.join(" or ", peers) + "; --list says who takes part");
        }
        if (runs != null && runs < 1) {
            throw mistake("--runs is at least 1");
        }
        return new Plan(
                disciplines,
                contestants,
                runs != null ? runs : quick ? ROUNDS_QUICK : ROUNDS,
                quick ? SAMPLE_MILLIS_QUICK : SAMPLE_MILLIS,
                warmUpMillis(),
                quick ? 1 : IDLE_ROUNDS,
                quick ? IDLE_CONNECTIONS_QUICK : IDLE_CONNECTIONS);
    }

    private int warmUpMillis() {
        if (warmUpSeconds == null) {
            return quick ? WARM_UP_MILLIS_QUICK : WARM_UP_MILLIS;
        }
        if (!(warmUpSeconds >= 0 && warmUpSeconds <= WARM_UP_SECONDS_MAX)) {
            throw mistake("--warm-up is 0 to " + WARM_UP_SECONDS_MAX + " seconds");
        }
        return (int) Math.round(warmUpSeconds * 1_000);
    }

    private String commandLine() {
        return "./konce bench compare"
                + (spec == null
                        ? ""
                        : " "
                                + String.join(
                                        " ", spec.commandLine().getParseResult().originalArgs()));
    }

    private ParameterException mistake(String why) {
        if (spec == null) {
            throw new IllegalStateException(why);
        }
        return new ParameterException(spec.commandLine(), why);
    }
}
