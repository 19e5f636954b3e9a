package konce.protocol.endpoint;

import java.util.List;
import java.util.function.Consumer;
import konce.protocol.CongestionControl;
import konce.protocol.Limits;
import konce.protocol.ServerConfig;
import org.jspecify.annotations.Nullable;

/// Every knob of an endpoint, with its default in [#CLIENT].
///
/// @param server what it needs to be a server; null: it only connects
/// @param handshakeProtocols numbers offered or allowed, best first
/// @param sessionProtocols numbers offered or allowed, best first
/// @param messageBytesMax the largest message taken, bytes
/// @param creditBytes credit given on each channel, bytes; at least one largest message and its overhead
/// @param idleNanos how long a channel may be silent before it ends
/// @param keepAliveNanos after how much silence every channel says something, so that no translator on the way forgets
/// it;
///     0: only where a send asks for it
/// @param effortMax the most work done for one connect, in expected hashes
/// @param puzzleJobs how many jobs a puzzle is split into: the cores that may work on it
/// @param datagramBytesMax the largest datagram that paths may find to pass, bytes
/// @param congestion how paths find out how much they may send
/// @param trace whether [konce.protocol.Event.HandshakeTraced] events are made
/// @param keyLog whether [konce.protocol.Event.SecretDerived] events are made
/// @param keys how the keys of channels are renewed
/// @param ecn whether packets are marked ECT(0) where paths let marks through; only where the driver says how those
/// that
///     come are marked
public record EndpointConfig(
        @Nullable ServerConfig server,
        List<Long> handshakeProtocols,
        List<Long> sessionProtocols,
        int messageBytesMax,
        long creditBytes,
        long idleNanos,
        long keepAliveNanos,
        long effortMax,
        int puzzleJobs,
        int datagramBytesMax,
        CongestionControl congestion,
        boolean trace,
        boolean keyLog,
        KeyPolicy keys,
        boolean ecn) {

    private static final long SECOND = 1_000_000_000L;

    /// A client with every default.
    public static final EndpointConfig CLIENT = new EndpointConfig(
            null,
            List.of(1L, 2L),
            List.of(1L, 2L, 3L),
            Limits.MESSAGE_BYTES_MAX,
            Limits.CREDIT_BYTES_DEFAULT,
            60 * SECOND,
            0,
            Limits.EFFORT_MAX_DEFAULT,
            1,
            Limits.DATAGRAM_BYTES_BASE,
            CongestionControl.PIPE,
            false,
            false,
            KeyPolicy.DEFAULT,
            false);

    public EndpointConfig {
        handshakeProtocols = List.copyOf(handshakeProtocols);
        sessionProtocols = List.copyOf(sessionProtocols);
        requireIn("handshakeProtocols", handshakeProtocols.size(), 1, Limits.PROTOCOLS_PER_LIST_MAX);
        requireIn("sessionProtocols", sessionProtocols.size(), 1, Limits.PROTOCOLS_PER_LIST_MAX);
        requireIn("messageBytesMax", messageBytesMax, 1, Limits.MESSAGE_BYTES_MAX);
        requireIn(
                "creditBytes",
                creditBytes,
                Math.max((long) messageBytesMax + Limits.MESSAGE_OVERHEAD_BYTES, Limits.CREDIT_BYTES_MIN),
                Limits.CREDIT_BYTES_MAX);
        requireIn("idleNanos", idleNanos, 1, Limits.TIMEOUT_NANOS_MAX);
        requireIn("keepAliveNanos", keepAliveNanos, 0, Limits.TIMEOUT_NANOS_MAX);
        requireIn("effortMax", effortMax, 0, Limits.EFFORT_MAX);
        requireIn("puzzleJobs", puzzleJobs, 1, 256);
        requireIn("datagramBytesMax", datagramBytesMax, Limits.DATAGRAM_BYTES_BASE, Limits.DATAGRAM_BYTES_MAX);
    }

    /// The same, also a server.
    public EndpointConfig withServer(ServerConfig newServer) {
        return with(draft -> draft.server = newServer);
    }

    /// The same with other protocol lists.
    public EndpointConfig withProtocols(List<Long> handshake, List<Long> session) {
        return with(draft -> {
            draft.handshakeProtocols = handshake;
            draft.sessionProtocols = session;
        });
    }

    /// The same with a trace, a key log, or both.
    public EndpointConfig withDiagnostics(boolean newTrace, boolean newKeyLog) {
        return with(draft -> {
            draft.trace = newTrace;
            draft.keyLog = newKeyLog;
        });
    }

    /// The same with another share of the machine for puzzles.
    public EndpointConfig withPuzzles(long newEffortMax, int newPuzzleJobs) {
        return with(draft -> {
            draft.effortMax = newEffortMax;
            draft.puzzleJobs = newPuzzleJobs;
        });
    }

    /// The same with another congestion control.
    public EndpointConfig withCongestion(CongestionControl newCongestion) {
        return with(draft -> draft.congestion = newCongestion);
    }

    /// The same with packets marked.
    public EndpointConfig withEcn() {
        return with(draft -> draft.ecn = true);
    }

    /// The same with channels that stay reachable.
    public EndpointConfig withKeepAlive(long newKeepAliveNanos) {
        return with(draft -> draft.keepAliveNanos = newKeepAliveNanos);
    }

    /// The same with another idle time.
    public EndpointConfig withIdle(long newIdleNanos) {
        return with(draft -> draft.idleNanos = newIdleNanos);
    }

    /// The same with other keys.
    public EndpointConfig withKeys(KeyPolicy newKeys) {
        return with(draft -> draft.keys = newKeys);
    }

    /// The same with another largest datagram.
    public EndpointConfig withDatagramBytesMax(int newDatagramBytesMax) {
        return with(draft -> draft.datagramBytesMax = newDatagramBytesMax);
    }

    private EndpointConfig with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finish();
    }

    private static void requireIn(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " " + value + " is not in " + min + ".." + max);
        }
    }

    /// The components while they change: one place that lists them, for every method above.
    private static final class Draft {
        @Nullable
        ServerConfig server;

        List<Long> handshakeProtocols;
        List<Long> sessionProtocols;
        int messageBytesMax;
        long creditBytes;
        long idleNanos;
        long keepAliveNanos;
        long effortMax;
        int puzzleJobs;
        int datagramBytesMax;
        CongestionControl congestion;
        boolean trace;
        boolean keyLog;
        KeyPolicy keys;
        boolean ecn;

        Draft(EndpointConfig from) {
            server = from.server;
            handshakeProtocols = from.handshakeProtocols;
            sessionProtocols = from.sessionProtocols;
            messageBytesMax = from.messageBytesMax;
            creditBytes = from.creditBytes;
            idleNanos = from.idleNanos;
            keepAliveNanos = from.keepAliveNanos;
            effortMax = from.effortMax;
            puzzleJobs = from.puzzleJobs;
            datagramBytesMax = from.datagramBytesMax;
            congestion = from.congestion;
            trace = from.trace;
            keyLog = from.keyLog;
            keys = from.keys;
            ecn = from.ecn;
        }

        EndpointConfig finish() {
            return new EndpointConfig(
                    server,
                    handshakeProtocols,
                    sessionProtocols,
                    messageBytesMax,
                    creditBytes,
                    idleNanos,
                    keepAliveNanos,
                    effortMax,
                    puzzleJobs,
                    datagramBytesMax,
                    congestion,
                    trace,
                    keyLog,
                    keys,
                    ecn);
        }
    }
}
