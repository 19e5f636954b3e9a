package konce.protocol.handshake;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import konce.crypto.PacketKey;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.Vault;
import konce.protocol.KeyChangeNotice;
import konce.protocol.Limits;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.CookieEcho;
import konce.protocol.wire.Init;
import konce.protocol.wire.InitAck;
import konce.protocol.wire.PacketType;
import konce.protocol.wire.ProtocolOffer;

/// What somebody on the path can make who has no key of the server's, but knows the protocol and sees every packet.
public final class Forger {
    private Forger() {}

    /// An answer to an INIT, with a D of the forger's own and a cookie that is none.
    public static byte[] initAck(byte[] init, PublicKey d, long effort) {
        MemorySegment packet = Arena.ofAuto().allocate(Limits.INIT_BYTES);
        ByteWriter out = new ByteWriter().wrap(packet, 0, packet.byteSize());
        out.writeByte(PacketType.INIT_ACK);
        out.writeBytes(MemorySegment.ofArray(init), Init.CLIENT_RANDOM, Init.CLIENT_RANDOM_BYTES);
        out.writeLong(1);
        out.writeInt(effort);
        out.writeZeros(InitAck.TRANSIENT_KEY - InitAck.TRANSIENT_ID);
        d.writeTo(packet, out.skip(PublicKey.BYTES));
        ProtocolOffer chosen = new ProtocolOffer();
        chosen.setChosen(1, 1);
        chosen.write(out);
        out.writeVarint(InitAck.PARAMETERS_BYTES);
        out.writeZeros(InitAck.PARAMETERS_BYTES);
        return packet.asSlice(0, out.position()).toArray(ValueLayout.JAVA_BYTE);
    }

    /// A key-change notice in answer to a COOKIE-ECHO that was made for the forger's own D.
    public static byte[] keyChange(Vault vault, byte[] echo, SecretKey d, PublicKey wanted, KeyChangeNotice notice) {
        MemorySegment packet = Rig.bytes(echo);
        PublicKey b = PublicKey.decode(packet, CookieEcho.TRANSIENT_KEY);
        if (b == null) {
            throw new IllegalArgumentException("a client's B is an element");
        }
        MemorySegment reply = Arena.ofAuto().allocate(KeyChange.PACKET_BYTES);
        ByteWriter out = new ByteWriter().wrap(reply, 0, KeyChange.PACKET_BYTES - CookieEcho.TAG_BYTES);
        out.writeByte(PacketType.KEY_CHANGE);
        out.writeBytes(packet, CookieEcho.COOKIE, Init.CLIENT_RANDOM_BYTES);
        KeyChange.write(out, notice);
        try (KeySchedule schedule = new KeySchedule(vault, 1, false);
                Secret bD = d.multiply(vault, b)) {
            schedule.begin(packet, Rig.box(packet), d.publicKey(), wanted);
            try (PacketKey key = schedule.changeKey(bD)) {
                key.seal(reply, KeyChange.SEALED, 0, KeyChange.PLAIN_BYTES, 0);
            }
        }
        return reply.toArray(ValueLayout.JAVA_BYTE);
    }
}
