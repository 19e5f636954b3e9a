package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import konce.crypto.SeededRandom;
import konce.protocol.Address;
import konce.protocol.wire.FrameType;
import org.junit.jupiter.api.Test;

/// Questions to a new address, and answers to them, one step at a time.
final class PathValidationTest {
    private static final long MILLI = 1_000_000L;
    private static final long TIMEOUT = 100 * MILLI;
    private static final Address HOME = Address.parse("192.0.2.1:413");
    private static final Address NEW = Address.parse("192.0.2.1:500");
    private static final Address OTHER = Address.parse("203.0.113.9:7");

    private final PathValidation validation = new PathValidation();
    private final SeededRandom random = new SeededRandom(1);

    private void elsewhere(long now, Address from, long bytes, boolean newest) {
        validation.onElsewhere(now, from, bytes, newest, random);
    }

    /// Goal: no more goes to a new address than came from it, and no more than three challenges.
    // = docs/spec/05-paths.md R5.14
    @Test
    void noMoreGoesThereThanCameFromThere() {
        elsewhere(0, NEW, 40, true);
        assertNull(validation.takeChallenge(0, TIMEOUT, 64), "40 bytes came");
        elsewhere(MILLI, NEW, 40, true);
        assertEquals(NEW, validation.takeChallenge(MILLI, TIMEOUT, 64));
        assertNull(validation.takeChallenge(MILLI, TIMEOUT, 64), "not twice at once");
        assertNull(validation.takeChallenge(MILLI + TIMEOUT, TIMEOUT, 64), "16 bytes are left");
        long now = MILLI + TIMEOUT;
        elsewhere(now, NEW, 10_000, false);
        int challenges = 1;
        for (; now < 9_000 * MILLI; now += MILLI) {
            challenges += validation.takeChallenge(now, TIMEOUT, 64) == null ? 0 : 1;
        }
        assertEquals(1, challenges, "without credit the next goes when the address expires");
    }

    /// Goal: three challenges, after one, two and four timeouts; then the address has had its chance.
    // = docs/spec/05-paths.md R5.14
    @Test
    void threeChallengesThenNone() {
        elsewhere(0, NEW, 10_000, true);
        assertEquals(NEW, validation.takeChallenge(0, TIMEOUT, 64));
        assertEquals(TIMEOUT, validation.nextDeadlineNanos());
        assertEquals(NEW, validation.takeChallenge(TIMEOUT, TIMEOUT, 64));
        assertEquals(NEW, validation.takeChallenge(3 * TIMEOUT, TIMEOUT, 64));
        long challenge = validation.challenge();
        assertNull(validation.takeChallenge(7 * TIMEOUT, TIMEOUT, 64));
        assertNull(validation.onResponse(NEW, challenge), "too late");
        elsewhere(8 * TIMEOUT, NEW, 10_000, true);
        assertNull(validation.takeChallenge(8 * TIMEOUT, TIMEOUT, 64), "it has had its chance");
        elsewhere(8 * TIMEOUT, OTHER, 10_000, true);
        assertEquals(OTHER, validation.takeChallenge(8 * TIMEOUT, TIMEOUT, 64));
        assertNotEquals(challenge, validation.challenge());
        elsewhere(12_000 * MILLI, NEW, 10_000, true);
        assertNull(validation.takeChallenge(8 * TIMEOUT, TIMEOUT, 64), "one address at a time");
    }

    /// Goal: only the newest packet is a sign, and a newer one from where the peer was takes it back.
    // = docs/spec/05-paths.md R5.15
    // = docs/spec/05-paths.md R5.18
    @Test
    void theNewestPacketDecides() {
        elsewhere(0, NEW, 10_000, false);
        assertNull(validation.takeChallenge(0, TIMEOUT, 64), "an old packet");
        elsewhere(1, NEW, 10_000, true);
        assertEquals(NEW, validation.takeChallenge(1, TIMEOUT, 64));
        long challenge = validation.challenge();
        validation.onStillThere(2);
        assertNull(validation.onResponse(NEW, challenge));
        elsewhere(3, NEW, 10_000, true);
        assertNull(validation.takeChallenge(3, TIMEOUT, 64));
        elsewhere(10_001 * MILLI, NEW, 10_000, true);
        assertEquals(NEW, validation.takeChallenge(10_001 * MILLI, TIMEOUT, 64));
        assertNull(validation.onResponse(NEW, validation.challenge() + 1), "another answer");
        assertNull(validation.onResponse(OTHER, validation.challenge()), "from elsewhere");
        assertEquals(NEW, validation.onResponse(NEW, validation.challenge()));
        assertNull(validation.onResponse(NEW, validation.challenge()), "once");
    }

    /// Goal: a flood of challenges leaves one answer, to the newest, and none to where nobody is known to be.
    // = docs/spec/05-paths.md R5.16
    @Test
    void aFloodOfChallengesLeavesOneAnswer() {
        for (int i = 0; i < 10_000; i++) {
            validation.onChallenge(HOME, i);
        }
        assertEquals(HOME, validation.takeResponse(HOME, 64));
        assertEquals(9_999, validation.question());
        assertNull(validation.takeResponse(HOME, 64));
        validation.onChallenge(OTHER, 1);
        assertNull(validation.takeResponse(HOME, 64), "nobody there was heard");
        elsewhere(0, OTHER, 64, true);
        validation.onChallenge(OTHER, 1);
        assertNotNull(validation.takeResponse(HOME, 64));
        validation.onChallenge(OTHER, 1);
        assertNull(validation.takeResponse(HOME, 64), "no more than came");
    }

    /// Goal: what asks for a path in the early payload gets no answer of the wrong kind, and the channel opens.
    /// History: a
    /// PATH_RESPONSE was begun as a COOKIE-ACK, which has no room for it, and the server's loop threw.
    // = docs/spec/05-paths.md R5.25
    @Test
    void noPathIsProvedBeforeTheClientIsHeard() {
        try (Pair pair = new Pair();
                HostilePeer peer = new HostilePeer(pair, null, out -> {
                    out.writeVarint(FrameType.PATH_CHALLENGE);
                    out.writeLong(413);
                })) {
            assertTrue(peer.connect());
            peer.send(out -> {
                out.writeVarint(FrameType.PATH_CHALLENGE);
                out.writeLong(414);
            });
            assertEquals(
                    1,
                    peer.receive().stream()
                            .filter(p -> p[0] == FrameType.PATH_RESPONSE)
                            .count());
        }
    }
}
