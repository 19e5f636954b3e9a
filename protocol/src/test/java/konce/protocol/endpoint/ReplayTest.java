package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.wire.CookieEcho;
import konce.protocol.wire.Init;
import konce.protocol.wire.InitAck;
import konce.protocol.wire.PacketType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A COOKIE-ECHO that comes again, elsewhere, later, or with parts of another one.
final class ReplayTest {
    private static final long EFFORT = 1 << 10;
    private static final int COPIES = 100_000;

    /// A COOKIE-ECHO that the server has not seen: everything to the server is stopped from there on.
    private static byte[] unseenEcho(Lab lab, String text) {
        lab.attacker = (toServer, packet) ->
                toServer && Lab.isOf(packet, PacketType.COOKIE_ECHO) ? List.of() : List.of(packet);
        lab.send(lab.target(), text, SendOptions.REQUEST);
        lab.run(2 * lab.oneWayNanos);
        return Lab.last(lab.toServer, PacketType.COOKIE_ECHO);
    }

    private static byte[] with(byte[] packet, int offset, byte[] bytes) {
        byte[] changed = packet.clone();
        System.arraycopy(bytes, 0, changed, offset, bytes.length);
        return changed;
    }

    private static byte[] withInt(byte[] packet, int offset, long value) {
        return with(packet, offset, ByteBuffer.allocate(4).putInt((int) value).array());
    }

    private static byte[] withLong(byte[] packet, int offset, long value) {
        return with(packet, offset, ByteBuffer.allocate(8).putLong(value).array());
    }

    private static void assertRefused(DropReason why, Lab lab, byte[] packet) {
        int jobs = lab.serverJobs;
        assertEquals(why, lab.inject(true, packet));
        assertEquals(jobs, lab.serverJobs, "no group operation");
    }

    // = docs/spec/03-handshake.md R3.6
    /// Goal: a hundred thousand copies make one channel, one run of the handler, one set of group operations.
    @Test
    void manyCopiesAreOneChannel() {
        try (Lab lab = new Lab(Lab.Setup.PLAIN.withEffort(EFFORT))) {
            long ticket = lab.send("once");
            assertInstanceOf(Outcome.Replied.class, lab.settle(ticket, Lab.SECOND));
            lab.run(Lab.SECOND);
            byte[] echo = Lab.last(lab.toServer, PacketType.COOKIE_ECHO);
            int sent = lab.toClient.size();
            for (int i = 0; i < COPIES; i++) {
                assertEquals(DropReason.ALREADY_ACCEPTED, lab.inject(true, echo));
            }
            lab.run(Lab.SECOND);
            assertEquals(COPIES, lab.server.dropped(DropReason.ALREADY_ACCEPTED));
            assertEquals(1, lab.opened());
            assertEquals(1, lab.arrived());
            assertEquals(1, lab.serverJobs);
            assertEquals(sent, lab.toClient.size(), "copies get no answer");
        }
    }

    // = docs/spec/03-handshake.md R3.6
    /// Goal: copies that come while the group operations of the first still run change nothing either.
    @Test
    void copiesDuringTheGroupOperationsAreRefused() {
        try (Lab lab = new Lab(Lab.Setup.PLAIN.withEffort(EFFORT))) {
            byte[] echo = unseenEcho(lab, "once");
            lab.holdsJobs = true;
            assertEquals(DropReason.NONE, lab.inject(true, echo));
            assertEquals(DropReason.ALREADY_ACCEPTED, lab.inject(true, echo));
            assertEquals(1, lab.serverJobs);
            lab.finish(lab.held.removeFirst());
            assertEquals(DropReason.ALREADY_ACCEPTED, lab.inject(true, echo));
            assertEquals(1, lab.opened());
        }
    }

    // = docs/spec/03-handshake.md R3.21
    /// Goal: a cookie serves the address and port it was given to, and no other.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "203.0.113.9:50000",
                "198.51.100.7:50001",
                "198.51.100.6:50000",
                "[2001:db8::7]:50000",
                "[::ffff:0:c633:6407]:50000"
            })
    void aCookieFromAnotherAddressIsRefused(String text) {
        try (Lab lab = new Lab(Lab.Setup.PLAIN.withEffort(EFFORT))) {
            byte[] echo = unseenEcho(lab, "moved");
            assertEquals(DropReason.COOKIE_WRONG, lab.inject(true, Address.parse(text), echo));
            assertEquals(0, lab.serverJobs);
            assertEquals(DropReason.NONE, lab.inject(true, echo), "refusals do not spend it");
            assertEquals(1, lab.opened());
        }
    }

    // = docs/spec/03-handshake.md R3.27
    /// Goal: a server that starts again with the same durable key knows no cookie of before, whether it was used or
    /// not.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRestartedServerRefusesOldCookies(boolean used) {
        try (Lab lab = new Lab(Lab.Setup.PLAIN.withEffort(EFFORT))) {
            byte[] echo = unseenEcho(lab, "before the restart");
            if (used) {
                assertEquals(DropReason.NONE, lab.inject(true, echo));
            }
            int opened = lab.opened();
            lab.restartServer();
            assertRefused(DropReason.SEQUENCE_NOT_RECENT, lab, echo);
            assertEquals(opened, lab.opened());
        }
    }

    // = docs/spec/03-handshake.md R3.26
    /// Goal: a cookie serves for 30 seconds to the nanosecond, rounded to the microsecond of its time stamp, used
    /// or not.
    @ParameterizedTest
    @CsvSource({
        "29999, false, NONE",
        "29999, true, ALREADY_ACCEPTED",
        "30001, false, COOKIE_EXPIRED",
        "30001, true, ALREADY_ACCEPTED",
        "31500, false, COOKIE_EXPIRED",
        "40000, false, SEQUENCE_NOT_RECENT",
        "40000, true, SEQUENCE_NOT_RECENT",
        "86400000, false, SEQUENCE_NOT_RECENT",
        "86400000, true, SEQUENCE_NOT_RECENT"
    })
    void aCookieExpires(long ageMillis, boolean used, DropReason expected) {
        try (Lab lab = new Lab(Lab.Setup.PLAIN.withEffort(EFFORT))) {
            byte[] echo = unseenEcho(lab, "late");
            long issuedNanos = lab.nowNanos - lab.oneWayNanos;
            if (used) {
                assertEquals(DropReason.NONE, lab.inject(true, echo));
            }
            int jobs = lab.serverJobs;
            lab.run(issuedNanos + ageMillis * Lab.MILLI - lab.nowNanos);
            assertEquals(expected, lab.inject(true, echo));
            assertEquals(jobs + (expected == DropReason.NONE ? 1 : 0), lab.serverJobs);
        }
    }

    // = docs/spec/03-handshake.md R3.21
    /// Goal: a cookie moved to another client random, time, effort, or negotiation is refused.
    @Test
    void aCookieWithOtherParametersIsRefused() {
        try (Lab lab = new Lab(Lab.Setup.PLAIN.withEffort(EFFORT))) {
            byte[] echo = unseenEcho(lab, "moved");
            byte[] other = new byte[Init.CLIENT_RANDOM_BYTES];
            assertRefused(DropReason.COOKIE_WRONG, lab, with(echo, CookieEcho.COOKIE, other));
            assertRefused(DropReason.COOKIE_WRONG, lab, withLong(echo, CookieEcho.CLIENT_TIME, 0));
            assertRefused(DropReason.COOKIE_WRONG, lab, withLong(echo, CookieEcho.SERVER_TIME, 0));
            assertRefused(DropReason.COOKIE_WRONG, lab, withInt(echo, CookieEcho.EFFORT, 0));
            assertRefused(DropReason.COOKIE_WRONG, lab, with(echo, CookieEcho.AUTHENTICATOR, other));
            // the offer: two lists, of two and three numbers; the choice: two lists of one
            int offer = CookieEcho.NEGOTIATION;
            int clue = offer + 9;
            int choice = clue + Init.PARAMETERS_BYTES;
            assertArrayEquals(
                    new byte[] {2, 2, 1, 2, 3, 1, 2, 3, Init.PARAMETERS_BYTES}, Arrays.copyOfRange(echo, offer, clue));
            assertArrayEquals(
                    new byte[] {2, 1, 1, 1, 1, InitAck.PARAMETERS_BYTES}, Arrays.copyOfRange(echo, choice, choice + 6));
            assertRefused(DropReason.COOKIE_WRONG, lab, with(echo, offer + 2, new byte[] {2, 1}));
            assertRefused(DropReason.COOKIE_WRONG, lab, with(echo, clue, new byte[Init.CLUE_BYTES]));
            assertRefused(DropReason.COOKIE_WRONG, lab, with(echo, choice + 2, new byte[] {2}));
            assertRefused(DropReason.COOKIE_WRONG, lab, with(echo, choice + 4, new byte[] {3}));
            assertEquals(DropReason.NONE, lab.inject(true, echo));
        }
    }

    // = docs/spec/03-handshake.md R3.7
    /// Goal: work done for one B, box or message serves no other: whoever copies cookie and solution into a packet
    /// of
    /// its own is refused.
    @Test
    void aStolenSolutionIsRefused() {
        try (Lab lab = new Lab(Lab.Setup.PLAIN.withEffort(EFFORT))) {
            byte[] echo = unseenEcho(lab, "worked for");
            byte[] thiefs = lab.otherKey().toBytes();
            assertRefused(DropReason.SOLUTION_WRONG, lab, with(echo, CookieEcho.TRANSIENT_KEY, thiefs));
            int box = CookieEcho.NEGOTIATION + 15 + Init.PARAMETERS_BYTES + InitAck.PARAMETERS_BYTES + Init.CLUE_BYTES;
            assertRefused(DropReason.SOLUTION_WRONG, lab, with(echo, box, new byte[CookieEcho.BOX_BYTES]));
            assertRefused(DropReason.SOLUTION_WRONG, lab, with(echo, echo.length - 1, new byte[] {7}));
            assertRefused(DropReason.SOLUTION_WRONG, lab, Arrays.copyOf(echo, echo.length + 1));
            assertEquals(DropReason.NONE, lab.inject(true, echo), "a thief does not spend the cookie");
            assertEquals(1, lab.opened());
        }
    }

    // = docs/spec/03-handshake.md R3.5
    /// Goal: an effort below what was asked is refused unread, one above it has to be worked for, and a solution is
    /// right or wrong.
    @Test
    void effortsAreWhatTheyClaim() {
        try (Lab lab = new Lab(Lab.Setup.PLAIN.withEffort(EFFORT))) {
            byte[] echo = unseenEcho(lab, "effort");
            assertRefused(DropReason.EFFORT_TOO_LOW, lab, withInt(echo, CookieEcho.EFFORT_OFFERED, EFFORT - 1));
            assertRefused(DropReason.EFFORT_TOO_LOW, lab, withInt(echo, CookieEcho.EFFORT_OFFERED, 0));
            assertRefused(DropReason.SOLUTION_WRONG, lab, withInt(echo, CookieEcho.EFFORT_OFFERED, EFFORT + 1));
            assertRefused(DropReason.SOLUTION_WRONG, lab, withInt(echo, CookieEcho.EFFORT_OFFERED, Limits.EFFORT_MAX));
            long solution = ByteBuffer.wrap(echo).getLong(CookieEcho.SOLUTION);
            int wrong = 0;
            for (int i = 1; i <= 64; i++) {
                byte[] guess = withLong(echo, CookieEcho.SOLUTION, solution ^ i);
                wrong +=
                        lab.server.handleDatagram(lab.nowNanos, Lab.CLIENT, segment(guess)) == DropReason.SOLUTION_WRONG
                                ? 1
                                : 0;
            }
            assertTrue(wrong >= 62, "of 64 guesses one in " + EFFORT + " may be right, " + wrong + " were wrong");
        }
    }

    private static MemorySegment segment(byte[] bytes) {
        MemorySegment segment = java.lang.foreign.Arena.ofAuto().allocate(bytes.length);
        segment.copyFrom(MemorySegment.ofArray(bytes));
        return segment;
    }

    // = docs/spec/03-handshake.md R3.9
    /// Goal: a cookie from just before the server renews its transient key is good just after; two renewals later
    /// the
    /// cookie, its key and its sequence number are all gone.
    @ParameterizedTest
    @CsvSource({"1, NONE", "91, SEQUENCE_NOT_RECENT", "181, SEQUENCE_NOT_RECENT"})
    void aTransientKeyOutlivesItsCookies(long laterSeconds, DropReason expected) {
        try (Lab lab = new Lab(Lab.Setup.PLAIN.withEffort(EFFORT))) {
            lab.run(Limits.TRANSIENT_KEY_NANOS - Lab.SECOND / 2);
            byte[] echo = unseenEcho(lab, "before");
            byte[] init = Lab.last(lab.toServer, PacketType.INIT);
            byte[] before = transientKey(lab, init);
            lab.run(laterSeconds * Lab.SECOND);
            assertEquals(expected, lab.inject(true, echo));
            assertFalse(Arrays.equals(before, transientKey(lab, init)), "a new D");
        }
    }

    private static byte[] transientKey(Lab lab, byte[] init) {
        assertEquals(DropReason.NONE, lab.inject(true, init));
        byte[] initAck = Lab.last(lab.toClient, PacketType.INIT_ACK);
        return Arrays.copyOfRange(initAck, InitAck.TRANSIENT_KEY, InitAck.TRANSIENT_KEY + 32);
    }

    // = docs/spec/03-handshake.md R3.8
    /// Goal: each COOKIE-ECHO that is accepted gets a server random of its own, and every copy of its COOKIE-ACK
    /// that one.
    @Test
    void eachAcceptedEchoHasAServerRandomOfItsOwn() {
        try (Lab lab = new Lab(Lab.Setup.PLAIN.withEffort(EFFORT))) {
            lab.attacker = (toServer, packet) -> toServer ? List.of(packet) : keepInitAcks(packet);
            lab.send("unheard");
            // not so long that the client comes with another cookie
            lab.run(300 * Lab.MILLI);
            assertEquals(1, lab.opened());
            List<byte[]> acks = lab.toClient.stream()
                    .filter(packet -> Lab.isOf(packet, PacketType.COOKIE_ACK))
                    .toList();
            assertTrue(acks.size() >= 3, "it is repeated until the client is heard: " + acks.size());
            acks.forEach(ack -> assertTrue(Arrays.equals(acks.getFirst(), 9, 41, ack, 9, 41)));
            byte[] echo = otherClientsEcho(lab);
            assertEquals(DropReason.NONE, lab.inject(true, Lab.STRANGER, echo));
            byte[] others = Lab.last(lab.toClient, PacketType.COOKIE_ACK);
            assertFalse(Arrays.equals(acks.getFirst(), 9, 41, others, 9, 41));
        }
    }

    private static List<byte[]> keepInitAcks(byte[] packet) {
        return Lab.isOf(packet, PacketType.INIT_ACK) ? List.of(packet) : List.of();
    }

    /// A COOKIE-ECHO of a second client, at [Lab#STRANGER].
    private static byte[] otherClientsEcho(Lab lab) {
        Endpoint other = new Endpoint(EndpointConfig.CLIENT, lab.vault, lab.random.fork("other"), lab.nowNanos);
        try {
            return new Stepper(other, lab.nowNanos).echoFor(lab);
        } finally {
            other.close();
        }
    }

    /// Goal: the events of a replayed handshake name one peer once.
    @Test
    void theChannelOpensOnceForTheRightPeer() {
        try (Lab lab = new Lab(Lab.Setup.PLAIN.withEffort(EFFORT))) {
            lab.settle(lab.send("who"), Lab.SECOND);
            List<Event.ChannelOpened> opened = Lab.events(lab.serverEvents, Event.ChannelOpened.class);
            assertEquals(1, opened.size());
            assertEquals(lab.clientKey.publicKey(), opened.getFirst().peer());
            assertEquals(Lab.CLIENT, opened.getFirst().remote());
        }
    }
}
