package konce.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import konce.cli.store.Home;
import konce.cli.store.Identities;
import konce.cli.store.Identity;
import konce.cli.store.SigningPurpose;
import konce.cli.store.StoreException;
import konce.crypto.SigningKey;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import konce.names.AddressSyntaxException;
import konce.names.KeyText;
import konce.names.checkpoint.WitnessSet;
import konce.names.encoding.Key;
import konce.names.ledger.Coins;
import konce.names.ledger.Genesis;
import konce.registry.RegistryServer;
import konce.registry.WitnessServer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `konce ledger`: a ledger of names, and who keeps it.
@Command(
        name = "ledger",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Keep a ledger of names, or join one.",
            "",
            "A ledger says whose each name is. A registry keeps it and serves it; witnesses sign what it was, so that"
                    + " no registry can show it one way to you and another way to others."
        },
        footer = {
            "",
            "Examples:",
            "  konce ledger init                       begin a ledger, with one witness on this machine",
            "  konce ledger run                        keep it; prints its address",
            "  konce ledger run --help                 how to keep it on several machines together",
            "  konce ledger join konce1...@192.0.2.7:413",
            "  konce ledger status"
        })
final class LedgerCommand implements Runnable {
    /// The identities that a ledger's directory holds. No passphrase: a registry starts without a person.
    static final String SEQUENCER = "sequencer";

    static final String SERVER = "server";
    static final String WITNESS = "witness";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it runs
    CommandSpec spec;

    private LedgerCommand() {}

    static CommandLine tree(Terminal terminal) {
        return new CommandLine(new LedgerCommand())
                .addSubcommand(new Init(terminal))
                .addSubcommand(new LedgerRunCommand(terminal))
                .addSubcommand(new LedgerWitnessCommand(terminal))
                .addSubcommand(new LedgerJoinCommand(terminal))
                .addSubcommand(new LedgerStatusCommand(terminal))
                .addSubcommand(new LedgerChaosCommand(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which one: init, run, witness, join, status or chaos?");
    }

    /// Where this user's own ledger is, unless another place is named.
    static Path directory(Terminal terminal, @Nullable Path named) {
        return named != null
                ? named
                : Home.of(terminal.environment()).directory().resolve("ledger");
    }

    /// Opens an identity of a ledger's directory; makes it if it is not there.
    static Identity identity(Terminal terminal, Path directory, String name, Vault vault)
            throws IOException, StoreException {
        Identities identities = new Identities(new Home(directory));
        return identities.exists(name)
                ? identities.open(name, vault, null)
                : identities.create(name, vault, new SystemRandom(), null, terminal.cost());
    }

    private static Key keyOf(Terminal terminal, Path directory, String name, SigningPurpose purpose, Vault vault)
            throws IOException, StoreException {
        try (Identity identity = identity(terminal, directory, name, vault);
                SigningKey key = identity.signingKey(vault, purpose)) {
            return Key.of(key.verifyingKey());
        }
    }

    /// The directories of the witnesses that run beside a registry.
    static Path witness(Path directory, int number) {
        return directory.resolve("witness-" + number);
    }

    /// `konce ledger init`.
    @Command(
            name = "init",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Begin a ledger of names.",
                "",
                "All its coins belong to your account at first. With --witness the keys of other people's witnesses"
                        + " are named ('konce ledger witness --new' prints them): 1, 4, 7 or 10 of them, of which 0, 1, 2"
                        + " or 3 may lie without fooling anyone."
            })
    static final class Init implements Callable<Integer> {
        private final Terminal terminal;

        @Parameters(arity = "0..1", paramLabel = "DIR", description = "Where to keep it (default: ~/.konce/ledger).")
        @Nullable
        Path directory;

        @Option(
                names = "--title",
                defaultValue = "names",
                description = "What people shall call it (default: ${DEFAULT-VALUE}).")
        String title = "names";

        @Option(
                names = "--coins",
                defaultValue = "1000000",
                description = "How many coins there are (default: ${DEFAULT-VALUE}).")
        String coins = "1000000";

        @Option(
                names = "--sequencer",
                paramLabel = "KEY",
                description = "The key of a machine that shall order, this one's among them; once for each, at most 16"
                        + " ('konce ledger run --new' prints it; default: this machine alone).")
        List<String> sequencerKeys = new ArrayList<>();

        @Option(names = "--quick", description = "For trying out: what takes days takes seconds.")
        boolean quick;

        @Option(
                names = "--witnesses",
                paramLabel = "N",
                defaultValue = "1",
                description = "Witnesses to make here: 1, 4, 7 or 10 (default: ${DEFAULT-VALUE}).")
        int witnesses = 1;

        @Option(
                names = "--witness",
                paramLabel = "KEY",
                description = "The key of a witness elsewhere; instead of --witnesses, once for each.")
        List<String> witnessKeys = new ArrayList<>();

        @Mixin
        IdentityOptions identity = new IdentityOptions();

        Init(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException {
            Path own = directory(terminal, directory);
            if (Files.exists(own.resolve("genesis"))) {
                throw CommandException.mistake("there is a ledger in " + own + " already, and none is written over");
            }
            try (Vault vault = Vault.open(IdCommand.VAULT_BYTES);
                    Identity payer = identity.open(terminal, vault);
                    SigningKey account = payer.signingKey(vault, SigningPurpose.ACCOUNT)) {
                List<Key> sequencers = sequencers(keyOf(terminal, own, SEQUENCER, SigningPurpose.SEQUENCER, vault));
                List<Key> chosen = new ArrayList<>(parse(witnessKeys));
                boolean local = chosen.isEmpty();
                for (int i = 0; local && i < witnesses; i++) {
                    chosen.add(keyOf(terminal, witness(own, i), WITNESS, SigningPurpose.WITNESS, vault));
                }
                Genesis genesis = genesis(Key.of(account.verifyingKey()), sequencers, chosen);
                RegistryServer.create(own, genesis);
                for (int i = 0; local && i < witnesses; i++) {
                    WitnessServer.create(witness(own, i), genesis);
                }
                terminal.out().println("ledger  " + genesis.id());
                terminal.err()
                        .println("A ledger begins in " + own + ". 'konce ledger run' keeps it; others join it by the"
                                + " address that prints.");
            }
            return Main.EXIT_OK;
        }

        private List<Key> sequencers(Key self) {
            List<Key> all = sequencerKeys.isEmpty() ? List.of(self) : parse(sequencerKeys);
            if (!all.contains(self)) {
                throw CommandException.mistake("this machine's own key, " + KeyText.of(self)
                        + ", is none of those that shall order: name it with --sequencer too");
            }
            return all;
        }

        private Genesis genesis(Key account, List<Key> sequencers, List<Key> chosen) {
            try {
                return new Genesis(
                        title,
                        NameSession.nowSeconds(),
                        quick ? konce.names.ledger.Parameters.QUICK : konce.names.ledger.Parameters.STANDARD,
                        List.of(new Genesis.Allocation(account, Coins.parse(coins))),
                        new WitnessSet(0, 0, sequencers, chosen));
            } catch (IllegalArgumentException e) {
                throw CommandException.mistake("this cannot be a ledger: " + e.getMessage());
            }
        }
    }

    /// The keys of these texts.
    static List<Key> parse(List<String> texts) {
        List<Key> keys = new ArrayList<>();
        for (String text : texts) {
            keys.add(parse(text));
        }
        return keys;
    }

    /// The key of a text.
    static Key parse(String text) {
        try {
            return KeyText.parse(text);
        } catch (AddressSyntaxException e) {
            throw CommandException.mistake("not a key: " + e.getMessage());
        }
    }
}
