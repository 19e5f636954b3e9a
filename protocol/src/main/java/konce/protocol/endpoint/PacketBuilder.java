package konce.protocol.endpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import konce.crypto.PacketKey;
import konce.protocol.Observer;
import konce.protocol.SessionProtocol;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.DataHeader;
import konce.protocol.wire.PacketType;
import konce.protocol.wire.WindowedInteger;
import org.jspecify.annotations.Nullable;

/// Builds one sealed packet in place: header, frames, padding, seal, mask. One for each endpoint, reused.
///
/// - source: docs/spec/04-protection.md
final class PacketBuilder {
    /// Sizes that session protocol 3 pads datagrams to; the largest is the path's own.
    private static final int[] PADDED_SIZES = {256, 512, 1_024};

    private final ByteWriter out = new ByteWriter();
    /// A packet that lacks no more than this is filled up: packets of one size leave in one send, and a byte less
    /// would end it.
    private static final int SLACK_BYTES_MAX = 32;

    private MemorySegment buffer = MemorySegment.NULL;
    private long start;
    private int room;
    private int numberOffset;
    private int groups;
    private long number;
    private int tagBytes;
    private long framesAt;

    PacketBuilder() {}

    /// Begins a packet of at most `bytesMax` bytes at `offset`.
    ///
    /// @param phaseBit the lowest bit of the key phase; 0 in a COOKIE-ACK
    /// @param serverRandom makes it a COOKIE-ACK; null: DATA
    /// @return where its frames go, once it has its [#number]
    ByteWriter begin(
            MemorySegment newBuffer,
            long offset,
            int bytesMax,
            int phaseBit,
            long channelId,
            @Nullable MemorySegment serverRandom) {
        buffer = newBuffer;
        start = offset;
        room = bytesMax;
        out.wrap(buffer, start, bytesMax);
        out.writeByte(serverRandom == null ? PacketType.DATA | phaseBit : PacketType.COOKIE_ACK);
        out.writeLong(channelId);
        if (serverRandom != null) {
            out.writeBytes(serverRandom, 0, DataHeader.SERVER_RANDOM_BYTES);
        }
        numberOffset = (int) (out.position() - start);
        return out;
    }

    /// Gives the packet its number, and leaves room for the tag.
    ///
    /// @param span from the oldest unacknowledged number to this one
    void number(long newNumber, long span, PacketKey key) {
        number = newNumber;
        groups = WindowedInteger.groups(span);
        tagBytes = key.tagBytes();
        WindowedInteger.write(out, number, groups);
        out.wrap(buffer, out.position(), room - (out.position() - start) - tagBytes);
        framesAt = out.position();
    }

    /// What was written since [#number] was no frames.
    void beginFrames() {
        framesAt = out.position();
    }

    /// Fills the packet up to the size it is to have.
    void pad(SessionProtocol protocol) {
        if (protocol.isPadded()) {
            out.writeZeros(paddedSize() - size());
        } else if (room - size() <= SLACK_BYTES_MAX) {
            out.writeZeros(room - size());
        }
    }

    /// The packet as an observer sees it.
    Sight show(Sight sight, long channel) {
        boolean isFirst = buffer.get(ValueLayout.JAVA_BYTE, start) == PacketType.COOKIE_ACK;
        return sight.packet(channel, isFirst ? Observer.Kind.COOKIE_ACK : Observer.Kind.DATA, number, size())
                .frames(buffer, framesAt, out.position() - framesAt);
    }

    /// Ends the packet.
    ///
    /// @return its bytes
    int seal(PacketKey key) {
        int header = numberOffset + groups;
        int body = (int) (out.position() - start) - header;
        key.seal(buffer, start, header, body, number);
        int bytes = header + body + tagBytes;
        long mask = key.headerMask(buffer, start + bytes - DataHeader.SAMPLE_BYTES);
        DataHeader.mask(buffer, start, numberOffset, groups, mask);
        return bytes;
    }

    private int size() {
        return (int) (out.position() - start) + tagBytes;
    }

    // = docs/spec/04-protection.md R4.6
    private int paddedSize() {
        for (int size : PADDED_SIZES) {
            if (size >= size() && size <= room) {
                return size;
            }
        }
        return room;
    }
}
