package konce.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import konce.protocol.Allocation;
import konce.protocol.HandlerClass;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.PeerOffence;
import konce.protocol.Seeds;
import konce.protocol.table.RangeSet;
import org.junit.jupiter.api.Test;

/// Frames, from one side's writer to the other's handler, and everything that is no frame.
final class FrameReaderTest {
    private static final int PACKET_BYTES = 1_200;

    private final MemorySegment packet = Arena.ofAuto().allocate(70_000);
    private final ByteWriter out = new ByteWriter();
    private final FrameReader reader = new FrameReader();

    /// Writes down what it is handed.
    private static final class Log implements FrameHandler {
        private final List<String> lines = new ArrayList<>();

        @Override
        public PeerOffence onPing() {
            lines.add("ping");
            return null;
        }

        @Override
        public PeerOffence onAck(AckRuns ack) {
            lines.add("ack " + ack.newest() + " " + ack.size() + " " + ack.credit());
            return null;
        }

        @Override
        public PeerOffence onAckRate(int packets, long delayNanos) {
            lines.add("ack rate " + packets + " " + delayNanos);
            return null;
        }

        @Override
        public PeerOffence onSegment(MessageSegment segment) {
            byte[] data = segment.bytes()
                    .asSlice(segment.dataOffset(), segment.dataBytes())
                    .toArray(ValueLayout.JAVA_BYTE);
            lines.add("segment " + segment.id() + " " + segment.total() + " " + segment.offset() + " "
                    + (segment.isFirst() ? segment.handler() + " " + segment.replyTo() : "") + " "
                    + java.util.Arrays.hashCode(data));
            return null;
        }

        @Override
        public PeerOffence onDatagram(MessageSegment datagram) {
            byte[] data = datagram.bytes()
                    .asSlice(datagram.dataOffset(), datagram.dataBytes())
                    .toArray(ValueLayout.JAVA_BYTE);
            lines.add("datagram " + datagram.handler() + " " + datagram.replyTo() + " "
                    + java.util.Arrays.hashCode(data));
            return null;
        }

        @Override
        public PeerOffence onCancel(long id, long total) {
            lines.add("cancel " + id + " " + total);
            return null;
        }

        @Override
        public PeerOffence onRefuse(boolean byHandler, long subject, long code) {
            lines.add("refuse " + byHandler + " " + subject + " " + code);
            return null;
        }

        @Override
        public PeerOffence onPathChallenge(long data) {
            lines.add("challenge " + data);
            return null;
        }

        @Override
        public PeerOffence onPathResponse(long data) {
            lines.add("response " + data);
            return null;
        }

        @Override
        public PeerOffence onClose(int code, String text) {
            lines.add("close " + code + " " + text);
            return null;
        }
    }

    /// Only counts, so that it allocates nothing, and looks at every byte it is shown.
    private static final class Count implements FrameHandler {
        private long frames;
        private long closes;
        private long sum;

        @Override
        public PeerOffence onPing() {
            frames++;
            return null;
        }

        @Override
        public PeerOffence onAck(AckRuns ack) {
            frames++;
            return null;
        }

        @Override
        public PeerOffence onAckRate(int packets, long delayNanos) {
            frames++;
            return null;
        }

        @Override
        public PeerOffence onSegment(MessageSegment segment) {
            for (int i = 0; i < segment.dataBytes(); i++) {
                sum += segment.bytes().get(ValueLayout.JAVA_BYTE, segment.dataOffset() + i);
            }
            frames++;
            return null;
        }

        @Override
        public PeerOffence onDatagram(MessageSegment datagram) {
            return onSegment(datagram);
        }

        @Override
        public PeerOffence onCancel(long id, long total) {
            frames++;
            return null;
        }

        @Override
        public PeerOffence onRefuse(boolean byHandler, long subject, long code) {
            frames++;
            return null;
        }

        @Override
        public PeerOffence onPathChallenge(long data) {
            frames++;
            sum += data;
            return null;
        }

        @Override
        public PeerOffence onPathResponse(long data) {
            frames++;
            sum += data;
            return null;
        }

        @Override
        public PeerOffence onClose(int code, String text) {
            frames++;
            closes++;
            return null;
        }
    }

    private static long handler(Random random) {
        long number = random.nextLong(Limits.HANDLER_NUMBER_MAX + 1) >>> random.nextInt(56);
        return MessageSegment.codeOf(new HandlerId(HandlerClass.ofCode(random.nextInt(3)), number));
    }

    private static long wide(Random random) {
        return random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63);
    }

    /// Writes one random frame, and says what the handler should be told.
    private String write(Random random, boolean acked) {
        byte[] data = new byte[random.nextInt(40)];
        random.nextBytes(data);
        long replyTo = random.nextBoolean() ? handler(random) : MessageSegment.NO_REPLY;
        long handler = handler(random);
        int kind = random.nextInt(7);
        return switch (kind == 1 && acked ? 0 : kind) {
            case 0 -> {
                out.writeVarint(FrameType.PING);
                yield "ping";
            }
            case 1 -> {
                RangeSet received = new RangeSet();
                long newest = random.nextInt(100_000);
                received.add(newest, newest + 1);
                long credit = wide(random);
                AckRuns.write(out, received, 0, credit, 1);
                yield "ack " + newest + " 1 " + credit;
            }
            case 2 -> {
                long id = wide(random);
                long total = wide(random);
                long offset = random.nextBoolean() ? 0 : wide(random);
                int most = FrameWriter.segmentHeaderBytes(id, total, offset, handler, replyTo, data.length);
                long before = out.position();
                FrameWriter.segmentHeader(out, id, total, offset, handler, replyTo, data.length);
                assertEquals(most, out.position() - before, "the header's length is known beforehand");
                out.writeBytes(MemorySegment.ofArray(data), 0, data.length);
                yield "segment " + id + " " + total + " " + offset + " " + (offset == 0 ? handler + " " + replyTo : "")
                        + " " + java.util.Arrays.hashCode(data);
            }
            case 3 -> {
                long before = out.position();
                FrameWriter.datagram(out, handler, replyTo, MemorySegment.ofArray(data));
                assertEquals(FrameWriter.datagramBytes(handler, replyTo, data.length), out.position() - before);
                yield "datagram " + handler + " " + replyTo + " " + java.util.Arrays.hashCode(data);
            }
            case 4 -> {
                long id = wide(random);
                long total = wide(random);
                long before = out.position();
                FrameWriter.cancel(out, id, total);
                assertTrue(out.position() - before <= FrameWriter.CONTROL_BYTES_MAX);
                yield "cancel " + id + " " + total;
            }
            case 5 -> {
                int packets = 1 + random.nextInt(Limits.ACK_PACKETS_MAX);
                long delayNanos = random.nextLong(Limits.ACK_DELAY_NANOS_MAX / 1_000 + 1) * 1_000;
                long before = out.position();
                FrameWriter.ackRate(out, packets, delayNanos);
                assertTrue(out.position() - before <= FrameWriter.ACK_RATE_BYTES_MAX);
                yield "ack rate " + packets + " " + delayNanos;
            }
            default -> {
                long code = random.nextInt(Integer.MAX_VALUE);
                FrameWriter.refuse(out, replyTo >= 0, replyTo >= 0 ? replyTo : handler, code);
                yield "refuse " + (replyTo >= 0) + " " + (replyTo >= 0 ? replyTo : handler) + " " + code;
            }
        };
    }

    /// Goal: frames come out as they went in, in their order, with padding after them. Method: packets of
    /// random frames.
    // = docs/spec/06-flow.md R6.1
    @Test
    void framesComeOutAsTheyWentIn() {
        Random random = Seeds.random("frames", 12);
        for (int i = 0; i < 5_000; i++) {
            int at = random.nextInt(100);
            out.wrap(packet, at, PACKET_BYTES);
            List<String> expected = new ArrayList<>();
            while (out.remaining() > 120) {
                expected.add(write(random, expected.stream().anyMatch(line -> line.matches("ack \\d.*"))));
            }
            out.writeZeros(random.nextInt(2) * out.remaining());
            Log log = new Log();
            assertNull(reader.read(packet, at, out.position() - at, log));
            assertEquals(expected, log.lines);
            assertEquals(expected.stream().anyMatch(line -> !line.matches("ack \\d.*")), reader.wasAckEliciting());
        }
    }

    /// Goal: only what wants an ACK asks for one, so that acknowledgements never acknowledge each other.
    @Test
    void acksPaddingAndCloseWantNoAck() {
        RangeSet received = new RangeSet();
        received.add(3, 9);
        out.wrap(packet, 0, PACKET_BYTES);
        AckRuns.write(out, received, 0, 0, 9);
        FrameWriter.close(out, 1, "");
        assertNull(reader.read(packet, 0, out.position(), new Count()));
        assertFalse(reader.wasAckEliciting());
        assertNull(reader.read(packet, 0, 0, new Count()), "no frame at all is none");
        assertFalse(reader.wasAckEliciting());
        packet.fill((byte) 0);
        assertNull(reader.read(packet, 0, 100, new Count()));
        assertFalse(reader.wasAckEliciting());
    }

    /// Goal: a CLOSE is the end: what the peer puts behind it reaches nobody, as there is no channel any
    /// more.
    @Test
    void nothingIsReadAfterAClose() {
        RangeSet received = new RangeSet();
        received.add(3, 9);
        out.wrap(packet, 0, PACKET_BYTES);
        out.writeVarint(FrameType.PING);
        FrameWriter.close(out, 7, "bye");
        AckRuns.write(out, received, 0, 0, 9);
        out.writeVarint(0x7F);
        Log log = new Log();
        assertNull(reader.read(packet, 0, out.position(), log));
        assertEquals(List.of("ping", "close 7 bye"), log.lines);
    }

    /// Goal: the peer's words are printable and short by the time anybody sees them, whatever it sent.
    @Test
    void theTextOfACloseIsPrintable() {
        out.wrap(packet, 0, PACKET_BYTES);
        FrameWriter.close(out, 7, "esc \u001b[31m nul \0 tab \t del \u007f é");
        Log log = new Log();
        assertNull(reader.read(packet, 0, out.position(), log));
        assertEquals(List.of("close 7 esc ?[31m nul ? tab ? del ? ?"), log.lines);
        out.wrap(packet, 0, PACKET_BYTES);
        FrameWriter.close(out, 8, "x".repeat(Limits.CLOSE_TEXT_BYTES_MAX + 100));
        Log cut = new Log();
        assertNull(reader.read(packet, 0, out.position(), cut));
        assertEquals(List.of("close 8 " + "x".repeat(Limits.CLOSE_TEXT_BYTES_MAX)), cut.lines);
        out.wrap(packet, 0, PACKET_BYTES);
        out.writeVarint(FrameType.CLOSE);
        out.writeVarint(1);
        out.writeVarint(Limits.CLOSE_TEXT_BYTES_MAX + 1);
        out.writeZeros(Limits.CLOSE_TEXT_BYTES_MAX + 1);
        assertEquals(PeerOffence.FRAME_MALFORMED, reader.read(packet, 0, out.position(), cut));
    }

    /// Goal: every type without a meaning is an offence, and nothing after it is read.
    @Test
    void unknownFramesAreOffences() {
        List<Integer> known = List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0x0B, 0x0C, 0x0D, 0x10, 0x11, 0x12);
        for (int type = 0; type < 300; type++) {
            if (!known.contains(type)) {
                out.wrap(packet, 0, PACKET_BYTES);
                out.writeVarint(type);
                out.writeVarint(FrameType.PING);
                Count count = new Count();
                assertEquals(PeerOffence.FRAME_UNKNOWN, reader.read(packet, 0, out.position(), count));
                assertEquals(0, count.frames);
            }
        }
        out.wrap(packet, 0, PACKET_BYTES);
        out.writeVarint(-1);
        assertEquals(PeerOffence.FRAME_UNKNOWN, reader.read(packet, 0, out.position(), new Count()));
    }

    /// Goal: a frame cut anywhere is malformed, and its handler is not called. Method: every prefix of
    /// random frames.
    @Test
    void aFrameCutShortIsMalformed() {
        Random random = Seeds.random("cut frames", 13);
        for (int i = 0; i < 500; i++) {
            out.wrap(packet, 0, PACKET_BYTES);
            write(random, false);
            for (int length = 1; length < out.position(); length++) {
                Count count = new Count();
                assertEquals(PeerOffence.FRAME_MALFORMED, reader.read(packet, 0, length, count), length + " bytes");
                assertEquals(0, count.frames);
            }
        }
    }

    /// Goal: an ACK-RATE that asks for no ACK ever, or for later ones than anybody waits for, is malformed.
    // = docs/spec/06-flow.md R6.21
    @Test
    void anAckRateIsInBounds() {
        long[][] bad = {{0, 0}, {Limits.ACK_PACKETS_MAX + 1, 0}, {2, Limits.ACK_DELAY_NANOS_MAX / 1_000 + 1}};
        for (long[] values : bad) {
            out.wrap(packet, 0, PACKET_BYTES);
            out.writeVarint(FrameType.ACK_RATE);
            out.writeVarint(values[0]);
            out.writeVarint(values[1]);
            assertEquals(PeerOffence.FRAME_MALFORMED, reader.read(packet, 0, out.position(), new Count()));
        }
    }

    /// Goal: padding runs to the end of the packet, and is zeros: nothing hides in it.
    @Test
    void paddingIsZeros() {
        packet.fill((byte) 0);
        packet.set(ValueLayout.JAVA_BYTE, 50, (byte) FrameType.PING);
        Count count = new Count();
        assertEquals(PeerOffence.FRAME_MALFORMED, reader.read(packet, 0, 100, count));
        assertEquals(0, count.frames);
    }

    /// Goal: a handler's class is one of three, its number at most the limit.
    @Test
    void handlersAreInBounds() {
        long most = MessageSegment.codeOf(new HandlerId(HandlerClass.DURABLE, Limits.HANDLER_NUMBER_MAX));
        for (long code : new long[] {3, 7, most + 1, most + 4, Long.MAX_VALUE, -1}) {
            out.wrap(packet, 0, PACKET_BYTES);
            out.writeVarint(FrameType.DATAGRAM);
            out.writeVarint(code);
            out.writeVarint(0);
            assertEquals(
                    PeerOffence.FRAME_MALFORMED, reader.read(packet, 0, out.position(), new Count()), "code " + code);
        }
        HandlerId last = new HandlerId(HandlerClass.DURABLE, Limits.HANDLER_NUMBER_MAX);
        assertEquals(last, MessageSegment.handlerOf(MessageSegment.codeOf(last)));
    }

    /// Goal: no bytes make the reader throw, loop without end, look outside the packet, or allocate; a
    /// valid packet allocates nothing either. Method: random bytes that begin with every frame type, and
    /// random frames with a few bytes changed. Only a CLOSE makes its text, once in the life of a
    /// channel: such packets are left out of the count.
    @Test
    void randomBytesAreHarmless() {
        Random random = Seeds.random("random frames", 14);
        Count count = new Count();
        byte[] noise = new byte[PACKET_BYTES];
        MemorySegment source = MemorySegment.ofArray(noise);
        long allocated = 0;
        for (int i = 0; i < 60_000; i++) {
            random.nextBytes(noise);
            for (int j = 0; j < noise.length; j += 1 + random.nextInt(30)) {
                noise[j] = (byte) random.nextInt(0x13);
            }
            MemorySegment.copy(source, 0, packet, 0, noise.length);
            int at = random.nextInt(noise.length);
            int length = random.nextInt(noise.length - at + 1);
            long closesBefore = count.closes;
            long before = Allocation.soFar();
            reader.read(packet, at, length, count);
            // the first ones are for warming up
            allocated += i < 30_000 || count.closes > closesBefore ? 0 : Allocation.soFar() - before;
        }
        assertEquals(0, allocated);
        assertTrue(count.frames > 1_000, "some of it were frames: " + count.frames + ", sum " + count.sum);
        for (int i = 0; i < 20_000; i++) {
            out.wrap(packet, 0, PACKET_BYTES);
            while (out.remaining() > 120) {
                write(random, out.position() > 0);
            }
            for (int change = random.nextInt(4); change >= 0; change--) {
                packet.set(ValueLayout.JAVA_BYTE, random.nextInt(PACKET_BYTES), (byte) random.nextInt(0x20));
            }
            reader.read(packet, 0, out.position(), count);
        }
        out.wrap(packet, 0, PACKET_BYTES);
        while (out.remaining() > 120) {
            write(random, out.position() > 0);
        }
        long length = out.position();
        assertEquals(0, Allocation.of(20_000, () -> reader.read(packet, 0, length, count)));
    }

    /// Goal: the largest datagram of the smallest frames is read in one pass, once each.
    @Test
    void theLargestPacketOfPingsIsReadOnce() {
        packet.fill((byte) FrameType.PING);
        Count count = new Count();
        assertNull(reader.read(packet, 0, Limits.DATAGRAM_BYTES_MAX, count));
        assertEquals(Limits.DATAGRAM_BYTES_MAX, count.frames);
    }
}
