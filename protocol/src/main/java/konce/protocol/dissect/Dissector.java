package konce.protocol.dissect;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import konce.crypto.PacketKey;
import konce.crypto.Secret;
import konce.crypto.Suite;
import konce.crypto.Vault;
import konce.protocol.PeerOffence;
import konce.protocol.handshake.KeyChange;
import konce.protocol.wire.ByteReader;
import konce.protocol.wire.CookieEcho;
import konce.protocol.wire.DataHeader;
import konce.protocol.wire.FrameReader;
import konce.protocol.wire.Init;
import konce.protocol.wire.InitAck;
import konce.protocol.wire.PacketType;
import konce.protocol.wire.ProcessTag;
import konce.protocol.wire.ProtocolOffer;
import konce.protocol.wire.Settings;
import konce.protocol.wire.WindowedInteger;
import org.jspecify.annotations.Nullable;

/// Prints every field of a packet; with the lines of a key log, also of what is sealed.
///
/// Give it the packets of a channel in order: packet numbers are cut short on the wire, and the first decides where the
/// window of the next lies. A packet alone is tried with the lowest numbers.
///
/// - threads: one
/// - error: never throws for any bytes; says what is wrong where it is
/// - source: docs/spec/02-packets.md, docs/spec/06-flow.md section 1
public final class Dissector implements AutoCloseable {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// A key that may open packets.
    private static final class Candidate implements AutoCloseable {
        private final LoggedKey logged;
        private final PacketKey key;
        private final int phaseBit;
        /// The newest number opened in each phase of one direction, alone in its array.
        private final long[] newest;

        private Candidate(LoggedKey logged, PacketKey key, int phaseBit, long[] newest) {
            this.logged = logged;
            this.key = key;
            this.phaseBit = phaseBit;
            this.newest = newest;
        }

        @Override
        public void close() {
            key.close();
        }
    }

    private final Vault vault;
    private final List<Candidate> candidates = new ArrayList<>();

    /// @param vault where the secrets are held while it is open
    public Dissector(Vault vault, List<LoggedKey> keys) {
        this.vault = vault;
        keys.forEach(this::add);
    }

    private void add(LoggedKey logged) {
        MemorySegment bytes = Arena.ofAuto().allocate(logged.secret().length);
        bytes.copyFrom(MemorySegment.ofArray(logged.secret()));
        try (Secret secret = Secret.copyOf(vault, bytes, 0, logged.secret().length)) {
            for (Suite suite : logged.isTraffic() ? Suite.values() : new Suite[] {Suite.XCHACHA20_POLY1305}) {
                Candidate before = candidates.reversed().stream()
                        .filter(one -> one.key.suite() == suite && logged.follows(one.logged))
                        .findFirst()
                        .orElse(null);
                candidates.add(
                        before == null
                                ? new Candidate(logged, PacketKey.derive(vault, suite, secret), 0, new long[] {-1})
                                : new Candidate(
                                        logged, before.key.next(vault, secret), 1 - before.phaseBit, before.newest));
            }
        }
    }

    /// The fields of one datagram, in their order.
    public List<Field> dissect(byte[] datagram) {
        List<Field> fields = new ArrayList<>();
        MemorySegment packet = Arena.ofAuto().allocate(Math.max(1, datagram.length));
        MemorySegment.copy(datagram, 0, packet, ValueLayout.JAVA_BYTE, 0, datagram.length);
        packet = packet.asSlice(0, datagram.length);
        if (datagram.length < 1 + Init.CLIENT_RANDOM_BYTES) {
            remark(fields, "malformed", datagram.length + " bytes: shorter than any packet");
            return fields;
        }
        int first = packet.get(ValueLayout.JAVA_BYTE, 0) & 0xFF;
        switch (first) {
            case PacketType.INIT -> init(fields, packet);
            case PacketType.INIT_ACK -> initAck(fields, packet);
            case PacketType.INIT_ACK_LISTS -> lists(fields, packet);
            case PacketType.COOKIE_ECHO -> cookieEcho(fields, packet);
            case PacketType.KEY_CHANGE -> keyChange(fields, packet);
            default -> sealed(fields, packet, first & PacketType.TYPE_MASK);
        }
        return fields;
    }

    private void init(List<Field> fields, MemorySegment packet) {
        type(fields, "INIT", packet);
        clientRandom(fields, packet);
        if (packet.byteSize() < Init.OFFER) {
            remark(fields, "malformed", "cut short");
            return;
        }
        time(fields, packet, Init.CLIENT_TIME, "client steady time");
        ProtocolOffer offer = new ProtocolOffer();
        ByteReader in = new ByteReader().wrap(packet, 0, packet.byteSize());
        int bytes = Init.read(in, offer);
        negotiated(fields, in.isOk(), Init.OFFER, bytes, "protocols offered", offer);
        long end = (long) Init.OFFER + bytes;
        add(fields, end, packet.byteSize() - end, "padding", in.isOk() ? "zeros" : "not zeros, or malformed before");
    }

    private void initAck(List<Field> fields, MemorySegment packet) {
        type(fields, "INIT-ACK", packet);
        clientRandom(fields, packet);
        if (packet.byteSize() < InitAck.BYTES_MIN) {
            remark(fields, "malformed", "cut short");
            return;
        }
        time(fields, packet, InitAck.SERVER_TIME, "server steady time");
        effort(fields, packet, InitAck.EFFORT, "effort asked");
        add(
                fields,
                InitAck.TRANSIENT_ID,
                1,
                "transient key id",
                "" + packet.get(ValueLayout.JAVA_BYTE, InitAck.TRANSIENT_ID));
        bytes(fields, packet, InitAck.SEQUENCE, 8, "sequence number, permuted");
        bytes(fields, packet, InitAck.REVEALED, 4, "revealed bits");
        bytes(fields, packet, InitAck.AUTHENTICATOR, 16, "authenticator");
        bytes(fields, packet, InitAck.TRANSIENT_KEY, 32, "transient key D");
        ProtocolOffer chosen = new ProtocolOffer();
        ByteReader in = new ByteReader().wrap(packet, 0, packet.byteSize());
        long tag = InitAck.read(in, chosen);
        long bytes = in.position() - InitAck.CHOSEN;
        negotiated(fields, in.isOk(), InitAck.CHOSEN, bytes, "protocols chosen", chosen);
        if (in.isOk()) {
            bytes(fields, packet, tag, ProcessTag.BYTES, "process tag");
            bytes(fields, packet, tag + ProcessTag.BYTES, Init.CLUE_BYTES, "group clue, or nobody's");
        }
    }

    private void lists(List<Field> fields, MemorySegment packet) {
        type(fields, "INIT-ACK with the server's lists", packet);
        clientRandom(fields, packet);
        ProtocolOffer offer = new ProtocolOffer();
        long at = 1L + Init.CLIENT_RANDOM_BYTES;
        ByteReader in = new ByteReader().wrap(packet, at, packet.byteSize() - at);
        offer.read(in);
        negotiated(fields, in.isOk(), at, packet.byteSize() - at, "protocols of the server", offer);
    }

    private void cookieEcho(List<Field> fields, MemorySegment packet) {
        type(fields, "COOKIE-ECHO", packet);
        clientRandom(fields, packet);
        CookieEcho layout = new CookieEcho();
        ByteReader in = new ByteReader().wrap(packet, 0, packet.byteSize());
        layout.read(in);
        if (!in.isOk()) {
            remark(fields, "malformed", "cut short, or an offer past its limits");
            return;
        }
        time(fields, packet, CookieEcho.CLIENT_TIME, "client steady time");
        time(fields, packet, CookieEcho.SERVER_TIME, "server steady time");
        effort(fields, packet, CookieEcho.EFFORT, "effort asked");
        add(
                fields,
                CookieEcho.TRANSIENT_ID,
                1,
                "transient key id",
                "" + packet.get(ValueLayout.JAVA_BYTE, CookieEcho.TRANSIENT_ID));
        bytes(fields, packet, CookieEcho.SEQUENCE, 8, "sequence number, permuted");
        bytes(fields, packet, CookieEcho.REVEALED, 4, "revealed bits");
        bytes(fields, packet, CookieEcho.AUTHENTICATOR, 16, "authenticator");
        effort(fields, packet, CookieEcho.EFFORT_OFFERED, "effort offered");
        bytes(fields, packet, CookieEcho.SOLUTION, CookieEcho.SOLUTION_BYTES, "solution");
        bytes(fields, packet, CookieEcho.TRANSIENT_KEY, 32, "transient key B");
        String chosen = "chosen: " + layout.chosen();
        add(fields, CookieEcho.NEGOTIATION, layout.negotiationBytes(), "negotiation", chosen);
        bytes(fields, packet, layout.clueOffset(), Init.CLUE_BYTES, "group clue, or random");
        box(fields, packet, layout.boxOffset());
        early(fields, packet, layout.earlyOffset());
    }

    private void box(List<Field> fields, MemorySegment packet, int offset) {
        add(fields, offset, CookieEcho.BOX_BYTES, "box", "sealed under K0");
        MemorySegment copy = openWith("BOX", packet, offset, CookieEcho.BOX_BYTES);
        if (copy != null) {
            boolean identified = copy.get(ValueLayout.JAVA_BYTE, offset) == 1;
            add(fields, 1, offset, 1, "identity", identified ? "shown" : "none: anonymous");
            add(fields, 1, offset + 1, 32, "client key A", Words.hex(copy, offset + 1, 32));
            add(fields, 1, offset + 33, 32, "hash of the wanted key", Words.hex(copy, offset + 33, 32));
            add(
                    fields,
                    1,
                    offset + 65,
                    8,
                    "client steady time",
                    Long.toUnsignedString(copy.get(LONG, offset + 65)) + " us");
        }
    }

    private void early(List<Field> fields, MemorySegment packet, int offset) {
        long length = packet.byteSize() - offset;
        add(fields, offset, length, "early payload", "sealed under K1");
        MemorySegment copy = openWith("EARLY", packet, offset, (int) length);
        if (copy != null) {
            settingsAndFrames(fields, copy, offset, length - CookieEcho.TAG_BYTES);
        }
    }

    private void keyChange(List<Field> fields, MemorySegment packet) {
        type(fields, "KEY-CHANGE", packet);
        clientRandom(fields, packet);
        int sealed = (int) packet.byteSize() - KeyChange.SEALED;
        if (sealed != KeyChange.PLAIN_BYTES + CookieEcho.TAG_BYTES) {
            remark(fields, "malformed", "not of its length");
            return;
        }
        add(fields, KeyChange.SEALED, sealed, "notice", "sealed under the transient keys");
        MemorySegment copy = openWith("CHANGE", packet, KeyChange.SEALED, sealed);
        if (copy != null) {
            add(fields, 1, KeyChange.SEALED, 32, "new key", Words.hex(copy, KeyChange.SEALED, 32));
            long sequence = copy.get(LONG, KeyChange.SEALED + 32);
            add(fields, 1, KeyChange.SEALED + 32, 8, "sequence", Long.toUnsignedString(sequence));
            add(fields, 1, KeyChange.SEALED + 40, 64, "signature", Words.hex(copy, KeyChange.SEALED + 40, 64));
        }
    }

    private void sealed(List<Field> fields, MemorySegment packet, int type) {
        if (type != PacketType.DATA && type != PacketType.COOKIE_ACK) {
            type(fields, "of no known type", packet);
            return;
        }
        int numberOffset = DataHeader.numberOffset(type);
        type(fields, type == PacketType.DATA ? "DATA" : "COOKIE-ACK", packet);
        if (packet.byteSize() < numberOffset + 1 + DataHeader.SAMPLE_BYTES) {
            remark(fields, "malformed", "cut short");
            return;
        }
        bytes(fields, packet, DataHeader.CHANNEL_ID, 8, "channel id");
        if (type == PacketType.COOKIE_ACK) {
            bytes(fields, packet, DataHeader.SERVER_RANDOM, DataHeader.SERVER_RANDOM_BYTES, "server random");
        }
        for (Candidate candidate : candidates) {
            if (candidate.logged.isTraffic() && openPacket(fields, packet, numberOffset, type, candidate)) {
                return;
            }
        }
        long rest = packet.byteSize() - numberOffset;
        add(fields, numberOffset, rest, "packet number and payload", "masked and sealed; no key of the log opens it");
    }

    private boolean openPacket(List<Field> fields, MemorySegment packet, int numberOffset, int type, Candidate with) {
        MemorySegment copy = copyOf(packet);
        int size = (int) packet.byteSize();
        long mask = with.key.headerMask(copy, size - DataHeader.SAMPLE_BYTES);
        int groups = DataHeader.unmask(copy, 0, numberOffset, mask);
        int payload = numberOffset + groups;
        if (groups == 0 || size - payload < with.key.tagBytes() || DataHeader.phaseBit(copy, 0) != with.phaseBit) {
            return false;
        }
        long half = 1L << (7 * groups - 1);
        long wire = DataHeader.wireNumber(copy, numberOffset, groups);
        long number = WindowedInteger.decode(wire, groups, Math.max(0, with.newest[0] + 1 - half));
        if (!with.key.open(copy, 0, payload, size - payload, number)) {
            return false;
        }
        with.newest[0] = Math.max(with.newest[0], number);
        String from = with.logged.isOfClient() ? "from the client" : "from the server";
        add(fields, 0, 1, "key phase", "lowest bit " + with.phaseBit);
        add(fields, numberOffset, groups, "packet number", number + ", " + from);
        long length = (long) size - payload - with.key.tagBytes();
        add(fields, payload, length, "payload", "opened with " + with.key.suite());
        if (type == PacketType.COOKIE_ACK) {
            settingsAndFrames(fields, copy, payload, length);
        } else {
            frames(fields, copy, payload, length);
        }
        add(fields, size - (long) with.key.tagBytes(), with.key.tagBytes(), "tag", "authentic");
        return true;
    }

    private static void settingsAndFrames(List<Field> fields, MemorySegment packet, long offset, long length) {
        ByteReader in = new ByteReader().wrap(packet, offset, length);
        Settings settings = Settings.read(in);
        if (!in.isOk()) {
            remark(fields, "malformed", "settings");
            return;
        }
        add(fields, 1, offset, in.position() - offset, "settings", settings.toString());
        frames(fields, packet, in.position(), in.remaining());
    }

    private static void frames(List<Field> fields, MemorySegment packet, long offset, long length) {
        PeerOffence offence = new FrameReader().read(packet, offset, length, new FrameNarrator(fields, offset));
        if (offence != null) {
            remark(fields, "offence", offence + ", " + offence.section());
        }
    }

    /// A copy of the packet with a part of it opened; null when no secret of that label opens it.
    private @Nullable MemorySegment openWith(String label, MemorySegment packet, int offset, int length) {
        byte[] random =
                packet.asSlice(Init.CLIENT_RANDOM, Init.CLIENT_RANDOM_BYTES).toArray(ValueLayout.JAVA_BYTE);
        for (Candidate candidate : candidates) {
            if (candidate.logged.label().equals(label) && sameAttempt(candidate.logged.clientRandom(), random)) {
                MemorySegment copy = copyOf(packet);
                if (candidate.key.open(copy, offset, 0, length, 0)) {
                    return copy;
                }
            }
        }
        return null;
    }

    /// The last byte of a client random counts the INITs of one attempt.
    private static boolean sameAttempt(byte[] left, byte[] right) {
        return Arrays.equals(left, 0, left.length - 1, right, 0, right.length - 1);
    }

    private static MemorySegment copyOf(MemorySegment packet) {
        MemorySegment copy = Arena.ofAuto().allocate(packet.byteSize());
        copy.copyFrom(packet);
        return copy;
    }

    // ---- fields

    private static void type(List<Field> fields, String name, MemorySegment packet) {
        add(fields, 0, 1, "type", name + ", " + packet.byteSize() + " bytes");
    }

    private static void clientRandom(List<Field> fields, MemorySegment packet) {
        bytes(fields, packet, Init.CLIENT_RANDOM, Init.CLIENT_RANDOM_BYTES, "client random");
    }

    private static void time(List<Field> fields, MemorySegment packet, long offset, String name) {
        add(fields, offset, 8, name, Long.toUnsignedString(packet.get(LONG, offset)) + " us");
    }

    private static void effort(List<Field> fields, MemorySegment packet, long offset, String name) {
        add(fields, offset, 4, name, Integer.toUnsignedString(packet.get(INT, offset)) + " hashes");
    }

    private static void bytes(List<Field> fields, MemorySegment packet, long offset, int length, String name) {
        add(fields, offset, length, name, Words.hex(packet, offset, length));
    }

    private static void negotiated(
            List<Field> fields, boolean ok, long offset, long length, String name, ProtocolOffer offer) {
        add(fields, offset, length, name, ok ? offer.toString() : "malformed");
    }

    private static void add(List<Field> fields, long offset, long length, String name, String value) {
        add(fields, 0, offset, length, name, value);
    }

    private static void add(List<Field> fields, int depth, long offset, long length, String name, String value) {
        fields.add(new Field(depth, offset, length, name, value));
    }

    private static void remark(List<Field> fields, String name, String value) {
        fields.add(new Field(0, 0, 0, name, value));
    }

    @Override
    public void close() {
        candidates.forEach(Candidate::close);
    }
}
