package konce.cli;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import konce.crypto.SigningKey;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import konce.names.KonceAddress;
import konce.names.binding.ServerBinding;
import konce.names.checkpoint.WitnessSet;
import konce.names.client.Check;
import konce.names.client.Verdict;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import konce.names.ledger.Coins;
import konce.names.ledger.Genesis;
import konce.names.ledger.Name;
import konce.names.ledger.Parameters;
import konce.names.ledger.Rule;
import konce.names.ledger.SignedTransaction;
import konce.names.ledger.Transaction;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import konce.node.Node;
import konce.node.names.NameHome;
import konce.node.names.NameResolver;
import konce.node.names.RegistryClient;
import konce.protocol.SendOptions;
import konce.registry.RegistryServer;
import konce.registry.WitnessServer;

/// A ledger of names for the demo: a registry and four witnesses in this process, and somebody who registers a name.
/// Waits that take days on a ledger that people use take a second.
final class DemoLedger implements AutoCloseable {
    private static final Name NAME = new Name("demo-shop");
    private static final int WITNESSES = 4;
    private static final int VAULT_BYTES = 16_384;
    private static final long COINS = 1_000_000;
    private static final long BINDING_SECONDS = 86_400;
    private static final long FEE_GRAINS = 1_000;
    private static final int TRIES = 100;
    private static final long PAUSE_MILLIS = 50;

    private final Consumer<String> say;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Path directory;
    private final SigningKey owner;
    private final Genesis genesis;
    private final Node node;
    private final RegistryClient registries;
    private long nonce;

    /// @param directory to keep it in
    /// @param client who asks
    DemoLedger(Path directory, Node client, Consumer<String> say) throws IOException {
        this.say = say;
        this.directory = directory;
        try {
            Vault vault = keep(Vault.open(VAULT_BYTES));
            owner = keep(SigningKey.generate(vault, new SystemRandom()));
            SigningKey sequencer = keep(SigningKey.generate(vault, new SystemRandom()));
            List<SigningKey> witnesses = new ArrayList<>();
            for (int i = 0; i < WITNESSES; i++) {
                witnesses.add(keep(SigningKey.generate(vault, new SystemRandom())));
            }
            genesis = new Genesis(
                    "demo",
                    NameSession.nowSeconds(),
                    Parameters.QUICK,
                    List.of(new Genesis.Allocation(idOf(owner), COINS * Coins.GRAINS_PER_COIN)),
                    new WitnessSet(
                            0,
                            0,
                            List.of(idOf(sequencer)),
                            witnesses.stream().map(DemoLedger::idOf).toList()));
            RegistryServer registry = begin(sequencer, witnesses);
            node = keep(Node.builder()
                    .server(true)
                    .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .open());
            registry.serve(node);
            registries = new RegistryClient(client, List.of(address()), SendOptions.REQUEST);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private RegistryServer begin(SigningKey sequencer, List<SigningKey> witnesses) throws IOException {
        Path own = Files.createDirectory(directory.resolve("registry"));
        RegistryServer.create(own, genesis);
        RegistryServer registry = keep(RegistryServer.open(own, sequencer, say));
        for (int i = 0; i < witnesses.size(); i++) {
            Path place = Files.createDirectory(directory.resolve("witness-" + i));
            WitnessServer.create(place, genesis);
            keep(WitnessServer.start(place, genesis, witnesses.get(i), List.of(registry), say));
        }
        return registry;
    }

    private static Key idOf(SigningKey key) {
        return Key.of(key.verifyingKey());
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.push(resource);
        return resource;
    }

    KonceAddress address() {
        return new KonceAddress(node.publicKey(), node.target().addresses());
    }

    /// Registers the name and says where its server is.
    void register(KonceAddress server) throws IOException, InterruptedException {
        Hash salt = randomHash();
        submit(new Transaction.Commit(Transaction.commitment(idOf(owner), NAME, salt)));
        say.accept("somebody commits to a name that nobody can read from the commitment yet");
        long height = submit(new Transaction.Reveal(NAME, salt, idOf(owner), null, 1));
        say.accept("and reveals it after the wait: " + NAME + " is theirs since block " + height);
        long now = NameSession.nowSeconds();
        ServerBinding binding = new ServerBinding.Terms(
                        NAME, 1, server.key(), server.addresses(), null, now, now + BINDING_SECONDS, 1)
                .sign(owner, genesis.id());
        for (int i = 0;
                !(registries.ask(new RegistryRequest.Publish(binding.encode())) instanceof RegistryReply.Done);
                i++) {
            again(i, "the server binding was not taken");
        }
        say.accept("the owner's key signs where the server is, for a day; " + binding.encode().length + " bytes");
    }

    /// Submits a transaction, again while it comes too early.
    private long submit(Transaction transaction) throws IOException, InterruptedException {
        for (int i = 0; ; i++) {
            SignedTransaction signed = new SignedTransaction.Order(
                            idOf(owner), nonce, FEE_GRAINS, NameSession.nowSeconds() + 60, transaction)
                    .sign(owner, genesis.id(), null);
            switch (registries.ask(new RegistryRequest.Submit(signed))) {
                case RegistryReply.Submitted(long height) -> {
                    nonce++;
                    return height;
                }
                case RegistryReply.Broken(Rule rule)
                when rule == Rule.COMMITMENT_TOO_YOUNG -> again(i, "the commitment never became old enough");
                case RegistryReply reply -> throw new IOException("the registry does not take it: " + reply);
            }
        }
    }

    /// Finds the server of the name as a stranger would who knows the ledger and nothing else.
    KonceAddress resolve() throws IOException, InterruptedException {
        NameHome home = new NameHome(Files.createDirectory(directory.resolve("client")));
        home.join(genesis, List.of(address()));
        NameResolver resolver = new NameResolver(home, registries, NameSession::nowSeconds, say);
        for (int i = 0; ; i++) {
            switch (resolver.ask(NAME)) {
                case NameResolver.Found.Server server -> {
                    Verdict verdict = server.verdict();
                    if (verdict == null) {
                        throw new IOException("it was believed without being asked for");
                    }
                    show(verdict);
                    return server.address();
                }
                // the witnesses have not all signed the newest block yet
                case NameResolver.Found.Nothing(String why, var _) -> again(i, why);
            }
        }
    }

    private void show(Verdict verdict) {
        say.accept("a client that knows the ledger's first block alone resolves " + NAME
                + " in one question, and checks:");
        for (Check.Made made : verdict.checks()) {
            say.accept("  " + (made.passed() ? "right  " : "WRONG  ")
                    + made.check().sentence());
        }
    }

    /// What it is called.
    static Name name() {
        return NAME;
    }

    private static void again(int tries, String why) throws IOException, InterruptedException {
        if (tries >= TRIES) {
            throw new IOException(why);
        }
        Wallet.pause(PAUSE_MILLIS);
    }

    private static Hash randomHash() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(Hash.BYTES);
            new SystemRandom().fill(bytes);
            return Hash.of(bytes.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Override
    public void close() throws IOException {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }
}
