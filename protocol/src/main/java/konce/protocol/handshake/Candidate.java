package konce.protocol.handshake;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import konce.crypto.PublicKey;
import konce.protocol.Address;
import konce.protocol.SessionProtocol;
import konce.protocol.wire.ByteReader;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.CookieEcho;
import konce.protocol.wire.Init;
import konce.protocol.wire.InitAck;
import konce.protocol.wire.PacketType;
import konce.protocol.wire.ProcessTag;
import konce.protocol.wire.ProtocolOffer;
import org.jspecify.annotations.Nullable;

/// An INIT-ACK a client may go on with. Nothing in it is proven: anyone on the path can make one.
///
/// @param remote where it came from
/// @param receivedNanos when
/// @param rttNanos since the INIT it answers was sent
/// @param initAck a copy of the packet
/// @param transientKey D
/// @param handshake the handshake protocol chosen
/// @param session the session protocol chosen
/// @param init the INIT it answers
/// @param tag which process of the server it says it is of
/// @param clueOffset where the packet's clue stands
record Candidate(
        Address remote,
        long receivedNanos,
        long rttNanos,
        MemorySegment initAck,
        PublicKey transientKey,
        long handshake,
        SessionProtocol session,
        SentInit init,
        ProcessTag tag,
        int clueOffset) {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// When an INIT was sent, and the steady time and the parameters it carried.
    record SentInit(long sentNanos, long clientTime, Init.Hello hello) {}

    // = docs/spec/03-handshake.md R3.28
    /// Reads one; null when it is malformed or chose something that was not offered.
    static @Nullable Candidate read(
            long nowNanos, Address remote, MemorySegment packet, SentInit init, ProtocolOffer ours) {
        ProtocolOffer chosen = new ProtocolOffer();
        ByteReader in = new ByteReader().wrap(packet, 0, packet.byteSize());
        long tagOffset = InitAck.read(in, chosen);
        PublicKey key = PublicKey.decode(packet, InitAck.TRANSIENT_KEY);
        long handshake = chosen.only(ProtocolOffer.HANDSHAKE);
        SessionProtocol session = SessionProtocol.ofNumber(chosen.only(ProtocolOffer.SESSION));
        if (!in.isOk()
                || key == null
                || session == null
                || !ours.contains(ProtocolOffer.HANDSHAKE, handshake)
                || !ours.contains(ProtocolOffer.SESSION, session.number())) {
            return null;
        }
        ProcessTag tag = ProcessTag.read(in.wrap(packet, tagOffset, ProcessTag.BYTES));
        MemorySegment copy = Arena.ofAuto().allocate(packet.byteSize());
        copy.copyFrom(packet);
        long rtt = Math.max(1, nowNanos - init.sentNanos());
        int clue = (int) tagOffset + ProcessTag.BYTES;
        return new Candidate(remote, nowNanos, rtt, copy, key, handshake, session, init, tag, clue);
    }

    long effort() {
        return initAck.get(INT, InitAck.EFFORT) & 0xFFFF_FFFFL;
    }

    /// The server's steady time when it answered, in microseconds.
    long serverTime() {
        return initAck.get(LONG, InitAck.SERVER_TIME);
    }

    /// Writes the head of the COOKIE-ECHO that goes with it, up to the box.
    ///
    /// @param clues of an invitation, or random
    /// @return where the box begins
    int writeEchoHead(ByteWriter out, PublicKey b, ProtocolOffer ours, Clues clues) {
        out.writeByte(PacketType.COOKIE_ECHO);
        out.writeBytes(initAck, Init.CLIENT_RANDOM, Init.CLIENT_RANDOM_BYTES);
        out.writeLong(init.clientTime());
        out.writeBytes(initAck, InitAck.SERVER_TIME, InitAck.SEQUENCE - InitAck.SERVER_TIME);
        out.writeBytes(initAck, InitAck.SEQUENCE, InitAck.TRANSIENT_KEY - InitAck.SEQUENCE);
        out.writeInt(effort());
        out.writeZeros(CookieEcho.SOLUTION_BYTES);
        b.writeTo(out.segment(), out.skip(PublicKey.BYTES));
        ours.write(out);
        init.hello().write(out);
        out.writeBytes(initAck, InitAck.CHOSEN, initAck.byteSize() - InitAck.CHOSEN);
        out.writeLong(clues.echo(out.segment()));
        return (int) out.position();
    }
}
