package konce.node;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import konce.crypto.SecretKey;
import konce.crypto.Vault;
import konce.node.observe.QlogFolder;
import konce.node.socket.Transport;
import konce.node.socket.UdpSocket;
import konce.protocol.endpoint.EndpointConfig;
import org.jspecify.annotations.Nullable;

/// What a node is made of.
record NodeParts(
        Owned<Vault> ownedVault,
        Owned<SecretKey> ownedIdentity,
        @Nullable SecretKey clientIdentity,
        EndpointConfig config,
        Transport transport,
        UdpSocket.Options socket,
        InetSocketAddress listen,
        EndpointDriver.JobThreads jobThreads,
        EventRouter.Taps taps,
        PeersAtRest atRest) {
    /// Something the node closes only if it made it.
    record Owned<T extends AutoCloseable>(T it, boolean ours) {}

    private static final Logger LOG = System.getLogger("konce.node");

    Vault vault() {
        return ownedVault.it;
    }

    SecretKey identity() {
        return ownedIdentity.it;
    }

    void close() {
        if (ownedIdentity.ours) {
            ownedIdentity.it.close();
        }
        if (ownedVault.ours) {
            ownedVault.it.close();
        }
        QlogFolder qlog = taps.qlog();
        if (qlog != null) {
            qlog.close();
        }
        KeyLog log = taps.keyLog();
        if (log != null) {
            try {
                log.close();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "the key log could not be closed", e);
            }
        }
    }
}
