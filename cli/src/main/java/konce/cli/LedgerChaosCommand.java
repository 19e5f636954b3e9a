package konce.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import konce.cli.chaos.ChaosReport;
import konce.cli.chaos.ChaosRun;
import konce.cli.chaos.Starts;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `konce ledger chaos`.
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Try out whether a ledger on several machines loses or forges anything when they die.",
            "",
            "Machines that order and witnesses run as processes on this machine, clients pay and look names up, and"
                    + " processes drawn by chance are killed (-9) or paused. Afterwards the disks are read: no payment"
                    + " that was acknowledged is lost, all blocks are the same, no two roots were signed at one height"
                    + " or shown to any client, and every client was served again. The exit status is 1 if not."
        },
        footer = {
            "",
            "Examples:",
            "  konce ledger chaos                          some twenty events, a minute",
            "  konce ledger chaos --events 1000 --seed 7   half an hour"
        })
final class LedgerChaosCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many kills and pauses (default: ${DEFAULT-VALUE}).")
    int events = 20;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "What they are drawn from (default: ${DEFAULT-VALUE}).")
    long seed = 1;

    @Option(
            names = "--sequencers",
            paramLabel = "N",
            defaultValue = "3",
            description = "Machines that order (default: ${DEFAULT-VALUE}).")
    int sequencers = 3;

    @Option(
            names = "--witnesses",
            paramLabel = "N",
            defaultValue = "4",
            description = "Witnesses: 1, 4, 7 or 10 (default: ${DEFAULT-VALUE}).")
    int witnesses = 4;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description = "Work in this new directory and leave it (default: one that is removed when all is well).")
    @Nullable
    Path keep;

    @Option(names = "--json", description = "Print the report as one JSON object on one line.")
    boolean json;

    LedgerChaosCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (events < 1 || sequencers < 2 || sequencers > 16) {
            throw CommandException.mistake("--events is at least 1, and --sequencers in 2..16");
        }
        Path directory = keep == null ? Files.createTempDirectory("konce-chaos-") : Files.createDirectory(keep);
        ChaosReport report = new ChaosRun(
                        directory,
                        sequencers,
                        witnesses,
                        Starts.same(),
                        ChaosRun.RECOVERY_SECONDS_MAX,
                        line -> terminal.err().println(line))
                .run(events, seed);
        print(report);
        boolean well = report.violations().isEmpty();
        if (well && keep == null) {
            remove(directory);
        } else {
            terminal.err().println("everything the processes left is in " + directory);
        }
        return well ? Main.EXIT_OK : Main.EXIT_FAILED;
    }

    private void print(ChaosReport report) {
        if (json) {
            terminal.out()
                    .println(new JsonLine()
                            .with("seed", report.seed())
                            .with("events", report.events())
                            .with("kills", report.kills())
                            .with("leaderHits", report.leaderHits())
                            .with("leaders", report.leaders())
                            .with("acknowledged", report.acknowledged())
                            .with("transactions", report.transactions())
                            .with("blocks", report.blocks())
                            .with("checkpoints", report.checkpoints())
                            .with("signatures", report.signatures())
                            .with("resolved", report.resolved())
                            .with("longestSeconds", report.longestSeconds())
                            .with("leaderSeconds", report.leaderSeconds())
                            .with("wallSeconds", report.wallSeconds())
                            .with("violations", report.violations()));
            return;
        }
        say(
                "%d events in %.0f s: %d kills, %d pauses; %d of them hit the machine that ordered",
                report.events(),
                report.wallSeconds(),
                report.kills(),
                report.events() - report.kills(),
                report.leaderHits());
        say(
                "%d payments acknowledged; %d transactions in %d blocks",
                report.acknowledged(), report.transactions(), report.blocks());
        say(
                "%d times another machine ordered; then %.1f s to the next acknowledgement (median), %.1f s at the longest",
                report.leaders(), report.leaderSeconds(), report.longestSeconds());
        say(
                "%d signed checkpoints shown, %d signatures looked at, %d resolutions",
                report.checkpoints(), report.signatures(), report.resolved());
        if (report.violations().isEmpty()) {
            terminal.out().println(terminal.green("nothing lost, nothing forged, everybody served again"));
        }
        report.violations().forEach(each -> terminal.out().println(terminal.red("violated: ") + each));
    }

    private void say(String format, Object... values) {
        terminal.out().println(String.format(Locale.ROOT, format, values));
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
