package konce.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import konce.cli.doctor.Finding;
import konce.cli.doctor.Machine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `konce doctor`.
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Look at this machine as Konce sees it, and say what to change.",
            "",
            "For each thing: what was found, what that means, and after '->' what would be better. Nothing is changed."
                    + " Konce works in spite of most of it, slower or with secrets less well kept."
        },
        footer = {
            "",
            "Exit status: 0 nothing to change, 1 something to change.",
            "",
            "Examples:",
            "  konce doctor",
            "  konce doctor --json"
        })
final class DoctorCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--json", description = "One JSON object on one line.")
    boolean json;

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        return show(Machine.ofProcess().findings());
    }

    /// @return the exit status
    int show(List<Finding> findings) {
        long changes = findings.stream().filter(one -> !one.isWell()).count();
        if (json) {
            terminal.out()
                    .println(new JsonLine()
                            .with("ok", changes == 0)
                            .with(
                                    "findings",
                                    findings.stream().map(DoctorCommand::json).toList()));
        } else {
            findings.forEach(this::print);
            terminal.out()
                    .println(
                            changes == 0
                                    ? "All is as it should be."
                                    : changes + " of " + findings.size() + " could be better.");
        }
        return changes == 0 ? Main.EXIT_OK : Main.EXIT_FAILED;
    }

    private void print(Finding finding) {
        String mark = finding.isWell() ? terminal.green("ok") : terminal.red(" !");
        terminal.out()
                .println(mark + "  " + terminal.bold(Terminal.harmless(finding.name())) + ": "
                        + Terminal.harmless(finding.state()));
        terminal.out().println("      " + terminal.dim(Terminal.harmless(finding.meaning())));
        if (finding.change() != null) {
            terminal.out().println("   -> " + Terminal.harmless(finding.change()));
        }
    }

    private static JsonLine json(Finding finding) {
        return new JsonLine()
                .with("name", finding.name())
                .with("ok", finding.isWell())
                .with("state", finding.state())
                .with("meaning", finding.meaning())
                .with("change", finding.change());
    }
}
