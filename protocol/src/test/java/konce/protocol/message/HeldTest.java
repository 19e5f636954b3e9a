package konce.protocol.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.Refusal;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.FrameHandler;
import konce.protocol.wire.FrameReader;
import konce.protocol.wire.FrameWriter;
import konce.protocol.wire.MessageSegment;
import org.junit.jupiter.api.Test;

/// What all peers together may have an endpoint hold.
final class HeldTest {
    private static final int BLOCK = Limits.REASSEMBLY_BLOCK_BYTES;

    /// A channel's inbox, and what came of its messages.
    private static final class Peer implements Inbox.Receiver {
        final Inbox inbox;
        final List<Refusal> refusals = new ArrayList<>();
        final List<Long> charges = new ArrayList<>();
        private final FrameReader reader = new FrameReader();
        private final MemorySegment packet = Arena.ofAuto().allocate(Limits.DATAGRAM_BYTES_MAX);
        private long nextId;

        Peer(Held held) {
            inbox = new Inbox(Limits.MESSAGE_BYTES_MAX, Limits.CREDIT_BYTES_DEFAULT, held, 3, this);
        }

        /// Begins a message of `total` bytes with one byte in each of its first blocks.
        void begin(int total, int blocks) {
            long id = nextId++;
            for (int i = 0; i < blocks; i++) {
                segment(id, total, (long) i * BLOCK, 1);
            }
        }

        void whole(int bytes) {
            segment(nextId++, bytes, 0, bytes);
        }

        private void segment(long id, int total, long offset, int bytes) {
            ByteWriter out = new ByteWriter().wrap(packet, 0, packet.byteSize());
            long handler = MessageSegment.codeOf(HandlerId.wellKnown(1));
            FrameWriter.segmentHeader(out, id, total, offset, handler, MessageSegment.NO_REPLY, bytes);
            out.writeZeros(bytes);
            assertEquals(null, reader.read(packet, 0, out.position(), new Frames(inbox)));
        }

        @Override
        public void onMessage(long id, long handler, long replyTo, MemorySegment payload, long charge) {
            charges.add(charge);
        }

        @Override
        public void onRefuse(long id, Refusal why) {
            refusals.add(why);
        }
    }

    // = docs/spec/06-flow.md R6.11
    /// Goal: however many peers fill the endpoint with messages that never end, the sum stays bounded,
    /// the next peer still gets something through, and everything comes back when they are gone.
    @Test
    void theNextPeerGetsItsShare() {
        Held held = new Held();
        List<Peer> hogs = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            Peer hog = new Peer(held);
            // what is held is counted; the blocks are small enough to be real
            held.add(Limits.HELD_BYTES_MAX / 80);
            hog.begin(Limits.MESSAGE_BYTES_MAX, 2);
            hogs.add(hog);
            assertTrue(held.bytes() <= Limits.HELD_BYTES_MAX);
        }
        Peer next = new Peer(held);
        next.whole(1_000);
        assertEquals(1, next.charges.size());
        held.add(held.free() - 100);
        next.begin(Limits.MESSAGE_BYTES_MAX, 1);
        next.whole(101);
        assertEquals(List.of(Refusal.BUSY, Refusal.BUSY), next.refusals);
        long before = held.bytes();
        next.charges.forEach(next.inbox::release);
        assertEquals(before - 1_000, held.bytes());
        hogs.forEach(hog -> hog.inbox.end());
        assertEquals(
                before
                        - 1_000
                        - hogs.stream()
                                .mapToLong(hog -> hog.refusals.isEmpty() ? 2 * BLOCK : 0)
                                .sum(),
                held.bytes());
    }

    /// Goal: what is kept of memory given back is bounded, and short memory is not worth keeping. Method: more is
    /// given
    /// back than is kept; then all is taken again.
    @Test
    void memoryGivenBackIsBounded() {
        Held held = new Held();
        int length = Limits.SPARE_BYTES_MAX / 8;
        byte[] first = new byte[length];
        held.giveBack(new byte[BLOCK - 1]);
        held.giveBack(new byte[Limits.SPARE_BYTES_MAX + 1]);
        assertEquals(0, held.spareBytes());
        held.giveBack(first);
        for (int i = 0; i < 8; i++) {
            held.giveBack(new byte[length]);
            assertTrue(held.spareBytes() <= Limits.SPARE_BYTES_MAX);
        }
        assertEquals(Limits.SPARE_BYTES_MAX, held.spareBytes());
        for (int i = 0; i < 8; i++) {
            assertNotSame(first, held.take(length), "the oldest went");
        }
        assertEquals(0, held.spareBytes());
        assertEquals(length, held.take(length).length);
        held.giveBack(first);
        assertEquals(length - 1, held.take(length - 1).length);
        assertSame(first, held.take(length));
    }

    /// Hands segments on, and has no use for other frames.
    private record Frames(Inbox inbox) implements FrameHandler {
        @Override
        public konce.protocol.PeerOffence onPing() {
            throw new AssertionError();
        }

        @Override
        public konce.protocol.PeerOffence onAckRate(int packets, long delayNanos) {
            return null;
        }

        @Override
        public konce.protocol.PeerOffence onAck(konce.protocol.wire.AckRuns ack) {
            throw new AssertionError();
        }

        @Override
        public konce.protocol.@org.jspecify.annotations.Nullable PeerOffence onSegment(MessageSegment segment) {
            return inbox.onSegment(segment);
        }

        @Override
        public konce.protocol.@org.jspecify.annotations.Nullable PeerOffence onDatagram(MessageSegment datagram) {
            return inbox.onDatagram(datagram);
        }

        @Override
        public konce.protocol.PeerOffence onCancel(long id, long total) {
            throw new AssertionError();
        }

        @Override
        public konce.protocol.PeerOffence onRefuse(boolean byHandler, long subject, long code) {
            throw new AssertionError();
        }

        @Override
        public konce.protocol.PeerOffence onPathChallenge(long data) {
            throw new AssertionError();
        }

        @Override
        public konce.protocol.PeerOffence onPathResponse(long data) {
            throw new AssertionError();
        }

        @Override
        public konce.protocol.PeerOffence onClose(int code, String text) {
            throw new AssertionError();
        }
    }
}
