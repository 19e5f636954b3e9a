package konce.protocol.endpoint;

import java.lang.foreign.MemorySegment;
import konce.protocol.Address;
import konce.protocol.Ecn;
import org.jspecify.annotations.Nullable;

/// One send for the driver to make: datagrams of one size, back to back, to one address. Reused: the driver gives the
/// buffer, [Endpoint#pollTransmit] fills the rest.
///
/// - shape: `bytes` bytes at the start of `buffer`; every datagram has `segmentBytes` bytes, the last may have fewer
public final class Transmit {
    private final MemorySegment buffer;
    private @Nullable Address remote;
    private int bytes;
    private int segmentBytes;
    private int ecn;

    /// @param buffer native memory of at least [konce.protocol.Limits#DATAGRAM_BYTES_MAX] bytes
    public Transmit(MemorySegment buffer) {
        if (!buffer.isNative() || buffer.byteSize() < konce.protocol.Limits.DATAGRAM_BYTES_MAX) {
            throw new IllegalArgumentException("a transmit buffer is native and of at least "
                    + konce.protocol.Limits.DATAGRAM_BYTES_MAX + " bytes: " + buffer);
        }
        this.buffer = buffer;
    }

    public MemorySegment buffer() {
        return buffer;
    }

    /// Where to send it.
    public Address remote() {
        if (remote == null) {
            throw new IllegalStateException("nothing was polled yet");
        }
        return remote;
    }

    /// Bytes in all.
    public int bytes() {
        return bytes;
    }

    /// Bytes of each datagram but perhaps the last.
    public int segmentBytes() {
        return segmentBytes;
    }

    /// How to mark all of them: [Ecn#NOT_ECT] or [Ecn#ECT_0].
    public int ecn() {
        return ecn;
    }

    void mark(int newEcn) {
        ecn = newEcn;
    }

    void fill(Address newRemote, int newBytes, int newSegmentBytes) {
        assert newBytes > 0 && newSegmentBytes > 0;
        remote = newRemote;
        bytes = newBytes;
        segmentBytes = newSegmentBytes;
        ecn = Ecn.NOT_ECT;
    }
}
