package konce.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import konce.cli.store.Identity;
import konce.cli.store.SigningPurpose;
import konce.cli.store.StoreException;
import konce.crypto.SigningKey;
import konce.crypto.Vault;
import konce.names.KeyText;
import konce.names.KonceAddress;
import konce.names.encoding.Key;
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
                    + " owns what, it cannot change, and what it was, it cannot show in two ways.",
            "",
            "Several machines keep one ledger together: three go on without one of them, five without two. What is"
                    + " acknowledged is then on the disks of a majority. They speak to each other without protection: put"
                    + " them on a network that nobody else is on."
        },
        footer = {
            "",
            "On three machines, each with its own directory L:",
            "  konce ledger run --new L                            on each; prints its key",
            "  konce ledger init L --sequencer KEY1 --sequencer KEY2 --sequencer KEY3",
            "                                                      on the first",
            "  konce ledger run L --members 10.0.0.1:415,10.0.0.2:415,10.0.0.3:415",
            "                                                      on the first; prints its address",
            "  konce ledger join ADDRESS --keep L                  on each other, then 'run' as on the first"
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
            names = "--members",
            paramLabel = "IP:PORT",
            split = ",",
            description =
                    "Where each of the machines that order together listens for the others on TCP, in the order of"
                            + " the keys that the ledger began with, this one's among them.")
    List<String> members = new ArrayList<>();

    @Option(names = "--new", description = "Make this machine's key for a ledger that shall begin, and print it.")
    boolean fresh;

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
        if (fresh) {
            return printKey(own);
        }
        if (!Files.exists(own.resolve("genesis"))) {
            throw CommandException.mistake("there is no ledger in " + own + "; 'konce ledger init' begins one");
        }
        try (Vault vault = Vault.open(IdCommand.VAULT_BYTES);
                Identity sequencer = LedgerCommand.identity(terminal, own, LedgerCommand.SEQUENCER, vault);
                SigningKey key = sequencer.signingKey(vault, SigningPurpose.SEQUENCER);
                Identity identity = LedgerCommand.identity(terminal, own, LedgerCommand.SERVER, vault);
                RegistryServer registry = registry(own, key);
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

    private int printKey(Path own) throws IOException, StoreException {
        try (Vault vault = Vault.open(IdCommand.VAULT_BYTES);
                Identity sequencer = LedgerCommand.identity(terminal, own, LedgerCommand.SEQUENCER, vault);
                SigningKey key = sequencer.signingKey(vault, SigningPurpose.SEQUENCER)) {
            terminal.out().println(KeyText.of(Key.of(key.verifyingKey())));
        }
        return Main.EXIT_OK;
    }

    private RegistryServer registry(Path own, SigningKey key) throws IOException {
        int count = RegistryServer.genesisIn(own).witnesses().sequencers().size();
        if (members.isEmpty() && count == 1) {
            return RegistryServer.open(own, key, terminal.err()::println);
        }
        if (members.size() != count) {
            throw CommandException.mistake("this ledger is ordered by " + count + " machines: name "
                    + (count == 1 ? "none" : "as many") + " with --members");
        }
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String member : members) {
            addresses.add(ListenAddress.parse(member, InetAddress.getLoopbackAddress()));
        }
        return RegistryServer.open(own, key, addresses, terminal.err()::println);
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
