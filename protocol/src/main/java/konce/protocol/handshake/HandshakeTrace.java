package konce.protocol.handshake;

import konce.protocol.Address;
import konce.protocol.HandshakeStep;

/// Told of each step of a client's handshake.
public interface HandshakeTrace {
    /// @param bytes the packet's length; for a solved puzzle, hashes tried
    /// @param detail a few words for a person
    void step(long nowNanos, Address remote, HandshakeStep step, long bytes, String detail);
}
