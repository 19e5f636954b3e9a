package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import konce.protocol.Address;
import konce.protocol.Allocation;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.Seeds;
import konce.protocol.wire.PacketType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Floods of nonsense at both sides, in every state there is: no exception, no answer, no event, nothing kept, and what
/// was under way goes on.
final class GarbageTest {
    private static final int DATAGRAMS = 20_000;
    private static final int INITS = 1_000_000;
    private static final int[] TYPES = {
        PacketType.INIT,
        PacketType.INIT_ACK,
        PacketType.INIT_ACK_LISTS,
        PacketType.COOKIE_ECHO,
        PacketType.COOKIE_ACK,
        PacketType.KEY_CHANGE,
        PacketType.DATA
    };

    /// Where the exchange stands when the flood comes.
    enum Stage {
        NOTHING_YET,
        AWAITING_INIT_ACK,
        AGREEING,
        SOLVING,
        AWAITING_COOKIE_ACK,
        SERVER_AGREEING,
        UNCONFIRMED,
        OPEN,
        CLOSING,
        CLOSED
    }

    /// Brings an exchange to a stage; what was held back for it is released by [#release].
    private static void reach(Lab lab, Stage stage) {
        switch (stage) {
            case NOTHING_YET -> {}
            case AWAITING_INIT_ACK -> block(lab, false, PacketType.INIT_ACK);
            case AGREEING -> hold(lab, 0);
            case SOLVING -> hold(lab, 1);
            case AWAITING_COOKIE_ACK -> block(lab, true, PacketType.COOKIE_ECHO);
            case SERVER_AGREEING -> hold(lab, 2);
            case UNCONFIRMED -> block(lab, false, PacketType.COOKIE_ACK);
            case OPEN -> lab.settle(lab.send("open"), Lab.SECOND);
            case CLOSING, CLOSED -> {
                lab.settle(lab.send("open"), Lab.SECOND);
                lab.server.closeChannel(lab.nowNanos, opened(lab.serverEvents), 0, "done");
                lab.run(stage == Stage.CLOSING ? Lab.MILLI : 2 * Lab.SECOND);
            }
        }
    }

    private static void block(Lab lab, boolean toServer, int type) {
        lab.attacker = (to, packet) -> to == toServer && Lab.isOf(packet, type) ? List.of() : List.of(packet);
        lab.send("under way");
        lab.run(45 * Lab.MILLI);
    }

    private static void hold(Lab lab, int after) {
        lab.holdsJobs = true;
        lab.send("under way");
        lab.run(2 * lab.oneWayNanos);
        for (int i = 0; i < after; i++) {
            lab.finish(lab.held.removeFirst());
            lab.run(lab.oneWayNanos);
        }
        assertEquals(1, lab.held.size());
    }

    private static void release(Lab lab) {
        lab.attacker = (_, packet) -> List.of(packet);
        lab.holdsJobs = false;
        while (!lab.held.isEmpty()) {
            lab.finish(lab.held.removeFirst());
        }
    }

    private static long opened(List<Event> events) {
        return Lab.events(events, Event.ChannelOpened.class).getFirst().channel();
    }

    /// Nonsense of any length; half of it begins as a packet does, and a quarter goes on with a client random or
    /// channel
    /// id that means something to who gets it.
    private static final int NEXT_PHASE_SECRETS = 2;

    private static byte[] nonsense(Random random, List<byte[]> sent) {
        int kind = random.nextInt(64);
        int length = kind == 0 ? random.nextInt(Limits.DATAGRAM_BYTES_MAX + 1) : random.nextInt(700);
        byte[] bytes = new byte[kind == 1 ? 0 : length];
        random.nextBytes(bytes);
        if (bytes.length > 0 && random.nextBoolean()) {
            bytes[0] = (byte) TYPES[random.nextInt(TYPES.length)];
        }
        if (!sent.isEmpty() && bytes.length > 17 && random.nextInt(4) == 0) {
            byte[] model = sent.get(random.nextInt(sent.size()));
            System.arraycopy(model, 1, bytes, 1, Math.min(16, model.length - 1));
        }
        return bytes;
    }

    // = docs/spec/02-packets.md R2.5
    /// Goal: twenty thousand datagrams of nonsense at each side, in each of ten stages.
    @ParameterizedTest
    @EnumSource(Stage.class)
    void nonsenseChangesNothing(Stage stage) {
        Random random = Seeds.random("nonsense at " + stage, 31 + stage.ordinal());
        try (Lab lab = new Lab(Lab.Setup.PLAIN.withEffort(16))) {
            reach(lab, stage);
            int secrets = lab.vault.secretsLive();
            int events = lab.clientEvents.size() + lab.serverEvents.size();
            int sent = lab.toClient.size() + lab.toServer.size();
            int jobs = lab.clientJobs + lab.serverJobs + lab.puzzleJobs;
            List<byte[]> models = List.copyOf(lab.toClient.isEmpty() ? lab.toServer : lab.toClient);
            for (int i = 0; i < DATAGRAMS; i++) {
                for (boolean toServer : new boolean[] {true, false}) {
                    DropReason reason = lab.inject(toServer, nonsense(random, models));
                    assertTrue(reason != DropReason.NONE, "datagram " + i);
                }
                lab.fates.clear();
            }
            // a packet may claim to be of the next key phase: its keys are made once, in the place of what makes them
            assertTrue(lab.vault.secretsLive() - secrets <= NEXT_PHASE_SECRETS, "no secret for nonsense");
            assertEquals(events, lab.clientEvents.size() + lab.serverEvents.size(), "no event");
            assertEquals(sent, lab.toClient.size() + lab.toServer.size(), "no answer");
            assertEquals(jobs, lab.clientJobs + lab.serverJobs + lab.puzzleJobs, "no group operation");
            release(lab);
            lab.run(3 * Lab.SECOND);
            long ticket = lab.send("after the flood");
            assertInstanceOf(Outcome.Replied.class, lab.settle(ticket, 3 * Lab.SECOND));
            assertEquals(stage == Stage.NOTHING_YET ? 1 : 2, lab.arrived());
        }
    }

    // = docs/spec/02-packets.md R2.5
    /// Goal: the longest datagrams that UDP carries, and one byte more, of zeros, ones and every first byte, are
    /// refused
    /// without a look inside; so is everything too short to have a type and an owner.
    @Test
    void theLongestAndTheShortestAreRefused() {
        try (Lab lab = new Lab()) {
            lab.settle(lab.send("open"), Lab.SECOND);
            for (int first = 0; first < 256; first++) {
                for (int length : new int[] {1, 2, 16, 17, 18, 1_200, Limits.DATAGRAM_BYTES_MAX, 65_508, 70_000}) {
                    byte[] bytes = new byte[length];
                    Arrays.fill(bytes, (byte) -(first & 1));
                    bytes[0] = (byte) first;
                    for (boolean toServer : new boolean[] {true, false}) {
                        DropReason reason = lab.inject(toServer, bytes);
                        assertTrue(reason != DropReason.NONE);
                        if (length <= 16 || length > Limits.DATAGRAM_BYTES_MAX) {
                            assertEquals(DropReason.BAD_LENGTH, reason);
                        }
                    }
                }
            }
            assertEquals(DropReason.EMPTY, lab.inject(true, new byte[0]));
            assertEquals(DropReason.EMPTY, lab.inject(false, new byte[0]));
        }
    }

    /// Goal: no single byte after a true packet's head brings a client or server down: true packets of an exchange
    /// with their tails replaced, at both sides.
    @Test
    void trueHeadsWithFalseTailsAreRefused() {
        Random random = Seeds.random("false tails", 77);
        try (Lab lab = new Lab(Lab.Setup.PLAIN.withEffort(16))) {
            lab.settle(lab.send("open"), Lab.SECOND);
            int arrived = lab.arrived();
            List<byte[]> toServer = List.copyOf(lab.toServer);
            List<byte[]> toClient = List.copyOf(lab.toClient);
            for (int i = 0; i < DATAGRAMS; i++) {
                boolean server = random.nextBoolean();
                List<byte[]> models = server ? toServer : toClient;
                byte[] bytes = models.get(random.nextInt(models.size())).clone();
                int kept = random.nextInt(bytes.length);
                for (int at = kept; at < bytes.length; at++) {
                    bytes[at] = (byte) random.nextInt();
                }
                DropReason reason = lab.inject(server, bytes);
                boolean init = Lab.isOf(bytes, PacketType.INIT) && reason == DropReason.NONE;
                assertTrue(init || reason != DropReason.NONE, "datagram " + i + ", " + kept + " bytes kept");
            }
            assertEquals(arrived, lab.arrived());
            assertInstanceOf(Outcome.Replied.class, lab.settle(lab.send("after"), Lab.SECOND));
        }
    }

    // = docs/spec/03-handshake.md R3.4
    /// Goal: a million INITs from random addresses leave nothing behind, allocate nothing, and get no byte more
    /// than they
    /// brought; one that comes among them is served. Method: addresses are made beforehand, as a driver does.
    @Test
    void aMillionInitsLeaveNothingBehind() {
        Random random = Seeds.random("a million INITs", 5);
        try (Lab lab = new Lab(Lab.Setup.PLAIN.withEffort(16))) {
            lab.attacker = (toServer, packet) -> List.of();
            lab.send("for its INIT");
            byte[] model = lab.toServer.getFirst();
            MemorySegment init = Arena.ofAuto().allocate(model.length);
            init.copyFrom(MemorySegment.ofArray(model));
            Transmit transmit = new Transmit(Arena.ofAuto().allocate(1 << 16));
            Address[] strangers = new Address[1 << 12];
            for (int i = 0; i < strangers.length; i++) {
                strangers[i] = new Address(random.nextLong(), random.nextLong(), random.nextInt(1 << 16));
            }
            int secrets = lab.vault.secretsLive();
            long deadline = lab.server.nextDeadlineNanos();
            long[] turn = {0};
            Runnable flood = () -> {
                int i = (int) turn[0]++;
                init.set(ValueLayout.JAVA_LONG_UNALIGNED, 1, i * 0x9E37_79B9_7F4A_7C15L);
                DropReason reason = lab.server.handleDatagram(lab.nowNanos, strangers[i & 0xFFF], init);
                boolean answered = lab.server.pollTransmit(lab.nowNanos, transmit);
                if (reason != DropReason.NONE || !answered || transmit.bytes() > model.length) {
                    throw new AssertionError(reason + ", answered " + answered);
                }
            };
            assertEquals(0, Allocation.of(INITS / 2, flood), "bytes");
            assertTrue(turn[0] >= INITS);
            assertEquals(secrets, lab.vault.secretsLive());
            assertEquals(deadline, lab.server.nextDeadlineNanos());
            assertEquals(null, lab.server.pollJob());
            assertEquals(null, lab.server.pollEvent());
            assertEquals(List.of(), lab.server.channels(lab.nowNanos));
            lab.attacker = (_, packet) -> List.of(packet);
            lab.run(3 * Lab.SECOND);
            assertEquals(1, lab.arrived());
        }
    }

    // = docs/spec/03-handshake.md R3.4
    /// Goal: at the door, what names no packet, nobody here, or has the wrong length costs no allocation either.
    @Test
    void refusalsAtTheDoorAllocateNothing() {
        try (Lab lab = new Lab()) {
            lab.settle(lab.send("open"), Lab.SECOND);
            for (int type : new int[] {0, 0xFF, 0x10, 0x20, 0x21, 0x30, 0x40, 0x50, 0x60, 0x70}) {
                for (int length : new int[] {1, 17, 137, 256, 600, 1_200}) {
                    MemorySegment packet = Arena.ofAuto().allocate(length);
                    packet.fill((byte) 0x5A);
                    packet.set(ValueLayout.JAVA_BYTE, 0, (byte) type);
                    for (Endpoint endpoint : new Endpoint[] {lab.client, lab.server}) {
                        long bytes =
                                Allocation.of(4_000, () -> endpoint.handleDatagram(lab.nowNanos, Lab.STRANGER, packet));
                        assertEquals(0, bytes, "type " + type + ", " + length + " bytes");
                    }
                }
            }
        }
    }
}
