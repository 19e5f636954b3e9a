package konce.cli;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import konce.cli.files.FileClient;
import konce.cli.store.Identity;
import konce.cli.store.StoreException;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.Vault;
import konce.node.Node;
import konce.protocol.Event;
import konce.protocol.Limits;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import org.jspecify.annotations.Nullable;

/// A node of our own, and one peer to talk to. Closing it closes the channel in order and wipes the keys.
final class PeerSession implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Node node;
    private final Target.Peer target;

    /// @param trace told the steps of the handshake; null: nobody is
    private PeerSession(
            Terminal terminal, PeerOptions options, String peer, @Nullable Consumer<Event.HandshakeTraced> trace)
            throws IOException, StoreException {
        try {
            Vault vault = keep(Vault.open(IdCommand.VAULT_BYTES));
            FoundPeer found = options.find(terminal, vault, peer);
            if (found.target().invitation() != null) {
                keep(found.target().invitation());
            }
            SecretKey shown = null;
            if (!options.anonymous) {
                Identity identity = keep(options.identity.open(terminal, vault));
                shown = keep(found.shownBy(identity, vault));
            }
            var builder = Node.builder()
                    .server(false)
                    .anonymous(options.anonymous)
                    .presences(options.presences)
                    .endpoint(options.endpointConfig())
                    .sessionProtocols(options.channels.sessionProtocols())
                    .keys(options.channels.keys());
            if (trace != null) {
                builder.trace(trace);
            }
            if (options.qlog != null) {
                builder.qlog(options.qlog);
            }
            node = keep(builder.open());
            target = found.target().as(shown);
        } catch (IOException | StoreException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.push(resource);
        return resource;
    }

    /// A session with a peer. Nothing is sent yet.
    ///
    /// @param peer a petname, an address or an invitation
    static PeerSession open(Terminal terminal, PeerOptions options, String peer) throws IOException, StoreException {
        return new PeerSession(terminal, options, peer, null);
    }

    /// A session that tells the steps of its handshake.
    static PeerSession traced(
            Terminal terminal, PeerOptions options, String peer, Consumer<Event.HandshakeTraced> trace)
            throws IOException, StoreException {
        return new PeerSession(terminal, options, peer, trace);
    }

    Node node() {
        return node;
    }

    Target.Peer target() {
        return target;
    }

    /// A client of the peer's files.
    FileClient files(PeerOptions options, ProgressBar progress) {
        return new FileClient(
                (request, patienceNanos) -> node.request(
                                target, WellKnown.FILES, request, patient(options.sendOptions(), patienceNanos))
                        .bytes(),
                progress::at);
    }

    private static SendOptions patient(SendOptions options, long nanos) {
        return options.withReplyTimeout(Math.min(Limits.TIMEOUT_NANOS_MAX, options.replyTimeoutNanos() + nanos));
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            AutoCloseable last = open.pop();
            switch (last) {
                case Node one -> one.close();
                case Identity one -> one.close();
                case Secret one -> one.close();
                case SecretKey one -> one.close();
                case Vault one -> one.close();
                default -> throw new AssertionError("nothing else is kept: " + last);
            }
        }
    }
}
