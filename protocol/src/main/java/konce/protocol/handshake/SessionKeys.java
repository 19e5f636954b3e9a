package konce.protocol.handshake;

import konce.crypto.PacketKey;
import konce.crypto.Secret;

/// The keys of a channel, one for each direction.
///
/// @param send seals what we send
/// @param receive opens what the peer sends
/// @param presence what the two keep when the channel is gone (chapter 8)
public record SessionKeys(PacketKey send, PacketKey receive, Secret presence) implements AutoCloseable {
    @Override
    public void close() {
        send.close();
        receive.close();
        presence.close();
    }
}
