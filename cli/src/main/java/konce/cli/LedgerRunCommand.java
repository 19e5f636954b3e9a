package konce.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import konce.cli.store.Identity;
import konce.cli.store.SigningPurpose;
import konce.cli.store.StoreException;
import konce.crypto.SigningKey;
import konce.crypto.Vault;
import konce.names.KonceAddress;
import konce.node.Node;
import konce.node.NodeBuilder;
import konce.node.names.NameHome;
import konce.protocol.Limits;
import konce.registry.RegistryServer;
import konce.registry.WitnessServer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `konce ledger run`.
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Keep a ledger and serve it, until Ctrl-C.",
            "",
            "The witnesses that were made with it run in the same process. Who runs it may leave transactions out; who"
                    + " owns what, it cannot change, and what it was, it cannot show in two ways."
        })
final class LedgerRunCommand implements Callable<Integer> {
    private static final int DEFAULT_PORT = 414;

    private final Terminal terminal;

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "Where it is (default: ~/.konce/ledger).")
    @Nullable
    Path directory;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where to listen on UDP (default: port 414 of every address, or any free port where that is"
                    + " not allowed).")
    @Nullable
    String listen;

    @Option(
            names = "--effort",
            paramLabel = "N",
            defaultValue = "0",
            description = "Ask each client for a puzzle of N expected hashes (default: ${DEFAULT-VALUE}, none).")
    long effort;

    @Option(
            names = "--no-witness",
            description = "Leave its own witnesses to other processes ('konce ledger witness').")
    boolean noWitness;

    @Option(
            names = "--explorer",
            paramLabel = "PORT",
            description = "Show the ledger to browsers on this machine, at http://127.0.0.1:PORT (0: any free port).")
    @Nullable
    Integer explorer;

    @Option(names = "--json", description = "Print the address as one JSON object on one line, and nothing else.")
    boolean json;

    LedgerRunCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, StoreException {
        if (effort < 0 || effort > Limits.EFFORT_MAX) {
            throw CommandException.mistake("--effort is in 0.." + Limits.EFFORT_MAX);
        }
        if (explorer != null && (explorer < 0 || explorer > 65_535)) {
            throw CommandException.mistake("--explorer is in 0..65535");
        }
        Path own = LedgerCommand.directory(terminal, directory);
        if (!Files.exists(own.resolve("genesis"))) {
            throw CommandException.mistake("there is no ledger in " + own + "; 'konce ledger init' begins one");
        }
        try (Vault vault = Vault.open(IdCommand.VAULT_BYTES);
                Identity sequencer = LedgerCommand.identity(terminal, own, LedgerCommand.SEQUENCER, vault);
                SigningKey key = sequencer.signingKey(vault, SigningPurpose.SEQUENCER);
                Identity identity = LedgerCommand.identity(terminal, own, LedgerCommand.SERVER, vault);
                RegistryServer registry = RegistryServer.open(own, key, terminal.err()::println);
                Witnesses _ = new Witnesses(own, registry, vault);
                Node node = open(identity)) {
            registry.serve(node);
            if (explorer != null) {
                terminal.err()
                        .println("browsers on this machine see it at http://127.0.0.1:"
                                + registry.explore(explorer).getPort());
            }
            printAddress(node, registry);
            new CountDownLatch(1).await();
            return Main.EXIT_OK;
        } catch (InterruptedException e) {
            return Main.EXIT_OK; // Ctrl-C is how it ends
        }
    }

    /// The witnesses in this process.
    private final class Witnesses implements AutoCloseable {
        private final Deque<WitnessServer> running = new ArrayDeque<>();
        private final Deque<SigningKey> keys = new ArrayDeque<>();

        Witnesses(Path own, RegistryServer registry, Vault vault) throws IOException, StoreException {
            for (int i = 0; !noWitness && WitnessServer.exists(LedgerCommand.witness(own, i)); i++) {
                Path place = LedgerCommand.witness(own, i);
                try (Identity witness = LedgerCommand.identity(terminal, place, LedgerCommand.WITNESS, vault)) {
                    SigningKey key = witness.signingKey(vault, SigningPurpose.WITNESS);
                    keys.push(key);
                    String name = "witness " + i + " ";
                    running.push(WitnessServer.start(
                            place,
                            registry.genesis(),
                            key,
                            List.of(registry),
                            line -> terminal.err().println(name + line)));
                }
            }
        }

        @Override
        public void close() throws IOException {
            while (!running.isEmpty()) {
                running.pop().close();
            }
            while (!keys.isEmpty()) {
                keys.pop().close();
            }
        }
    }

    private Node open(Identity identity) throws IOException {
        if (listen != null) {
            return builder(identity, ListenAddress.parse(listen, new InetSocketAddress(0).getAddress()))
                    .open();
        }
        try {
            return builder(identity, new InetSocketAddress(DEFAULT_PORT)).open();
        } catch (IOException e) {
            return builder(identity, new InetSocketAddress(0)).open();
        }
    }

    private NodeBuilder builder(Identity identity, InetSocketAddress at) {
        return Node.builder().server(true).listen(at).identity(identity.key()).effort(effort);
    }

    private void printAddress(Node node, RegistryServer registry) throws IOException {
        KonceAddress address = new KonceAddress(node.publicKey(), node.target().addresses());
        NameHome names = NameSession.home(terminal);
        if (!names.isJoined()) {
            names.join(registry.genesis(), List.of(address));
        } else if (names.genesis().id().equals(registry.genesis().id())) {
            names.keepRegistries(List.of(address));
        }
        if (json) {
            terminal.out()
                    .println(new JsonLine()
                            .with("address", address)
                            .with("ledger", registry.genesis().id())
                            .with("height", registry.height()));
        } else {
            terminal.out().println(terminal.bold(address.toString()));
            terminal.out()
                    .println("keeping the ledger '" + registry.genesis().title() + "' ("
                            + registry.genesis().id() + ") at block " + registry.height());
        }
    }
}
