package konce.protocol.handshake;

import java.lang.foreign.MemorySegment;
import java.util.List;
import konce.protocol.wire.ProcessTag;
import org.jspecify.annotations.Nullable;

/// What a channel puts into the early payload of its COOKIE-ECHO: its settings, and the first message or its first
/// part.
public interface EarlyPayload {
    /// Writes it.
    ///
    /// @param bytesMin pad up to this
    /// @param earlier the processes of the server that may have taken what an earlier COOKIE-ECHO carried; null:
    /// nothing
    ///   of that may be sent again
    /// @return bytes written, between `bytesMin` and `bytesMax`
    int write(
            long nowNanos,
            MemorySegment packet,
            long offset,
            int bytesMin,
            int bytesMax,
            @Nullable List<ProcessTag> earlier);
}
