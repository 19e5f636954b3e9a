package konce.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import konce.cli.store.Home;
import konce.cli.store.PetnameFile;
import konce.cli.store.StoreException;
import konce.names.BookResolver;
import konce.names.KonceAddress;
import konce.names.Resolution;
import konce.names.client.Check;
import konce.names.client.Verdict;
import konce.names.ledger.Subject;
import konce.node.names.NameResolver;
import konce.protocol.SendOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `konce resolve`.
@Command(
        name = "resolve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Say what a name stands for: a petname of yours, an address, or a name of the ledger.",
            "",
            "With --explain each check that was made is shown, what it looked at, and its result."
        },
        footer = {
            "",
            "Examples:",
            "  konce resolve shop",
            "  konce resolve ceo@shop --explain",
            "  konce resolve shop --json"
        })
final class ResolveCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "NAME", description = "A petname, an address, a name, or role@name.")
    String text = "";

    @Option(names = "--explain", description = "Show every check; registries are asked, whatever is known already.")
    boolean explain;

    @Option(names = "--json", description = "Print one JSON object on one line.")
    boolean json;

    ResolveCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, StoreException, InterruptedException {
        BookResolver book = new BookResolver(new PetnameFile(Home.of(terminal.environment())).load());
        Subject subject = Subject.parse(text);
        switch (book.resolve(text)) {
            case Resolution.Found(KonceAddress address, Resolution.Source source) -> {
                print(
                        address,
                        source == Resolution.Source.PETNAME ? "your own petname" : "the text is an address",
                        null);
                return Main.EXIT_OK;
            }
            case Resolution.NotFound(String reason) -> {
                if (subject == null || KonceAddress.isLike(text)) {
                    throw CommandException.mistake(reason);
                }
            }
        }
        try (NameSession session = NameSession.open(terminal, SendOptions.REQUEST)) {
            NameResolver.Found found = explain
                    ? session.resolver().ask(subject)
                    : session.resolver().resolve(subject);
            switch (found) {
                case NameResolver.Found.Server server ->
                    print(
                            server.address(),
                            (server.cached() ? "believed earlier, good until " : "proven, good until ")
                                    + NameLook.date(server.freshUntilSeconds()),
                            server.verdict());
                case NameResolver.Found.Nothing(String why, Verdict verdict) -> {
                    if (json) {
                        terminal.out().println(json(null, why, verdict));
                    } else {
                        explain(verdict);
                        throw CommandException.failed(text + ": " + why);
                    }
                    return Main.EXIT_FAILED;
                }
            }
        }
        return Main.EXIT_OK;
    }

    private void print(KonceAddress address, String why, @Nullable Verdict verdict) {
        if (json) {
            terminal.out().println(json(address, why, verdict));
            return;
        }
        explain(verdict);
        terminal.out().println(address);
        terminal.err().println(text + ": " + why);
    }

    private void explain(@Nullable Verdict verdict) {
        if (explain && verdict != null) {
            for (Check.Made made : verdict.checks()) {
                terminal.out()
                        .println((made.passed() ? terminal.green("right  ") : terminal.red("WRONG  "))
                                + made.check().sentence()
                                + terminal.dim("  " + Terminal.harmless(made.input())));
            }
        }
    }

    private JsonLine json(@Nullable KonceAddress address, String why, @Nullable Verdict verdict) {
        List<JsonLine> checks = new ArrayList<>();
        if (verdict != null) {
            for (Check.Made made : verdict.checks()) {
                checks.add(new JsonLine()
                        .with("check", made.check())
                        .with("input", made.input())
                        .with("passed", made.passed()));
            }
        }
        return new JsonLine()
                .with("name", text)
                .with("address", address)
                .with("why", why)
                .with(
                        "reason",
                        verdict != null && verdict.outcome() instanceof Verdict.Refused refused
                                ? refused.reason()
                                : null)
                .with("checks", checks);
    }
}
