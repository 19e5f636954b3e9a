package konce.protocol.endpoint;

import konce.protocol.Limits;

/// How an endpoint renews the keys of its channels.
///
/// @param updatePackets after how many packets of one key phase it begins the next
/// @param postQuantum whether ML-KEM-768 is mixed into the keys, where the peer does so too
/// @param required whether no message leaves before it is, as if each were marked
///   [konce.protocol.SendOptions#withPostQuantum]; only with `postQuantum`
public record KeyPolicy(long updatePackets, boolean postQuantum, boolean required) {
    public static final KeyPolicy DEFAULT = new KeyPolicy(Limits.KEY_UPDATE_PACKETS, true, false);

    public KeyPolicy {
        if (updatePackets < 1 || updatePackets > Limits.KEY_UPDATE_PACKETS) {
            throw new IllegalArgumentException(
                    "updatePackets " + updatePackets + " is not in 1.." + Limits.KEY_UPDATE_PACKETS);
        }
        if (required && !postQuantum) {
            throw new IllegalArgumentException("post-quantum keys are required, and turned off");
        }
    }

    /// The same without ML-KEM: the keys are what the handshake made them.
    public KeyPolicy classical() {
        return new KeyPolicy(updatePackets, false, false);
    }

    /// The same, and every message waits for ML-KEM; one to a peer that has turned it off is not sent.
    public KeyPolicy requiringPostQuantum() {
        return new KeyPolicy(updatePackets, true, true);
    }

    public KeyPolicy withUpdatePackets(long newUpdatePackets) {
        return new KeyPolicy(newUpdatePackets, postQuantum, required);
    }
}
