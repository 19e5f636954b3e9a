package konce.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import konce.cli.store.Home;
import konce.crypto.PublicKey;
import konce.node.Node;
import konce.node.NodeBuilder;
import konce.node.PeerDatabase;
import konce.protocol.Limits;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a server keeps its peers between channels.
final class PresenceOptions {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double SECONDS_MAX = 30.0 * 86_400;

    @Option(
            names = "--presences",
            paramLabel = "MAX",
            description = "Keep up to MAX peers between channels: a short message from one needs no handshake.")
    int countMax;

    @Option(
            names = "--presences-idle",
            paramLabel = "SECONDS",
            description = "How long one may be silent before it is known by its key alone (default: while there is"
                    + " room).")
    double idleSeconds;

    @Option(
            names = "--database",
            paramLabel = "FILE|URL",
            description =
                    "With --presences: write down who is known ('konce presences'), in a file of SQLite's or where"
                            + " a JDBC URL leads, such as jdbc:postgresql://localhost/konce?user=konce.")
    @Nullable
    String database;

    /// @throws CommandException where the numbers make no sense
    void check() {
        if (countMax < 0 || countMax > Limits.PRESENCES_MAX) {
            throw CommandException.mistake("--presences is in 0.." + Limits.PRESENCES_MAX);
        }
        if (!(idleSeconds >= 0 && idleSeconds <= SECONDS_MAX)) {
            throw CommandException.mistake(
                    "--presences-idle is at least 0 and at most " + (long) SECONDS_MAX + " seconds");
        }
        if (countMax == 0 && (database != null || idleSeconds > 0)) {
            throw CommandException.mistake("--database and --presences-idle go with --presences MAX");
        }
    }

    /// A database, where one is asked for.
    @Nullable
    PeerDatabase open() {
        return database == null ? null : connect(database);
    }

    /// @throws CommandException when this build has no database, or it cannot be opened
    static PeerDatabase connect(String url) {
        try {
            PeerDatabase opened = PeerDatabase.connect(url);
            if (opened == null) {
                throw CommandException.failed("this build has no database; './konce' makes one that has");
            }
            return opened;
        } catch (IllegalStateException e) {
            throw CommandException.failed(Terminal.harmless(String.valueOf(e.getMessage())), e);
        }
    }

    /// Where known peers are by default.
    static String defaultFile(Terminal terminal) {
        return Home.of(terminal.environment()).directory().resolve("peers.db").toString();
    }

    /// Tells a node to be.
    void apply(NodeBuilder builder, @Nullable PeerDatabase peers) {
        builder.presences(countMax).presencesIdle((long) (idleSeconds * NANOS_PER_SECOND));
        if (peers != null) {
            peers.begin();
            builder.records(peers);
        }
    }

    /// Has a node forget those whom `konce presences forget` names, until it is closed.
    ///
    /// @param closed counts down at the end
    record Forgetting(CountDownLatch closed) implements AutoCloseable {
        private static final long PERIOD_SECONDS = 1;

        static Forgetting start(Node node, @Nullable PeerDatabase peers) {
            CountDownLatch closed = new CountDownLatch(1);
            if (peers != null) {
                Thread.ofVirtual().name("konce-forgetting").start(() -> run(node, peers, closed));
            }
            return new Forgetting(closed);
        }

        private static void run(Node node, PeerDatabase peers, CountDownLatch closed) {
            try {
                while (!closed.await(PERIOD_SECONDS, TimeUnit.SECONDS)) {
                    for (PublicKey peer : peers.pollForgotten()) {
                        node.forgetPeer(peer);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IllegalStateException e) {
                if (closed.getCount() > 0) {
                    throw e;
                }
            }
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}
