package konce.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import konce.bench.attack.AttackCommand;
import konce.bench.attack.RefusalCommand;
import konce.bench.compare.CompareCommand;
import konce.bench.names.NamesCommand;
import konce.bench.presence.PresencesCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/// Where `./konce bench` begins.
@Command(
        name = "konce bench",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Measure Konce.",
        subcommands = {
            CompareCommand.class,
            Main.Micro.class,
            BulkRun.class,
            FlowRun.class,
            AttackCommand.class,
            RefusalCommand.class,
            NamesCommand.class,
            PresencesCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Main {
    private static final int HELP_COLUMNS = 100;

    /// How long an orderly end may take after Ctrl-C.
    private static final long SHUTDOWN_SECONDS_MAX = 5;

    private Main() {}

    /// Runs the command line and ends the process with its exit status. Ctrl-C interrupts the command, which then
    /// ends the processes it has started.
    public static void main(String[] args) {
        Thread runner = Thread.currentThread();
        CountDownLatch done = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            runner.interrupt();
            try {
                done.await(SHUTDOWN_SECONDS_MAX, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        int status;
        try {
            status = new CommandLine(new Main())
                    .setUsageHelpWidth(HELP_COLUMNS)
                    .setExecutionExceptionHandler((problem, line, _) -> explain(problem, line))
                    .execute(args);
        } finally {
            done.countDown();
        }
        System.exit(status);
    }

    private static int explain(Exception problem, CommandLine line) {
        if (problem instanceof InterruptedException) {
            line.getErr().println("konce bench: interrupted");
        } else {
            problem.printStackTrace(line.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    /// `konce bench micro`.
    @Command(
            name = "micro",
            description =
                    "Measure small pieces with JMH: micro [NAME...] [JMH OPTIONS] (-l lists them, -h the options).")
    static final class Micro implements Callable<Integer> {
        @Unmatched
        List<String> arguments = new ArrayList<>();

        @Override
        public Integer call() throws IOException {
            org.openjdk.jmh.Main.main(arguments.toArray(String[]::new));
            return CommandLine.ExitCode.OK;
        }
    }
}
