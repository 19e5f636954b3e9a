package konce.protocol.endpoint;

import konce.protocol.Limits;

/// How an endpoint renews the keys of its channels.
///
/// @param updatePackets after how many packets of one key phase it begins the next
public record KeyPolicy(long updatePackets) {
    public static final KeyPolicy DEFAULT = new KeyPolicy(Limits.KEY_UPDATE_PACKETS);

    public KeyPolicy {
        if (updatePackets < 1 || updatePackets > Limits.KEY_UPDATE_PACKETS) {
            throw new IllegalArgumentException(
                    "updatePackets " + updatePackets + " is not in 1.." + Limits.KEY_UPDATE_PACKETS);
        }
    }
}
