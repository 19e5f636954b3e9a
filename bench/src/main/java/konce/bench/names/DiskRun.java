package konce.bench.names;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import konce.bench.report.Measure;
import konce.bench.report.Results;
import konce.crypto.SecretKey;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import konce.names.KonceAddress;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.WitnessSignature;
import konce.names.ledger.Block;
import konce.names.ledger.Ledger;
import konce.names.ledger.Name;
import konce.names.ledger.Snapshot;
import konce.names.ledger.Synthetic;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import konce.node.Node;
import konce.node.Relay;
import konce.node.names.NameHome;
import konce.node.names.NameResolver;
import konce.node.names.RegistryClient;
import konce.protocol.Address;
import konce.protocol.SendOptions;
import konce.protocol.endpoint.ChannelStatus;
import konce.registry.RegistryServer;
import konce.registry.store.BlockLog;

/// A registry that is on a disk: how long it takes until it serves again, and how many round trips a stranger's
/// question takes. The disk holds a snapshot and [#BLOCKS] blocks that came after it.
final class DiskRun implements AutoCloseable {
    /// Blocks after the snapshot, each of [SizeRun#TRANSACTIONS].
    private static final int BLOCKS = 10;

    private static final long DELAY_NANOS = 50_000_000L;
    private static final double ROUND_TRIP_NANOS = 2.0 * DELAY_NANOS;
    private static final long MILLIS_PER_SECOND = 1_000;
    private static final int VAULT_BYTES = 16_384;
    private static final int NAMES_ASKED = 64;
    private static final int WARM_UP_ROUNDS = 3;
    private static final long SEED = 1;

    private final World world;
    private final Path directory;
    private final Results results;
    private final String contestant;
    private final Vault vault = Vault.open(VAULT_BYTES);
    private final SecretKey identity = SecretKey.generate(vault, new SystemRandom());
    private int next;

    /// @param directory an empty folder
    DiskRun(World world, Path directory, Results results, String contestant) {
        this.world = world;
        this.directory = directory;
        this.results = results;
        this.contestant = contestant;
    }

    /// Writes the ledger down, has its head signed and some names bound, and measures.
    void run(Ledger ledger, int rounds) throws IOException, InterruptedException {
        Path registry = Files.createDirectory(directory.resolve("registry"));
        write(registry, ledger);
        try (Service service = new Service(registry)) {
            service.sign();
            service.bind();
        }
        for (int round = 0; round < rounds; round++) {
            long started = System.nanoTime();
            try (Service service = new Service(registry);
                    Node client = client()) {
                service.sign();
                resolve(service.client(client, service.address()), "restart-" + round, Synthetic.name(0));
                results.add(Figures.RESTART, contestant, round, (double) (System.nanoTime() - started));
            }
        }
        try (Service service = new Service(registry)) {
            service.sign();
            for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                roundTrips(service, round);
            }
        }
    }

    private void write(Path registry, Ledger ledger) throws IOException {
        RegistryServer.create(registry, world.genesis);
        byte[] id = world.genesis.id().toBytes();
        Path snapshot = registry.resolve("snapshot");
        BlockLog.create(snapshot, id);
        try (BlockLog chunks = BlockLog.open(snapshot, id, _ -> {})) {
            for (Iterator<byte[]> each = Snapshot.chunks(ledger); each.hasNext(); ) {
                chunks.append(each.next());
            }
            chunks.force();
        }
        try (BlockLog blocks = BlockLog.open(registry.resolve("blocks"), id, _ -> {})) {
            // the names came from nowhere: the block that the snapshot was made after holds nothing
            blocks.append(new Block(ledger.head(), List.of()).encode());
            Ledger at = ledger;
            for (int i = 0; i < BLOCKS; i++) {
                Ledger.Draft draft = at.draft(
                        world.beginSeconds + 1 + i,
                        world.transfers(SizeRun.TRANSACTIONS, (long) i * SizeRun.TRANSACTIONS));
                blocks.append(draft.block().encode());
                at = draft.ledger();
            }
            blocks.force();
        }
    }

    private Node client() throws IOException {
        return Node.builder().identity(identity).presences(16).open();
    }

    private void roundTrips(Service service, int round) throws IOException, InterruptedException {
        try (Node client = client();
                Relay relay = Relay.open(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(),
                                service.address().addresses().getFirst().port()),
                        Relay.Conditions.delay(DELAY_NANOS),
                        SEED)) {
            KonceAddress far = new KonceAddress(
                    service.address().key(),
                    List.of(Address.of(
                            InetAddress.getLoopbackAddress().getAddress(),
                            relay.address().getPort())));
            NameResolver resolver = service.client(client, far);
            resolve(resolver, "cold-" + round, name(), Figures.COLD, round);
            // what a channel settles after its handshake is not the question's
            resolve(resolver, "settling-" + round, name());
            resolve(resolver, "open-" + round, name(), Figures.OPEN, round);
            for (ChannelStatus channel : client.channels()) {
                client.closeChannel(channel.channel());
            }
            while (!client.channels().isEmpty()) {
                Thread.onSpinWait();
            }
            try {
                resolve(resolver, "present-" + round, name(), Figures.PRESENT, round);
            } catch (IllegalStateException e) {
                results.fail(contestant, Figures.PRESENT.title(), String.valueOf(e.getMessage()));
            }
        }
    }

    private Name name() {
        next = (next + 1) % NAMES_ASKED;
        return Synthetic.name(next);
    }

    private void resolve(NameResolver resolver, String what, Name name, Measure measure, int round)
            throws IOException, InterruptedException {
        long started = System.nanoTime();
        resolve(resolver, what, name);
        if (round >= 0) {
            results.add(measure, contestant, round, (System.nanoTime() - started) / ROUND_TRIP_NANOS);
        }
    }

    private static void resolve(NameResolver resolver, String what, Name name)
            throws IOException, InterruptedException {
        if (!(resolver.ask(name) instanceof NameResolver.Found.Server)) {
            throw new IllegalStateException(what + ": " + name + " was not resolved: " + resolver.ask(name));
        }
    }

    private static long nowSeconds() {
        return System.currentTimeMillis() / MILLIS_PER_SECOND;
    }

    @Override
    public void close() {
        identity.close();
        vault.close();
    }

    /// The registry, running.
    private final class Service implements AutoCloseable {
        private final RegistryServer registry;
        private final Node node;

        Service(Path place) throws IOException {
            registry = RegistryServer.open(place, world.sequencer(), System.err::println);
            node = Node.builder()
                    .server(true)
                    .presences(1_024)
                    .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .open();
            registry.serve(node);
        }

        KonceAddress address() {
            return new KonceAddress(node.publicKey(), node.target().addresses());
        }

        /// A resolver that knows the genesis and this registry, and nothing else.
        NameResolver client(Node client, KonceAddress at) throws IOException {
            NameHome home = new NameHome(Files.createTempDirectory(directory, "client"));
            home.join(world.genesis, List.of(at));
            return new NameResolver(
                    home, new RegistryClient(client, List.of(at), SendOptions.REQUEST), DiskRun::nowSeconds, _ -> {});
        }

        /// Has the head signed by a quorum, as witnesses do at once when a registry comes back.
        void sign() throws IOException, InterruptedException {
            try (Node client = DiskRun.this.client()) {
                RegistryClient asking = new RegistryClient(client, List.of(address()), SendOptions.REQUEST);
                if (!(asking.ask(new RegistryRequest.AskProposal(0)) instanceof RegistryReply.Proposal proposed)) {
                    throw new IOException("the registry proposes nothing");
                }
                Checkpoint checkpoint = proposed.proposal().checkpoint();
                for (WitnessSignature each :
                        world.signatures(proposed.proposal(), proposed.proof(), checkpoint.timeSeconds())) {
                    done(asking.ask(new RegistryRequest.Countersign(checkpoint.height(), each)));
                }
            }
        }

        /// Publishes the bindings that are asked for.
        void bind() throws IOException, InterruptedException {
            try (Node client = DiskRun.this.client()) {
                RegistryClient asking = new RegistryClient(client, List.of(address()), SendOptions.REQUEST);
                for (int i = 0; i < NAMES_ASKED; i++) {
                    done(asking.ask(new RegistryRequest.Publish(
                            world.binding(Synthetic.name(i)).encode())));
                }
            }
        }

        private void done(RegistryReply reply) throws IOException {
            if (!(reply instanceof RegistryReply.Done)) {
                throw new IOException("the registry does not take it: " + reply);
            }
        }

        @Override
        public void close() throws IOException {
            node.close();
            registry.close();
        }
    }
}
