package konce.protocol.handshake;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import konce.fuzz.Target;
import konce.protocol.Address;
import konce.protocol.KeyChangeNotice;
import konce.protocol.dissect.LoggedKey;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.Init;
import konce.protocol.wire.InitAck;
import konce.protocol.wire.ProtocolOffer;
import konce.protocol.wire.Ticket;

/// What a client takes from an INIT-ACK and from a notice of a changed key, and a key log's lines.
public final class HandshakeTargets {
    private static final Address SERVER = Address.parse("192.0.2.1:413");
    private static final ProtocolOffer OFFER = ProtocolOffer.of(List.of(1L), List.of(1L, 2L, 3L));

    private HandshakeTargets() {}

    /// All of them.
    public static List<Target> all() {
        return List.of(
                new Target("init-ack-candidate", HandshakeTargets::candidate),
                new Target("key-change", HandshakeTargets::keyChange),
                Target.text(
                        "logged-key",
                        line -> shown(LoggedKey.parse(line)),
                        text -> text,
                        IllegalArgumentException.class));
    }

    private static String shown(LoggedKey key) {
        HexFormat hex = HexFormat.of();
        return key.label() + " " + hex.formatHex(key.clientRandom()) + " " + hex.formatHex(key.secret());
    }

    private static MemorySegment nativeCopy(byte[] bytes) {
        return Arena.ofAuto()
                .allocate(Math.max(1, bytes.length))
                .asSlice(0, bytes.length)
                .copyFrom(MemorySegment.ofArray(bytes));
    }

    private static void candidate(byte[] input) {
        if (input.length < InitAck.BYTES_MIN) {
            return; // the client looks at none that is shorter
        }
        Candidate read = Candidate.read(
                2, SERVER, nativeCopy(input), new Candidate.SentInit(1, 7, new Init.Hello(0, new Ticket(0, 0))), OFFER);
        if (read != null) {
            Target.check(OFFER.contains(ProtocolOffer.SESSION, read.session().number()), "a session nobody offered");
            Target.check(read.effort() >= 0 && read.rttNanos() > 0, "an effort or a time below nothing");
        }
    }

    private static void keyChange(byte[] input) {
        byte[] packet = Arrays.copyOf(input, KeyChange.SEALED + KeyChange.PLAIN_BYTES);
        KeyChangeNotice notice = KeyChange.read(nativeCopy(packet));
        if (notice != null) {
            MemorySegment written = Arena.ofAuto().allocate(KeyChange.PLAIN_BYTES);
            KeyChange.write(new ByteWriter().wrap(written, 0, written.byteSize()), notice);
            Target.checkSame(
                    Arrays.copyOfRange(packet, KeyChange.SEALED, packet.length),
                    written.toArray(ValueLayout.JAVA_BYTE));
        }
    }
}
