package konce.simulator.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import konce.crypto.PacketKey;
import konce.crypto.Secret;
import konce.crypto.Suite;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.ConnectFailure;
import konce.protocol.HandlerId;
import konce.protocol.Outcome;
import konce.protocol.Refusal;
import konce.protocol.SendOptions;
import konce.simulator.clock.Timeline;
import konce.simulator.plan.Expectations;
import konce.simulator.plan.HostOptions;
import konce.simulator.plan.Meeting;
import org.junit.jupiter.api.Test;

/// Every checker is shown the crime it is there for, and innocence next to it.
class CheckersTest {
    private static final Address SOMEBODY = Address.parse("198.51.100.2:50001");
    private static final HandlerId DOOR = HandlerId.wellKnown(1);
    private static final long SECOND = 1_000_000_000L;

    private final Timeline timeline = new Timeline();
    private final Findings findings = new Findings(timeline);
    private final LetterChecker letters = new LetterChecker(findings, timeline, 1, expecting(true), HostOptions.PLAIN);

    private static Expectations expecting(boolean allSucceed) {
        return new Expectations(SECOND, SECOND, allSucceed, Meeting.THE_SERVER);
    }

    private void expect(Rule... rules) {
        assertEquals(
                List.of(rules), findings.kept().stream().map(Violation::rule).toList());
    }

    private Letter sent(long ticket, SendOptions options, Letter.Fate fate) {
        Letter letter = letters.write(Letter.Kind.MESSAGE, 1, 0, 20, fate, options);
        letters.sending(letter, Letter.Ends.ANONYMOUS, true);
        letters.sent(1, ticket, letter);
        return letter;
    }

    private static MemorySegment payload(Letter letter) {
        return MemorySegment.ofArray(letter.payload());
    }

    /// Goal: one byte more than came is amplification, unless the address has proved itself.
    @Test
    void amplification() {
        AmplificationChecker checker = new AmplificationChecker(findings);
        checker.received(SOMEBODY, 256, false, false);
        checker.sent(SOMEBODY, 256);
        expect();
        checker.sent(SOMEBODY, 1);
        expect(Rule.AMPLIFICATION);
        checker.received(SOMEBODY, 1_200, true, false);
        checker.sent(SOMEBODY, 100_000);
        expect(Rule.AMPLIFICATION);
    }

    /// A DATA packet as the specification has it.
    private static byte[] data(PacketKey key, long number, int content) {
        try (Arena arena = Arena.ofConfined()) {
            int header = 11;
            MemorySegment packet = arena.allocate(header + 40L + key.tagBytes());
            packet.set(ValueLayout.JAVA_BYTE, 0, (byte) 0x60);
            packet.set(ValueLayout.JAVA_BYTE, 8, (byte) 7);
            packet.set(ValueLayout.JAVA_BYTE, 9, (byte) ((number & 0x7F) | 0x80));
            packet.set(ValueLayout.JAVA_BYTE, 10, (byte) ((number >>> 7) & 0x7F));
            packet.set(ValueLayout.JAVA_BYTE, 20, (byte) content);
            key.seal(packet, 0, header, 40, number);
            byte[] bytes = packet.toArray(ValueLayout.JAVA_BYTE);
            long mask = key.headerMask(packet, bytes.length - 16L);
            bytes[0] ^= (byte) (mask & 0x0F);
            bytes[9] ^= (byte) (mask >>> 8);
            bytes[10] ^= (byte) (mask >>> 16);
            return bytes;
        }
    }

    /// Goal: another packet under a number already used is found, over both suites, in any order and past the wrap
    /// of the
    /// number's window; the very same packet is not. Method: packets sealed by hand.
    @Test
    void nonces() {
        byte[] traffic = new byte[32];
        for (Suite suite : Suite.values()) {
            traffic[0]++;
            try (Vault vault = Vault.open(1 << 16);
                    Arena arena = Arena.ofConfined();
                    Secret secret = Secret.copyOf(vault, arena.allocateFrom(ValueLayout.JAVA_BYTE, traffic), 0, 32);
                    PacketKey key = PacketKey.derive(vault, suite, secret);
                    NonceChecker checker = new NonceChecker(findings, "host", "CLIENT", vault)) {
                checker.logged("SERVER", new byte[16], new byte[32]);
                checker.logged("CLIENT", new byte[16], new byte[32]);
                checker.logged("CLIENT", new byte[16], traffic);
                long before = findings.count();
                for (long number = 1; number < 40_000; number += 97) {
                    checker.sent(data(key, number, 1));
                    checker.sent(data(key, number, 1));
                }
                assertEquals(before, findings.count());
                checker.sent(data(key, 1 + 97 * 412, 2));
                checker.sent(data(key, 1 + 97 * 400, 2));
                assertEquals(before + 2, findings.count());
                assertEquals(Rule.NONCE_REPEATED, findings.kept().getLast().rule());
                assertEquals(413, checker.count());
            }
        }
    }

    /// Goal: a packet under a key that was not logged is found, and so are two boxes for one transient key.
    @Test
    void unknownKeys() {
        try (Vault vault = Vault.open(1 << 16);
                NonceChecker checker = new NonceChecker(findings, "host", "CLIENT", vault)) {
            byte[] datagram = new byte[100];
            datagram[0] = 0x60;
            checker.sent(datagram);
            expect(Rule.UNREADABLE);
            byte[] echo = new byte[600];
            echo[0] = 0x30;
            checker.sent(echo);
            echo[70] = 1;
            checker.sent(echo);
            expect(Rule.UNREADABLE);
            echo[599] = 1;
            checker.sent(echo);
            expect(Rule.UNREADABLE, Rule.NONCE_REPEATED);
        }
    }

    /// Goal: a channel opens once, closes once, is silent before and after, and belongs to one peer.
    @Test
    void channels() {
        ChannelChecker checker = new ChannelChecker(findings, "host");
        checker.opened(1, null);
        checker.used(1, "a message");
        checker.from(1, null, "a message");
        checker.closed(1, 0);
        expect();
        checker.used(1, "a message");
        checker.closed(1, 0);
        checker.used(2, "a message");
        checker.opened(1, null);
        expect(Rule.EVENT_OUT_OF_ORDER, Rule.EVENT_OUT_OF_ORDER, Rule.EVENT_OUT_OF_ORDER, Rule.EVENT_OUT_OF_ORDER);
        checker.closed(1, 3);
        assertEquals(Rule.CLOSED_WITH_OPEN_SENDS, findings.kept().getLast().rule());
    }

    /// Goal: group operations and channels beyond the cookies echoed are found.
    @Test
    void work() {
        WorkChecker checker = new WorkChecker(findings);
        byte[] echo = new byte[600];
        checker.echoed(echo);
        checker.echoed(echo.clone());
        checker.check(1, 1);
        expect();
        checker.check(2, 2);
        expect(Rule.WORK, Rule.MEMORY);
        echo[40] = 1;
        checker.echoed(echo);
        checker.check(2, 2);
        expect(Rule.WORK, Rule.MEMORY);
    }

    /// Goal: a message handed up twice is found.
    @Test
    void deliveredTwice() {
        Letter letter = sent(1, SendOptions.ONE_WAY, Letter.Fate.TAKE);
        letters.arrived(0, 5, DOOR, payload(letter));
        expect();
        letters.arrived(0, 5, DOOR, payload(letter));
        expect(Rule.DELIVERED_TWICE);
    }

    /// Goal: other bytes, other lengths and messages nobody sent are found.
    @Test
    void altered() {
        Letter letter = sent(1, SendOptions.ONE_WAY, Letter.Fate.TAKE);
        byte[] damaged = letter.payload().clone();
        damaged[19] ^= 1;
        letters.arrived(0, 5, DOOR, MemorySegment.ofArray(damaged));
        letters.arrived(0, 5, DOOR, MemorySegment.ofArray(new byte[20]));
        letters.arrived(0, 5, DOOR, MemorySegment.ofArray(new byte[3]));
        expect(Rule.ALTERED, Rule.ALTERED, Rule.ALTERED);
    }

    /// Goal: a message at the wrong host, or for a handler that does not exist, is found.
    @Test
    void misdelivered() {
        Letter letter = sent(1, SendOptions.ONE_WAY, Letter.Fate.TAKE);
        letters.arrived(2, 5, DOOR, payload(letter));
        expect(Rule.WRONG_PEER);
        Letter toNobody = sent(2, SendOptions.ONE_WAY, Letter.Fate.NO_HANDLER);
        letters.arrived(0, 5, DOOR, payload(toNobody));
        expect(Rule.WRONG_PEER, Rule.WRONG_HANDLER);
    }

    /// Goal: each send settles once, by its deadline, and only tickets that were given out settle.
    @Test
    void settlement() {
        Letter letter = sent(1, SendOptions.ONE_WAY, Letter.Fate.TAKE);
        letters.arrived(0, 5, DOOR, payload(letter));
        letters.settled(1, 1, new Outcome.Delivered());
        expect();
        letters.settled(1, 1, new Outcome.Delivered());
        letters.settled(1, 99, new Outcome.Delivered());
        expect(Rule.SETTLED_TWICE, Rule.SETTLED_TWICE);
        Letter late = sent(2, SendOptions.ONE_WAY, Letter.Fate.TAKE);
        letters.arrived(0, 5, DOOR, payload(late));
        timeline.skipTo(31 * SECOND);
        letters.settled(1, 2, new Outcome.Delivered());
        expect(Rule.SETTLED_TWICE, Rule.SETTLED_TWICE, Rule.SETTLED_LATE);
        sent(3, SendOptions.ONE_WAY, Letter.Fate.TAKE);
        letters.end();
        assertEquals(Rule.NOT_SETTLED, findings.kept().getLast().rule());
    }

    /// Goal: outcomes that say what did not happen are found, each kind.
    @Test
    void untruths() {
        List<Outcome> lies = List.of(
                new Outcome.Delivered(),
                new Outcome.Cancelled(),
                new Outcome.ReplyTooLate(false),
                new Outcome.Refused(Refusal.NO_SUCH_HANDLER),
                new Outcome.Refused(Refusal.HANDLER_FAILED),
                new Outcome.Replied(5, MemorySegment.ofArray(new byte[20]), null),
                new Outcome.CouldNotConnect(new ConnectFailure.EffortTooHigh(2, 1)),
                new Outcome.NotSent("no reason"));
        LetterChecker lenient = new LetterChecker(findings, timeline, 1, expecting(false), HostOptions.PLAIN);
        for (int i = 0; i < lies.size(); i++) {
            Letter letter = lenient.write(Letter.Kind.MESSAGE, 1, 0, 20, Letter.Fate.TAKE, SendOptions.ONE_WAY);
            lenient.sending(letter, Letter.Ends.ANONYMOUS, true);
            lenient.sent(1, i, letter);
            lenient.settled(1, i, lies.get(i));
            assertEquals(i + 1, findings.count(), lies.get(i).toString());
            assertEquals(Rule.OUTCOME_UNTRUE, findings.kept().getLast().rule());
        }
    }

    /// Goal: a reply has to be the one that was written for the request.
    @Test
    void replies() {
        Letter request = sent(1, SendOptions.REQUEST, Letter.Fate.TAKE);
        letters.arrived(0, 5, DOOR, payload(request));
        Letter reply = letters.write(Letter.Kind.REPLY, 0, 1, 30, Letter.Fate.TAKE, SendOptions.ONE_WAY);
        letters.answering(request, reply);
        Letter other = letters.write(Letter.Kind.REPLY, 0, 1, 30, Letter.Fate.TAKE, SendOptions.ONE_WAY);
        letters.settled(1, 1, new Outcome.Replied(5, payload(other), null));
        expect(Rule.ALTERED);
        letters.answering(request, other);
        expect(Rule.ALTERED, Rule.DELIVERED_TWICE);
    }

    /// Goal: where nothing stood in the way, failure is found; a cancelled message may fail.
    @Test
    void success() {
        Letter letter = sent(1, SendOptions.REQUEST, Letter.Fate.TAKE);
        letters.settled(1, 1, new Outcome.CouldNotConnect(new ConnectFailure.NoAnswer()));
        expect(Rule.DID_NOT_SUCCEED);
        Letter cancelled = sent(2, SendOptions.REQUEST, Letter.Fate.TAKE);
        letters.cancelled(cancelled);
        letters.settled(1, 2, new Outcome.Cancelled());
        expect(Rule.DID_NOT_SUCCEED);
        assertEquals(true, letter.isSettled() && letters.allSettled());
    }
}
