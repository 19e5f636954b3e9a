package konce.node;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import konce.protocol.HandlerId;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import org.junit.jupiter.api.Test;

/// What a bulk transfer through real sockets leaves behind on the heaps of its two loops.
final class BulkGarbageTest {
    private static final HandlerId HANDLER = HandlerId.wellKnown(1);
    private static final int MESSAGE_BYTES = 1 << 20;
    private static final int DATAGRAM_BYTES = 1_440;

    /// Messages in a round, and rounds after which the compiler must be through.
    private static final int MESSAGES = 48;

    private static final int ROUNDS_MAX = 40;

    /// What Netty makes for a system call: packet objects, an address, a promise.
    private static final long PER_CALL_BYTES = 512;

    /// What a message costs beside its bytes: its own objects, and the thread of its handler.
    private static final long PER_MESSAGE_BYTES = 4_096;

    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    private record Seen(long allocated, NodeStatistics statistics) {}

    private Seen see(Node node) throws Exception {
        long[] id = {0};
        node.driver()
                .socket()
                .loop()
                .submit(() -> id[0] = Thread.currentThread().threadId())
                .get();
        return new Seen(threads.getThreadAllocatedBytes(id[0]), node.statistics());
    }

    private static void transfer(Node from, Node to) throws Exception {
        MemorySegment payload = MemorySegment.ofArray(new byte[MESSAGE_BYTES]);
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            outcomes.add(from.send(to.target(), HANDLER, payload, SendOptions.ONE_WAY));
        }
        for (CompletableFuture<Outcome> outcome : outcomes) {
            assertInstanceOf(Outcome.Delivered.class, outcome.get(60, TimeUnit.SECONDS));
        }
    }

    /// Goal: neither sending nor taking a datagram leaves anything behind: what is allocated follows from the
    /// messages
    /// and from Netty's objects for each system call, of which one carries many datagrams. Method: rounds of a bulk
    /// transfer over loopback, until one is within that.
    @Test
    void datagramsLeaveNothingBehind() throws Exception {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        try (Node receiver = Node.builder()
                        .server(true)
                        .listen(loopback)
                        .datagramBytesMax(DATAGRAM_BYTES)
                        .open();
                Node sender = Node.builder()
                        .listen(loopback)
                        .datagramBytesMax(DATAGRAM_BYTES)
                        .open()) {
            receiver.handle(HANDLER, _ -> {});
            boolean within = false;
            String last = "";
            for (int round = 0; round < ROUNDS_MAX && !within; round++) {
                Seen receiverBefore = see(receiver);
                Seen senderBefore = see(sender);
                transfer(sender, receiver);
                Seen receiverAfter = see(receiver);
                Seen senderAfter = see(sender);
                long received = receiverAfter.allocated - receiverBefore.allocated - MESSAGES * (long) MESSAGE_BYTES;
                long sent = senderAfter.allocated - senderBefore.allocated;
                within = received <= allowed(receiverBefore, receiverAfter)
                        && sent <= allowed(senderBefore, senderAfter);
                last = received + " of " + allowed(receiverBefore, receiverAfter) + " bytes for receiving, " + sent
                        + " of " + allowed(senderBefore, senderAfter) + " for sending "
                        + (senderAfter.statistics.datagramsSent() - senderBefore.statistics.datagramsSent())
                        + " datagrams";
            }
            System.out.println(last);
            assertTrue(within, last);
        }
    }

    private static long allowed(Seen before, Seen after) {
        long calls = after.statistics.readsDone()
                - before.statistics.readsDone()
                + after.statistics.sendsDone()
                - before.statistics.sendsDone();
        return calls * PER_CALL_BYTES + MESSAGES * PER_MESSAGE_BYTES;
    }
}
