package konce.protocol.endpoint;

import java.lang.foreign.MemorySegment;
import konce.protocol.Address;

/// Fills transmits as an endpoint would, so that a socket can be tested alone.
public final class Transmits {
    private Transmits() {}

    public static void fill(Transmit transmit, Address remote, byte[] bytes, int segmentBytes) {
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, transmit.buffer(), 0, bytes.length);
        transmit.fill(remote, bytes.length, segmentBytes);
    }
}
