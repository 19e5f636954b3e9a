package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.BooleanSupplier;
import konce.crypto.Secret;
import konce.crypto.VaultFullException;
import konce.protocol.CloseReason;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.SessionProtocol;
import konce.protocol.wire.PacketType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Keys are renewed under way.
final class KeyUpdateTest {
    private static final long SECOND = 1_000 * Pair.MILLI;

    private static Pair connected() {
        EndpointConfig config = EndpointConfig.CLIENT.withKeys(KeyPolicy.DEFAULT.classical());
        Pair pair = new Pair(0, config, config);
        assertEchoes(pair, "hello");
        return pair;
    }

    private static Channel only(Pair pair, Endpoint endpoint) {
        return Objects.requireNonNull(
                endpoint.channel(endpoint.channels(pair.nowNanos).getFirst().channel()));
    }

    private static KeyPhases client(Pair pair) {
        return only(pair, pair.client).packets().keys();
    }

    private static KeyPhases server(Pair pair) {
        return only(pair, pair.server).packets().keys();
    }

    private static void update(Pair pair, Endpoint endpoint) {
        endpoint.updateKeys(only(pair, endpoint).number());
        pair.drain();
    }

    private static void assertEchoes(Pair pair, String text) {
        long ticket = pair.send(text);
        pair.run(200 * Pair.MILLI);
        Outcome.Replied replied = assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket), text);
        assertEquals(text, Pair.text(replied.payload()));
    }

    private static void runUntil(Pair pair, BooleanSupplier condition) {
        for (int i = 0; i < 5_000 && !condition.getAsBoolean(); i++) {
            pair.run(Pair.MILLI);
        }
        assertTrue(condition.getAsBoolean());
    }

    // = docs/spec/04-protection.md R4.9
    /// Goal: whoever asks gets new keys in both directions, again and again, and messages go on.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bothDirectionsAreRenewedOnRequest(boolean byClient) {
        try (Pair pair = connected()) {
            for (int phase = 1; phase <= 5; phase++) {
                update(pair, byClient ? pair.client : pair.server);
                assertEquals(phase, (byClient ? client(pair) : server(pair)).phase());
                pair.run(100 * Pair.MILLI);
                assertEquals(phase, client(pair).phase());
                assertEquals(phase, server(pair).phase());
                assertEchoes(pair, "in phase " + phase);
            }
        }
    }

    // = docs/spec/04-protection.md R4.9
    /// Goal: a second phase does not begin before the peer follows into the first. Method: ask often while nothing
    /// gets
    /// through.
    @Test
    void onePhaseAtATime() {
        try (Pair pair = connected()) {
            pair.carries = (_, _) -> false;
            for (int i = 0; i < 10; i++) {
                update(pair, pair.client);
                pair.run(100 * Pair.MILLI);
                assertEquals(1, client(pair).phase());
            }
            pair.carries = (_, _) -> true;
            runUntil(pair, () -> client(pair).phase() == 2 && server(pair).phase() == 2);
            assertEchoes(pair, "afterwards");
        }
    }

    /// Goal: two that begin at once begin the same phase.
    @Test
    void bothAtOnceAreOneUpdate() {
        try (Pair pair = connected()) {
            pair.client.updateKeys(only(pair, pair.client).number());
            pair.server.updateKeys(only(pair, pair.server).number());
            pair.run(200 * Pair.MILLI);
            assertEquals(1, client(pair).phase());
            assertEquals(1, server(pair).phase());
            assertEchoes(pair, "together");
        }
    }

    // = docs/spec/04-protection.md R4.12
    /// Goal: packets of the old phase that arrive behind the new one's open for three probe timeouts, and no
    /// longer; the
    /// old keys are gone then. Method: keep a packet, update, bring it.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anOvertakenPacketOpensForAWhile(boolean tooLate) {
        try (Pair pair = connected()) {
            // phase 0 holds what a presence keeps, too
            update(pair, pair.client);
            pair.run(SECOND);
            List<byte[]> kept = new ArrayList<>();
            pair.carries = (toServer, packet) -> {
                if (toServer) {
                    kept.add(packet);
                }
                return false;
            };
            pair.send("overtaken");
            pair.carries = (_, _) -> true;
            int before = pair.vault.secretsLive();
            update(pair, pair.client);
            runUntil(pair, () -> server(pair).phase() == 2);
            if (tooLate) {
                pair.run(SECOND);
                assertEquals(before, pair.vault.secretsLive(), "every old key is wiped");
            }
            assertEquals(
                    tooLate ? DropReason.NOT_AUTHENTIC : DropReason.NONE,
                    pair.deliver(true, kept.getFirst().clone()));
            assertEchoes(pair, "and on");
        }
    }

    /// Goal: when the first packets of a phase are lost, the next ones begin it. Method: lose everything for a
    /// while
    /// right after the update, in either direction or both.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theFirstPacketsOfAPhaseMayBeLost(int directions) {
        try (Pair pair = connected()) {
            pair.carries = (toServer, _) -> (directions & (toServer ? 1 : 2)) == 0;
            update(pair, pair.client);
            long ticket = pair.send("in the dark");
            pair.run(300 * Pair.MILLI);
            pair.carries = (_, _) -> true;
            pair.run(SECOND);
            assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket));
            assertEquals(1, server(pair).phase());
            assertEquals(1, client(pair).phase());
        }
    }

    // = docs/spec/04-protection.md R4.10
    /// Goal: a flipped phase bit makes no difference but that its packet is dropped, before an update, during it,
    /// and
    /// after it. Method: every packet to the server goes twice, first flipped.
    @Test
    void aFlippedPhaseBitIsAnAlteredPacket() {
        try (Pair pair = connected()) {
            pair.carries = (toServer, packet) -> {
                boolean data = (packet[0] & PacketType.TYPE_MASK) == PacketType.DATA;
                if (toServer && data) {
                    byte[] flipped = packet.clone();
                    flipped[0] ^= 1;
                    assertEquals(DropReason.NOT_AUTHENTIC, pair.deliver(true, flipped));
                }
                return true;
            };
            for (int phase = 1; phase <= 6; phase++) {
                assertEchoes(pair, "before");
                update(pair, phase % 2 == 0 ? pair.server : pair.client);
                assertEchoes(pair, "after");
                assertEquals(phase, server(pair).phase());
                assertEquals(phase, client(pair).phase());
            }
        }
    }

    // = docs/spec/04-protection.md R4.13
    /// Goal: keys are renewed by themselves, over a bad network, under every session protocol, and nothing is lost
    /// or
    /// left behind. Method: every 10 packets, with losses and packets overtaking each other.
    @ParameterizedTest
    @EnumSource(SessionProtocol.class)
    void keysAreRenewedAfterSoManyPackets(SessionProtocol session) {
        EndpointConfig config = EndpointConfig.CLIENT
                .withProtocols(List.of(1L), List.of(session.number()))
                .withKeys(KeyPolicy.DEFAULT.classical().withUpdatePackets(10));
        try (Pair pair = new Pair(0, config, EndpointConfig.CLIENT)) {
            Random random = new Random(41);
            pair.carries = (_, _) -> {
                pair.oneWayNanos = (5 + random.nextInt(20)) * Pair.MILLI;
                return random.nextInt(20) > 0;
            };
            List<Long> tickets = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                MemorySegment payload = MemorySegment.ofArray(new byte[random.nextInt(20_000)]);
                tickets.add(pair.send(pair.target(), payload, SendOptions.REQUEST));
                pair.run(50 * Pair.MILLI);
            }
            pair.run(10 * SECOND);
            tickets.forEach(ticket -> assertInstanceOf(Outcome.Replied.class, pair.outcome(ticket)));
            long phases = client(pair).phase();
            assertTrue(phases > 10, "only " + phases + " phases");
            assertEquals(phases, server(pair).phase());
            int keys = session == SessionProtocol.AEGIS_256 ? 10 : 6;
            assertEquals(
                    keys + 2 + transientSecrets(), pair.vault.secretsLive(), "keys of one phase, and the durables");
        }
    }

    /// What a server holds besides: its transient keys, and the like.
    private static int transientSecrets() {
        try (Pair pair = new Pair()) {
            return pair.vault.secretsLive() - 2;
        }
    }

    // = docs/spec/04-protection.md R4.8
    /// Goal: a peer that does not follow ends the channel, long before any cipher's bound; one that follows does
    /// not.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPhaseHasAnEnd(boolean follows) {
        try (Pair pair = connected()) {
            client(pair).age(Limits.PACKETS_PER_KEY_MAX - 20);
            pair.carries = (toServer, _) -> toServer || follows;
            for (int i = 0; i < 30; i++) {
                pair.send(pair.target(), Pair.text("more"), SendOptions.ONE_WAY);
                pair.run(20 * Pair.MILLI);
            }
            List<Event.ChannelClosed> closed = pair.events(pair.clientEvents, Event.ChannelClosed.class);
            if (follows) {
                assertTrue(client(pair).phase() > 0);
                assertTrue(closed.isEmpty());
            } else {
                assertInstanceOf(
                        CloseReason.KeysExhausted.class, closed.getFirst().reason());
            }
        }
    }

    // = docs/spec/04-protection.md R4.11
    /// Goal: with no room for new keys nothing breaks: the update waits until there is.
    @Test
    void anUpdateWaitsForRoom() {
        try (Pair pair = connected()) {
            List<Secret> hoard = new ArrayList<>();
            for (int bytes : new int[] {64, 32}) {
                fill(pair, hoard, bytes);
            }
            update(pair, pair.client);
            assertEchoes(pair, "no room");
            assertEquals(0, client(pair).phase());
            hoard.forEach(Secret::close);
            assertEchoes(pair, "room");
            pair.run(100 * Pair.MILLI);
            assertEquals(1, client(pair).phase());
            assertEquals(1, server(pair).phase());
        }
    }

    private static void fill(Pair pair, List<Secret> hoard, int bytes) {
        boolean room = true;
        while (room) {
            try {
                hoard.add(pair.vault.secret(bytes));
            } catch (VaultFullException full) {
                room = false;
            }
        }
        assertFalse(hoard.isEmpty());
    }
}
