package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import konce.protocol.ConnectFailure;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import konce.protocol.wire.CookieEcho;
import konce.protocol.wire.Init;
import konce.protocol.wire.InitAck;
import konce.protocol.wire.PacketType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every bit of every packet of the handshake changed under way, once and then always; every packet cut short and made
/// longer. A message arrives as it was sent, or not at all; keys and peers are the right ones, or there are none.
final class DamageTest {
    private static final String TEXT = "as it was sent";
    /// Coprime to 8, so that every place in a byte has its turn; 1 for all bits of everything.
    private static final int STEP = Integer.getInteger("konce.bitStep", 5);

    private static final SendOptions SHORT = SendOptions.REQUEST.withConnectTimeout(700 * Lab.MILLI);
    private static final Lab.Setup SETUP = Lab.Setup.PLAIN.withClient(EndpointConfig.CLIENT.withPuzzles(1 << 10, 1));

    /// Harm done to packets of one type.
    private static final class Harm implements Lab.Attacker {
        private final int type;
        private final boolean always;
        private final UnaryOperator<byte[]> change;
        private byte @Nullable [] changed;

        Harm(int type, boolean always, UnaryOperator<byte[]> change) {
            this.type = type;
            this.always = always;
            this.change = change;
        }

        @Override
        public List<byte[]> carry(boolean toServer, byte[] datagram) {
            if (!Lab.isOf(datagram, type) || (changed != null && !always)) {
                return List.of(datagram);
            }
            byte[] harmed = change.apply(datagram.clone());
            if (changed == null) {
                changed = harmed;
            }
            return List.of(harmed);
        }
    }

    private static byte[] flip(byte[] packet, int bit) {
        if (bit / 8 < packet.length) {
            packet[bit / 8] ^= (byte) (1 << (bit % 8));
        }
        return packet;
    }

    /// How long a packet of this type is in an exchange that nobody disturbs.
    private static int length(Lab.Setup setup, int type) {
        try (Lab lab = new Lab(setup)) {
            lab.settle(lab.send(TEXT), 2 * Lab.SECOND);
            boolean fromClient = type == PacketType.INIT || type == PacketType.COOKIE_ECHO;
            List<byte[]> sent = fromClient ? lab.toServer : lab.toClient;
            return sent.stream()
                    .filter(packet -> Lab.isOf(packet, type))
                    .findFirst()
                    .orElseThrow()
                    .length;
        }
    }

    /// One exchange under harm, and what has to hold whatever comes of it.
    ///
    /// @param seen gets the reason for which the first harmed packet was dropped
    private static @Nullable Outcome exchange(Lab.Setup setup, Harm harm, SendOptions options, Set<DropReason> seen) {
        try (Lab lab = new Lab(setup)) {
            lab.attacker = harm;
            long ticket = lab.send(lab.target(), TEXT, options);
            Outcome outcome = lab.settle(ticket, options.replyTimeoutNanos());
            assertTrue(lab.arrived() <= 1, "at most once");
            for (Event.MessageArrived message : Lab.events(lab.serverEvents, Event.MessageArrived.class)) {
                assertEquals(TEXT, Pair.text(message.payload()));
            }
            for (Event.ChannelOpened opened : Lab.events(lab.serverEvents, Event.ChannelOpened.class)) {
                assertEquals(lab.clientKey.publicKey(), opened.peer());
                assertRight(opened);
            }
            for (Event.ChannelOpened opened : Lab.events(lab.clientEvents, Event.ChannelOpened.class)) {
                assertEquals(lab.serverKey.publicKey(), opened.peer());
                assertRight(opened);
            }
            if (outcome instanceof Outcome.Replied replied) {
                assertEquals(TEXT, Pair.text(replied.payload()));
            }
            DropReason fate = lab.fates.get(harm.changed);
            if (fate != null) {
                seen.add(fate);
            }
            return outcome;
        }
    }

    private static void assertRight(Event.ChannelOpened opened) {
        assertEquals(1, opened.handshake().handshakeProtocol());
        assertEquals(1, opened.handshake().sessionProtocol());
    }

    /// The bits changed in a packet: all of its fields, and of what lies behind them, sealed or zero, one in
    /// [#STEP].
    private static List<Integer> bits(Lab.Setup setup, int type) {
        int fields = switch (type) {
            case PacketType.INIT -> Init.OFFER + 16 + Init.PARAMETERS_BYTES;
            case PacketType.COOKIE_ECHO ->
                CookieEcho.NEGOTIATION + 16 + Init.PARAMETERS_BYTES + InitAck.PARAMETERS_BYTES + Init.CLUE_BYTES;
            default -> Integer.MAX_VALUE / 8;
        };
        List<Integer> bits = new ArrayList<>();
        int all = 8 * length(setup, type);
        for (int bit = 0; bit < all; bit += bit < 8 * fields ? 1 : STEP) {
            bits.add(bit);
        }
        System.out.println("type " + type + ": " + bits.size() + " of " + all + " bits, -Dkonce.bitStep=" + STEP);
        return bits;
    }

    private static void assertSeen(String expected, Set<DropReason> seen) {
        Set<DropReason> set = EnumSet.noneOf(DropReason.class);
        Arrays.stream(expected.split(" ")).map(DropReason::valueOf).forEach(set::add);
        assertEquals(set, seen);
    }

    // = docs/spec/03-handshake.md R3.24
    /// Goal: one bit changed in one packet costs time only: the exchange ends as it would have. Every bit, and for
    /// each type the exact set of what became of the changed packets.
    @ParameterizedTest
    @CsvSource({
        "16, 0, NONE BAD_LENGTH UNKNOWN_TYPE MALFORMED UNKNOWN_CHANNEL",
        "32, 0, NONE UNKNOWN_TYPE MALFORMED UNKNOWN_CHANNEL STALE",
        "48, 0, NONE BAD_LENGTH UNKNOWN_TYPE MALFORMED UNKNOWN_CHANNEL SEQUENCE_NOT_RECENT REVEALED_BITS_WRONG"
                + " COOKIE_WRONG SOLUTION_WRONG BAD_ELEMENT NOT_AUTHENTIC",
        "48, 256, BAD_LENGTH UNKNOWN_TYPE MALFORMED UNKNOWN_CHANNEL SEQUENCE_NOT_RECENT REVEALED_BITS_WRONG"
                + " COOKIE_WRONG EFFORT_TOO_LOW SOLUTION_WRONG BAD_ELEMENT NOT_AUTHENTIC",
        "64, 0, UNKNOWN_TYPE UNKNOWN_CHANNEL NOT_AUTHENTIC STALE"
    })
    void aBitChangedOnceCostsTime(int type, long effort, String expected) {
        Lab.Setup setup = SETUP.withEffort(effort);
        Set<DropReason> seen = EnumSet.noneOf(DropReason.class);
        for (int at : bits(setup, type)) {
            Harm harm = new Harm(type, false, packet -> flip(packet, at));
            Outcome outcome = exchange(setup, harm, SendOptions.REQUEST, seen);
            assertInstanceOf(Outcome.Replied.class, outcome, () -> "bit " + at % 8 + " of byte " + at / 8);
        }
        assertSeen(expected, seen);
    }

    // = docs/spec/03-handshake.md R3.24
    /// Goal: one bit changed in every packet of a type never gives a channel at the client, and fails as what it
    /// is.
    @ParameterizedTest
    @CsvSource({
        "16, NoAnswer NotConfirmed",
        "32, NoAnswer NotConfirmed EffortTooHigh",
        "48, NotConfirmed",
        "64, NotConfirmed"
    })
    void aBitChangedAlwaysFails(int type, String expected) {
        Set<String> failures = new TreeSet<>();
        for (int at : bits(SETUP, type)) {
            Harm harm = new Harm(type, true, packet -> flip(packet, at));
            Outcome outcome = exchange(SETUP, harm, SHORT, EnumSet.noneOf(DropReason.class));
            Outcome.CouldNotConnect failed = assertInstanceOf(
                    Outcome.CouldNotConnect.class, outcome, () -> "bit " + at % 8 + " of byte " + at / 8);
            failures.add(failed.why().getClass().getSimpleName());
        }
        assertEquals(new TreeSet<>(List.of(expected.split(" "))), failures);
    }

    // = docs/spec/02-packets.md R2.5
    /// Goal: a packet cut to any length, or with up to 64 zeros or ones behind it, costs time only.
    @ParameterizedTest
    @CsvSource({
        "16, EMPTY BAD_LENGTH",
        "32, EMPTY BAD_LENGTH MALFORMED",
        "48, EMPTY BAD_LENGTH NOT_AUTHENTIC",
        "64, EMPTY BAD_LENGTH NOT_AUTHENTIC"
    })
    void anotherLengthCostsTime(int type, String expected) {
        Set<DropReason> seen = EnumSet.noneOf(DropReason.class);
        int length = length(SETUP, type);
        for (int other = 0; other <= length + 64; other++) {
            int bytes = other;
            for (int filler = 0; filler <= (bytes > length ? 1 : 0); filler++) {
                byte fill = (byte) -filler;
                Harm harm = new Harm(type, false, packet -> {
                    byte[] changed = Arrays.copyOf(packet, bytes);
                    Arrays.fill(changed, Math.min(packet.length, bytes), bytes, fill);
                    return changed;
                });
                if (bytes != length) {
                    Outcome outcome = exchange(SETUP, harm, SendOptions.REQUEST, seen);
                    assertInstanceOf(Outcome.Replied.class, outcome, () -> bytes + " bytes");
                }
            }
        }
        assertSeen(expected, seen);
    }

    // = docs/spec/03-handshake.md R3.12
    /// Goal: a KEY-CHANGE with a changed bit, or of another length, is dropped: the client hears of the new key
    /// from the
    /// next one, or fails unconfirmed, and never hears of another key.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDamagedKeyChangeIsNoNews(boolean always) {
        Lab.Setup setup = SETUP.withChangedKey();
        Set<DropReason> seen = EnumSet.noneOf(DropReason.class);
        int length = length(setup, PacketType.KEY_CHANGE);
        for (int at : bits(setup, PacketType.KEY_CHANGE)) {
            assertKeyChange(setup, new Harm(PacketType.KEY_CHANGE, always, packet -> flip(packet, at)), seen);
        }
        assertSeen("UNKNOWN_TYPE UNKNOWN_CHANNEL NOT_AUTHENTIC STALE", seen);
        seen.clear();
        for (int other = 0; other < 2 * length; other++) {
            int bytes = other;
            if (bytes != length) {
                UnaryOperator<byte[]> cut = packet -> Arrays.copyOf(packet, bytes);
                assertKeyChange(setup, new Harm(PacketType.KEY_CHANGE, always, cut), seen);
            }
        }
        assertSeen("EMPTY BAD_LENGTH", seen);
    }

    // = docs/spec/03-handshake.md R3.29
    /// Goal: a server that has a notice out does not scare away a client that knows its key: the COOKIE-ECHO
    /// damaged on its way makes it send one.
    @ParameterizedTest
    @ValueSource(ints = {0, 40, 88})
    void aNoticeOfTheKeyWeKnowIsNoNews(int byteOfBox) {
        try (Lab lab = new Lab(SETUP.withChangedKey())) {
            int bit = 8
                    * (CookieEcho.NEGOTIATION
                            + 15
                            + Init.PARAMETERS_BYTES
                            + InitAck.PARAMETERS_BYTES
                            + Init.CLUE_BYTES
                            + byteOfBox);
            Harm harm = new Harm(PacketType.COOKIE_ECHO, false, packet -> flip(packet, bit));
            lab.attacker = harm;
            Target.Peer target = new Target.Peer(
                    lab.serverKey.publicKey(), List.of(Lab.SERVER), lab.clientKey, lab.master.verifyingKey());
            Outcome outcome = lab.settle(lab.send(target, TEXT, SendOptions.REQUEST), 2 * Lab.SECOND);
            assertInstanceOf(Outcome.Replied.class, outcome);
            assertEquals(DropReason.STALE, lab.fates.get(Lab.last(lab.toClient, PacketType.KEY_CHANGE)));
        }
    }

    private static void assertKeyChange(Lab.Setup setup, Harm harm, Set<DropReason> seen) {
        try (Lab lab = new Lab(setup)) {
            lab.attacker = harm;
            Outcome outcome = lab.settle(lab.send(lab.target(), TEXT, SHORT), Lab.SECOND);
            ConnectFailure expected = harm.always
                    ? new ConnectFailure.NotConfirmed()
                    : new ConnectFailure.KeyChanged(lab.serverKey.publicKey(), 9, true);
            assertEquals(new Outcome.CouldNotConnect(expected), outcome);
            assertEquals(0, lab.opened());
            seen.add(lab.fates.get(harm.changed));
        }
    }
}
