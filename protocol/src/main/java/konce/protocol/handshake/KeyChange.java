package konce.protocol.handshake;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import konce.crypto.PublicKey;
import konce.crypto.SigningKey;
import konce.crypto.VerifyingKey;
import konce.protocol.KeyChangeNotice;
import konce.protocol.wire.ByteReader;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.CookieEcho;
import org.jspecify.annotations.Nullable;

/// The KEY-CHANGE packet and the statement it carries.
///
/// ```text
///  0  type 0x50   1  client random, 16   17  sealed: new key 32, sequence 8, signature 64; tag 16
/// ```
///
/// - source: docs/spec/03-handshake.md, section 8
public final class KeyChange {
    public static final int SEALED = 17;
    public static final int PLAIN_BYTES = PublicKey.BYTES + 8 + VerifyingKey.SIGNATURE_BYTES;
    static final int PACKET_BYTES = SEALED + PLAIN_BYTES + CookieEcho.TAG_BYTES;

    private static final byte[] LABEL = "konce key change 1".getBytes(StandardCharsets.US_ASCII);

    private KeyChange() {}

    /// The notice that `newKey` is the server's key now, signed by the master key of its name.
    public static KeyChangeNotice sign(SigningKey master, PublicKey newKey, long sequence) {
        MemorySegment signature = Arena.ofAuto().allocate(VerifyingKey.SIGNATURE_BYTES);
        master.sign(statement(newKey, sequence), signature);
        return new KeyChangeNotice(newKey, sequence, signature.toArray(ValueLayout.JAVA_BYTE));
    }

    // = docs/spec/03-handshake.md R3.12
    /// Whether the master key vouches for a notice.
    public static boolean isVouched(KeyChangeNotice notice, VerifyingKey master) {
        MemorySegment signature = Arena.ofAuto().allocate(VerifyingKey.SIGNATURE_BYTES);
        signature.copyFrom(MemorySegment.ofArray(notice.signature()));
        return master.verify(statement(notice.newKey(), notice.sequence()), signature);
    }

    /// Whether a packet carries the client random of this COOKIE-ECHO.
    static boolean isAnswer(MemorySegment packet, MemorySegment echo) {
        return MemorySegment.mismatch(packet, 1, SEALED, echo, CookieEcho.COOKIE, CookieEcho.CLIENT_TIME) < 0;
    }

    static void write(ByteWriter out, KeyChangeNotice notice) {
        long at = out.skip(PublicKey.BYTES);
        notice.newKey().writeTo(out.segment(), at);
        out.writeLong(notice.sequence());
        out.writeBytes(MemorySegment.ofArray(notice.signature()), 0, VerifyingKey.SIGNATURE_BYTES);
    }

    /// Reads an opened notice; null when its key is no element.
    static @Nullable KeyChangeNotice read(MemorySegment packet) {
        ByteReader in = new ByteReader().wrap(packet, SEALED, PLAIN_BYTES);
        PublicKey key = PublicKey.decode(packet, in.skip(PublicKey.BYTES));
        long sequence = in.readLong();
        byte[] signature =
                packet.asSlice(in.position(), VerifyingKey.SIGNATURE_BYTES).toArray(ValueLayout.JAVA_BYTE);
        return key == null ? null : new KeyChangeNotice(key, sequence, signature);
    }

    private static MemorySegment statement(PublicKey newKey, long sequence) {
        MemorySegment statement = Arena.ofAuto().allocate(LABEL.length + PublicKey.BYTES + 8);
        ByteWriter out = new ByteWriter().wrap(statement, 0, statement.byteSize());
        out.writeBytes(MemorySegment.ofArray(LABEL), 0, LABEL.length);
        newKey.writeTo(statement, out.skip(PublicKey.BYTES));
        out.writeLong(sequence);
        return statement;
    }
}
