package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import konce.crypto.SecretKey;
import konce.protocol.ConnectFailure;
import konce.protocol.DropReason;
import konce.protocol.KeyChangeNotice;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.handshake.Forger;
import konce.protocol.handshake.KeyChange;
import konce.protocol.wire.CookieEcho;
import konce.protocol.wire.PacketType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Somebody near the client who sees what it sends, answers before the server can, and cannot hold the server's answers
/// back: it costs time and a bounded amount of work.
final class RacingForgerTest {
    private static final long CAP = 1 << 12;
    private static final Lab.Setup SETUP = Lab.Setup.PLAIN
            .withClient(EndpointConfig.CLIENT.withPuzzles(CAP, 1))
            .withEffort(4);

    /// Answers every INIT a millisecond later, `times` times, with a fresh D.
    private static Lab.Attacker forger(Lab lab, int times, long effort, boolean silencesServer) {
        return (toServer, packet) -> {
            if (Lab.isOf(packet, PacketType.INIT)) {
                for (int i = 0; i < times; i++) {
                    lab.fly(false, Forger.initAck(packet, lab.otherKey(), effort), Lab.MILLI);
                }
            }
            return silencesServer && !toServer ? List.of() : List.of(packet);
        };
    }

    // = docs/spec/03-handshake.md R3.25
    /// Goal: with forged answers to every INIT, each in before the true one, a client still connects, near and far.
    @ParameterizedTest
    @CsvSource({
        "1, 1, 0",
        "10, 1, 0",
        "100, 1, 0",
        "300, 1, 0",
        "10, 4, 0",
        "100, 4, 0",
        "10, 1, 4096",
        "100, 4, 4096",
        "10, 1, 4097",
        "10, 4, 4294967295",
        "100, 1, 4294967295",
        "300, 4, 4294967295",
        "400, 1, 4097"
    })
    void aForgerCostsTimeOnly(long oneWayMillis, int times, long effort) {
        try (Lab lab = new Lab(SETUP)) {
            lab.oneWayNanos = oneWayMillis * Lab.MILLI;
            lab.attacker = forger(lab, times, effort, false);
            Outcome outcome = lab.settle(lab.send("in spite of all"), 10 * Lab.SECOND);
            assertInstanceOf(Outcome.Replied.class, outcome);
            assertEquals(1, lab.arrived());
            assertTrue(lab.clientJobs <= 1 + times + 1, () -> lab.clientJobs + " agreements");
        }
    }

    // = docs/spec/03-handshake.md R3.24
    /// Goal: where only forged answers come, the attempt ends at its time, as unconfirmed or with the news that
    /// came,
    /// and
    /// the work done is bounded.
    @ParameterizedTest
    @CsvSource({
        "0, 0, NoAnswer",
        "1, 0, NotConfirmed",
        "4, 4096, NotConfirmed",
        "9, 0, NotConfirmed",
        "1, 4097, EffortTooHigh"
    })
    void forgedAnswersAloneEndInTime(int times, long effort, String expected) {
        try (Lab lab = new Lab(SETUP)) {
            lab.attacker = forger(lab, times, effort, true);
            long begun = lab.nowNanos;
            Outcome.CouldNotConnect outcome =
                    assertInstanceOf(Outcome.CouldNotConnect.class, lab.settle(lab.send("lost"), 11 * Lab.SECOND));
            assertEquals(expected, outcome.why().getClass().getSimpleName());
            if (outcome.why() instanceof ConnectFailure.EffortTooHigh(long asked, long limit)) {
                assertEquals(effort, asked);
                assertEquals(CAP, limit);
                assertEquals(0, lab.clientJobs, "no work beyond the cap, nor for it");
            } else {
                assertEquals(10 * Lab.SECOND, lab.nowNanos - begun);
            }
            assertTrue(lab.clientJobs <= 40, () -> lab.clientJobs + " agreements in ten seconds");
            assertEquals(0, lab.opened());
        }
    }

    // = docs/spec/03-handshake.md R3.25
    /// Goal: while a client solves what a forger asks, an answer that asks for less takes over at once, and the
    /// work
    /// under
    /// way stops.
    @Test
    void aCheaperAnswerTakesOverWhileSolving() {
        try (Lab lab = new Lab(SETUP)) {
            lab.holdsJobs = true;
            lab.attacker = forger(lab, 1, CAP, false);
            long ticket = lab.send("cheaper");
            lab.run(2 * Lab.MILLI);
            lab.finish(lab.held.removeFirst());
            lab.run(2 * lab.oneWayNanos);
            assertEquals(1, lab.puzzleJobs, "it solves the forger's");
            assertEquals(2, lab.clientJobs, "and has begun with the true one");
            Job forgers = lab.held.removeFirst();
            assertEquals(Job.Kind.PUZZLE, forgers.kind());
            lab.finish(forgers);
            finishAll(lab, ticket);
        }
    }

    // = docs/spec/03-handshake.md R3.25
    /// Goal: the same for an answer that comes before the forger's puzzle has begun.
    @Test
    void aCheaperAnswerTakesOverBeforeSolving() {
        try (Lab lab = new Lab(SETUP)) {
            lab.holdsJobs = true;
            lab.attacker = forger(lab, 1, CAP, false);
            long ticket = lab.send("cheaper");
            lab.run(2 * lab.oneWayNanos + Lab.MILLI);
            lab.finish(lab.held.removeFirst());
            lab.run(0);
            assertEquals(0, lab.puzzleJobs, "the forger's puzzle is not begun");
            assertEquals(2, lab.clientJobs);
            finishAll(lab, ticket);
        }
    }

    private static void finishAll(Lab lab, long ticket) {
        lab.holdsJobs = false;
        while (!lab.held.isEmpty()) {
            lab.finish(lab.held.removeFirst());
        }
        assertInstanceOf(Outcome.Replied.class, lab.settle(ticket, 300 * Lab.MILLI));
    }

    // = docs/spec/03-handshake.md R3.20
    /// Goal: no B serves two candidates, and no COOKIE-ECHO comes in two versions: what is sealed under a B is sent
    /// again
    /// byte for byte.
    @Test
    void eachCandidateHasABOfItsOwn() {
        try (Lab lab = new Lab(SETUP)) {
            lab.attacker = forger(lab, 3, 0, true);
            lab.settle(lab.send("lost"), 11 * Lab.SECOND);
            Map<String, byte[]> byB = new HashMap<>();
            Set<String> cookies = new HashSet<>();
            for (byte[] packet : lab.toServer) {
                if (Lab.isOf(packet, PacketType.COOKIE_ECHO)) {
                    String b = Arrays.toString(
                            Arrays.copyOfRange(packet, CookieEcho.TRANSIENT_KEY, CookieEcho.NEGOTIATION));
                    byte[] first = byB.putIfAbsent(b, packet);
                    if (first != null) {
                        assertArrayEquals(first, packet);
                    }
                    cookies.add(Arrays.toString(Arrays.copyOf(packet, CookieEcho.CLIENT_TIME)));
                }
            }
            assertTrue(byB.size() >= 4, () -> byB.size() + " candidates");
            assertTrue(cookies.size() >= 1);
        }
    }

    // = docs/spec/03-handshake.md R3.12
    /// Goal: a fake server with a D of its own can seal a key-change notice; nobody vouches for it, and the client
    /// goes
    /// on
    /// to the true server. With a true notice of another server's master it fares no better.
    @ParameterizedTest
    @ValueSource(longs = {10, 100, 250})
    void aForgedKeyChangeScaresNobody(long oneWayMillis) {
        try (Lab lab = new Lab(SETUP);
                SecretKey d = SecretKey.generate(lab.vault, lab.random);
                konce.crypto.SigningKey other = konce.crypto.SigningKey.generate(lab.vault, lab.random)) {
            lab.oneWayNanos = oneWayMillis * Lab.MILLI;
            KeyChangeNotice notice = KeyChange.sign(other, lab.otherKey(), Long.MAX_VALUE);
            List<byte[]> shown = new ArrayList<>();
            lab.attacker = (toServer, packet) -> {
                if (Lab.isOf(packet, PacketType.INIT)) {
                    lab.fly(false, Forger.initAck(packet, d.publicKey(), 0), Lab.MILLI);
                }
                if (toServer && Lab.isOf(packet, PacketType.COOKIE_ECHO) && shown.isEmpty()) {
                    byte[] forged = Forger.keyChange(lab.vault, packet, d, lab.wanted, notice);
                    shown.add(forged);
                    lab.fly(false, forged, Lab.MILLI);
                }
                return List.of(packet);
            };
            Outcome outcome = lab.settle(lab.send("who are you"), 10 * Lab.SECOND);
            assertEquals(DropReason.NONE, lab.fates.get(shown.getFirst()), "the notice opens");
            assertInstanceOf(Outcome.Replied.class, outcome);
        }
    }

    // = docs/spec/03-handshake.md R3.12
    /// Goal: a key-change notice serves the handshake it was sealed for: replayed into another it does not open.
    @Test
    void aReplayedKeyChangeDoesNotOpen() {
        try (Lab lab = new Lab(Lab.Setup.PLAIN.withChangedKey())) {
            lab.settle(lab.send("first"), Lab.SECOND);
            byte[] recorded = Lab.last(lab.toClient, PacketType.KEY_CHANGE);
            assertEquals(DropReason.UNKNOWN_CHANNEL, lab.inject(false, recorded.clone()), "that attempt is over");
            lab.attacker = (toServer, packet) ->
                    toServer && Lab.isOf(packet, PacketType.COOKIE_ECHO) ? List.of() : List.of(packet);
            long ticket = lab.send("second");
            lab.run(3 * lab.oneWayNanos);
            byte[] echo = Lab.last(lab.toServer, PacketType.COOKIE_ECHO);
            byte[] moved = recorded.clone();
            System.arraycopy(echo, CookieEcho.COOKIE, moved, 1, 16);
            assertEquals(DropReason.NOT_AUTHENTIC, lab.inject(false, moved));
            assertEquals(null, lab.outcome(ticket));
            lab.attacker = (_, packet) -> List.of(packet);
            assertEquals(
                    new Outcome.CouldNotConnect(new ConnectFailure.KeyChanged(lab.serverKey.publicKey(), 9, true)),
                    lab.settle(ticket, 2 * Lab.SECOND));
        }
    }

    /// Goal: addresses are tried in turn, the dead and the wrong ones cost their share of the time, and a server
    /// that
    /// answers from an address that was not asked is not heard.
    @Test
    void addressesAreTriedInTurn() {
        try (Lab lab = new Lab(SETUP)) {
            List<String> asked = new ArrayList<>();
            long begun = lab.nowNanos;
            lab.attacker = (toServer, packet) -> {
                if (toServer && Lab.isOf(packet, PacketType.INIT)) {
                    asked.add(lab.remote + " at " + (lab.nowNanos - begun) / Lab.MILLI);
                }
                return toServer && !lab.remote.equals(Lab.SERVER) ? List.of() : List.of(packet);
            };
            var target = lab.target(lab.clientKey, null, Lab.STRANGER, Lab.CLIENT, Lab.SERVER);
            Outcome outcome = lab.settle(lab.send(target, "where", SendOptions.REQUEST), 10 * Lab.SECOND);
            assertInstanceOf(Outcome.Replied.class, outcome);
            assertEquals(List.of(Lab.STRANGER + " at 0", Lab.CLIENT + " at 400", Lab.SERVER + " at 800"), asked);
        }
    }

    // = docs/spec/03-handshake.md R3.17
    /// Goal: a server that asks for an identity refuses an anonymous client with a reason, takes nothing of it, and
    /// takes
    /// the same client when it shows itself.
    @Test
    void anIdentityIsAskedForWithAReason() {
        try (Lab lab = new Lab(SETUP.withIdentityRequired())) {
            var target = lab.target(null, null, Lab.SERVER);
            Outcome outcome = lab.settle(lab.send(target, "guess who", SendOptions.REQUEST), 2 * Lab.SECOND);
            Outcome.CouldNotConnect failed = assertInstanceOf(Outcome.CouldNotConnect.class, outcome);
            ConnectFailure.Refused refused = assertInstanceOf(ConnectFailure.Refused.class, failed.why());
            assertEquals(Limits.CLOSE_IDENTITY_REQUIRED, refused.code());
            assertNotEquals("", refused.text());
            assertEquals(0, lab.arrived());
            assertInstanceOf(Outcome.Replied.class, lab.settle(lab.send("it is me"), 2 * Lab.SECOND));
            assertFalse(lab.arrived() > 1);
        }
    }
}
