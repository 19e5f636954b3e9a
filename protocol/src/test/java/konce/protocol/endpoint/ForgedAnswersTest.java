package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import konce.crypto.SecretKey;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.Outcome;
import konce.protocol.wire.CookieEcho;
import konce.protocol.wire.FrameType;
import konce.protocol.wire.FrameWriter;
import konce.protocol.wire.InitAck;
import konce.protocol.wire.MessageSegment;
import konce.protocol.wire.PacketType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A client among forgers: what comes before a COOKIE-ACK opens proves nothing, and costs it little.
final class ForgedAnswersTest {
    private static final long SECOND = 1_000 * Pair.MILLI;
    private static final Address STRANGER = Address.parse("203.0.113.9:413");

    private static int type(byte[] packet) {
        return switch (packet[0] & PacketType.TYPE_MASK) {
            case PacketType.COOKIE_ACK -> PacketType.COOKIE_ACK;
            case PacketType.DATA -> PacketType.DATA;
            default -> packet[0];
        };
    }

    private static List<byte[]> ofType(List<byte[]> packets, int type) {
        return packets.stream().filter(packet -> type(packet) == type).toList();
    }

    /// Sends a message, and holds back the first packet of this type on its way to the client.
    private static byte[] held(Pair pair, int type) {
        boolean[] isHeld = {false};
        pair.carries = (toServer, packet) -> {
            boolean holds = !toServer && !isHeld[0] && type(packet) == type;
            isHeld[0] |= holds;
            return !holds;
        };
        pair.send("hello");
        pair.run(4 * pair.oneWayNanos);
        return ofType(pair.toClient, type).getFirst().clone();
    }

    private static void assertReplied(Pair pair) {
        pair.run(9 * SECOND);
        assertInstanceOf(Outcome.Replied.class, pair.outcome(1));
        assertEquals(
                1, pair.events(pair.serverEvents, Event.MessageArrived.class).size());
    }

    // = docs/spec/03-handshake.md R3.15
    /// Goal: whoever sees what a client sends cannot turn it against a third party: answers from elsewhere do
    /// not count.
    @ParameterizedTest
    @ValueSource(ints = {PacketType.INIT_ACK, PacketType.COOKIE_ACK})
    void anAnswerFromElsewhereDoesNotCount(int type) {
        try (Pair pair = new Pair()) {
            byte[] answer = held(pair, type);
            assertEquals(DropReason.STALE, pair.deliver(false, STRANGER, answer.clone()));
            assertEquals(DropReason.NONE, pair.deliver(false, answer.clone()));
            assertReplied(pair);
        }
    }

    // = docs/spec/03-handshake.md R3.15
    /// Goal: the same of a server's lists.
    @Test
    void listsFromElsewhereDoNotCount() {
        try (Pair pair = new Pair()) {
            byte[] initAck = held(pair, PacketType.INIT_ACK);
            byte[] lists = Arrays.copyOf(initAck, InitAck.LISTS_BYTES_MIN + 2);
            lists[0] = PacketType.INIT_ACK_LISTS;
            System.arraycopy(new byte[] {2, 1, 77, 1, 77}, 0, lists, 17, 5);
            assertEquals(DropReason.STALE, pair.deliver(false, STRANGER, lists.clone()));
            assertEquals(DropReason.NONE, pair.deliver(false, lists.clone()));
            pair.deliver(false, initAck);
            assertReplied(pair);
        }
    }

    // = docs/spec/03-handshake.md R3.28
    // = docs/spec/02-packets.md R2.7
    /// Goal: a client goes on neither with protocols it did not offer, nor with an answer that is not laid
    /// out as it should be.
    @Test
    void aChoiceThatWasNotOfferedIsRefused() {
        try (Pair pair = new Pair()) {
            byte[] answer = held(pair, PacketType.INIT_ACK);
            assertArrayEquals(
                    new byte[] {2, 1, 1, 1, 1, InitAck.PARAMETERS_BYTES},
                    Arrays.copyOfRange(answer, InitAck.CHOSEN, answer.length - InitAck.PARAMETERS_BYTES));
            for (byte[] chosen : List.of(
                    new byte[] {2, 1, 9, 1, 1, InitAck.PARAMETERS_BYTES},
                    new byte[] {2, 1, 1, 1, 9, InitAck.PARAMETERS_BYTES},
                    new byte[] {2, 2, 1, 2, 1, 1, InitAck.PARAMETERS_BYTES},
                    new byte[] {2, 0, 1, 1, 0, InitAck.PARAMETERS_BYTES},
                    new byte[] {1, 1, 1, 0, 0, InitAck.PARAMETERS_BYTES},
                    new byte[] {2, 1, 1, 1, 1, InitAck.PARAMETERS_BYTES, 0},
                    new byte[] {2, 1, 1, 1, 1, InitAck.PARAMETERS_BYTES + 1},
                    new byte[] {2, 1, 1, 1, 1, InitAck.PARAMETERS_BYTES - 1})) {
                byte[] changed = Arrays.copyOf(answer, InitAck.CHOSEN + chosen.length + InitAck.PARAMETERS_BYTES);
                System.arraycopy(chosen, 0, changed, InitAck.CHOSEN, chosen.length);
                assertEquals(DropReason.MALFORMED, pair.deliver(false, changed), Arrays.toString(chosen));
            }
            assertEquals(DropReason.NONE, pair.deliver(false, answer));
            assertReplied(pair);
        }
    }

    // = docs/spec/03-handshake.md R3.24
    /// Goal: whatever an onlooker answers in the server's name, no channel opens by it, and the true one does.
    @Test
    void nothingIsBelievedBeforeACookieAckOpens() {
        try (Pair pair = new Pair()) {
            byte[] answer = held(pair, PacketType.COOKIE_ACK);
            for (int at = 1; at < answer.length; at++) {
                byte[] changed = answer.clone();
                changed[at] ^= 1;
                DropReason reason = pair.deliver(false, changed);
                assertEquals(at < 9 ? DropReason.UNKNOWN_CHANNEL : DropReason.NOT_AUTHENTIC, reason, "byte " + at);
            }
            assertEquals(
                    0, pair.events(pair.clientEvents, Event.ChannelOpened.class).size());
            assertEquals(DropReason.NONE, pair.deliver(false, answer));
            assertEquals(
                    1, pair.events(pair.clientEvents, Event.ChannelOpened.class).size());
            assertReplied(pair);
        }
    }

    // = docs/spec/03-handshake.md R3.25
    /// Goal: up to four forged INIT-ACKs that win the race are followed in vain; the true one is still there.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void theTrueAnswerIsFollowedAfterForgedOnes(int forged) {
        try (Pair pair = new Pair()) {
            byte[] answer = held(pair, PacketType.INIT_ACK);
            for (int i = 0; i < forged; i++) {
                byte[] lie = answer.clone();
                byte[] d =
                        SecretKey.generate(pair.vault, pair.random).publicKey().toBytes();
                System.arraycopy(d, 0, lie, InitAck.TRANSIENT_KEY, d.length);
                lie[InitAck.AUTHENTICATOR] ^= 1; // else the true cookie is used up with it
                assertEquals(DropReason.NONE, pair.deliver(false, lie));
            }
            pair.deliver(false, answer);
            pair.carries = (toServer, packet) -> toServer || type(packet) != PacketType.INIT_ACK;
            assertReplied(pair);
        }
    }

    // = docs/spec/03-handshake.md R3.10
    /// Goal: a client does not begin work beyond its limit.
    @Test
    void noWorkBeyondTheLimit() {
        EndpointConfig lazy = EndpointConfig.CLIENT.withPuzzles(100, 1);
        try (Pair pair = new Pair(101, lazy, EndpointConfig.CLIENT)) {
            pair.send("hello");
            pair.run(5 * SECOND);
            assertEquals(0, ofType(pair.toServer, PacketType.COOKIE_ECHO).size());
            assertInstanceOf(Outcome.CouldNotConnect.class, pair.outcome(1));
        }
        try (Pair pair = new Pair(100, lazy, EndpointConfig.CLIENT)) {
            pair.send("hello");
            assertReplied(pair);
        }
    }

    // = docs/spec/03-handshake.md R3.20
    /// Goal: a COOKIE-ECHO without an answer is sent again as it is, ever more rarely, and not without end.
    @Test
    void aCookieEchoIsRepeatedByteForByte() {
        try (Pair pair = new Pair()) {
            List<Long> times = new ArrayList<>();
            List<byte[]> echoes = new ArrayList<>();
            pair.carries = (toServer, packet) -> {
                if (toServer && type(packet) == PacketType.COOKIE_ECHO) {
                    times.add(pair.nowNanos);
                    echoes.add(packet.clone());
                }
                return type(packet) != PacketType.COOKIE_ACK;
            };
            pair.send("hello");
            pair.run(5 * SECOND);
            assertTrue(echoes.size() > 3);
            long wait = Math.max(3 * 2 * pair.oneWayNanos, 50 * Pair.MILLI);
            for (int i = 0; i < 3; i++) {
                assertArrayEquals(echoes.getFirst(), echoes.get(i));
                assertTrue(i == 0 || times.get(i) - times.get(i - 1) == wait << (i - 1), times.toString());
            }
            assertTrue(!Arrays.equals(echoes.getFirst(), echoes.get(3)), "the fourth is under another cookie");
            assertEquals(
                    -1,
                    MemorySegment.mismatch(
                            MemorySegment.ofArray(echoes.getFirst()),
                            CookieEcho.COOKIE,
                            CookieEcho.COOKIE + 15,
                            MemorySegment.ofArray(echoes.get(3)),
                            CookieEcho.COOKIE,
                            CookieEcho.COOKIE + 15),
                    "one client random for the whole attempt");
        }
    }

    // = docs/spec/03-handshake.md R3.13
    /// Goal: the early payload is packet 0: that is the number the server acknowledges.
    @Test
    void theEarlyPayloadIsAcknowledgedAsPacketZero() {
        try (Pair pair = new Pair();
                HostilePeer peer = new HostilePeer(pair, null, out -> {
                    FrameWriter.segmentHeader(
                            out, 0, 3, 0, MessageSegment.codeOf(Pair.ECHO), MessageSegment.NO_REPLY, 3);
                    out.writeZeros(3);
                })) {
            assertTrue(peer.connect());
            assertEquals(
                    1,
                    pair.events(pair.serverEvents, Event.MessageArrived.class).size());
            byte[] settings = peer.firstPayload();
            int ack = HostilePeer.settingsBytes(settings);
            assertEquals(FrameType.ACK, settings[ack]);
            assertEquals(0, settings[ack + 1]);
        }
    }
}
