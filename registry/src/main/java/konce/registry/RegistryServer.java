package konce.registry;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import konce.crypto.SigningKey;
import konce.names.checkpoint.WitnessKeys;
import konce.names.encoding.Decoded;
import konce.names.encoding.Key;
import konce.names.ledger.Genesis;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import konce.node.Message;
import konce.node.Node;
import konce.node.store.AtomicFile;
import konce.protocol.HandlerId;
import konce.protocol.Refusal;
import org.jspecify.annotations.Nullable;

/// A ledger that this process keeps, and serves over Konce messages.
///
/// - directory: `genesis`, `blocks`, `snapshot`, `signed`, `bindings`, `order`
/// - source: docs/spec/16-registry.md
public final class RegistryServer implements Registrar, AutoCloseable {
    /// Where requests go.
    public static final HandlerId HANDLER = HandlerId.wellKnown(RegistryRequest.HANDLER);

    private static final String GENESIS = "genesis";
    private static final long ANSWER_SECONDS_MAX = 60;

    private final Genesis genesis;
    private final Chain chain;
    private final Registry registry;
    private final Bindings bindings;
    private final Sequencer sequencer;
    private final RegistryDesk desk;
    private final AtomicReference<@Nullable Explorer> explorer = new AtomicReference<>();

    private RegistryServer(Chain chain, Registry registry, Bindings bindings, Sequencer sequencer) {
        this.genesis = chain.ledger().genesis();
        this.chain = chain;
        this.registry = registry;
        this.bindings = bindings;
        this.sequencer = sequencer;
        this.desk = new RegistryDesk(registry, bindings, sequencer);
    }

    /// Begins a ledger in a directory.
    ///
    /// @throws java.nio.file.FileAlreadyExistsException when there is one
    public static void create(Path directory, Genesis genesis) throws IOException {
        AtomicFile.create(directory.resolve(GENESIS), ByteBuffer.wrap(genesis.encode()));
        Chain.create(directory, genesis);
    }

    /// The genesis of the ledger in a directory.
    ///
    /// @throws IOException when there is none, or it is damaged
    public static Genesis genesisIn(Path directory) throws IOException {
        return switch (Genesis.decode(Files.readAllBytes(directory.resolve(GENESIS)))) {
            case Decoded.Value<Genesis>(Genesis genesis) -> genesis;
            case Decoded.Malformed<Genesis>(String why) ->
                throw new IOException(directory.resolve(GENESIS) + " is damaged: " + why);
        };
    }

    /// Makes a sequencer.
    @FunctionalInterface
    public interface Ordering {
        /// The sequencer that gives `follower` its batches; it may do so before this returns.
        Sequencer of(Sequencer.Follower follower) throws IOException;
    }

    /// Opens the ledger in a directory, with the order made on this machine.
    ///
    /// @param key of its sequencer; the caller closes it afterwards
    /// @param say told what an operator should know
    /// @throws IOException also when it has several sequencers
    public static RegistryServer open(Path directory, SigningKey key, Consumer<String> say) throws IOException {
        int count = genesisIn(directory).witnesses().sequencers().size();
        if (count > 1) {
            throw new IOException("this ledger is ordered by " + count + " machines together; where are they?");
        }
        return open(directory, key, EmbeddedSequencer::new, say);
    }

    /// Opens the ledger in a directory, as one of several machines that order together.
    ///
    /// @param key of one of its sequencers; the caller closes it afterwards
    /// @param members where each listens for the others, in the order of the genesis' sequencers
    /// @param say told what an operator should know
    public static RegistryServer open(
            Path directory, SigningKey key, List<InetSocketAddress> members, Consumer<String> say) throws IOException {
        Genesis genesis = genesisIn(directory);
        int count = genesis.witnesses().sequencers().size();
        if (members.size() != count) {
            throw new IOException("this ledger is ordered by " + count + " machines, not by " + members.size());
        }
        SequencerEngine.Part part = new SequencerEngine.Part(
                directory.resolve("order"),
                genesis.id(),
                members,
                Math.max(0, genesis.witnesses().sequencers().indexOf(Key.of(key.verifyingKey()))),
                WitnessServer::nowSeconds,
                say);
        return open(directory, key, follower -> SequencerEngine.find().open(part, follower), say);
    }

    /// Opens the ledger in a directory.
    public static RegistryServer open(Path directory, SigningKey key, Ordering ordering, Consumer<String> say)
            throws IOException {
        Genesis genesis = genesisIn(directory);
        WitnessKeys witnesses = WitnessKeys.of(genesis.witnesses());
        int index = genesis.witnesses().sequencers().indexOf(Key.of(key.verifyingKey()));
        if (witnesses == null || index < 0) {
            throw new IOException("this key is none of the ledger's sequencers");
        }
        Chain chain = Chain.open(directory, genesis, say);
        try {
            SignedStore signed = SignedStore.open(directory, witnesses);
            signed.check(chain);
            Registry registry = new Registry(
                    chain, signed, witnesses, new Registry.Proposer(key, index), WitnessServer::nowSeconds);
            Bindings bindings = Bindings.open(directory, genesis, registry, say);
            Sequencer sequencer = ordering.of(registry);
            registry.start(sequencer);
            return new RegistryServer(chain, registry, bindings, sequencer);
        } catch (IOException | RuntimeException e) {
            chain.close();
            throw e;
        }
    }

    /// What the ledger began with.
    public Genesis genesis() {
        return genesis;
    }

    /// The number of the last block.
    public long height() {
        return chain.ledger().head().height();
    }

    /// Answers the messages that come to a node.
    public void serve(Node node) {
        node.handle(HANDLER, this::handle);
    }

    /// Shows the ledger to browsers on this machine.
    ///
    /// @param port of the loopback interface; 0 for any
    /// @return where
    public InetSocketAddress explore(int port) throws IOException {
        Explorer opened = new Explorer(registry, bindings, port);
        Explorer before = explorer.getAndSet(opened);
        if (before != null) {
            before.close();
        }
        return opened.address();
    }

    private void handle(Message message) {
        if (message.payload().byteSize() > RegistryRequest.BYTES_MAX) {
            message.refuse(Refusal.TOO_LARGE);
        } else if (message.replyWanted()) {
            desk.answer(message.bytes()).thenAccept(message::reply);
        }
    }

    @Override
    public RegistryReply ask(RegistryRequest request) throws IOException, InterruptedException {
        try {
            return desk.answer(request).get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the registry does not answer", e);
        }
    }

    @Override
    public void close() throws IOException {
        Explorer shown = explorer.get();
        if (shown != null) {
            shown.close();
        }
        registry.close();
        sequencer.close();
        bindings.close();
        chain.close();
    }
}
