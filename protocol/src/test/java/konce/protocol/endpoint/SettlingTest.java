package konce.protocol.endpoint;

import static konce.protocol.endpoint.Duo.MILLI;
import static konce.protocol.endpoint.Duo.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import konce.protocol.CloseReason;
import konce.protocol.CongestionControl;
import konce.protocol.ConnectFailure;
import konce.protocol.Event;
import konce.protocol.HandlerClass;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.PeerOffence;
import konce.protocol.Refusal;
import konce.protocol.Seeds;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How sends end: each once, each in time, each as it should. [Duo] makes a send that settles twice fail.
// = docs/spec/07-messages.md R7.3
final class SettlingTest {
    private static final SendOptions REQUEST = SendOptions.REQUEST;
    private static final SendOptions ONE_WAY = SendOptions.ONE_WAY;

    private static final EndpointConfig SMALL = taking(1 << 20, 2 * ((1 << 20) + Limits.MESSAGE_OVERHEAD_BYTES));

    private static EndpointConfig taking(int messageBytesMax, long creditBytes) {
        return new EndpointConfig(
                null,
                List.of(1L),
                List.of(1L),
                messageBytesMax,
                creditBytes,
                60 * SECOND,
                0,
                1,
                1,
                Limits.DATAGRAM_BYTES_BASE,
                CongestionControl.PIPE,
                false,
                false,
                KeyPolicy.DEFAULT,
                false);
    }

    private static byte[] number(long number) {
        byte[] bytes = new byte[8];
        MemorySegment.ofArray(bytes).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, number);
        return bytes;
    }

    private static byte[] reply(Duo duo, long ticket) {
        Outcome.Replied replied = assertInstanceOf(Outcome.Replied.class, duo.left.outcomes.get(ticket));
        return replied.payload().toArray(ValueLayout.JAVA_BYTE);
    }

    /// Goal: replies may come in any order; each finds the send it is for. Method: a handler that keeps a
    /// hundred messages and answers them shuffled.
    @Test
    void repliesComeInAnyOrder() {
        Random random = Seeds.random("replies", 51);
        try (Duo duo = new Duo()) {
            duo.right.application = (_, _) -> {};
            List<Long> tickets = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                tickets.add(duo.left.send(number(i), REQUEST));
            }
            duo.run(SECOND);
            assertEquals(100, duo.right.arrived.size());
            List<Event.MessageArrived> shuffled = new ArrayList<>(duo.right.arrived);
            Collections.shuffle(shuffled, random);
            for (Event.MessageArrived message : shuffled) {
                duo.right.act(_ -> Duo.echo(duo.right, message));
                duo.run(random.nextInt(3) * MILLI);
            }
            duo.run(SECOND);
            for (int i = 0; i < 100; i++) {
                assertTrue(Arrays.equals(number(i), reply(duo, tickets.get(i))), "reply " + i);
            }
        }
    }

    /// Goal: thousands of messages at once, more than ids and packets in flight together, each with its
    /// own reply.
    @Test
    void thousandsOfMessagesAtOnce() {
        try (Duo duo = new Duo()) {
            List<Long> tickets = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                tickets.add(duo.left.endpoint.send(
                        duo.nowNanos, duo.left.peer(), Duo.HANDLER, MemorySegment.ofArray(number(i)), REQUEST));
            }
            duo.run(10 * SECOND);
            for (int i = 0; i < tickets.size(); i++) {
                assertTrue(Arrays.equals(number(i), reply(duo, tickets.get(i))), "reply " + i);
            }
            assertEquals(20_000, duo.right.arrived.size());
        }
    }

    /// Goal: deadlines are exact: to the nanosecond, before the channel is open and after, with a reply
    /// wanted and without.
    @Test
    void deadlinesAreExact() {
        try (Duo duo = new Duo()) {
            duo.network = (_, _) -> new long[0];
            long start = duo.nowNanos;
            long connect = duo.left.send(number(1), REQUEST.withConnectTimeout(1_234_567_891L));
            long reply = duo.left.send(number(2), REQUEST.withReplyTimeout(777_777_777L));
            duo.run(5 * SECOND);
            assertEquals(start + 1_234_567_891L, duo.left.settledNanos.get(connect));
            assertEquals(new Outcome.CouldNotConnect(new ConnectFailure.NoAnswer()), duo.left.outcomes.get(connect));
            assertEquals(start + 777_777_777L, duo.left.settledNanos.get(reply));
        }
        try (Duo duo = new Duo()) {
            duo.open();
            duo.right.application = Duo::done;
            long start = duo.nowNanos;
            long request = duo.left.send(number(1), REQUEST.withReplyTimeout(3 * SECOND + 1));
            duo.run(SECOND);
            duo.network = (_, _) -> new long[0];
            long later = duo.nowNanos;
            long lost = duo.left.send(number(2), REQUEST.withReplyTimeout(2 * SECOND + 7));
            long oneWay = duo.left.send(number(3), ONE_WAY.withReplyTimeout(2 * SECOND + 8));
            duo.run(4 * SECOND);
            assertEquals(new Outcome.ReplyTooLate(true), duo.left.outcomes.get(request), "the peer has it");
            assertEquals(start + 3 * SECOND + 1, duo.left.settledNanos.get(request));
            assertEquals(new Outcome.ReplyTooLate(false), duo.left.outcomes.get(lost));
            assertEquals(later + 2 * SECOND + 7, duo.left.settledNanos.get(lost));
            assertEquals(new Outcome.ReplyTooLate(false), duo.left.outcomes.get(oneWay));
            assertEquals(later + 2 * SECOND + 8, duo.left.settledNanos.get(oneWay));
        }
    }

    /// Goal: a send that gives its channel no time to come to be leaves no channel trying.
    @Test
    void nothingIsTriedForNobody() {
        try (Duo duo = new Duo()) {
            duo.network = (_, _) -> new long[0];
            duo.left.send(number(1), REQUEST.withConnectTimeout(SECOND));
            duo.run(SECOND);
            long sent = duo.left.datagramsSent;
            duo.run(60 * SECOND);
            assertEquals(sent, duo.left.datagramsSent, "datagrams after the only send had settled");
        }
    }

    /// States of a send in which it may be given up.
    enum Moment {
        BEFORE_THE_INIT_ARRIVES,
        WHILE_CONNECTING,
        WAITING_FOR_CREDIT,
        BEGUN,
        DELIVERED,
        REPLIED
    }

    /// Goal: a send can be given up at any time: it settles as cancelled, once, unless it has settled;
    /// what was under way is taken back, and the channel goes on.
    // = docs/spec/07-messages.md R7.5
    @ParameterizedTest
    @EnumSource(Moment.class)
    void aSendCanBeGivenUpAtAnyTime(Moment moment) {
        try (Duo duo = new Duo(SMALL)) {
            boolean open = moment.compareTo(Moment.WHILE_CONNECTING) > 0;
            if (open) {
                duo.open();
            }
            if (moment != Moment.REPLIED) {
                duo.right.application = (_, _) -> {};
            }
            long before = moment == Moment.WAITING_FOR_CREDIT
                    ? duo.left.send(new byte[1 << 20], REQUEST) + duo.left.send(new byte[1 << 20], REQUEST)
                    : 0;
            int size = moment == Moment.DELIVERED || moment == Moment.REPLIED ? 100 : 1 << 19;
            long ticket = duo.left.send(new byte[size], REQUEST);
            duo.run(
                    switch (moment) {
                        case BEFORE_THE_INIT_ARRIVES -> 0;
                        case WHILE_CONNECTING -> 3 * duo.oneWayNanos - 1;
                        case WAITING_FOR_CREDIT, BEGUN -> 3 * duo.oneWayNanos;
                        case DELIVERED, REPLIED -> SECOND;
                    });
            duo.left.act(endpoint -> endpoint.cancel(duo.nowNanos, ticket));
            duo.left.act(endpoint -> endpoint.cancel(duo.nowNanos, ticket));
            Outcome outcome = duo.left.outcomes.get(ticket);
            if (moment == Moment.REPLIED) {
                assertInstanceOf(Outcome.Replied.class, outcome);
            } else {
                assertEquals(new Outcome.Cancelled(), outcome);
            }
            if (moment != Moment.REPLIED) {
                duo.right.arrived.forEach(message -> duo.right.act(_ -> Duo.done(duo.right, message)));
            }
            duo.right.application = Duo::echo;
            long next = duo.left.send(number(5), REQUEST);
            duo.run(20 * SECOND);
            assertTrue(before == 0 || duo.left.outcomes.size() == 5, duo.left.outcomes.toString());
            assertTrue(Arrays.equals(number(5), reply(duo, next)));
            boolean arrived = duo.right.arrived.stream()
                    .anyMatch(message -> message.payload().byteSize() == 1 << 19);
            assertEquals(false, arrived, "what was given up arrives in full");
        }
    }

    /// Ways in which a channel ends.
    enum Ending {
        PEER_CLOSES,
        WE_CLOSE,
        PEER_GONE,
        PEER_BLAMES_US,
        NEVER_OPENS
    }

    /// Goal: whatever ends a channel, every send on it settles, once, and says why; and none is left on
    /// either side.
    @ParameterizedTest
    @EnumSource(Ending.class)
    void everySendSettlesHoweverAChannelEnds(Ending ending) {
        try (Duo duo = new Duo()) {
            if (ending != Ending.NEVER_OPENS) {
                duo.open();
            } else {
                duo.network = (_, _) -> new long[0];
            }
            duo.right.application = (_, _) -> {};
            List<Long> tickets = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                SendOptions options = (i % 2 == 0 ? REQUEST : ONE_WAY).withReplyTimeout(100 * SECOND);
                options = i % 7 == 0 ? options.withoutRetransmit() : options;
                int size = i % 7 == 0 ? 500 : i * 50_000;
                tickets.add(duo.left.send(new byte[size], options));
            }
            duo.run(ending == Ending.NEVER_OPENS ? 0 : 2 * duo.oneWayNanos + duo.oneWayNanos / 2);
            long leftSettled = duo.left.outcomes.size();
            Class<? extends Outcome> expected = end(duo, ending);
            duo.run(200 * SECOND);
            for (long ticket : tickets) {
                Outcome outcome = duo.left.outcomes.get(ticket);
                assertTrue(
                        outcome instanceof Outcome.Delivered || expected.isInstance(outcome),
                        ticket + " of " + ending + ": " + outcome);
            }
            assertTrue(leftSettled < 50);
            assertEquals(List.of(), duo.left.endpoint.channels(duo.nowNanos));
            assertEquals(List.of(), duo.right.endpoint.channels(duo.nowNanos));
        }
    }

    private static Class<? extends Outcome> end(Duo duo, Ending ending) {
        switch (ending) {
            case PEER_CLOSES ->
                duo.right.act(endpoint -> endpoint.closeChannel(
                        duo.nowNanos, endpoint.channels(duo.nowNanos).getFirst().channel(), 0, "enough"));
            case WE_CLOSE ->
                duo.left.act(endpoint -> endpoint.closeChannel(
                        duo.nowNanos, endpoint.channels(duo.nowNanos).getFirst().channel(), 0, "enough"));
            case PEER_GONE -> duo.network = (_, _) -> new long[0];
            case PEER_BLAMES_US ->
                duo.right.act(endpoint -> endpoint.closeChannel(
                        duo.nowNanos,
                        endpoint.channels(duo.nowNanos).getFirst().channel(),
                        PeerOffence.CREDIT_EXCEEDED.code(),
                        PeerOffence.CREDIT_EXCEEDED.section()));
            case NEVER_OPENS -> {}
        }
        return ending == Ending.NEVER_OPENS ? Outcome.CouldNotConnect.class : Outcome.PeerGone.class;
    }

    /// Goal: a peer that is gone is noticed thirty seconds after it last answered, and a channel that
    /// nobody uses ends after its idle time; while a send waits it is kept alive.
    // = docs/spec/06-flow.md R6.18
    // = docs/spec/06-flow.md R6.8
    @Test
    void aWaitingSendKeepsItsChannelAlive() {
        try (Duo duo = new Duo(EndpointConfig.CLIENT.withIdle(6 * SECOND))) {
            SendOptions patient = REQUEST.withIdle(6 * SECOND).withReplyTimeout(100 * SECOND);
            duo.right.application = (_, _) -> {};
            long ticket = duo.left.send(number(1), patient);
            duo.run(60 * SECOND);
            assertEquals(1, duo.right.arrived.size());
            assertTrue(duo.left.datagramsSent < 60 && duo.right.datagramsSent < 60, "but not by talking all the time");
            duo.right.act(_ -> Duo.echo(duo.right, duo.right.arrived.getFirst()));
            duo.run(SECOND);
            assertInstanceOf(Outcome.Replied.class, duo.left.outcomes.get(ticket));
            duo.run(20 * SECOND);
            assertEquals(
                    List.of(new CloseReason.Idle()),
                    duo.left.events(Event.ChannelClosed.class).stream()
                            .map(Event.ChannelClosed::reason)
                            .toList());
        }
    }

    /// Goal: what the peer does not take is refused with its reason: no such handler, busy, failed, not
    /// allowed, larger than it takes.
    // = docs/spec/07-messages.md R7.13
    @Test
    void refusalsSayWhy() {
        EndpointConfig small = taking(10_000, 1 << 17);
        try (Duo duo = new Duo(EndpointConfig.CLIENT, small)) {
            long first = duo.left.send(new byte[10_001], REQUEST);
            duo.run(SECOND);
            assertEquals(new Outcome.Refused(Refusal.TOO_LARGE), duo.left.outcomes.get(first), "before it was known");
            long second = duo.left.send(new byte[10_001], REQUEST);
            assertEquals(new Outcome.Refused(Refusal.TOO_LARGE), duo.left.outcomes.get(second), "after");
            long nobody =
                    duo.left.send(duo.left.peer(), HandlerId.wellKnown(2), MemorySegment.ofArray(number(1)), ONE_WAY);
            duo.run(SECOND);
            assertEquals(new Outcome.Refused(Refusal.NO_SUCH_HANDLER), duo.left.outcomes.get(nobody));
            for (Refusal why : Refusal.values()) {
                duo.right.application = (side, message) -> {
                    side.endpoint.refuse(side.now(), message.channel(), message.replyTo(), why);
                    Duo.done(side, message);
                };
                long ticket = duo.left.send(number(2), REQUEST);
                long datagram = duo.left.send(number(3), REQUEST.withoutRetransmit());
                duo.run(SECOND);
                assertEquals(new Outcome.Refused(why), duo.left.outcomes.get(ticket));
                assertEquals(new Outcome.Refused(why), duo.left.outcomes.get(datagram));
            }
            duo.right.application = Duo::echo;
            duo.right.endpoint.closeHandler(0, Duo.HANDLER);
            long closed = duo.left.send(number(4), REQUEST);
            duo.run(SECOND);
            assertEquals(new Outcome.Refused(Refusal.NO_SUCH_HANDLER), duo.left.outcomes.get(closed));
        }
    }

    /// Goal: a session handler is reached from its own channel only, until it is closed; the peer's
    /// prompt handlers are those of one channel too, so nobody can answer what was asked of another.
    // = docs/spec/07-messages.md R7.2
    @Test
    void handlersOfAChannelAreReachedFromItOnly() {
        try (Duo duo = new Duo()) {
            duo.open();
            try (konce.crypto.SecretKey somebody = konce.crypto.SecretKey.generate(duo.vault, duo.random)) {
                long own = duo.right.channel().channel();
                HandlerId session = duo.right.endpoint.openSessionHandler(own);
                MemorySegment payload = MemorySegment.ofArray(number(1));
                long good = duo.left.send(duo.left.peer(), session, payload, REQUEST);
                long bad = duo.left.send(duo.left.peer(somebody), session, payload, REQUEST);
                duo.run(SECOND);
                assertInstanceOf(Outcome.Replied.class, duo.left.outcomes.get(good));
                assertEquals(new Outcome.Refused(Refusal.NO_SUCH_HANDLER), duo.left.outcomes.get(bad));
                duo.right.endpoint.closeHandler(own, session);
                long late = duo.left.send(duo.left.peer(), session, payload, REQUEST);
                duo.run(SECOND);
                assertEquals(new Outcome.Refused(Refusal.NO_SUCH_HANDLER), duo.left.outcomes.get(late));

                // the right asks on one channel; the left answers on another, and on a prompt handler that never was
                duo.left.application = (_, _) -> {};
                HandlerId back = duo.left.endpoint.openSessionHandler(
                        duo.left.endpoint.channels(duo.nowNanos).getFirst().channel());
                long asked = duo.right.send(new Target.Channel(own), back, payload, REQUEST);
                duo.run(SECOND);
                HandlerId prompt = duo.left.arrived.getLast().replyTo();
                assertEquals(HandlerClass.PROMPT, prompt.handlerClass());
                duo.left.send(duo.left.peer(somebody), prompt, MemorySegment.ofArray(number(666)), REQUEST);
                HandlerId never = new HandlerId(HandlerClass.PROMPT, prompt.number() + 1);
                duo.left.send(duo.left.peer(), never, MemorySegment.ofArray(number(667)), ONE_WAY);
                duo.run(SECOND);
                assertNull(duo.right.outcomes.get(asked), "nobody has answered yet");
                duo.left.send(duo.left.peer(), prompt, MemorySegment.ofArray(number(7)), ONE_WAY);
                duo.left.send(duo.left.peer(), prompt, MemorySegment.ofArray(number(8)), ONE_WAY);
                duo.run(SECOND);
                Outcome.Replied replied = assertInstanceOf(Outcome.Replied.class, duo.right.outcomes.get(asked));
                assertTrue(Arrays.equals(number(7), replied.payload().toArray(ValueLayout.JAVA_BYTE)));
            }
        }
    }
}
