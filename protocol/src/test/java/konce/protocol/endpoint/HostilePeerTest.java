package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import konce.protocol.CloseReason;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.PeerOffence;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.FrameType;
import konce.protocol.wire.FrameWriter;
import konce.protocol.wire.MessageSegment;
import konce.protocol.wire.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// An authenticated peer that breaks rules: it loses its channel, and nobody else notices.
final class HostilePeerTest {
    private static final long HANDLER = MessageSegment.codeOf(Pair.ECHO);
    private static final Consumer<ByteWriter> NOTHING = out -> {};

    /// What the only closed channel of the server was closed for.
    private static CloseReason reason(Pair pair) {
        List<Event.ChannelClosed> closed = pair.events(pair.serverEvents, Event.ChannelClosed.class);
        assertEquals(1, closed.size());
        return closed.getFirst().reason();
    }

    private static void assertOffence(PeerOffence offence, Consumer<ByteWriter> frames) {
        try (Pair pair = new Pair();
                HostilePeer peer = new HostilePeer(pair, pair.clientKey, NOTHING)) {
            assertTrue(peer.connect());
            peer.send(frames);
            assertEquals(new CloseReason.Offence(offence), reason(pair));
            assertServesOthers(pair);
        }
    }

    private static void assertServesOthers(Pair pair) {
        long ticket = pair.send("are you there");
        pair.run(200 * Pair.MILLI);
        assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket));
    }

    private static void segment(ByteWriter out, long id, long total, long offset, int bytes) {
        FrameWriter.segmentHeader(out, id, total, offset, HANDLER, MessageSegment.NO_REPLY, bytes);
        out.writeZeros(bytes);
    }

    private static void ack(ByteWriter out, long newest) {
        out.writeVarint(FrameType.ACK);
        out.writeVarint(newest);
        out.writeVarint(0);
        out.writeVarint(0);
        out.writeVarint(0);
        out.writeVarint(0);
    }

    // = docs/spec/06-flow.md R6.1
    /// Goal: what is no frame ends the channel, and what is behind it is not read.
    @Test
    void anUnknownFrameEndsTheChannel() {
        assertOffence(PeerOffence.FRAME_UNKNOWN, out -> out.writeVarint(0x7E));
        assertOffence(PeerOffence.FRAME_UNKNOWN, out -> out.writeVarint(Long.MIN_VALUE));
        assertOffence(PeerOffence.FRAME_MALFORMED, out -> out.writeVarint(FrameType.ACK));
    }

    // = docs/spec/07-messages.md R7.15
    /// Goal: there are three classes of handlers.
    @Test
    void aFourthClassOfHandlersIsMalformed() {
        assertOffence(PeerOffence.FRAME_MALFORMED, out -> {
            FrameWriter.segmentHeader(out, 0, 1, 0, HANDLER | 3, MessageSegment.NO_REPLY, 1);
            out.writeByte(0);
        });
    }

    // = docs/spec/06-flow.md R6.12
    // = docs/spec/06-flow.md R6.5
    /// Goal: who acknowledges what was never sent is caught. The server's number 0 is one that is left out.
    @Test
    void anAckOfAnUnsentPacketEndsTheChannel() {
        assertOffence(PeerOffence.ACK_OF_UNSENT_PACKET, out -> ack(out, 1_000_000));
        assertOffence(PeerOffence.ACK_OF_UNSENT_PACKET, out -> ack(out, Limits.PACKET_NUMBER_MAX));
    }

    // = docs/spec/06-flow.md R6.13
    /// Goal: a message beyond the credit ends the channel, also when its bytes never come.
    @Test
    void aMessageBeyondTheCreditEndsTheChannel() {
        assertOffence(PeerOffence.CREDIT_EXCEEDED, out -> {
            for (int id = 0; id < 3; id++) {
                segment(out, id, Limits.MESSAGE_BYTES_MAX, 0, 1);
            }
        });
    }

    // = docs/spec/07-messages.md R7.4
    /// Goal: a message that nobody may send ends the channel.
    @Test
    void aMessageTooLargeForAnybodyEndsTheChannel() {
        assertOffence(PeerOffence.MESSAGE_TOO_LARGE, out -> segment(out, 0, Limits.MESSAGE_BYTES_MAX + 1L, 0, 1));
        assertOffence(PeerOffence.MESSAGE_TOO_LARGE, out -> FrameWriter.cancel(out, 0, Long.MAX_VALUE));
    }

    // = docs/spec/07-messages.md R7.9
    /// Goal: what segments of one message say about it has to agree, and they have to lie in it.
    @Test
    void segmentsThatDoNotAgreeEndTheChannel() {
        assertOffence(PeerOffence.SEGMENT_OUT_OF_BOUNDS, out -> segment(out, 0, 10, 5, 6));
        assertOffence(PeerOffence.SEGMENT_OUT_OF_BOUNDS, out -> segment(out, 0, 10, 11, 0));
        assertOffence(PeerOffence.MESSAGE_HEADER_CHANGED, out -> {
            segment(out, 0, 10, 0, 1);
            segment(out, 0, 11, 5, 1);
        });
        assertOffence(PeerOffence.MESSAGE_HEADER_CHANGED, out -> {
            segment(out, 0, 10, 0, 1);
            FrameWriter.segmentHeader(out, 0, 10, 0, HANDLER, MessageSegment.codeOf(Pair.ECHO), 1);
            out.writeByte(0);
        });
        assertOffence(PeerOffence.MESSAGE_HEADER_CHANGED, out -> {
            segment(out, 0, 10, 0, 1);
            FrameWriter.cancel(out, 0, 11);
        });
    }

    // = docs/spec/07-messages.md R7.12
    /// Goal: ids far ahead would make the receiver remember what is missing.
    @Test
    void anIdFarAheadEndsTheChannel() {
        assertOffence(PeerOffence.MESSAGE_ID_OUT_OF_WINDOW, out -> segment(out, Limits.MESSAGES_OPEN_MAX, 1, 0, 1));
        assertOffence(PeerOffence.MESSAGE_ID_OUT_OF_WINDOW, out -> FrameWriter.cancel(out, Long.MAX_VALUE, 1));
    }

    // = docs/spec/07-messages.md R7.10
    /// Goal: a message scattered on purpose costs its sender the channel, not us the memory.
    @Test
    void scatteredSegmentsEndTheChannel() {
        assertOffence(PeerOffence.SEGMENTS_TOO_SCATTERED, out -> {
            for (int i = 0; i <= Limits.GAPS_PER_MESSAGE_MAX; i++) {
                segment(out, 0, 1 << 20, 1 + 2L * i, 1);
            }
        });
    }

    // = docs/spec/06-flow.md R6.14
    /// Goal: a CLOSE is the last thing that is read, in the early payload and later; what stands behind it
    /// neither arrives nor harms the server.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingBehindACloseIsRead(boolean early) {
        Consumer<ByteWriter> frames = out -> {
            FrameWriter.close(out, 7, "bye");
            ack(out, 1);
            segment(out, 0, 1, 0, 1);
        };
        try (Pair pair = new Pair();
                HostilePeer peer = new HostilePeer(pair, null, early ? frames : NOTHING)) {
            peer.connect();
            if (!early) {
                peer.send(frames);
            }
            assertEquals(new CloseReason.Remote(7, "bye"), reason(pair));
            assertEquals(
                    0,
                    pair.events(pair.serverEvents, Event.MessageArrived.class).size());
            assertServesOthers(pair);
        }
    }

    // = docs/spec/06-flow.md R6.15
    /// Goal: a peer's words reach no terminal as they are.
    @Test
    void thePeersWordsAreMadePrintable() {
        try (Pair pair = new Pair();
                HostilePeer peer = new HostilePeer(pair, null, NOTHING)) {
            peer.connect();
            byte[] words = {'a', 0x1B, '[', '2', 'J', '\n', (byte) 0xE2, (byte) 0x80, (byte) 0xAE, 'z'};
            peer.send(out -> {
                out.writeVarint(FrameType.CLOSE);
                out.writeVarint(99);
                out.writeVarint(words.length);
                out.writeBytes(java.lang.foreign.MemorySegment.ofArray(words), 0, words.length);
            });
            assertEquals(new CloseReason.Remote(99, "a?[2J????z"), reason(pair));
        }
    }

    // = docs/spec/02-packets.md R2.8
    /// Goal: settings past their bounds are no channel.
    @Test
    void settingsOutOfBoundsAreRefused() {
        List<Settings> bad = List.of(
                new Settings(1, 1, Limits.CREDIT_BYTES_MAX + 1, 1, 1_000_000, 0, List.of(), null),
                new Settings(1, 1, 1, Limits.MESSAGE_BYTES_MAX + 1, 1_000_000, 0, List.of(), null),
                new Settings(1, 1, 1, 1, Limits.TIMEOUT_NANOS_MAX + 1_000_000, 0, List.of(), null));
        for (Settings settings : bad) {
            try (Pair pair = new Pair();
                    HostilePeer peer = new HostilePeer(pair, null, NOTHING).saying(settings)) {
                assertFalse(peer.connect(), settings.toString());
                assertEquals(1, pair.server.dropped(DropReason.MALFORMED));
                assertEquals(
                        0,
                        pair.events(pair.serverEvents, Event.ChannelOpened.class)
                                .size());
            }
        }
    }

    // = docs/spec/04-protection.md R4.4
    // = docs/spec/04-protection.md R4.5
    /// Goal: a packet counts once; one that was changed on the way counts not at all, and does not spoil the
    /// true one.
    @Test
    void aPacketCountsOnce() {
        try (Pair pair = new Pair();
                HostilePeer peer = new HostilePeer(pair, null, NOTHING)) {
            peer.connect();
            byte[] packet = peer.seal(1, out -> segment(out, 0, 5, 0, 5));
            byte[] changed = packet.clone();
            changed[changed.length - 20] ^= 1;
            assertEquals(DropReason.NOT_AUTHENTIC, pair.deliver(true, HostilePeer.ADDRESS, changed));
            assertEquals(DropReason.NONE, pair.deliver(true, HostilePeer.ADDRESS, packet.clone()));
            for (int i = 0; i < 100; i++) {
                assertEquals(DropReason.REPLAYED, pair.deliver(true, HostilePeer.ADDRESS, packet.clone()));
            }
            assertEquals(
                    1,
                    pair.events(pair.serverEvents, Event.MessageArrived.class).size());
        }
    }

    // = docs/spec/04-protection.md R4.8
    /// Goal: a peer that leaps through its numbers reaches the end of them, and nothing breaks there.
    @Test
    void aLeapingPeerReachesTheEndOfItsNumbers() {
        try (Pair pair = new Pair();
                HostilePeer peer = new HostilePeer(pair, null, NOTHING)) {
            peer.connect();
            long leap = 1L << 47;
            for (long number = leap; number < Limits.PACKET_NUMBER_MAX; number += leap) {
                assertEquals(DropReason.NONE, pair.deliver(true, HostilePeer.ADDRESS, peer.seal(number, ping())));
            }
            assertEquals(
                    DropReason.NONE,
                    pair.deliver(true, HostilePeer.ADDRESS, peer.seal(Limits.PACKET_NUMBER_MAX - 1, ping())));
            for (int i = 0; i < 70_000; i += 7_000) {
                byte[] beyond = peer.seal(Limits.PACKET_NUMBER_MAX + i, ping());
                assertEquals(DropReason.NOT_AUTHENTIC, pair.deliver(true, HostilePeer.ADDRESS, beyond));
            }
            assertServesOthers(pair);
        }
    }

    private static Consumer<ByteWriter> ping() {
        return out -> out.writeVarint(FrameType.PING);
    }

    // = docs/spec/07-messages.md R7.2
    // = docs/spec/07-messages.md R7.13
    /// Goal: a message for nobody is refused by name; a late reply, and a datagram that waits for none, are not
    /// worth an answer; a refusal of nothing known is ignored.
    @Test
    void aMessageForNobodyIsRefused() {
        try (Pair pair = new Pair();
                HostilePeer peer = new HostilePeer(pair, null, NOTHING)) {
            peer.connect();
            peer.receive();
            long nobody = MessageSegment.codeOf(HandlerId.wellKnown(4_711));
            long prompt = 77 << 2;
            peer.send(out -> {
                FrameWriter.segmentHeader(out, 0, 0, 0, nobody, MessageSegment.NO_REPLY, 0);
                FrameWriter.segmentHeader(out, 1, 0, 0, prompt, MessageSegment.NO_REPLY, 0);
                out.writeVarint(FrameType.DATAGRAM);
                out.writeVarint(nobody);
                out.writeVarint(0);
                FrameWriter.refuse(out, false, 12_345, 1);
                FrameWriter.refuse(out, true, prompt, 1);
            });
            pair.run(100 * Pair.MILLI);
            byte[] refusal = {FrameType.REFUSE, 0, 0, 1};
            long refusals = peer.receive().stream()
                    .filter(payload -> indexOf(payload, refusal) >= 0)
                    .count();
            assertTrue(refusals > 0);
            assertEquals(
                    0,
                    pair.events(pair.serverEvents, Event.MessageArrived.class).size());
            assertEquals(
                    0, pair.events(pair.serverEvents, Event.ChannelClosed.class).size());
        }
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (java.util.Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        return -1;
    }

    /// Goal: a datagram to nobody takes nothing from what all peers may have held.
    @Test
    void datagramsToNobodyTakeNoMemory() {
        try (Pair pair = new Pair();
                HostilePeer peer = new HostilePeer(pair, null, NOTHING)) {
            peer.connect();
            long nobody = MessageSegment.codeOf(HandlerId.wellKnown(4_711));
            for (int packet = 0; packet < 400; packet++) {
                peer.send(out -> {
                    for (int i = 0; i < 11_000; i++) {
                        out.writeVarint(FrameType.DATAGRAM);
                        out.writeVarint(nobody);
                        out.writeVarint(0);
                    }
                });
            }
            assertServesOthers(pair);
        }
    }

    // = docs/spec/02-packets.md R2.5
    /// Goal: nothing an authenticated peer says makes the server throw or stop serving others: frames drawn at
    /// random, then frames of the right shape with fields drawn at random.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void noFrameHarmsTheServer(long seed) {
        Random random = new Random(seed);
        try (Pair pair = new Pair()) {
            for (int round = 0; round < 60; round++) {
                try (HostilePeer peer = new HostilePeer(pair, null, out -> scribble(random, out))) {
                    if (peer.connect()) {
                        for (int i = 0; i < 20; i++) {
                            peer.send(out -> scribble(random, out));
                        }
                    }
                }
                pair.toClient.clear();
            }
            assertServesOthers(pair);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static void scribble(Random random, ByteWriter out) {
        int frames = random.nextInt(8);
        for (int i = 0; i < frames; i++) {
            if (random.nextInt(10) == 0) {
                out.writeByte(random.nextInt(256));
            } else {
                int type = random.nextInt(FrameType.DATAGRAM_REPLY + 1);
                out.writeVarint(type == FrameType.PADDING ? FrameType.PING : type);
                for (int field = random.nextInt(7); field > 0; field--) {
                    out.writeVarint(number(random));
                }
            }
        }
    }

    private static long number(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(4);
            case 1 -> random.nextInt(1 << 15);
            case 2 -> random.nextLong() >>> random.nextInt(64);
            default -> 0;
        };
    }

    // = docs/spec/06-flow.md R6.9
    /// Goal: who closed answers what still comes, but ever more rarely, and does not run the peer's messages
    /// any more.
    @Test
    void aClosedChannelAnswersEverMoreRarely() {
        try (Pair pair = new Pair();
                HostilePeer peer = new HostilePeer(pair, null, NOTHING)) {
            peer.connect();
            peer.send(ping());
            long channel = pair.events(pair.serverEvents, Event.ChannelOpened.class)
                    .getFirst()
                    .channel();
            pair.server.closeChannel(pair.nowNanos, channel, 0, "done");
            pair.drain();
            assertArrayEquals(
                    new byte[] {FrameType.CLOSE, 0, 4, 'd', 'o', 'n', 'e'},
                    peer.receive().getLast());
            for (int i = 0; i < 100; i++) {
                peer.send(out -> segment(out, 0, 1, 0, 1));
            }
            assertEquals(7, peer.receive().size());
            assertEquals(
                    0,
                    pair.events(pair.serverEvents, Event.MessageArrived.class).size());
        }
    }
}
