package konce.protocol.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import konce.protocol.Allocation;
import konce.protocol.Limits;
import konce.protocol.PeerOffence;
import konce.protocol.Refusal;
import konce.protocol.Seeds;
import konce.protocol.wire.AckRuns;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.FrameHandler;
import konce.protocol.wire.FrameReader;
import konce.protocol.wire.FrameWriter;
import konce.protocol.wire.MessageSegment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What arrives, in every order and shape, and what that may cost.
final class InboxTest implements FrameHandler, Inbox.Receiver {
    private static final int MESSAGE_MAX = 1 << 20;
    private static final long WINDOW = 4L << 20;
    private static final long HANDLER = 4 * 7 + 2;
    private static final long OVERHEAD = Limits.MESSAGE_OVERHEAD_BYTES;

    /// A message handed up.
    private record Arrived(long id, long handler, long replyTo, byte[] payload, long charge) {}

    private final List<Arrived> arrived = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private final Held held = new Held();
    private final MemorySegment packet = Arena.ofAuto().allocate(70_000);
    private final ByteWriter out = new ByteWriter();
    private final FrameReader reader = new FrameReader();
    private Inbox inbox;

    @BeforeEach
    void begin() {
        inbox = new Inbox(MESSAGE_MAX, WINDOW, held, 3, this);
    }

    @Override
    public void onMessage(long id, long handler, long replyTo, MemorySegment payload, long charge) {
        arrived.add(new Arrived(id, handler, replyTo, payload.toArray(ValueLayout.JAVA_BYTE), charge));
    }

    @Override
    public void onRefuse(long id, Refusal why) {
        refused.add(id + " " + why);
    }

    /// Where a first segment says that its message goes.
    private record Header(long handler, long replyTo) {}

    private static final Header PLAIN = new Header(HANDLER, MessageSegment.NO_REPLY);

    private PeerOffence segment(long id, long total, long offset, byte[] data, int from, int length) {
        return segment(id, total, offset, PLAIN, data, from, length);
    }

    private PeerOffence segment(long id, long total, long offset, Header header, byte[] data, int from, int length) {
        out.wrap(packet, 0, packet.byteSize());
        FrameWriter.segmentHeader(out, id, total, offset, header.handler(), header.replyTo(), length);
        out.writeBytes(MemorySegment.ofArray(data), from, length);
        return reader.read(packet, 0, out.position(), this);
    }

    private PeerOffence part(long id, byte[] message, int offset, int length) {
        return segment(id, message.length, offset, message, offset, length);
    }

    private PeerOffence cancel(long id, long total) {
        out.wrap(packet, 0, packet.byteSize());
        FrameWriter.cancel(out, id, total);
        return reader.read(packet, 0, out.position(), this);
    }

    private static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /// Goal: a message arrives once and unchanged, whatever the order, size and overlap of its segments,
    /// and however often they come. Method: random messages cut at random, shuffled, with repeats, many
    /// at the same time.
    // = docs/spec/07-messages.md R7.1
    @Test
    void anyOrderOfSegmentsMakesTheMessage() {
        Random random = Seeds.random("Inbox", 21);
        for (int round = 0; round < 60; round++) {
            begin();
            arrived.clear();
            int count = 1 + random.nextInt(12);
            List<byte[]> messages = new ArrayList<>();
            List<Runnable> segments = new ArrayList<>();
            for (int id = 0; id < count; id++) {
                byte[] message = bytes(random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(200_000), id);
                messages.add(message);
                cut(random, id, message, segments);
            }
            Collections.shuffle(segments, random);
            segments.forEach(Runnable::run);
            assertEquals(count, arrived.size());
            for (Arrived one : arrived) {
                assertArrayEquals(messages.get((int) one.id()), one.payload());
                assertEquals(HANDLER, one.handler());
                inbox.release(one.charge());
            }
            assertEquals(0, held.bytes());
            assertEquals(0, inbox.messagesPartial());
        }
    }

    /// Goal: memory that was given back becomes a later message's of its length, and nothing of what was in it is
    /// seen.
    /// Method: what arrives is given back at once; the segments of the next come in any order.
    @Test
    void memoryGivenBackServesAgain() {
        Random random = Seeds.random("Inbox", 22);
        Set<byte[]> memories = Collections.newSetFromMap(new IdentityHashMap<>());
        int[] lengths = {Limits.REASSEMBLY_BLOCK_BYTES + 1, 100_000, 150_000};
        byte[][] messages = new byte[60][];
        Inbox again = new Inbox(MESSAGE_MAX, WINDOW, held, 3, new Inbox.Receiver() {
            @Override
            public void onMessage(long id, long handler, long replyTo, MemorySegment payload, long charge) {
                assertArrayEquals(messages[(int) id], payload.toArray(ValueLayout.JAVA_BYTE));
                byte[] memory = (byte[]) payload.heapBase().orElseThrow();
                memories.add(memory);
                held.giveBack(memory);
                inbox.release(charge);
            }

            @Override
            public void onRefuse(long id, Refusal why) {
                throw new AssertionError(why);
            }
        });
        inbox = again;
        for (int id = 0; id < messages.length; id++) {
            messages[id] = bytes(lengths[random.nextInt(lengths.length)], id);
            List<Runnable> segments = new ArrayList<>();
            cut(random, id, messages[id], segments);
            Collections.shuffle(segments, random);
            segments.forEach(Runnable::run);
        }
        assertEquals(messages.length, again.messagesReceived());
        assertEquals(lengths.length, memories.size());
        assertTrue(held.spareBytes() < 2 * (lengths[0] + lengths[1] + lengths[2]), "blocks are given back once");
    }

    private void cut(Random random, long id, byte[] message, List<Runnable> segments) {
        int at = 0;
        do {
            int offset = at;
            int length = Math.min(message.length - at, 1 + random.nextInt(3_000));
            // some reach back into the one before, some come twice
            int back = random.nextInt(3) == 0 ? random.nextInt(Math.min(offset, 500) + 1) : 0;
            Runnable segment = () -> assertNull(part(id, message, offset - back, length + back));
            segments.add(segment);
            if (random.nextInt(5) == 0) {
                segments.add(segment);
            }
            at += length;
        } while (at < message.length);
    }

    /// Goal: a message is handed up at most once: what comes again after it, or after it was cancelled,
    /// is ignored.
    // = docs/spec/07-messages.md R7.1
    @Test
    void aMessageIsHandedUpAtMostOnce() {
        byte[] message = bytes(2_000, 1);
        assertNull(part(0, message, 0, 1_000));
        assertNull(part(0, message, 1_000, 1_000));
        assertNull(part(0, message, 0, 1_000));
        assertNull(part(0, message, 1_000, 1_000));
        assertNull(cancel(0, 2_000));
        assertNull(cancel(1, 2_000));
        assertNull(part(1, message, 0, 2_000));
        assertNull(part(3, bytes(5, 2), 0, 5));
        assertNull(part(3, bytes(5, 2), 0, 5));
        assertEquals(List.of(0L, 3L), arrived.stream().map(Arrived::id).toList());
        assertEquals(0, inbox.messagesPartial());
        assertEquals(2, inbox.messagesReceived());
    }

    /// Goal: a segment that contradicts what is known of its message is an offence: another length,
    /// handler or reply handler, longer or shorter.
    // = docs/spec/07-messages.md R7.9
    @Test
    void aChangedHeaderIsAnOffence() {
        byte[] data = bytes(100, 3);
        long[][] changed = {
            {1_001, 0, HANDLER, -1},
            {999, 0, HANDLER, -1},
            {500_000, 0, HANDLER, -1},
            {500_000, 400_000, HANDLER, -1},
            {MESSAGE_MAX + 1, 0, HANDLER, -1},
            {Long.MAX_VALUE, 1L << 60, HANDLER, -1},
            {999, 500, HANDLER, -1},
            {1_000, 0, HANDLER + 4, -1},
            {1_000, 0, HANDLER, 8},
            {50, 0, HANDLER, -1},
            {0, 0, HANDLER, -1},
        };
        for (long[] values : changed) {
            begin();
            assertNull(part(0, bytes(1_000, 4), 0, 100));
            int length = (int) Math.min(100, values[0] - values[1]);
            PeerOffence offence = segment(0, values[0], values[1], new Header(values[2], values[3]), data, 0, length);
            assertEquals(PeerOffence.MESSAGE_HEADER_CHANGED, offence, java.util.Arrays.toString(values));
        }
        begin();
        assertNull(part(0, bytes(1_000, 4), 0, 100));
        assertEquals(PeerOffence.MESSAGE_HEADER_CHANGED, cancel(0, 1_001));
    }

    /// Goal: a segment that reaches beyond its message is an offence, also where the sum overflows.
    // = docs/spec/07-messages.md R7.9
    @Test
    void beyondTheMessageIsAnOffence() {
        byte[] data = bytes(100, 5);
        assertEquals(PeerOffence.SEGMENT_OUT_OF_BOUNDS, segment(0, 1_000, 901, data, 0, 100));
        assertEquals(PeerOffence.SEGMENT_OUT_OF_BOUNDS, segment(0, 1_000, 1_001, data, 0, 0));
        assertEquals(PeerOffence.SEGMENT_OUT_OF_BOUNDS, segment(0, 1_000, Long.MAX_VALUE - 50, data, 0, 100));
        assertEquals(PeerOffence.SEGMENT_OUT_OF_BOUNDS, segment(0, 99, 0, data, 0, 100));
        assertNull(segment(0, 1_000, 900, data, 0, 100));
        assertNull(segment(1, 1_000, 1_000, data, 0, 0), "an empty segment at the end is none beyond it");
    }

    /// Goal: ids lie in a window of 16,384 above the lowest that is open.
    // = docs/spec/07-messages.md R7.12
    @Test
    void idsLieInTheirWindow() {
        byte[] data = bytes(1, 6);
        assertNull(part(Limits.MESSAGES_OPEN_MAX - 1, data, 0, 1));
        assertEquals(PeerOffence.MESSAGE_ID_OUT_OF_WINDOW, part(Limits.MESSAGES_OPEN_MAX, data, 0, 1));
        assertEquals(PeerOffence.MESSAGE_ID_OUT_OF_WINDOW, cancel(Limits.MESSAGES_OPEN_MAX, 1));
        assertEquals(PeerOffence.MESSAGE_ID_OUT_OF_WINDOW, part(Long.MAX_VALUE, data, 0, 1));
        assertNull(part(0, data, 0, 1));
        assertNull(part(Limits.MESSAGES_OPEN_MAX, data, 0, 1));
        assertEquals(PeerOffence.MESSAGE_ID_OUT_OF_WINDOW, part(Limits.MESSAGES_OPEN_MAX + 1, data, 0, 1));
    }

    /// Takes and releases one message after the other, each a millisecond after the one before.
    private long grantedAfter(int messages, long rttNanos) {
        begin();
        arrived.clear();
        byte[] message = bytes(60_000, 1);
        for (int id = 0; id < messages; id++) {
            assertNull(part(id, message, 0, message.length));
            inbox.release(arrived.getLast().charge());
            inbox.tune(id * 1_000_000L, rttNanos);
        }
        return inbox.granted() - messages * (message.length + OVERHEAD);
    }

    /// Goal: the window grows where the application is done with more of it in two round trips, to what that is and
    /// to four times at most; and stays where round trips are short.
    // = docs/spec/06-flow.md R6.23
    @Test
    void theWindowGrowsWithTheRoundTrip() {
        assertEquals(WINDOW, grantedAfter(2_000, 1_000_000));
        long wide = grantedAfter(2_000, 100_000_000);
        long twoRounds = 200 * (60_000 + OVERHEAD);
        assertTrue(wide > 0.9 * twoRounds && wide < 1.1 * twoRounds, wide + " bytes");
        assertEquals(4 * WINDOW, grantedAfter(2_000, 1_000_000_000));
    }

    /// Goal: fragments of six bytes with gaps of one hit the limit of gaps, and hold no more memory than
    /// that.
    // = docs/spec/07-messages.md R7.10
    @Test
    void scatteredFragmentsHitTheLimitOfGaps() {
        byte[] message = bytes(MESSAGE_MAX, 7);
        PeerOffence offence = null;
        int fragments = 0;
        long before = Allocation.soFar();
        for (int offset = 0; offence == null; offset += 7) {
            offence = part(0, message, offset, 6);
            fragments++;
        }
        assertEquals(PeerOffence.SEGMENTS_TOO_SCATTERED, offence);
        assertEquals(Limits.GAPS_PER_MESSAGE_MAX + 1, fragments);
        long allocated = Allocation.soFar() - before;
        // blocks for 14 KB, the ranges, and what the test itself allocates for each segment
        assertTrue(allocated < Limits.REASSEMBLY_BLOCK_BYTES + fragments * 300L, allocated + " bytes");
        assertTrue(held.bytes() <= Limits.REASSEMBLY_BLOCK_BYTES);
    }

    /// Goal: a length costs nothing: declaring the largest message and sending a byte allocates one
    /// block, wherever the byte lies; declaring more than any message ends the channel and allocates
    /// nothing.
    // = docs/spec/07-messages.md R7.11
    // = docs/spec/07-messages.md R7.4
    @Test
    void aLengthAloneCostsNothing() {
        Inbox large = new Inbox(Limits.MESSAGE_BYTES_MAX, Limits.CREDIT_BYTES_DEFAULT, held, 3, this);
        byte[] data = bytes(1, 8);
        for (long offset : new long[] {Limits.MESSAGE_BYTES_MAX - 1, Limits.MESSAGE_BYTES_MAX / 2}) {
            inbox = new Inbox(Limits.MESSAGE_BYTES_MAX, Limits.CREDIT_BYTES_DEFAULT, held, 3, this);
            segment(1, 1, 0, data, 0, 1);
            long before = Allocation.soFar();
            assertNull(segment(0, Limits.MESSAGE_BYTES_MAX, offset, data, 0, 1));
            long allocated = Allocation.soFar() - before;
            assertTrue(allocated < 2 * Limits.REASSEMBLY_BLOCK_BYTES, allocated + " bytes");
            inbox.end();
        }
        inbox = large;
        for (long total : new long[] {Limits.MESSAGE_BYTES_MAX + 1L, 1L << 32, Long.MAX_VALUE}) {
            assertEquals(PeerOffence.MESSAGE_TOO_LARGE, segment(5, total, 0, data, 0, 1));
            assertEquals(PeerOffence.MESSAGE_TOO_LARGE, cancel(5, total));
        }
        assertEquals(0, inbox.messagesPartial());
    }

    /// Goal: a message above what this receiver takes is refused, once, and costs no credit; it is no
    /// offence, since the sender may not have known.
    // = docs/spec/07-messages.md R7.4
    @Test
    void aMessageTooLargeIsRefused() {
        byte[] data = bytes(1_000, 9);
        long granted = inbox.granted();
        assertNull(segment(0, MESSAGE_MAX + 1L, 5_000, data, 0, 1_000));
        assertNull(segment(0, MESSAGE_MAX + 1L, 0, data, 0, 1_000));
        assertNull(cancel(0, MESSAGE_MAX + 1L));
        assertEquals(List.of("0 TOO_LARGE"), refused);
        assertEquals(granted + MESSAGE_MAX + 1 + OVERHEAD, inbox.granted());
        assertEquals(0, held.bytes());
        assertNull(segment(1, MESSAGE_MAX, 0, data, 0, 1_000), "the largest is taken");
    }

    /// Goal: a message is charged in full when its first segment comes, whichever that is; beyond the
    /// credit it is an offence; what is released or cancelled may be used again.
    // = docs/spec/06-flow.md R6.13
    // = docs/spec/07-messages.md R7.5
    @Test
    void creditIsChargedWhenAMessageBegins() {
        byte[] data = bytes(100, 10);
        long total = WINDOW / 4 - OVERHEAD;
        for (int id = 0; id < 4; id++) {
            assertNull(segment(id, total, 10L * id, data, 0, 10));
        }
        assertNull(segment(2, total, 500, data, 0, 100), "one that has begun goes on");
        assertEquals(PeerOffence.CREDIT_EXCEEDED, segment(4, 0, 0, data, 0, 0));
        long granted = inbox.granted();
        assertNull(cancel(2, total));
        assertEquals(granted + WINDOW / 4, inbox.granted());
        assertNull(cancel(2, total), "again is ignored");
        assertEquals(granted + WINDOW / 4, inbox.granted());
        assertNull(segment(4, total, 0, data, 0, 100));
        assertEquals(
                PeerOffence.CREDIT_EXCEEDED, cancel(5, 1), "a CANCEL of a message that never began needs credit too");
        assertEquals(PeerOffence.CREDIT_EXCEEDED, segment(5, 1, 0, data, 0, 1));
        assertEquals(4, inbox.messagesPartial());
    }

    /// Goal: however a message ends, what it was charged comes back, exactly; in the end as much as was
    /// given is free. Method: random messages, some finished, some cancelled before, during or after,
    /// some refused.
    @Test
    void allCreditComesBack() {
        Random random = Seeds.random("credit", 22);
        byte[] data = bytes(MESSAGE_MAX, 11);
        long charged = 0;
        for (int id = 0; id < 2_000; id++) {
            int kind = random.nextInt(5);
            int total = random.nextInt(5_000);
            int begin = random.nextInt(total + 1);
            charged += total + OVERHEAD + (kind == 2 ? MESSAGE_MAX + 1 : 0);
            switch (kind) {
                case 0 -> assertNull(cancel(id, total));
                case 1 -> {
                    assertNull(segment(id, total, 0, data, 0, begin));
                    assertNull(cancel(id, total));
                }
                case 2 -> assertNull(segment(id, MESSAGE_MAX + 1L + total, 0, data, 0, 10));
                default -> {
                    assertNull(segment(id, total, 0, data, 0, begin));
                    assertNull(segment(id, total, begin, data, begin, total - begin));
                    assertNull(cancel(id, total));
                }
            }
            if (random.nextBoolean()) {
                arrived.forEach(message -> inbox.release(message.charge()));
                arrived.clear();
            }
        }
        arrived.forEach(message -> inbox.release(message.charge()));
        assertEquals(0, held.bytes());
        assertEquals(WINDOW + charged, inbox.granted());
    }

    /// Goal: the peer is told of new credit before it can be short of it, and not for every message.
    // = docs/spec/06-flow.md R6.7
    @Test
    void creditIsToldInTime() {
        byte[] data = bytes(MESSAGE_MAX, 12);
        assertFalse(inbox.mustAdvertise());
        assertNull(segment(0, 10, 0, data, 0, 10));
        inbox.release(arrived.getLast().charge());
        assertFalse(inbox.mustAdvertise(), "plenty is left");
        for (int id = 1; id <= 3; id++) {
            for (int offset = 0; offset < MESSAGE_MAX; offset += 65_536) {
                assertNull(segment(id, MESSAGE_MAX, offset, data, offset, Math.min(65_536, 65_507)));
                assertNull(segment(id, MESSAGE_MAX, offset + 65_507L, data, offset + 65_507, 29));
            }
        }
        assertTrue(inbox.mustAdvertise(), "less than one largest message is left, and some came back");
        inbox.onAdvertised();
        assertFalse(inbox.mustAdvertise());
        inbox.release(arrived.getLast().charge());
        assertTrue(inbox.mustAdvertise(), "a quarter of the window");
        inbox.onAdvertised();
        assertFalse(inbox.mustAdvertise());
    }

    /// Goal: a datagram is handed up as it is, costs no credit, and has no id.
    @Test
    void aDatagramCostsNoCredit() {
        long granted = inbox.granted();
        for (int i = 0; i < 100; i++) {
            out.wrap(packet, 0, packet.byteSize());
            FrameWriter.datagram(out, HANDLER, 12, MemorySegment.ofArray(bytes(1_000, i)));
            assertNull(reader.read(packet, 0, out.position(), this));
            assertArrayEquals(bytes(1_000, i), arrived.getLast().payload());
            assertEquals(0, arrived.getLast().charge());
            assertEquals(12, arrived.getLast().replyTo());
        }
        assertEquals(granted, inbox.granted());
        assertNull(segment(0, WINDOW / 4 - OVERHEAD, 0, bytes(10, 1), 0, 10));
    }

    @Override
    public PeerOffence onPing() {
        return null;
    }

    @Override
    public PeerOffence onAck(AckRuns ack) {
        return null;
    }

    @Override
    public PeerOffence onAckRate(int packets, long delayNanos) {
        return null;
    }

    @Override
    public PeerOffence onSegment(MessageSegment segment) {
        return inbox.onSegment(segment);
    }

    @Override
    public PeerOffence onDatagram(MessageSegment datagram) {
        return inbox.onDatagram(datagram);
    }

    @Override
    public PeerOffence onCancel(long id, long total) {
        return inbox.onCancel(id, total);
    }

    @Override
    public PeerOffence onRefuse(boolean byHandler, long subject, long code) {
        return null;
    }

    @Override
    public PeerOffence onPathChallenge(long data) {
        return null;
    }

    @Override
    public PeerOffence onPathResponse(long data) {
        return null;
    }

    @Override
    public PeerOffence onClose(int code, String text) {
        return null;
    }
}
