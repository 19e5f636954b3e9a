package konce.protocol.endpoint;

import konce.protocol.Address;

/// How large datagrams may become on paths that are to be made: what the operator allows, and the driver's interfaces
/// take.
final class Links {
    private final int datagramBytesMax;
    private LinkLimits limits;

    /// @param datagramBytesMax the operator's limit; it holds alone until the driver has told its own
    Links(int datagramBytesMax) {
        this.datagramBytesMax = datagramBytesMax;
        limits = _ -> datagramBytesMax;
    }

    void limit(LinkLimits newLimits) {
        limits = newLimits;
    }

    int datagramBytesMax(Address remote) {
        return Math.min(datagramBytesMax, limits.datagramBytesMax(remote));
    }
}
