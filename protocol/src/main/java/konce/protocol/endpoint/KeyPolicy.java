package konce.protocol.endpoint;

import konce.protocol.Limits;

/// How an endpoint renews the keys of its channels.
///
/// @param updatePackets after how many packets of one key phase it begins the next
/// @param postQuantum whether ML-KEM-768 is mixed into the keys, where the peer does so too
public record KeyPolicy(long updatePackets, boolean postQuantum) {
    public static final KeyPolicy DEFAULT = new KeyPolicy(Limits.KEY_UPDATE_PACKETS, true);

    public KeyPolicy {
        if (updatePackets < 1 || updatePackets > Limits.KEY_UPDATE_PACKETS) {
            throw new IllegalArgumentException(
                    "updatePackets " + updatePackets + " is not in 1.." + Limits.KEY_UPDATE_PACKETS);
        }
    }

    /// The same without ML-KEM: the keys are what the handshake made them.
    public KeyPolicy classical() {
        return new KeyPolicy(updatePackets, false);
    }

    public KeyPolicy withUpdatePackets(long newUpdatePackets) {
        return new KeyPolicy(newUpdatePackets, postQuantum);
    }
}
