package konce.protocol.handshake;

import konce.crypto.PacketKey;

/// The keys of a channel, one for each direction.
///
/// @param send seals what we send
/// @param receive opens what the peer sends
public record SessionKeys(PacketKey send, PacketKey receive) implements AutoCloseable {
    @Override
    public void close() {
        send.close();
        receive.close();
    }
}
