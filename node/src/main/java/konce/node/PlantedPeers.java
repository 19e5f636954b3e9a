package konce.node;

import java.util.List;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.protocol.Address;
import org.jspecify.annotations.Nullable;

/// Peers at rest that no handshake has made: a million handshakes take ten minutes, and it is the million that is to be
/// measured. Both sides plant the same seed. For measurements alone: whoever plants a seed twice has packet numbers
/// used
/// twice, and that opens what was said.
public final class PlantedPeers {
    private PlantedPeers() {}

    /// One of them.
    ///
    /// @param peer the other side's durable key
    /// @param identity which of ours it knows, where we are the client; null: we are the server
    /// @param remote where it is
    /// @param seed 32 random bytes that nobody else knows; not closed
    public record Planted(PublicKey peer, @Nullable PublicKey identity, Address remote, Secret seed) {}

    /// Plants some, while the node does nothing else: a thousand take some milliseconds.
    ///
    /// @return how many there was room for
    public static int plant(Node node, List<Planted> peers) {
        return node.ask(endpoint -> {
            long nowNanos = System.nanoTime();
            int count = 0;
            for (Planted one : peers) {
                count += endpoint.plant(nowNanos, one.peer, one.identity, one.remote, one.seed) ? 1 : 0;
            }
            return count;
        });
    }
}
