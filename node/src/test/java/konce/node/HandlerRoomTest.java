package konce.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import konce.protocol.Address;
import konce.protocol.HandlerId;
import konce.protocol.Outcome;
import konce.protocol.Refusal;
import konce.protocol.SendOptions;
import org.junit.jupiter.api.Test;

/// That a peer which demands without measure takes nothing from the others.
class HandlerRoomTest {
    private static final HandlerId SLOW = HandlerId.wellKnown(1);
    private static final HandlerId QUICK = HandlerId.wellKnown(2);
    private static final Address GREEDY = Address.parse("192.0.2.7:5000");
    private static final Address OTHER = Address.parse("192.0.2.8:5000");

    private static int fill(HandlerRoom room, Address remote) {
        int entered = 0;
        while (room.tryEnter(remote)) {
            entered++;
        }
        return entered;
    }

    /// Goal: one address takes its share and no more; the next takes its share of what is left, and however many
    /// come,
    /// each still finds room; all of it comes back.
    @Test
    void oneAddressGetsAShareOfWhatIsFree() {
        HandlerRoom room = new HandlerRoom(9_000);
        List<Integer> shares = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            shares.add(fill(room, Address.parse("192.0.2.7:" + (5_000 + i))));
        }
        assertEquals(1_000, shares.getFirst());
        for (int i = 1; i < shares.size(); i++) {
            assertTrue(shares.get(i) > 0 && shares.get(i) <= shares.get(i - 1), shares.toString());
        }
        for (int i = 0; i < 40; i++) {
            for (int j = 0; j < shares.get(i); j++) {
                room.leave(Address.parse("192.0.2.7:" + (5_000 + i)));
            }
        }
        assertEquals(0, room.running());
        assertEquals(0, room.remotes(), "nothing is kept of who has left");
        assertEquals(1_000, fill(room, OTHER));
    }

    /// Goal: what leaves on many threads while others enter is counted right. Method: one thread enters for two
    /// addresses, others leave; in the end nothing is left, and the room was never fuller than it may be. Twin: the
    /// same
    /// with counters that are not atomic.
    @Test
    void comingsAndGoingsAreCounted() throws InterruptedException {
        HandlerRoom room = new HandlerRoom(64);
        AtomicInteger most = new AtomicInteger();
        churn((remote, leave) -> {
            if (!leave) {
                boolean entered = room.tryEnter(remote);
                most.accumulateAndGet(room.running(), Math::max);
                return entered;
            }
            room.leave(remote);
            return true;
        });
        assertEquals(0, room.running());
        assertEquals(0, room.remotes());
        assertTrue(most.get() <= 64, () -> "as full as " + most);
        int[] careless = {0};
        churn((_, leave) -> {
            int seen = careless[0];
            for (int i = 0; i < 50; i++) {
                Thread.onSpinWait();
            }
            careless[0] = seen + (leave ? -1 : 1);
            return true;
        });
        assertFalse(careless[0] == 0, "a counter that is not atomic is found out");
    }

    private interface Door {
        boolean pass(Address remote, boolean leave);
    }

    private static void churn(Door door) throws InterruptedException {
        try (var threads = java.util.concurrent.Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 200_000; i++) {
                Address remote = i % 2 == 0 ? GREEDY : OTHER;
                if (door.pass(remote, false)) {
                    threads.execute(() -> door.pass(remote, true));
                }
            }
            threads.shutdown();
            assertTrue(threads.awaitTermination(60, TimeUnit.SECONDS));
        }
    }

    /// Goal: a client that has more handlers waiting than its share is told that the node is busy; another one, and
    /// another handler, answer it no later for that. Method: handlers that wait until the test lets them go.
    @Test
    void aGreedyClientIsToldAndOthersAreServed() throws Exception {
        int share = EventRouter.HANDLERS_RUNNING_MAX / HandlerRoom.SHARES;
        CountDownLatch hold = new CountDownLatch(1);
        InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Node server = Node.builder().server(true).listen(here).open();
                Node greedy = Node.builder().listen(here).open();
                Node modest = Node.builder().listen(here).open()) {
            server.handle(SLOW, message -> {
                hold.await();
                message.reply("late");
            });
            server.handle(QUICK, message -> message.reply("soon"));
            List<CompletableFuture<Outcome>> asked = new ArrayList<>();
            for (int i = 0; i < share + 500; i++) {
                asked.add(greedy.send(server.target(), SLOW, new byte[] {1}, SendOptions.REQUEST));
            }
            CompletableFuture.anyOf(asked.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
            for (HandlerId handler : List.of(QUICK, SLOW)) {
                var answer = modest.send(server.target(), handler, new byte[] {1}, SendOptions.REQUEST);
                if (handler.equals(SLOW)) {
                    hold.countDown();
                }
                Outcome outcome = answer.get(30, TimeUnit.SECONDS);
                assertTrue(outcome instanceof Outcome.Replied, () -> "others get " + outcome);
            }
            long refused = 0;
            for (CompletableFuture<Outcome> each : asked) {
                Outcome outcome = each.get(30, TimeUnit.SECONDS);
                refused += outcome.equals(new Outcome.Refused(Refusal.BUSY)) ? 1 : 0;
            }
            long busy = refused;
            assertTrue(busy > 0 && busy <= 500 + share / 8, () -> busy + " were refused");
            assertEquals(
                    "soon",
                    greedy.request(server.target(), QUICK, "x".getBytes(UTF_8), SendOptions.REQUEST)
                            .text());
        }
    }
}
