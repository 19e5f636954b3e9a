package konce.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import konce.crypto.PublicKey;
import konce.names.KonceAddress;
import konce.node.PeerDatabase;
import konce.node.PeerDatabase.Known;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `konce presences`: the peers that a server has known.
@Command(
        name = "presences",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Show, or forget, the peers that a server knows.",
            "",
            "A server run with '--presences MAX --database FILE' keeps those it has talked with between channels: a short"
                    + " message from one needs no handshake. Who is silent for long falls to the database, which has keys"
                    + " and times, no secrets and no addresses, and returns by a handshake. A presence dies with its"
                    + " process."
        },
        footer = {
            "",
            "Examples:",
            "  konce serve --echo --presences 100000 --database ~/.konce/peers.db",
            "  konce presences list",
            "  konce presences forget konce1..."
        })
final class PresencesCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it runs
    CommandSpec spec;

    private PresencesCommand() {}

    static CommandLine tree(Terminal terminal) {
        return new CommandLine(new PresencesCommand())
                .addSubcommand(new ListKnown(terminal))
                .addSubcommand(new Forget(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which one: list or forget?");
    }

    /// What both commands need.
    private abstract static sealed class OnDatabase implements Callable<Integer> permits ListKnown, Forget {
        final Terminal terminal;

        @Option(
                names = "--database",
                paramLabel = "FILE|URL",
                description = "Where the server writes them (default: peers.db beside the identities).")
        @Nullable
        String database;

        OnDatabase(Terminal terminal) {
            this.terminal = terminal;
        }

        PeerDatabase open() {
            return PresenceOptions.connect(database == null ? PresenceOptions.defaultFile(terminal) : database);
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List them, those met last first.")
    private static final class ListKnown extends OnDatabase {
        private static final int SHOWN_MAX = 100_000;

        @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: ${DEFAULT-VALUE}).")
        int limit = 100;

        @Option(names = "--json", description = "One JSON object a peer, each on one line.")
        boolean json;

        ListKnown(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            if (limit < 1 || limit > SHOWN_MAX) {
                throw CommandException.mistake("--limit is in 1.." + SHOWN_MAX);
            }
            try (PeerDatabase peers = open()) {
                for (Known known : peers.known(limit)) {
                    terminal.out().println(json ? json(known) : words(known));
                }
            }
            return Main.EXIT_OK;
        }

        private static String words(Known known) {
            return new KonceAddress(known.peer(), List.of()).keyText() + "  "
                    + (known.isActive() ? "active" : "known ") + "  met "
                    + known.meetings() + (known.meetings() == 1 ? " time" : " times") + ", last "
                    + time(known.lastMillis())
                    + (known.recordBytes() > 0 ? "; a record of " + known.recordBytes() + " bytes" : "");
        }

        private static Instant time(long millis) {
            return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS);
        }

        private static JsonLine json(Known known) {
            return new JsonLine()
                    .with("peer", new KonceAddress(known.peer(), List.of()).keyText())
                    .with("active", known.isActive())
                    .with("meetings", known.meetings())
                    .with("firstMet", time(known.firstMillis()))
                    .with("lastMet", time(known.lastMillis()))
                    .with("recordBytes", known.recordBytes());
        }
    }

    @Command(
            name = "forget",
            mixinStandardHelpOptions = true,
            description = "Forget one, and the application's record of it. A server that runs does so within seconds.")
    private static final class Forget extends OnDatabase {
        @Parameters(index = "0", paramLabel = "KEY", description = "Its key, as 'list' shows it.")
        String key = "";

        Forget(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() {
            PublicKey peer;
            try {
                peer = KonceAddress.parse(key).key();
            } catch (IllegalArgumentException e) {
                throw CommandException.mistake("not a key: " + Terminal.harmless(String.valueOf(e.getMessage())));
            }
            try (PeerDatabase peers = open()) {
                if (!peers.forget(peer)) {
                    throw CommandException.failed("nobody of this key is known");
                }
            }
            return Main.EXIT_OK;
        }
    }
}
