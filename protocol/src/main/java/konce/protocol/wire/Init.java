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
///  .. parameters: varint length, 24 to 64, and that many bytes, which begin with the group clue, 8, and a ticket, 16
///  .. zeros
/// ```
///
/// - source: docs/spec/02-packets.md, section 5
public final class Init {
    public static final int CLIENT_RANDOM = 1;
    public static final int CLIENT_RANDOM_BYTES = 16;
    public static final int CLIENT_TIME = 17;
    public static final int OFFER = 25;
    public static final int CLUE_BYTES = 8;

    /// Bytes of the parameters that this version writes.
    public static final int PARAMETERS_BYTES = CLUE_BYTES + Ticket.BYTES;

    private Init() {}

    // = docs/spec/03-handshake.md R3.1
    /// Writes one at the start of `packet`.
    ///
    /// @param hello its parameters
    public static void write(
            MemorySegment packet,
            MemorySegment clientRandom,
            long clientTime,
            ProtocolOffer offer,
            Hello hello,
            ByteWriter out) {
        out.wrap(packet, 0, Limits.INIT_BYTES);
        out.writeByte(PacketType.INIT);
        out.writeBytes(clientRandom, 0, CLIENT_RANDOM_BYTES);
        out.writeLong(clientTime);
        offer.write(out);
        hello.write(out);
        out.writeZeros(out.remaining());
    }

    /// The parameters, which also stand in the COOKIE-ECHO.
    ///
    /// @param clue a member's for its group; without a group random, so that the two look alike
    /// @param ticket the server's of before; without one random, likewise
    public record Hello(long clue, Ticket ticket) {
        /// Writes their length, and them.
        public void write(ByteWriter out) {
            out.writeVarint(PARAMETERS_BYTES);
            out.writeLong(clue);
            ticket.write(out);
        }
    }

    /// Where the clue stands in one that was read.
    ///
    /// @param offer the one in it
    public static int clue(ProtocolOffer offer) {
        return OFFER + offer.encodedBytes() + 1;
    }

    /// Where the ticket stands in one that was read.
    public static int ticket(ProtocolOffer offer) {
        return clue(offer) + CLUE_BYTES;
    }

    // = docs/spec/17-private-groups.md R17.1
    /// Reads the variable part of one whose length and type are right, and leaves the reader failed if it is
    /// malformed.
    ///
    /// @return bytes of the offer and the parameters, which begin at [#OFFER]
    public static int read(ByteReader in, ProtocolOffer offer) {
        in.skip(OFFER);
        offer.read(in);
        long parameters = in.readVarint(Limits.PARAMETERS_BYTES_MAX);
        in.skip(PARAMETERS_BYTES);
        in.skip(parameters - PARAMETERS_BYTES);
        int bytes = (int) in.position() - OFFER;
        in.expectZeros();
        return bytes;
    }
}
