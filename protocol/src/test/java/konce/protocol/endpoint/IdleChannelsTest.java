package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import konce.crypto.SecretKey;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import org.junit.jupiter.api.Test;

/// What channels cost that nobody uses. Method: many identities of one endpoint talk to another, then fall silent.
final class IdleChannelsTest {
    private static final int WARM_UP = 200;
    private static final int COLLECTIONS = 12;
    private static final int CHANNELS = 1_000;
    private static final int MESSAGES = 20;
    private static final long IDLE_NANOS = 3_600 * Duo.SECOND;

    /// Bytes of heap for an idle channel, at one end: far from the 8 KiB that all of it may cost (issue: heap and
    /// native together), so that keys, paths and programs have theirs.
    private static final long CHANNEL_BYTES_MAX = 3_072;

    /// Both are servers, and renew their transient keys every 90 s; nothing else happens.
    private static final int WAKES_MAX = 20;

    private static void talk(Duo duo, List<SecretKey> identities) {
        SendOptions options = SendOptions.REQUEST.withIdle(IDLE_NANOS);
        for (SecretKey identity : identities) {
            for (int i = 0; i < MESSAGES; i++) {
                duo.left.send(duo.left.peer(identity), Duo.HANDLER, MemorySegment.ofArray(new byte[64 * i]), options);
            }
            duo.run(100 * Duo.MILLI);
        }
        assertEquals(identities.size() * MESSAGES, duo.left.outcomes.size());
        duo.left.outcomes.values().forEach(outcome -> assertInstanceOf(Outcome.Replied.class, outcome));
        duo.run(5 * Duo.SECOND);
        for (Duo.Side side : List.of(duo.left, duo.right)) {
            side.outcomes.clear();
            side.settledNanos.clear();
            side.events.clear();
            side.arrived.clear();
        }
    }

    private static List<SecretKey> identities(Duo duo, int count) {
        List<SecretKey> identities = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            identities.add(SecretKey.generate(duo.vault, duo.random));
        }
        return identities;
    }

    /// How often both endpoints want to be called in ten minutes of silence.
    private static int wakes(Duo duo) {
        int wakes = 0;
        long end = duo.nowNanos + 600 * Duo.SECOND;
        while (duo.nowNanos < end) {
            long next = Math.min(duo.left.endpoint.nextDeadlineNanos(), duo.right.endpoint.nextDeadlineNanos());
            duo.run(Math.min(next, end) - duo.nowNanos);
            wakes++;
        }
        return wakes;
    }

    /// What is in use once all garbage is gone: native memory that belongs to dead objects is given back by another
    /// thread, one collection later or a few.
    private static long heapBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            least = Math.min(
                    least,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }

    /// Goal: an idle channel gives back what it needed while it was used, at both ends, and asks for no time until
    /// its
    /// idle time ends. Method: the heap before
    /// and after a thousand channels that each had twenty messages under way.
    @Test
    void costLittleMemoryAndNoTime() {
        EndpointConfig config = EndpointConfig.CLIENT.withIdle(IDLE_NANOS);
        try (Duo duo = new Duo(config)) {
            List<SecretKey> before = identities(duo, WARM_UP);
            List<SecretKey> identities = identities(duo, CHANNELS);
            talk(duo, before);
            long startBytes = heapBytes();
            talk(duo, identities);
            long bytes = (heapBytes() - startBytes) / CHANNELS / 2;
            assertEquals(
                    CHANNELS + WARM_UP, duo.left.endpoint.channels(duo.nowNanos).size());
            assertTrue(bytes <= CHANNEL_BYTES_MAX, "an idle channel takes " + bytes + " bytes of heap");
            System.out.println("an idle channel takes " + bytes + " bytes of heap");
            int wakes = wakes(duo);
            assertTrue(wakes <= WAKES_MAX, "with nothing to do they are woken " + wakes + " times");
            // what it gave back it gets again
            talk(duo, identities.subList(0, 10));
            identities.forEach(SecretKey::close);
            before.forEach(SecretKey::close);
        }
    }
}
