package konce.protocol.endpoint;

import static konce.protocol.endpoint.Duo.MILLI;
import static konce.protocol.endpoint.Duo.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import konce.protocol.CongestionControl;
import konce.protocol.Event;
import konce.protocol.Outcome;
import konce.protocol.Seeds;
import konce.protocol.SendOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds on a network that loses, delays, repeats and reorders.
final class BadNetworkTest {
    private static final SendOptions PATIENT =
            SendOptions.REQUEST.withConnectTimeout(300 * SECOND).withReplyTimeout(300 * SECOND);
    private static final int MESSAGES = 60;

    /// A message that says which it is, and whose every byte follows from that.
    private static byte[] message(int number) {
        int length = number % 5 == 0 ? number : (int) (((number * 2_654_435_761L) >>> 7) % 40_000);
        byte[] bytes = new byte[4 + length];
        new Random(number).nextBytes(bytes);
        MemorySegment.ofArray(bytes).set(ValueLayout.JAVA_INT_UNALIGNED, 0, number);
        return bytes;
    }

    private static void requireIntact(MemorySegment payload) {
        int number = payload.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
        assertEquals(-1, payload.mismatch(MemorySegment.ofArray(message(number))), "message " + number);
    }

    /// Sends messages both ways, and holds that each arrives once, unchanged, and is answered.
    private static void exchange(Duo duo) {
        List<Long> tickets = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            tickets.add(duo.left.send(message(i), PATIENT));
            duo.run(i % 3 * MILLI);
        }
        duo.runUntilSettled(MESSAGES, 300 * SECOND);
        for (int i = 0; i < MESSAGES; i++) {
            Outcome outcome = duo.left.outcomes.get(tickets.get(i));
            Outcome.Replied replied = assertInstanceOf(Outcome.Replied.class, outcome, "message " + i);
            assertEquals(i, replied.payload().get(ValueLayout.JAVA_INT_UNALIGNED, 0), "each reply to its send");
            requireIntact(replied.payload());
        }
        Set<Integer> seen = new HashSet<>();
        for (Event.MessageArrived message : duo.right.arrived) {
            requireIntact(message.payload());
            assertTrue(seen.add(message.payload().get(ValueLayout.JAVA_INT_UNALIGNED, 0)), "twice");
        }
        assertEquals(1, duo.right.events(Event.ChannelOpened.class).size(), "one channel");
    }

    /// Goal: every n-th datagram lost, in one direction, the other, or both: all messages arrive once and
    /// unchanged.
    // = docs/spec/07-messages.md R7.1
    @ParameterizedTest
    @CsvSource({"2,1", "2,2", "3,3", "5,1", "5,2", "5,3", "10,3", "50,3"})
    void everyNthDatagramLost(int every, int directions) {
        try (Duo duo = new Duo()) {
            int[] counts = new int[2];
            duo.network = (toRight, _) -> {
                int direction = toRight ? 1 : 2;
                boolean lost = ++counts[direction - 1] % every == 0 && (directions & direction) != 0;
                return lost ? new long[0] : new long[] {duo.oneWayNanos};
            };
            exchange(duo);
        }
    }

    /// Goal: bursts of losses, and outages of seconds.
    @ParameterizedTest
    @ValueSource(ints = {3, 10})
    void burstsLost(int burst) {
        try (Duo duo = new Duo()) {
            int[] count = {0};
            duo.network = (_, _) ->
                    count[0]++ % (8 * burst) < burst && count[0] > 8 ? new long[0] : new long[] {duo.oneWayNanos};
            exchange(duo);
        }
        try (Duo duo = new Duo()) {
            long start = duo.nowNanos;
            // a second of light, two of darkness
            duo.network = (_, _) ->
                    (duo.nowNanos - start) % (3 * SECOND) > SECOND ? new long[0] : new long[] {duo.oneWayNanos};
            exchange(duo);
        }
    }

    /// What a network may do to datagrams at random.
    enum Mischief {
        LOSES,
        REORDERS,
        REPEATS,
        ALL
    }

    /// Goal: random losses, delays of many round trips, and copies that arrive at any time later.
    // = docs/spec/07-messages.md R7.1
    @ParameterizedTest
    @EnumSource(Mischief.class)
    void randomMischief(Mischief mischief) {
        boolean all = mischief == Mischief.ALL;
        for (long seed = 1; seed <= 3; seed++) {
            Random random = Seeds.random("BadNetwork " + mischief, seed);
            try (Duo duo = new Duo()) {
                duo.network = (_, _) -> {
                    boolean loses = all || mischief == Mischief.LOSES;
                    boolean reorders = all || mischief == Mischief.REORDERS;
                    boolean repeats = all || mischief == Mischief.REPEATS;
                    int copies = loses && random.nextInt(6) == 0 ? 0 : 1 + (repeats ? random.nextInt(3) : 0);
                    long[] delays = new long[copies];
                    for (int i = 0; i < copies; i++) {
                        delays[i] = duo.oneWayNanos
                                + (reorders ? random.nextLong(20 * MILLI) : 0)
                                + (i > 0 ? random.nextLong(500 * MILLI) : 0);
                    }
                    return delays;
                };
                exchange(duo);
            }
        }
    }

    /// Goal: the loss of one message delays no other beyond its own round trip, and itself by little more
    /// than one. Method: twenty messages of a packet each, paced apart; the third packet is lost.
    @Test
    void aLossDelaysItsOwnMessageOnly() {
        try (Duo duo = new Duo()) {
            duo.open();
            long roundTrip = 2 * duo.oneWayNanos;
            int[] count = {0};
            duo.network = (toRight, _) -> toRight && ++count[0] == 3 ? new long[0] : new long[] {duo.oneWayNanos};
            List<Long> tickets = new ArrayList<>();
            List<Long> sentNanos = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                sentNanos.add(duo.nowNanos);
                tickets.add(duo.left.send(new byte[200], SendOptions.REQUEST));
                duo.run(MILLI);
            }
            duo.run(SECOND);
            for (int i = 0; i < 20; i++) {
                long took = duo.left.settledNanos.get(tickets.get(i)) - sentNanos.get(i);
                if (i == 2) {
                    assertTrue(took > roundTrip && took < 2 * roundTrip + 5 * MILLI, took + " ns for the lost one");
                } else {
                    assertEquals(roundTrip, took, "message " + i);
                }
            }
        }
    }

    /// Goal: while a large message is under way and loses packets, a small one goes past it within a
    /// round trip.
    // = docs/spec/07-messages.md R7.6
    @Test
    void aSmallMessageGoesPastALargeOne() {
        try (Duo duo = new Duo(EndpointConfig.CLIENT.withCongestion(CongestionControl.CUBIC))) {
            duo.open();
            int[] count = {0};
            duo.network = (_, _) -> ++count[0] % 40 == 0 ? new long[0] : new long[] {duo.oneWayNanos};
            long large = duo.left.send(new byte[8 << 20], SendOptions.REQUEST.withReplyTimeout(300 * SECOND));
            duo.run(500 * MILLI);
            List<Long> took = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                long start = duo.nowNanos;
                long small = duo.left.send(new byte[100], SendOptions.REQUEST);
                duo.run(100 * MILLI);
                took.add(duo.left.settledNanos.getOrDefault(small, Long.MAX_VALUE) - start);
            }
            took.sort(null);
            assertTrue(duo.left.outcomes.get(large) == null, "the large one was still under way");
            assertTrue(took.get(20) <= 2 * duo.oneWayNanos + 6 * MILLI, took.get(20) + " ns in the middle");
            // who is lost himself waits until that is noticed
            assertTrue(took.get(36) <= 6 * duo.oneWayNanos, took.get(36) + " ns all but three");
        }
    }
}
