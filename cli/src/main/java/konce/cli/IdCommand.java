package konce.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import konce.cli.store.Home;
import konce.cli.store.Identities;
import konce.cli.store.Identity;
import konce.cli.store.StoreException;
import konce.crypto.Vault;
import konce.names.KonceAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `konce id`: the user's identities.
@Command(
        name = "id",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Make, list and show identities.",
            "",
            "An identity is one root secret in one file under ~/.konce/identities. As a server it is known by the key that"
                    + " the root gives; as a client it shows every server another key, so that two servers cannot compare"
                    + " notes. The file is kept under a passphrase (Argon2id, XChaCha20-Poly1305) unless you say"
                    + " --no-passphrase. No file is ever written over: keep a copy of it, nobody can give it back to you."
        },
        footer = {
            "",
            "Examples:",
            "  konce id new work",
            "  konce id new robot --no-passphrase",
            "  konce id list --json"
        })
final class IdCommand implements Runnable {
    /// Secrets of one identity: its root, its key, and what opening it takes.
    static final int VAULT_BYTES = 4_096;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it runs
    CommandSpec spec;

    private IdCommand() {}

    static CommandLine tree(Terminal terminal) {
        return new CommandLine(new IdCommand())
                .addSubcommand(new New(terminal))
                .addSubcommand(new ListAll(terminal))
                .addSubcommand(new Show(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which one: new, list or show?");
    }

    /// `konce id new`.
    @Command(
            name = "new",
            mixinStandardHelpOptions = true,
            description = "Make an identity.",
            footer = {"", "Examples:", "  konce id new", "  konce id new work --passphrase-file secret.txt"})
    static final class New implements Callable<Integer> {
        private final Terminal terminal;

        @Parameters(
                index = "0",
                arity = "0..1",
                paramLabel = "NAME",
                defaultValue = Identities.DEFAULT_NAME,
                description = "Its name (default: ${DEFAULT-VALUE}).")
        String name = Identities.DEFAULT_NAME;

        @Option(
                names = "--passphrase-file",
                paramLabel = "FILE",
                description = "Take the passphrase from the first line of FILE.")
        @Nullable
        Path passphraseFile;

        @Option(names = "--no-passphrase", description = "No passphrase: the file alone is enough to be you.")
        boolean noPassphrase;

        New(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException {
            IdentityOptions options = new IdentityOptions();
            options.name = name;
            options.passphraseFile = passphraseFile;
            options.noPassphrase = noPassphrase;
            try (Vault vault = Vault.open(VAULT_BYTES);
                    Identity identity = options.create(terminal, vault)) {
                terminal.out().println(new KonceAddress(identity.key().publicKey(), List.of()));
                terminal.err()
                        .println("Made identity '" + name + "' in "
                                + new Identities(Home.of(terminal.environment())).fileOf(name)
                                + ". Keep a copy of that file: nobody can give it back to you.");
                return Main.EXIT_OK;
            }
        }
    }

    /// `konce id list`.
    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the identities there are.")
    static final class ListAll implements Callable<Integer> {
        private final Terminal terminal;

        @Option(names = "--json", description = "One JSON object a line.")
        boolean json;

        ListAll(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException {
            List<Identities.Listed> listed = new Identities(Home.of(terminal.environment())).list();
            for (Identities.Listed one : listed) {
                print(one);
            }
            if (listed.isEmpty() && !json) {
                terminal.err().println("No identities yet; 'konce id new' makes one.");
            }
            return Main.EXIT_OK;
        }

        private void print(Identities.Listed one) {
            String key = one.key() == null ? null : new KonceAddress(one.key(), List.of()).toString();
            if (json) {
                terminal.out()
                        .println(new JsonLine()
                                .with("name", one.name())
                                .with("key", key)
                                .with("passphrase", one.passphrase())
                                .with("file", one.file().toString()));
            } else {
                String kept = one.passphrase() ? "passphrase" : "no passphrase";
                terminal.out()
                        .println(one.name() + "  "
                                + (key == null ? terminal.red("damaged file " + one.file()) : key + "  " + kept));
            }
        }
    }

    /// `konce id show`.
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Open an identity, which checks its file and its passphrase, and show its key.")
    static final class Show implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        IdentityOptions identity = new IdentityOptions();

        @Option(names = "--json", description = "One JSON object on one line.")
        boolean json;

        Show(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException {
            try (Vault vault = Vault.open(VAULT_BYTES);
                    Identity open = identity.open(terminal, vault)) {
                String key = new KonceAddress(open.key().publicKey(), List.of()).toString();
                terminal.out()
                        .println(
                                json
                                        ? new JsonLine()
                                                .with("name", open.name())
                                                .with("key", key)
                                        : open.name() + "  " + key);
                return Main.EXIT_OK;
            }
        }
    }
}
