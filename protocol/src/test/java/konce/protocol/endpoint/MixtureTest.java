package konce.protocol.endpoint;

import static konce.protocol.endpoint.Duo.MILLI;
import static konce.protocol.endpoint.Duo.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import konce.protocol.CongestionControl;
import konce.protocol.Event;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.Refusal;
import konce.protocol.Seeds;
import konce.protocol.SendOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Everything at once: sends of all kinds from both sides, slow and silent handlers, sends given up,
/// channels closed in the middle, on a network that gets worse and better.
final class MixtureTest {
    private static final int SIZE_MAX = 60_000;
    private static final long CREDIT = 3L * (SIZE_MAX + Limits.MESSAGE_OVERHEAD_BYTES);
    private static final EndpointConfig CONFIG = new EndpointConfig(
            null,
            List.of(1L),
            List.of(1L, 3L),
            SIZE_MAX,
            CREDIT,
            20 * SECOND,
            0,
            1,
            1,
            Limits.DATAGRAM_BYTES_BASE,
            CongestionControl.PIPE,
            false,
            false,
            KeyPolicy.DEFAULT,
            false);

    /// A send as its sender knows it.
    private record Sent(long number, long ticket, SendOptions options, long sentNanos) {}

    /// A message kept by its handler, to be answered and let go of later.
    private record Kept(Duo.Side side, Event.MessageArrived message, long untilNanos) {}

    private final Map<Duo.Side, List<Sent>> sends = new HashMap<>();
    private final Map<Duo.Side, Set<Long>> arrived = new HashMap<>();
    private final List<Kept> kept = new ArrayList<>();
    private Random random;
    private long numbers;

    /// A message of its number, and bytes that follow from it.
    private static MemorySegment message(long number, int size) {
        byte[] bytes = new byte[Math.max(8, size)];
        new Random(number).nextBytes(bytes);
        MemorySegment segment = MemorySegment.ofArray(bytes);
        segment.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, number);
        return segment;
    }

    private void arrive(Duo duo, Duo.Side side, Event.MessageArrived message) {
        long number = message.payload().get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
        MemorySegment expected = message(number, (int) message.payload().byteSize());
        assertEquals(-1, message.payload().mismatch(expected), "message " + number);
        assertTrue(arrived.get(side).add(number), "message " + number + " twice");
        kept.add(new Kept(side, message, duo.nowNanos + random.nextInt(random.nextInt(8) == 0 ? 4_000 : 50) * MILLI));
    }

    private void letGo(Duo duo) {
        for (Kept one : List.copyOf(kept)) {
            if (one.untilNanos() <= duo.nowNanos) {
                kept.remove(one);
                Event.MessageArrived message = one.message();
                one.side().act(endpoint -> {
                    int dice = random.nextInt(10);
                    if (dice == 0 && message.replyTo() != null) {
                        endpoint.refuse(duo.nowNanos, message.channel(), message.replyTo(), Refusal.BUSY);
                    } else if (dice > 1) {
                        Duo.reply(one.side(), message, message.payload());
                    }
                    Duo.done(one.side(), message);
                });
            }
        }
    }

    private void send(Duo duo, Duo.Side side) {
        boolean datagram = random.nextInt(4) == 0;
        SendOptions options = random.nextBoolean() ? SendOptions.REQUEST : SendOptions.ONE_WAY;
        options = options.withConnectTimeout((1 + random.nextInt(20)) * SECOND)
                .withReplyTimeout(1 + random.nextLong(20 * SECOND))
                .withPriority(random.nextInt(Limits.PRIORITY_MAX + 1))
                .withIdle(20 * SECOND);
        options = random.nextInt(5) == 0 ? options.withBackground() : options;
        options = datagram ? options.withoutRetransmit() : options;
        int size = datagram ? random.nextInt(1_100) : random.nextInt(random.nextInt(3) == 0 ? SIZE_MAX : 2_000);
        long number = numbers++;
        long ticket = side.send(side.peer(), Duo.HANDLER, message(number, size), options);
        sends.get(side).add(new Sent(number, ticket, options, duo.nowNanos));
    }

    private void misbehave(Duo duo) {
        int loss = random.nextInt(4) == 0 ? random.nextInt(60) : random.nextInt(10);
        int jitter = 1 + random.nextInt(30);
        int copies = 1 + random.nextInt(2);
        duo.network = (_, _) -> {
            long[] delays = new long[random.nextInt(100) < loss ? 0 : 1 + random.nextInt(copies)];
            for (int i = 0; i < delays.length; i++) {
                delays[i] = duo.oneWayNanos + random.nextLong(jitter * MILLI);
            }
            return delays;
        };
    }

    /// Goal: whatever happens, every send settles once and by its deadline; what is said to have arrived
    /// has, once and unchanged; a reply is the reply to its message; and at the end nothing is left of it
    /// all: credit, window and memory are free again. Method: some thousand random steps.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 352})
    void everythingAtOnce(long seed) {
        random = Seeds.random("Mixture", seed);
        try (Duo duo = new Duo(CONFIG)) {
            for (Duo.Side side : List.of(duo.left, duo.right)) {
                sends.put(side, new ArrayList<>());
                arrived.put(side, new HashSet<>());
                side.application = (to, message) -> arrive(duo, to, message);
            }
            for (int i = 0; i < 3_000; i++) {
                step(duo, random.nextBoolean() ? duo.left : duo.right);
                duo.run(random.nextInt(20) * MILLI);
                letGo(duo);
            }
            settle(duo);
            check(duo.left);
            check(duo.right);
            nothingIsLeft(duo);
        }
    }

    private void step(Duo duo, Duo.Side side) {
        int dice = random.nextInt(100);
        List<Sent> own = sends.get(side);
        if (dice < 55) {
            send(duo, side);
        } else if (dice < 62 && !own.isEmpty()) {
            Sent any = own.get(Math.max(0, own.size() - 1 - random.nextInt(30)));
            side.act(endpoint -> endpoint.cancel(duo.nowNanos, any.ticket()));
        } else if (dice == 62 && random.nextInt(4) == 0) {
            side.endpoint.channels(duo.nowNanos).stream()
                    .findAny()
                    .ifPresent(channel ->
                            side.act(endpoint -> endpoint.closeChannel(duo.nowNanos, channel.channel(), 0, "")));
        } else if (dice < 66) {
            misbehave(duo);
        }
    }

    private void settle(Duo duo) {
        duo.network = (_, _) -> new long[] {duo.oneWayNanos};
        for (int i = 0; i < 400; i++) {
            duo.run(100 * MILLI);
            letGo(duo);
        }
        assertEquals(List.of(), kept);
    }

    private void check(Duo.Side side) {
        for (Sent sent : sends.get(side)) {
            Outcome outcome = side.outcomes.get(sent.ticket());
            boolean there = arrived.get(side.other()).contains(sent.number());
            String text = "send " + sent + ": " + outcome;
            assertTrue(outcome != null, text);
            long took = side.settledNanos.get(sent.ticket()) - sent.sentNanos();
            assertTrue(took <= sent.options().replyTimeoutNanos(), text + " after " + took);
            switch (outcome) {
                case Outcome.Delivered _ -> assertTrue(there && !sent.options().replyWanted(), text);
                case Outcome.Replied(long _, MemorySegment payload, HandlerId _) -> {
                    assertTrue(there && sent.options().replyWanted(), text);
                    assertEquals(sent.number(), payload.get(ValueLayout.JAVA_LONG_UNALIGNED, 0), text);
                }
                case Outcome.Refused(Refusal why) -> assertTrue(there && why == Refusal.BUSY, text);
                case Outcome.ReplyTooLate(boolean delivered) -> assertTrue(there || !delivered, text);
                case Outcome.CouldNotConnect _, Outcome.Cancelled _, Outcome.PeerGone _, Outcome.NotSent _ -> {}
            }
        }
    }

    /// All the credit can be used again, both ways, on the channels that there are.
    private void nothingIsLeft(Duo duo) {
        for (Duo.Side side : List.of(duo.left, duo.right)) {
            List<Long> tickets = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                SendOptions options = SendOptions.ONE_WAY.withIdle(20 * SECOND);
                tickets.add(side.send(side.peer(), Duo.HANDLER, message(numbers++, SIZE_MAX), options));
            }
            for (int i = 0; i < 100; i++) {
                duo.run(100 * MILLI);
                letGo(duo);
            }
            tickets.forEach(ticket -> assertInstanceOf(Outcome.Delivered.class, side.outcomes.get(ticket)));
            side.endpoint.channels(duo.nowNanos).forEach(channel -> {
                assertEquals(0, channel.sendsOpen());
                assertEquals(0, channel.inFlightBytes());
            });
        }
    }
}
