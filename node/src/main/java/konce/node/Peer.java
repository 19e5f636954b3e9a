package konce.node;

import konce.crypto.PublicKey;
import konce.protocol.Address;
import konce.protocol.Target;
import org.jspecify.annotations.Nullable;

/// Who is at the other end of a channel.
///
/// @param channel the channel's number in this node
/// @param key the durable key it has proved; null: it stays anonymous
/// @param remote where its packets came from when the channel opened
/// @param group the number of the private group it came to; 0: none
public record Peer(long channel, @Nullable PublicKey key, Address remote, long group) {
    /// Where to send it more.
    public Target target() {
        return new Target.Channel(channel);
    }
}
