package konce.protocol.endpoint;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.MemorySegment;
import konce.crypto.Secret;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.SessionProtocol;
import konce.protocol.handshake.ClientHandshake;
import konce.protocol.handshake.SessionKeys;
import konce.protocol.wire.DataHeader;
import konce.protocol.wire.PacketType;
import org.jspecify.annotations.Nullable;

/// A client's channel until a COOKIE-ACK opens.
///
/// - source: docs/spec/03-handshake.md, section 9
final class Connecting {
    private final Shared shared;
    private final ClientHandshake handshake;
    private @Nullable SessionKeys keys;

    Connecting(Shared shared, ClientHandshake handshake) {
        this.shared = shared;
        this.handshake = handshake;
    }

    ClientHandshake handshake() {
        return handshake;
    }

    /// What the peer and we go on with between channels. Only after [#open].
    Secret presence() {
        return requireNonNull(requireNonNull(keys).presence());
    }

    /// Fills the next send.
    boolean transmit(long nowNanos, Transmit out) {
        int bytes = handshake.pollTransmit(nowNanos, out.buffer());
        if (bytes > 0) {
            out.fill(handshake.remote(), bytes, bytes);
        }
        return bytes > 0;
    }

    // = docs/spec/03-handshake.md R3.24
    /// Opens a COOKIE-ACK in place; if it does, the packets of the channel have its keys.
    ///
    /// @return where its payload begins; or the reason why it does not open, as a number that is not positive
    int open(Address remote, MemorySegment packet, ChannelPackets packets) {
        SessionProtocol session = handshake.session();
        // = docs/spec/03-handshake.md R3.15
        if (session == null || !remote.equals(handshake.remote())) {
            return -DropReason.STALE.ordinal();
        }
        SessionKeys candidate = handshake.keysFor(packet, DataHeader.SERVER_RANDOM, DataHeader.SERVER_RANDOM_BYTES);
        if (candidate == null) {
            return -DropReason.STALE.ordinal();
        }
        packets.setKeys(candidate, session, handshake.clientRandom());
        int payload = packets.open(packet, PacketType.COOKIE_ACK);
        if (payload < 0) {
            candidate.close();
            packets.setKeys(null, session, handshake.clientRandom());
            return -DropReason.NOT_AUTHENTIC.ordinal();
        }
        keys = candidate;
        if (shared.config().keyLog()) {
            handshake
                    .logged()
                    .forEach(secret -> shared.events()
                            .add(new Event.SecretDerived(secret.label(), handshake.clientRandom(), secret.secret())));
        }
        return payload;
    }
}
