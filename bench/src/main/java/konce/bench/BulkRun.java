package konce.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import konce.node.Node;
import konce.node.NodeStatistics;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import konce.protocol.endpoint.ChannelStatus;
import konce.protocol.endpoint.EndpointConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// One bulk transfer over loopback, for as long as it is told: what a profile is taken of, and a quick look at the
/// rate. Sender and receiver are two nodes of one process, each with its loop.
///
/// - unit: GB is 10^9 bytes of payload that handlers were given; processor time is the whole process's, and of it each
///   loop's: the larger of these bounds the rate on a machine that has nothing else to do
@Command(
        name = "bulk",
        mixinStandardHelpOptions = true,
        description = "One transfer between two nodes, second by second: what a profile is taken of.")
final class BulkRun implements Callable<Integer> {
    private static final HandlerId HANDLER = HandlerId.wellKnown(1);
    private static final double GIGA = 1e9;
    private static final long SECOND_MILLIS = 1_000;

    @Option(names = "--datagram", paramLabel = "BYTES", description = "The largest datagram sent.")
    int datagramBytes = Limits.DATAGRAM_BYTES_MAX;

    @Option(names = "--session", paramLabel = "NUMBER", description = "The session protocol.")
    long session = 2;

    @Option(names = "--message", paramLabel = "BYTES", description = "The length of each message.")
    int messageBytes = 1 << 20;

    @Option(names = "--outstanding", paramLabel = "COUNT", description = "Messages under way at once.")
    int outstanding = 16;

    @Option(names = "--seconds", paramLabel = "COUNT", description = "How long it takes.")
    int seconds = 5;

    private final AtomicLong received = new AtomicLong();
    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    /// Transfers, and prints the rate of each second.
    @Override
    public Integer call() throws IOException, InterruptedException {
        EndpointConfig config = EndpointConfig.CLIENT
                .withProtocols(List.of(1L), List.of(session))
                .withDatagramBytesMax(datagramBytes);
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        try (Node receiver = Node.builder()
                        .server(true)
                        .listen(loopback)
                        .endpoint(config)
                        .open();
                Node sender = Node.builder().listen(loopback).endpoint(config).open()) {
            receiver.handle(HANDLER, message -> {
                received.addAndGet(message.payload().byteSize());
                message.giveBack();
            });
            Thread source = Thread.ofPlatform().daemon().start(() -> feed(sender, receiver.target()));
            for (int second = 0; second < seconds; second++) {
                measure(sender, receiver, source);
            }
            source.interrupt();
            source.join();
        }
        return CommandLine.ExitCode.OK;
    }

    private void feed(Node sender, Target target) {
        MemorySegment payload = Arena.ofAuto().allocate(messageBytes);
        SendOptions options = SendOptions.ONE_WAY;
        Semaphore room = new Semaphore(outstanding);
        try {
            while (true) {
                room.acquire();
                sender.send(target, HANDLER, payload, options).thenAccept(outcome -> {
                    room.release();
                    if (!(outcome instanceof Outcome.Delivered)) {
                        System.err.println(outcome);
                    }
                });
            }
        } catch (InterruptedException _) {
            // the transfer is over, but for what is under way
            room.acquireUninterruptibly(outstanding);
        }
    }

    private void measure(Node sender, Node receiver, Thread source) throws InterruptedException {
        long bytes = received.get();
        long cpu = processorNanos();
        SortedMap<String, Used> loops = loops();
        NodeStatistics taken = receiver.statistics();
        long nanos = System.nanoTime();
        source.join(SECOND_MILLIS);
        double seconds = (System.nanoTime() - nanos) / GIGA;
        NodeStatistics now = receiver.statistics();
        double giga = (received.get() - bytes) / GIGA;
        double processor = (processorNanos() - cpu) / GIGA;
        List<ChannelStatus> channels = sender.channels();
        String path = channels.isEmpty() ? "" : describe(channels.getFirst());
        System.out.printf(
                Locale.ROOT,
                "%.3f GB/s  %.2f processors  %.3f s/GB  loops:%s  %.0f reads/GB, %.0f ACKs/GB, %s%n",
                giga / seconds,
                processor / seconds,
                processor / giga,
                perLoop(loops, giga),
                (now.readsDone() - taken.readsDone()) / giga,
                (now.sendsDone() - taken.sendsDone()) / giga,
                path);
    }

    private static String describe(ChannelStatus channel) {
        return "datagrams of " + channel.datagramBytes() + ", rtt " + channel.smoothedRttNanos() / 1_000
                + " us, window "
                + channel.congestionWindowBytes() / 1_024 + " KiB, lost " + channel.packetsLost() + " of "
                + channel.packetsSent();
    }

    /// What a loop has used so far.
    private record Used(long nanos, long allocated) {
        private static final Used NOTHING = new Used(0, 0);
    }

    private String perLoop(SortedMap<String, Used> before, double giga) {
        StringBuilder text = new StringBuilder();
        loops().forEach((loop, now) -> {
            Used then = before.getOrDefault(loop, Used.NOTHING);
            double seconds = (now.nanos - then.nanos) / GIGA / giga;
            double allocated = (now.allocated - then.allocated) / GIGA / giga;
            text.append(String.format(Locale.ROOT, "  %.3f s/GB and %.4f GB/GB garbage", seconds, allocated));
        });
        return text.toString();
    }

    private SortedMap<String, Used> loops() {
        SortedMap<String, Used> used = new TreeMap<>();
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("konce-loop")) {
                long id = thread.getThreadId();
                used.put(
                        thread.getThreadName(),
                        new Used(threads.getThreadCpuTime(id), threads.getThreadAllocatedBytes(id)));
            }
        }
        return used;
    }

    private static long processorNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
