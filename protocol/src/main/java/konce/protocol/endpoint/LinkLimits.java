package konce.protocol.endpoint;

import konce.protocol.Address;

/// What the driver knows of the way to an address before anything was sent there.
public interface LinkLimits {
    /// The largest datagram the interface towards `remote` takes, in bytes of UDP payload.
    int datagramBytesMax(Address remote);
}
