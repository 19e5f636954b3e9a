package konce.protocol.handshake;

import java.lang.foreign.MemorySegment;

/// What a channel puts into the early payload of its COOKIE-ECHO: its settings, and the first message or its first
/// part.
public interface EarlyPayload {
    /// Writes it.
    ///
    /// @param bytesMin pad up to this
    /// @param repeat whether what an earlier COOKIE-ECHO carried may be sent again: the server still knows it for a
    ///   repeat
    /// @return bytes written, between `bytesMin` and `bytesMax`
    int write(long nowNanos, MemorySegment packet, long offset, int bytesMin, int bytesMax, boolean repeat);
}
