package konce.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import konce.protocol.Allocation;
import konce.protocol.Limits;
import konce.protocol.Seeds;
import org.junit.jupiter.api.Test;

/// Protocol lists, the three packets that carry them, and settings.
final class NegotiationTest {
    private static final int TRIES = 50_000;

    private final MemorySegment bytes = Arena.ofAuto().allocate(2_000);
    private final ByteWriter out = new ByteWriter();
    private final ByteReader in = new ByteReader();

    private static List<Long> numbers(Random random, int most) {
        List<Long> list = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            list.add(random.nextLong() >>> (40 + random.nextInt(24)));
        }
        return list;
    }

    /// Goal: an offer comes back as it was, in its order, and its length is known beforehand.
    @Test
    void anOfferComesBack() {
        Random random = Seeds.random("offers", 6);
        for (int i = 0; i < 2_000; i++) {
            List<Long> handshake = numbers(random, 6);
            List<Long> session = numbers(random, 6);
            ProtocolOffer offer = ProtocolOffer.of(handshake, session);
            offer.write(out.wrap(bytes, 0, 100));
            assertEquals(offer.encodedBytes(), out.position());
            ProtocolOffer read = new ProtocolOffer();
            read.read(in.wrap(bytes, 0, out.position()));
            assertTrue(in.isOk());
            assertEquals(0, in.remaining());
            assertEquals(offer.toString(), read.toString());
            handshake.forEach(number -> assertTrue(read.contains(ProtocolOffer.HANDSHAKE, number)));
            session.forEach(number -> assertTrue(read.contains(ProtocolOffer.SESSION, number)));
            assertEquals(session.size() == 1 ? session.getFirst() : -1L, read.only(ProtocolOffer.SESSION));
        }
    }

    /// Goal: the client's order decides, and where nothing fits the answer says so.
    // = docs/spec/03-handshake.md R3.3
    @Test
    void theClientsOrderDecides() {
        ProtocolOffer ours = ProtocolOffer.of(List.of(1L, 2L), List.of(1L, 2L, 3L));
        ProtocolOffer theirs = ProtocolOffer.of(List.of(9L, 2L, 1L), List.of(4L, 5L));
        assertEquals(2, ProtocolOffer.choose(ours, theirs, ProtocolOffer.HANDSHAKE));
        assertEquals(-1, ProtocolOffer.choose(ours, theirs, ProtocolOffer.SESSION));
        assertEquals(-1, theirs.only(ProtocolOffer.HANDSHAKE));
        ours.setChosen(7, 8);
        assertEquals(7, ours.only(ProtocolOffer.HANDSHAKE));
        assertEquals(8, ours.only(ProtocolOffer.SESSION));
    }

    // = docs/spec/02-packets.md R2.4
    /// Goal: lists of a later version, after ours, are stepped over; fewer than two lists, or more or
    /// longer ones than allowed, are refused.
    @Test
    void listsBeyondTheSecondAreSteppedOver() {
        byte[][] good = {{2, 0, 0}, {3, 1, 1, 1, 1, 2, 5, 6}, {4, 1, 1, 1, 2, 0, 0}};
        byte[][] bad = {{}, {0}, {1, 1, 1}, {2, 1, 1}, {5, 0, 0, 0, 0, 0}, {2, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}};
        ProtocolOffer offer = new ProtocolOffer();
        for (byte[] list : good) {
            offer.read(in.wrap(MemorySegment.ofArray(list), 0, list.length));
            assertTrue(in.isOk() && in.remaining() == 0);
        }
        for (byte[] list : bad) {
            offer.read(in.wrap(MemorySegment.ofArray(list), 0, list.length));
            assertFalse(in.isOk());
        }
        List<Long> long5 = List.of(1L << 60, 1L << 60, 1L << 60, 1L << 60, 1L << 60);
        assertThrows(IllegalArgumentException.class, () -> ProtocolOffer.of(long5, List.of(1L)));
        byte[] tooLong = new byte[60];
        java.util.Arrays.fill(tooLong, (byte) 0x81);
        tooLong[0] = 2;
        tooLong[1] = 5;
        tooLong[11] = tooLong[21] = tooLong[31] = tooLong[41] = tooLong[51] = 1;
        tooLong[52] = 0;
        offer.read(in.wrap(MemorySegment.ofArray(tooLong), 0, 53));
        assertFalse(in.isOk(), "53 bytes; at most " + Limits.PROTOCOL_OFFER_BYTES_MAX);
    }

    /// Goal: an INIT has exactly its size, its parts are where the layout says, and anything but zeros
    /// after them is refused.
    // = docs/spec/03-handshake.md R3.1
    @Test
    void anInitComesBack() {
        ProtocolOffer offer = ProtocolOffer.of(List.of(1L, 2L), List.of(1L, 2L, 3L));
        byte[] random = new byte[Init.CLIENT_RANDOM_BYTES];
        new Random(7).nextBytes(random);
        bytes.fill((byte) 0xEE);
        Init.write(
                bytes,
                MemorySegment.ofArray(random),
                0x0102030405060708L,
                offer,
                new Init.Hello(0x1112131415161718L, new Ticket(3, 4)),
                out);
        assertEquals(0, out.remaining());
        assertEquals((byte) 0xEE, bytes.get(ValueLayout.JAVA_BYTE, Limits.INIT_BYTES), "nothing behind it is touched");
        assertEquals(PacketType.INIT, bytes.get(ValueLayout.JAVA_BYTE, 0));
        assertEquals(-1, bytes.asSlice(Init.CLIENT_RANDOM, 16).mismatch(MemorySegment.ofArray(random)));
        assertEquals(0x0102030405060708L, bytes.get(ByteReader.LONG, Init.CLIENT_TIME));
        ProtocolOffer read = new ProtocolOffer();
        assertEquals(
                offer.encodedBytes() + 1 + Init.PARAMETERS_BYTES,
                Init.read(in.wrap(bytes, 0, Limits.INIT_BYTES), read));
        assertEquals(0x1112131415161718L, bytes.get(ByteReader.LONG, Init.clue(read)));
        assertTrue(in.isOk());
        assertEquals(offer.toString(), read.toString());
        for (int at = Init.OFFER + offer.encodedBytes() + 1 + Init.PARAMETERS_BYTES; at < Limits.INIT_BYTES; at++) {
            bytes.set(ValueLayout.JAVA_BYTE, at, (byte) 1);
            Init.read(in.wrap(bytes, 0, Limits.INIT_BYTES), read);
            assertFalse(in.isOk(), "byte " + at);
            bytes.set(ValueLayout.JAVA_BYTE, at, (byte) 0);
        }
    }

    /// Goal: parameters that this version does not know are stepped over up to their limit, in every
    /// packet that has some, and a byte more is refused.
    // = docs/spec/02-packets.md R2.7
    @Test
    void parametersAreSteppedOverUpToTheirLimit() {
        ProtocolOffer offer = ProtocolOffer.of(List.of(1L), List.of(1L));
        for (int length = 0; length <= Limits.PARAMETERS_BYTES_MAX + 1; length++) {
            boolean fits = length <= Limits.PARAMETERS_BYTES_MAX;
            bytes.fill((byte) 0);
            writeNegotiation(out.wrap(bytes, Init.OFFER, 200), offer, length);
            int negotiation = Init.read(in.wrap(bytes, 0, Limits.INIT_BYTES), new ProtocolOffer());
            boolean clued = fits && length >= Init.PARAMETERS_BYTES;
            assertEquals(clued, in.isOk(), "INIT with " + length);
            assertTrue(!clued || negotiation == out.position() - Init.OFFER);

            writeNegotiation(out.wrap(bytes, InitAck.CHOSEN, 200), offer, length);
            InitAck.read(in.wrap(bytes, 0, out.position()), new ProtocolOffer());
            assertEquals(fits && length >= InitAck.PARAMETERS_BYTES, in.isOk(), "INIT-ACK with " + length);
            InitAck.read(in.wrap(bytes, 0, out.position() + 1), new ProtocolOffer());
            assertFalse(in.isOk(), "a byte after the end");

            CookieEcho echo = new CookieEcho();
            out.wrap(bytes, CookieEcho.NEGOTIATION, 400);
            writeNegotiation(out, offer, length);
            writeNegotiation(out, offer, length);
            long boxOffset = out.position() + Init.CLUE_BYTES;
            long least = boxOffset + CookieEcho.BOX_BYTES + CookieEcho.TAG_BYTES;
            echo.read(in.wrap(bytes, 0, least));
            assertEquals(clued, in.isOk(), "COOKIE-ECHO with " + length);
            assertTrue(!clued || echo.boxOffset() == boxOffset);
            assertTrue(!clued || echo.earlyOffset() == boxOffset + CookieEcho.BOX_BYTES);
            assertTrue(!clued || echo.negotiationBytes() == boxOffset - Init.CLUE_BYTES - CookieEcho.NEGOTIATION);
            echo.read(in.wrap(bytes, 0, least - 1));
            assertFalse(in.isOk(), "no room for the tag");
        }
    }

    private static void writeNegotiation(ByteWriter out, ProtocolOffer offer, int parameterBytes) {
        offer.write(out);
        out.writeVarint(parameterBytes);
        for (int i = 0; i < parameterBytes; i++) {
            out.writeByte(i);
        }
    }

    /// Goal: settings come back, and values nobody may ask for are refused.
    @Test
    void settingsComeBack() {
        Random random = Seeds.random("settings", 8);
        for (int i = 0; i < 10_000; i++) {
            Settings settings = new Settings(
                    random.nextLong(),
                    random.nextLong(),
                    random.nextLong(Limits.CREDIT_BYTES_MAX + 1),
                    random.nextInt(Limits.MESSAGE_BYTES_MAX + 1),
                    random.nextLong(Limits.TIMEOUT_NANOS_MAX / 1_000_000 + 1) * 1_000_000,
                    random.nextLong(),
                    Stream.generate(() -> new ProcessTag(random.nextLong(), random.nextLong()))
                            .limit(random.nextInt(Limits.PROCESS_TAGS_MAX + 1))
                            .toList(),
                    random.nextBoolean() ? null : new Ticket(random.nextLong(), random.nextLong()));
            settings.write(out.wrap(bytes, 0, Settings.BYTES_MAX));
            assertEquals(settings, Settings.read(in.wrap(bytes, 0, out.position())));
            assertTrue(in.isOk() && in.remaining() == 0);
            Settings.read(in.wrap(bytes, 0, out.position() - 1));
            assertFalse(in.isOk());
        }
        long[][] bad = {
            {Limits.CREDIT_BYTES_MAX + 1, 1, 1, 0, 0},
            {1, Limits.MESSAGE_BYTES_MAX + 1L, 1, 0, 0},
            {1, 1, Limits.TIMEOUT_NANOS_MAX / 1_000_000 + 1, 0, 0},
            {-1, 1, 1, 0, 0},
            {1, 1, 1, 0, Limits.PROCESS_TAGS_MAX + 1},
        };
        for (long[] values : bad) {
            out.wrap(bytes, 0, Settings.BYTES_MAX);
            out.writeLong(1);
            out.writeLong(2);
            for (long value : values) {
                out.writeVarint(value);
            }
            out.writeZeros(Limits.PROCESS_TAGS_MAX * ProcessTag.BYTES);
            Settings.read(in.wrap(bytes, 0, out.position()));
            assertFalse(in.isOk());
        }
    }

    /// Goal: no bytes make a reader of handshake packets throw or allocate. Method: random bytes, and
    /// valid packets with random bytes changed or cut.
    @Test
    void hostileHandshakePacketsAreHarmless() {
        Random random = Seeds.random("hostile handshake packets", 9);
        ProtocolOffer offer = ProtocolOffer.of(List.of(1L, 2L), List.of(1L, 2L, 3L));
        ProtocolOffer read = new ProtocolOffer();
        CookieEcho echo = new CookieEcho();
        byte[] noise = new byte[600];
        MemorySegment packet = Arena.ofAuto().allocate(noise.length);
        MemorySegment source = MemorySegment.ofArray(noise);
        Runnable hostile = () -> {
            random.nextBytes(noise);
            MemorySegment.copy(source, 0, packet, 0, noise.length);
            if (random.nextInt(3) > 0) {
                writeNegotiation(out.wrap(packet, Init.OFFER, 200), offer, random.nextInt(33));
                writeNegotiation(out.wrap(packet, CookieEcho.NEGOTIATION, 200), offer, random.nextInt(33));
                packet.set(ValueLayout.JAVA_BYTE, Init.OFFER + random.nextInt(200), (byte) random.nextInt());
            }
            int length = random.nextInt(noise.length + 1);
            int end = Init.OFFER + Init.read(in.wrap(packet, 0, length), read);
            requireInside(end, length);
            InitAck.read(in.wrap(packet, 0, length), read);
            requireInside(in.position(), length);
            echo.read(in.wrap(packet, 0, length));
            requireInside(in.isOk() ? echo.earlyOffset() + CookieEcho.TAG_BYTES : 0, length);
        };
        assertEquals(0, Allocation.of(TRIES, hostile));
    }

    private static void requireInside(long end, int length) {
        if (end > length) {
            throw new AssertionError(end + " of " + length);
        }
    }
}
