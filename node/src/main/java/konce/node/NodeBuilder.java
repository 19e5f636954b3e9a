package konce.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import konce.crypto.SecretKey;
import konce.crypto.Suite;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import konce.node.observe.QlogFolder;
import konce.node.socket.Transport;
import konce.node.socket.UdpSocket;
import konce.protocol.Event;
import konce.protocol.Limits;
import konce.protocol.PrivateGroup;
import konce.protocol.ServerConfig;
import konce.protocol.ServerLoad;
import konce.protocol.SessionProtocol;
import konce.protocol.endpoint.EndpointConfig;
import konce.protocol.endpoint.KeyPolicy;
import org.jspecify.annotations.Nullable;

/// A node to be. Everything has a default: a client on a free port, with a fresh key for this one life.
public final class NodeBuilder {
    /// Bytes of secrets in a vault the node makes itself: a client's few channels, a server's many.
    private static final long CLIENT_VAULT_BYTES = 1L << 20;

    private static final long SERVER_VAULT_BYTES = 8L << 20;

    private static final int AGREEMENT_THREADS =
            Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    /// Agreements handed to each thread at once; what waits longer waits where the highest bid goes first.
    private static final int AGREEMENTS_PER_THREAD = 4;

    private InetSocketAddress listen = new InetSocketAddress(0);
    private @Nullable SecretKey identity;
    private boolean server;
    private boolean identityRequired;
    private final List<PrivateGroup> groups = new ArrayList<>();
    private boolean membersOnly;
    private ServerLoad load = ServerLoad.LIVE;
    private boolean anonymous;
    private int presences;
    private long presencesIdleNanos;
    private PeerRecords records = PeerRecords.inMemory(Node.HANDLERS_MAX);
    private EndpointConfig config = EndpointConfig.CLIENT;
    private @Nullable List<SessionProtocol> sessions;
    private @Nullable KeyPolicy keys;
    private @Nullable Vault vault;
    private int puzzleThreads = Math.max(1, Runtime.getRuntime().availableProcessors());
    private String transport = "auto";
    private boolean offload = true;
    private boolean patient = Runtime.getRuntime().availableProcessors() > 1;
    private int datagramBytesMax;
    private @Nullable Path keyLog;
    private @Nullable Path qlog;
    private @Nullable Consumer<Event.HandshakeTraced> trace;

    NodeBuilder() {}

    /// Where its socket is bound; port 0 for any free one. Default: any free port on all addresses.
    public NodeBuilder listen(InetSocketAddress address) {
        listen = address;
        return this;
    }

    /// Its durable key: the server's key, and what it shows as a client where a target names none. Default:
    /// a fresh key.
    ///
    /// @param durable not closed by the node
    public NodeBuilder identity(SecretKey durable) {
        identity = durable;
        return this;
    }

    /// Whether others may connect to it. Default: no.
    public NodeBuilder server(boolean newServer) {
        server = newServer;
        return this;
    }

    /// Whether it refuses anonymous clients. Default: no.
    public NodeBuilder identityRequired(boolean required) {
        identityRequired = required;
        return this;
    }

    /// The work it asks of each client, in expected hashes, whatever the load. Default: [ServerLoad#LIVE].
    public NodeBuilder effort(long expectedHashes) {
        load = ServerLoad.fixed(expectedHashes);
        return this;
    }

    /// The bounds between which the work it asks of clients follows its load. Default: [ServerLoad#LIVE].
    public NodeBuilder load(ServerLoad newLoad) {
        load = newLoad;
        return this;
    }

    /// Makes it the gate of a private group, which only the holders of an invitation find. May be called for
    /// several.
    ///
    /// @param group its key and secrets are not closed by the node, and have to stay open as long as it
    public NodeBuilder group(PrivateGroup group) {
        groups.add(group);
        return this;
    }

    /// Whether a gate of private groups serves them alone, and is silent to whoever asks for its own key. Default:
    /// no.
    public NodeBuilder membersOnly(boolean newMembersOnly) {
        membersOnly = newMembersOnly;
        return this;
    }

    /// Whether it shows no identity as a client, where a target names none. Default: it shows its own.
    public NodeBuilder anonymous(boolean newAnonymous) {
        anonymous = newAnonymous;
        return this;
    }

    /// The endpoint's knobs. What this builder is told on top (server, trace, key log) is added to them.
    public NodeBuilder endpoint(EndpointConfig customised) {
        config = customised;
        return this;
    }

    /// The session protocols it allows as a server and offers as a client, best first: the client's order decides.
    /// Those that this machine has no instructions for are left out. Default: what the endpoint's knobs say.
    public NodeBuilder sessionProtocols(List<SessionProtocol> bestFirst) {
        sessions = List.copyOf(bestFirst);
        return this;
    }

    /// How its channels' keys are renewed, and whether messages wait for post-quantum ones. Default: what the
    /// endpoint's knobs say.
    public NodeBuilder keys(KeyPolicy newKeys) {
        keys = newKeys;
        return this;
    }

    /// Peers to keep between channels, [Limits#PRESENCES_MAX] at most: a message to or from one needs no
    /// handshake.
    /// Default: none.
    public NodeBuilder presences(int countMax) {
        presences = countMax;
        return this;
    }

    /// How long a peer that is kept may be silent before it falls to those known by their key alone; 0, the
    /// default: for
    /// as long as there is room.
    public NodeBuilder presencesIdle(long nanos) {
        presencesIdleNanos = nanos;
        return this;
    }

    /// What the application knows of its peers. Default: up to 65,536 records in memory.
    public NodeBuilder records(PeerRecords newRecords) {
        records = newRecords;
        return this;
    }

    /// Where its secrets live. Default: a vault of its own.
    ///
    /// @param shared not closed by the node
    public NodeBuilder vault(Vault shared) {
        vault = shared;
        return this;
    }

    /// Threads that solve puzzles. Default: one for each processor.
    public NodeBuilder puzzleThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("puzzles need a thread, not " + threads);
        }
        puzzleThreads = threads;
        return this;
    }

    /// `auto`, `epoll`, `kqueue` or `nio`. Default: auto.
    public NodeBuilder transport(String name) {
        transport = name;
        return this;
    }

    /// Whether the socket uses segmentation offload where the system has it. Default: yes.
    public NodeBuilder offload(boolean newOffload) {
        offload = newOffload;
        return this;
    }

    /// Whether its threads look for work a moment longer before they sleep, while that pays: peers that answer at
    /// once
    /// are then answered sooner, for processor time that would have been idle. Default: where there is more than
    /// one
    /// processor.
    public NodeBuilder patient(boolean newPatient) {
        patient = newPatient;
        return this;
    }

    /// The largest datagram its paths may find to pass, in bytes. Default: what the endpoint's knobs say;
    /// where they
    /// say the least there is, whatever the interfaces take.
    public NodeBuilder datagramBytesMax(int bytes) {
        datagramBytesMax = bytes;
        return this;
    }

    /// A file that every traffic secret is written to: whoever has it can read everything.
    public NodeBuilder keyLog(Path file) {
        keyLog = file;
        return this;
    }

    /// A directory that a qlog file of each channel is written to: who talks with whom, when and how much.
    public NodeBuilder qlog(Path directory) {
        qlog = directory;
        return this;
    }

    /// Takes the steps of handshakes here as a client, in order.
    public NodeBuilder trace(Consumer<Event.HandshakeTraced> newTrace) {
        trace = newTrace;
        return this;
    }

    /// Opens it.
    ///
    /// @throws IOException when its address cannot be bound or its key log or qlog files not written
    /// @throws IllegalArgumentException when this machine lacks the transport
    public Node open() throws IOException {
        Transport chosen = Transport.named(transport);
        KeyLog log = keyLog == null ? null : new KeyLog(keyLog);
        QlogFolder traces = qlog == null ? null : new QlogFolder(qlog);
        Vault secrets = vault != null ? vault : Vault.open(server ? SERVER_VAULT_BYTES : CLIENT_VAULT_BYTES);
        SecretKey key = identity != null ? identity : SecretKey.generate(secrets, new SystemRandom());
        NodeParts parts = new NodeParts(
                new NodeParts.Owned<>(secrets, vault == null),
                new NodeParts.Owned<>(key, identity == null),
                anonymous ? null : key,
                configFor(key),
                chosen,
                new UdpSocket.Options(offload, patient),
                listen,
                new EndpointDriver.JobThreads(AGREEMENT_THREADS, puzzleThreads),
                new EventRouter.Taps(trace, log, traces),
                new PeersAtRest(presences, presencesIdleNanos, records));
        try {
            return new Node(parts);
        } catch (IOException | RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    private int largestDatagram() {
        if (datagramBytesMax > 0) {
            return datagramBytesMax;
        }
        int asked = config.datagramBytesMax();
        return asked > Limits.DATAGRAM_BYTES_BASE ? asked : Limits.DATAGRAM_BYTES_MAX;
    }

    private static List<SessionProtocol> known(EndpointConfig config) {
        return config.sessionProtocols().stream()
                .map(SessionProtocol::ofNumber)
                .filter(Objects::nonNull)
                .toList();
    }

    // = docs/spec/04-protection.md R4.22
    /// The numbers of those protocols that this machine runs at full speed, in their order.
    ///
    /// @throws IllegalArgumentException when there is none
    static List<Long> fit(List<SessionProtocol> protocols, Predicate<Suite> accelerated) {
        List<Long> numbers = protocols.stream()
                .filter(protocol -> accelerated.test(protocol.suite()))
                .map(SessionProtocol::number)
                .toList();
        if (numbers.isEmpty()) {
            throw new IllegalArgumentException(
                    "this machine has no AES instructions, and so none of the session protocols " + protocols);
        }
        return numbers;
    }

    private EndpointConfig configFor(SecretKey key) {
        EndpointConfig own = config.withDiagnostics(config.trace() || trace != null, config.keyLog() || keyLog != null)
                .withPuzzles(config.effortMax(), puzzleThreads);
        own = own.withDatagramBytesMax(largestDatagram())
                .withProtocols(
                        own.handshakeProtocols(), fit(sessions != null ? sessions : known(own), Suite::isAccelerated));
        own = keys == null ? own : own.withKeys(keys);
        ServerLoad shared = load.withAgreementJobs(
                Math.min(AGREEMENT_THREADS * AGREEMENTS_PER_THREAD, Limits.AGREEMENTS_PENDING_MAX));
        return server && own.server() == null
                ? own.withServer(new ServerConfig(key, identityRequired, shared, null).withGroups(groups, membersOnly))
                : own;
    }
}
