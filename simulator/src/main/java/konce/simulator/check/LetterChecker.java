package konce.simulator.check;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import konce.protocol.CloseReason;
import konce.protocol.ConnectFailure;
import konce.protocol.HandlerId;
import konce.protocol.Outcome;
import konce.protocol.Refusal;
import konce.protocol.SendOptions;
import konce.simulator.clock.Dice;
import konce.simulator.clock.Timeline;
import konce.simulator.plan.Expectations;
import konce.simulator.plan.HostOptions;
import konce.simulator.plan.Meeting;
import org.jspecify.annotations.Nullable;

/// Every message of a run: handed up at most once, at the right place and unaltered; settled exactly once, in time and
/// truthfully.
public final class LetterChecker {
    /// How much later than its deadline a send may settle, beside what the host's own clock and timer are late.
    public static final long LATE_NANOS_MAX = 20_000_000L;

    private static final long MILLION = 1_000_000L;

    /// What becomes of a send whose host dies.
    private static final Outcome LOST = new Outcome.NotSent("its host died");

    private record Ticket(int host, long ticket) {}

    /// Where a letter without room for its id goes.
    ///
    /// @param channel the receiver's number; -1: any
    private record Door(int host, long channel, HandlerId handler) {}

    private final Findings findings;
    private final Timeline timeline;
    private final Expectations expectations;
    private final HostOptions hosts;
    private final long firstId;
    private final List<Letter> letters = new ArrayList<>();
    private final Map<Ticket, Letter> byTicket = new HashMap<>();
    private final Map<Door, Letter> doors = new HashMap<>();
    private final Map<String, Long> outcomes = new TreeMap<>();
    private long sent;
    private long settled;

    /// @param seed ids of letters follow from it
    /// @param expectations what must come of them
    /// @param hosts what the hosts' clocks, timers and limits allow
    public LetterChecker(
            Findings findings, Timeline timeline, long seed, Expectations expectations, HostOptions hosts) {
        this.findings = findings;
        this.timeline = timeline;
        this.expectations = expectations;
        this.hosts = hosts;
        firstId = Dice.mix(seed) & ~0xFFFF_FFFFL;
    }

    public Letter write(Letter.Kind kind, int sender, int receiver, int bytes, Letter.Fate fate, SendOptions options) {
        Letter letter = new Letter(firstId + letters.size(), kind, sender, receiver, bytes, fate, options);
        letters.add(letter);
        return letter;
    }

    /// The letter of its own that a handler was made for, on a channel of the receiver or (-1) any.
    public void expect(Letter letter, long channel, HandlerId handler) {
        doors.put(new Door(letter.receiver, channel, handler), letter);
    }

    /// A letter is about to be sent.
    ///
    /// @param connecting whether a channel may have to be made for it
    public void sending(Letter letter, Letter.Ends ends, boolean connecting) {
        letter.sentNanos = timeline.nowNanos();
        letter.ends = ends;
        letter.connecting = connecting;
    }

    /// A reply to a letter is about to be sent, or a second try at it.
    public void answering(Letter request, Letter reply) {
        findings.require(request.reply == null, Rule.DELIVERED_TWICE, request + " is answered twice");
        request.reply = reply;
        reply.answers = request;
    }

    public void sent(int host, long ticket, Letter letter) {
        sent++;
        Letter before = byTicket.put(new Ticket(host, ticket), letter);
        findings.require(before == null, Rule.SETTLED_TWICE, "ticket " + ticket + " was given out twice");
    }

    public void cancelled(Letter letter) {
        letter.cancelled = true;
    }

    public void refused(Letter letter) {
        letter.refused = true;
    }

    /// Something stands in a letter's way: it need not succeed.
    public void disturbed(Letter letter) {
        letter.disturbed = true;
    }

    /// The application closes a channel between two hosts: what is under way between them may fail.
    public void disturbed(int one, int other) {
        for (Letter letter : letters) {
            boolean between = (letter.sender == one && letter.receiver == other)
                    || (letter.sender == other && letter.receiver == one);
            letter.disturbed |= between && !letter.isSettled();
        }
    }

    /// A message was handed up.
    ///
    /// @return the letter it is; null when it is none
    public @Nullable Letter arrived(int host, long channel, HandlerId handler, MemorySegment payload) {
        Letter letter = identify(host, channel, handler, payload);
        if (letter == null || letter.sentNanos < 0) {
            findings.report(
                    Rule.ALTERED,
                    "host " + host + " got " + payload.byteSize() + " bytes at " + handler + " that nobody sent");
            return null;
        }
        letter.arrivals++;
        findings.require(
                letter.arrivals == 1, Rule.DELIVERED_TWICE, letter + " was handed up " + letter.arrivals + " times");
        findings.require(letter.receiver == host, Rule.WRONG_PEER, letter + " was handed up at host " + host);
        findings.require(
                letter.fate != Letter.Fate.NO_HANDLER, Rule.WRONG_HANDLER, letter + " was handed up at " + handler);
        requireSame(letter, payload);
        return letter;
    }

    /// A send settled.
    ///
    /// @return the letter; null when the ticket is none
    public @Nullable Letter settled(int host, long ticket, Outcome outcome) {
        Letter letter = byTicket.get(new Ticket(host, ticket));
        if (letter == null) {
            findings.report(
                    Rule.SETTLED_TWICE, "host " + host + " settled ticket " + ticket + ", which it never gave out");
            return null;
        }
        if (letter.outcome != null) {
            findings.report(
                    Rule.SETTLED_TWICE, letter + " settled as " + name(letter.outcome) + " and " + name(outcome));
            return null;
        }
        letter.outcome = outcome;
        settled++;
        findings.require(
                expectations.isReachable() || outcome instanceof Outcome.CouldNotConnect,
                Rule.OUTCOME_UNTRUE,
                letter + " settled as " + outcome + " although clients meet " + expectations.meeting());
        outcomes.merge(name(outcome), 1L, Long::sum);
        long lateNanos = lateNanos(letter, letter.options.replyTimeoutNanos());
        findings.require(
                lateNanos <= 0,
                Rule.SETTLED_LATE,
                letter + " settled as " + name(outcome) + " " + lateNanos + " ns late");
        requireTrue(letter, outcome);
        requireSuccess(letter, outcome);
        return letter;
    }

    /// The run is over.
    public void end() {
        for (Letter letter : letters) {
            findings.require(letter.sentNanos < 0 || letter.isSettled(), Rule.NOT_SETTLED, letter + " never settled");
        }
    }

    public boolean allSettled() {
        return settled == sent;
    }

    public long sentCount() {
        return sent;
    }

    /// A host's process died, and its sends with it. What was under way to it may fail.
    public void restarted(int host) {
        for (Letter letter : letters) {
            boolean lost = letter.sender == host && letter.sentNanos >= 0 && !letter.isSettled();
            if (lost) {
                letter.outcome = LOST;
                settled++;
            }
            letter.disturbed |= letter.receiver == host && !letter.isSettled();
        }
        byTicket.keySet().removeIf(ticket -> ticket.host() == host);
    }

    /// How many settled in each way, by name.
    public Map<String, Long> outcomes() {
        return new TreeMap<>(outcomes);
    }

    private @Nullable Letter identify(int host, long channel, HandlerId handler, MemorySegment payload) {
        Letter own = doors.get(new Door(host, channel, handler));
        if (own == null) {
            own = doors.get(new Door(host, -1, handler));
        }
        if (own != null || payload.byteSize() < Letter.ID_BYTES) {
            return own;
        }
        long id = 0;
        for (int i = 0; i < Letter.ID_BYTES; i++) {
            id = id << 8 | (payload.get(ValueLayout.JAVA_BYTE, i) & 0xFF);
        }
        long index = id - firstId;
        return index >= 0 && index < letters.size() ? letters.get((int) index) : null;
    }

    private void requireSame(Letter letter, MemorySegment payload) {
        long differs = payload.mismatch(MemorySegment.ofArray(letter.payload()));
        findings.require(
                differs < 0, Rule.ALTERED, letter + " was handed up with other bytes, the first at " + differs);
    }

    /// Whether the outcome says what happened.
    private void requireTrue(Letter letter, Outcome outcome) {
        boolean holds = switch (outcome) {
            case Outcome.Delivered() -> !letter.options.replyWanted() && wasHandedUp(letter);
            case Outcome.Replied replied -> isItsReply(letter, replied);
            case Outcome.CouldNotConnect(var why) -> letter.connecting && isPossible(letter, why);
            case Outcome.ReplyTooLate(boolean delivered) -> isOverdue(letter) && (!delivered || wasHandedUp(letter));
            case Outcome.Refused(var why) -> isPossible(letter, why);
            case Outcome.Cancelled() -> letter.cancelled;
            case Outcome.PeerGone(var why) -> isHonest(why);
            case Outcome.NotSent(var why) -> !letter.connecting || !letter.options.retransmit();
        };
        findings.require(holds, Rule.OUTCOME_UNTRUE, letter + " settled as " + outcome + ", which is not true");
    }

    private static boolean wasHandedUp(Letter letter) {
        boolean maySlipAway = !letter.options.retransmit()
                || letter.fate == Letter.Fate.NO_HANDLER
                || (letter.answers != null && letter.answers.isSettled());
        return letter.arrivals > 0 || maySlipAway;
    }

    private boolean isItsReply(Letter letter, Outcome.Replied replied) {
        Letter reply = letter.reply;
        if (reply == null || !letter.options.replyWanted()) {
            return false;
        }
        reply.arrivals++;
        requireSame(reply, replied.payload());
        return true;
    }

    private boolean isPossible(Letter letter, ConnectFailure why) {
        boolean inTime = lateNanos(letter, letter.options.connectTimeoutNanos()) <= 0;
        Meeting meeting = expectations.meeting();
        return switch (why) {
            case ConnectFailure.NoAnswer(), ConnectFailure.NotConfirmed() ->
                inTime && (expectations.isReachable() || meeting == Meeting.AN_IMPOSTOR);
            case ConnectFailure.Refused refused -> inTime && refused.code() == 0 && letter.disturbed;
            case ConnectFailure.ServerRestarted() -> inTime && hosts.hasRestarted(timeline.nowNanos());
            case ConnectFailure.NoCommonProtocol _ -> inTime && meeting == Meeting.NO_COMMON_PROTOCOL;
            case ConnectFailure.EffortTooHigh _ -> inTime && meeting == Meeting.TOO_MUCH_WORK;
            case ConnectFailure.KeyChanged changed -> inTime && meeting == Meeting.A_CHANGED_KEY && changed.vouched();
            case ConnectFailure.NotInvited _ -> inTime && meeting == Meeting.NOT_INVITED;
            case ConnectFailure.NoAddress _, ConnectFailure.Busy _ -> false;
        };
    }

    private boolean isPossible(Letter letter, Refusal why) {
        return switch (why) {
            case NO_SUCH_HANDLER ->
                letter.fate == Letter.Fate.NO_HANDLER || letter.answers != null || letter.kind == Letter.Kind.FOLLOW_UP;
            case HANDLER_FAILED -> letter.refused;
            case TOO_LARGE -> letter.payload().length > hosts.messageBytesMax();
            case BUSY, NOT_ALLOWED, OTHER -> false;
        };
    }

    private static boolean isHonest(CloseReason why) {
        return switch (why) {
            case CloseReason.Local(), CloseReason.Idle(), CloseReason.PeerGone() -> true;
            case CloseReason.Remote remote -> remote.code() == 0;
            case CloseReason.Offence _, CloseReason.KeysExhausted() -> false;
        };
    }

    private boolean isOverdue(Letter letter) {
        long timeoutNanos = letter.options.replyTimeoutNanos();
        return timeline.nowNanos() - letter.sentNanos >= timeoutNanos - toleranceNanos(timeoutNanos);
    }

    /// How much later than it may it is, for something that was to happen within a time of the sending.
    private long lateNanos(Letter letter, long timeoutNanos) {
        return timeline.nowNanos() - letter.sentNanos - timeoutNanos - toleranceNanos(timeoutNanos);
    }

    private long toleranceNanos(long timeoutNanos) {
        return LATE_NANOS_MAX + hosts.timerSlackNanosMax() + timeoutNanos / MILLION * hosts.clockRatePpmMax() * 2;
    }

    private void requireSuccess(Letter letter, Outcome outcome) {
        boolean free = expectations.allSucceed()
                && !letter.cancelled
                && !letter.disturbed
                && letter.options.retransmit()
                && (letter.answers == null || letter.answers.outcome instanceof Outcome.Replied)
                && letter.kind != Letter.Kind.PROBE;
        if (!free) {
            return;
        }
        boolean holds = switch (letter.fate) {
            case TAKE ->
                letter.options.replyWanted()
                        ? outcome instanceof Outcome.Replied
                        : outcome instanceof Outcome.Delivered;
            case SILENCE -> outcome instanceof Outcome.ReplyTooLate;
            case REFUSE, NO_HANDLER -> outcome instanceof Outcome.Refused || outcome instanceof Outcome.Delivered;
            case CLOSE -> true;
        };
        findings.require(
                holds,
                Rule.DID_NOT_SUCCEED,
                letter + " settled as " + outcome + " after " + (timeline.nowNanos() - letter.sentNanos) / 1_000_000
                        + " ms");
    }

    private static String name(Outcome outcome) {
        return switch (outcome) {
            case Outcome.CouldNotConnect(var why) ->
                "CouldNotConnect/" + why.getClass().getSimpleName();
            case Outcome.Delivered _,
                    Outcome.Replied _,
                    Outcome.ReplyTooLate _,
                    Outcome.Refused _,
                    Outcome.Cancelled _,
                    Outcome.PeerGone _,
                    Outcome.NotSent _ -> outcome.getClass().getSimpleName();
        };
    }
}
