package konce.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import konce.cli.store.Identity;
import konce.cli.store.SigningPurpose;
import konce.cli.store.StoreException;
import konce.crypto.SigningKey;
import konce.crypto.Vault;
import konce.names.AddressSyntaxException;
import konce.names.KeyText;
import konce.names.KonceAddress;
import konce.names.encoding.Decoded;
import konce.names.encoding.Key;
import konce.names.ledger.Genesis;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import konce.node.Node;
import konce.node.names.RegistryClient;
import konce.node.store.CheckedFile;
import konce.protocol.SendOptions;
import konce.registry.Registrar;
import konce.registry.WitnessServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `konce ledger witness`.
@Command(
        name = "witness",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Be a witness of a ledger, until Ctrl-C: sign at most one history, and only what goes on from there.",
            "",
            "First --new, which prints a key for whoever begins the ledger. A witness that has lost its directory must be"
                    + " retired: one that forgot what it signed could sign another history."
        },
        footer = {
            "",
            "Examples:",
            "  konce ledger witness --new w1              prints its key",
            "  konce ledger witness w1 konce1...@192.0.2.7:414 konce1...@192.0.2.8:414"
        })
final class LedgerWitnessCommand implements Callable<Integer> {
    private static final String GENESIS = "genesis";

    /// A registry that was killed and is back does not know its channels: after so long a silence a new one is
    /// made.
    private static final long SILENCE_NANOS = 5_000_000_000L;

    private static final SendOptions ASKED = SendOptions.REQUEST.withIdle(SILENCE_NANOS);

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "DIR", description = "Where its key and its memory are.")
    Path directory = Path.of("");

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "ADDRESS",
            description = "The registries to watch: every sequencer of the ledger.")
    List<String> addresses = new ArrayList<>();

    @Option(names = "--new", description = "Make a new witness's key, and print it.")
    boolean fresh;

    @Option(names = "--json", description = "Print that it watches as one JSON object on one line.")
    boolean json;

    LedgerWitnessCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, StoreException {
        try (Vault vault = Vault.open(IdCommand.VAULT_BYTES)) {
            return fresh ? make(vault) : watch(vault);
        } catch (InterruptedException e) {
            return Main.EXIT_OK; // Ctrl-C is how it ends
        }
    }

    private int make(Vault vault) throws IOException, StoreException {
        if (Files.exists(directory.resolve("identities"))) {
            throw CommandException.mistake("there is a witness in " + directory + " already");
        }
        try (Identity identity = LedgerCommand.identity(terminal, directory, LedgerCommand.WITNESS, vault);
                SigningKey key = identity.signingKey(vault, SigningPurpose.WITNESS)) {
            terminal.out().println(KeyText.of(Key.of(key.verifyingKey())));
        }
        return Main.EXIT_OK;
    }

    private int watch(Vault vault) throws IOException, StoreException, InterruptedException {
        if (!Files.exists(directory.resolve("identities"))) {
            throw CommandException.mistake("there is no witness in " + directory + "; --new makes one");
        }
        if (addresses.isEmpty()) {
            throw CommandException.mistake("which registries? Give the addresses of the ledger's sequencers");
        }
        try (Identity identity = LedgerCommand.identity(terminal, directory, LedgerCommand.WITNESS, vault);
                SigningKey key = identity.signingKey(vault, SigningPurpose.WITNESS);
                Node node = Node.builder().anonymous(true).open()) {
            List<RegistryClient> registries = new ArrayList<>();
            for (String address : addresses) {
                registries.add(new RegistryClient(node, List.of(parse(address)), ASKED));
            }
            Genesis genesis = genesis(registries);
            List<Registrar> asked = new ArrayList<>();
            for (RegistryClient each : registries) {
                asked.add(each::ask);
            }
            try (WitnessServer _ = WitnessServer.start(
                    directory, genesis, key, asked, line -> terminal.err().println(line))) {
                terminal.out()
                        .println(
                                json
                                        ? new JsonLine()
                                                .with("witness", KeyText.of(Key.of(key.verifyingKey())))
                                                .with("ledger", genesis.id())
                                                .toString()
                                        : "watching the ledger '" + genesis.title() + "' (" + genesis.id() + ")");
                new CountDownLatch(1).await();
            }
        }
        return Main.EXIT_OK;
    }

    /// The genesis as it was at the first start; at the first start, the registries' own, and a fresh memory.
    private Genesis genesis(List<RegistryClient> registries) throws IOException, InterruptedException {
        Path kept = directory.resolve(GENESIS);
        if (!Files.exists(kept)) {
            if (WitnessServer.exists(directory)) {
                throw CommandException.failed("the witness in " + directory + " has lost its ledger; put back a copy");
            }
            Genesis genesis = ask(registries);
            WitnessServer.create(directory, genesis);
            CheckedFile.create(kept, genesis.encode());
            return genesis;
        }
        if (Genesis.decode(CheckedFile.read(kept)) instanceof Decoded.Value<Genesis>(Genesis genesis)) {
            return genesis;
        }
        throw CommandException.failed(kept + " is damaged");
    }

    private static Genesis ask(List<RegistryClient> registries) throws IOException, InterruptedException {
        for (RegistryClient registry : registries) {
            if (registry.ask(new RegistryRequest.AskGenesis()) instanceof RegistryReply.OfGenesis(byte[] bytes)
                    && Genesis.decode(bytes) instanceof Decoded.Value<Genesis>(Genesis genesis)) {
                return genesis;
            }
        }
        throw CommandException.failed("none of these peers keeps a ledger");
    }

    private static KonceAddress parse(String text) {
        try {
            return KonceAddress.parse(text);
        } catch (AddressSyntaxException e) {
            throw CommandException.mistake("not an address: " + e.getMessage());
        }
    }
}
