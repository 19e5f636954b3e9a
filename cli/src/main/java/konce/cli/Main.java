package konce.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import konce.cli.store.StoreException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Where the command begins.
public final class Main {
    /// What was asked was done.
    static final int EXIT_OK = 0;

    /// What was asked was not done.
    static final int EXIT_FAILED = 1;

    /// It was asked wrongly.
    static final int EXIT_MISTAKE = 2;

    /// How long an orderly end may take after Ctrl-C.
    private static final long SHUTDOWN_SECONDS_MAX = 5;

    private static final int HELP_COLUMNS = 100;

    private Main() {}

    /// Runs the command line and ends the process with its exit status. Ctrl-C interrupts the command, which then
    /// closes
    /// what it has open.
    public static void main(String[] args) {
        Thread runner = Thread.currentThread();
        CountDownLatch done = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            runner.interrupt();
            try {
                done.await(SHUTDOWN_SECONDS_MAX, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        int status;
        try {
            status = run(args, Terminal.ofProcess());
        } finally {
            done.countDown();
        }
        System.exit(status);
    }

    /// Runs one command line.
    ///
    /// @return the exit status
    public static int run(String[] args, Terminal terminal) {
        CommandLine line = commandLine(terminal);
        int status = line.execute(args);
        line.getOut().flush();
        line.getErr().flush();
        terminal.out().flush();
        terminal.err().flush();
        return status;
    }

    /// The whole tree of commands.
    static CommandLine commandLine(Terminal terminal) {
        KonceCommand root = new KonceCommand();
        CommandLine line = new CommandLine(root)
                .addSubcommand(IdCommand.tree(terminal))
                .addSubcommand(PeersCommand.tree(terminal))
                .addSubcommand(GroupCommand.tree(terminal))
                .addSubcommand(LedgerCommand.tree(terminal))
                .addSubcommand(NameCommand.tree(terminal))
                .addSubcommand(new ResolveCommand(terminal))
                .addSubcommand(AccountCommand.tree(terminal))
                .addSubcommand(PresencesCommand.tree(terminal))
                .addSubcommand(new ServeCommand(terminal))
                .addSubcommand(new SendCommand(terminal))
                .addSubcommand(new PingCommand(terminal))
                .addSubcommand(new ConnectCommand(terminal))
                .addSubcommand(new CopyCommand(terminal))
                .addSubcommand(new ListCommand(terminal))
                .addSubcommand(new ShowCommand(terminal))
                .addSubcommand(new DoctorCommand(terminal))
                .addSubcommand(new DemoCommand(terminal))
                .addSubcommand(new SimulateCommand(terminal))
                .addSubcommand(new RelayCommand(terminal))
                .addSubcommand(new DissectCommand(terminal))
                .addSubcommand(new CompletionCommand(terminal))
                .addSubcommand(new CommandLine.HelpCommand());
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setExpandAtFiles(false); // @FILE is a message to send, not more arguments
        line.setUsageHelpWidth(HELP_COLUMNS);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((problem, _) -> explain(problem, terminal));
        line.setExecutionExceptionHandler((problem, _, _) -> explain(problem, root, terminal));
        line.setExecutionStrategy(Main::execute);
        return line;
    }

    private static int execute(ParseResult parsed) {
        return new CommandLine.RunLast().execute(parsed);
    }

    private static int explain(ParameterException problem, Terminal terminal) {
        String name = problem.getCommandLine().getCommandSpec().qualifiedName();
        say(terminal, Terminal.harmless(String.valueOf(problem.getMessage())) + " (see '" + name + " --help')");
        return EXIT_MISTAKE;
    }

    private static int explain(Exception problem, KonceCommand root, Terminal terminal) {
        if (root.debug) {
            problem.printStackTrace(terminal.err());
        }
        return switch (problem) {
            case CommandException e -> say(terminal, e.getMessage(), e.exitCode());
            case StoreException e -> say(terminal, e.getMessage(), e.isMistake() ? EXIT_MISTAKE : EXIT_FAILED);
            case InterruptedException _ -> say(terminal, "interrupted", EXIT_FAILED);
            case NoSuchFileException e -> say(terminal, "there is no file " + e.getFile(), EXIT_MISTAKE);
            case AccessDeniedException e -> say(terminal, "no permission for " + e.getFile(), EXIT_FAILED);
            case IOException e -> say(terminal, plain(e), EXIT_FAILED);
            default ->
                say(
                        terminal,
                        "this should not have happened: " + problem + (root.debug ? "" : " (--debug shows where)"),
                        EXIT_FAILED);
        };
    }

    private static String plain(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static int say(Terminal terminal, @Nullable String message, int status) {
        say(terminal, message);
        return status;
    }

    private static void say(Terminal terminal, @Nullable String message) {
        terminal.err()
                .println(terminal.red("konce:") + " " + String.valueOf(message).replace('\n', ' '));
    }
}
