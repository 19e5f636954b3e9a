package konce.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import konce.names.KeyText;
import konce.names.encoding.Key;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import konce.node.names.RegistryClient.Answered;
import konce.protocol.SendOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `konce ledger status`.
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Ask each registry in use how it is. This is what they say of themselves.")
final class LedgerStatusCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--json", description = "Print one JSON object a line, one for each registry.")
    boolean json;

    LedgerStatusCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        try (NameSession session = NameSession.open(terminal, SendOptions.REQUEST)) {
            List<Key> witnesses =
                    session.resolver().client().record().witnesses().witnesses();
            boolean all = true;
            for (CompletableFuture<Answered> asked : session.registries().askAll(new RegistryRequest.AskStatus())) {
                Answered answered = asked.join();
                boolean well = answered instanceof Answered.Replied(var _, RegistryReply.Status _);
                all &= well;
                if (answered instanceof Answered.Replied(var registry, RegistryReply.Status status)) {
                    print(registry.toString(), status, witnesses);
                } else {
                    String why = answered instanceof Answered.Silent silent ? silent.why() : "no status";
                    terminal.out()
                            .println(
                                    json
                                            ? new JsonLine()
                                                    .with("registry", answered.registry())
                                                    .with("problem", why)
                                                    .toString()
                                            : answered.registry() + "\n  " + terminal.red(why));
                }
            }
            return all ? Main.EXIT_OK : Main.EXIT_FAILED;
        }
    }

    private void print(String registry, RegistryReply.Status status, List<Key> witnesses) {
        if (json) {
            terminal.out()
                    .println(new JsonLine()
                            .with("registry", registry)
                            .with("height", status.height())
                            .with("signedHeight", status.signedHeight())
                            .with("waiting", status.waiting())
                            .with("names", status.names())
                            .with("leads", status.leads())
                            .with("witnesses", status.witnesses())
                            .with("members", status.members())
                            .with("leader", status.leader()));
            return;
        }
        long now = NameSession.nowSeconds();
        terminal.out().println(terminal.bold(registry));
        terminal.out()
                .println("  block " + status.height() + ", signed up to " + status.signedHeight() + "; "
                        + status.names() + " names; " + status.waiting() + " transactions wait"
                        + (status.leads() ? "" : "; follows another"));
        for (int i = 0; i < status.members().size(); i++) {
            terminal.out()
                    .println("  machine " + i + " "
                            + Terminal.harmless(status.members().get(i))
                            + (i == status.leader() ? "  orders now" : ""));
        }
        if (!status.members().isEmpty() && status.leader() < 0) {
            terminal.out().println("  " + terminal.red("none of them orders now, as far as this one knows"));
        }
        for (int i = 0; i < Math.min(witnesses.size(), status.witnesses().size()); i++) {
            long signed = status.witnesses().get(i);
            terminal.out()
                    .println("  witness " + i + " " + KeyText.of(witnesses.get(i)) + "  "
                            + (signed == 0
                                    ? terminal.red("silent")
                                    : "signed " + Math.max(0, now - signed) + " s ago"));
        }
    }
}
