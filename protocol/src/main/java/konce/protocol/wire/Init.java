package konce.protocol.wire;

import java.lang.foreign.MemorySegment;
import konce.protocol.Limits;

/// The client's first packet, exactly [Limits#INIT_BYTES] bytes.
///
/// ```text
///  0  type 0x10
///  1  client random, 16
/// 17  client steady time, 8, microseconds with a random offset
/// 25  protocol offer, at most 48
///  .. parameters: varint length, at most 64, and that many bytes
///  .. zeros
/// ```
///
/// - source: docs/spec/02-packets.md, section 5
public final class Init {
    public static final int CLIENT_RANDOM = 1;
    public static final int CLIENT_RANDOM_BYTES = 16;
    public static final int CLIENT_TIME = 17;
    public static final int OFFER = 25;

    private Init() {}

    // = docs/spec/03-handshake.md R3.1
    /// Writes one at the start of `packet`.
    public static void write(
            MemorySegment packet, MemorySegment clientRandom, long clientTime, ProtocolOffer offer, ByteWriter out) {
        out.wrap(packet, 0, Limits.INIT_BYTES);
        out.writeByte(PacketType.INIT);
        out.writeBytes(clientRandom, 0, CLIENT_RANDOM_BYTES);
        out.writeLong(clientTime);
        offer.write(out);
        out.writeVarint(0);
        out.writeZeros(out.remaining());
    }

    /// Reads the variable part of one whose length and type are right, and leaves the reader failed if it is
    /// malformed.
    ///
    /// @return bytes of the offer and the parameters, which begin at [#OFFER]
    public static int read(ByteReader in, ProtocolOffer offer) {
        in.skip(OFFER);
        offer.read(in);
        in.skip(in.readVarint(Limits.PARAMETERS_BYTES_MAX));
        int bytes = (int) in.position() - OFFER;
        in.expectZeros();
        return bytes;
    }
}
