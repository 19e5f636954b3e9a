package konce.bench;

import com.sun.management.OperatingSystemMXBean;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import konce.node.Node;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What refusing a datagram of a flood costs, the whole process counted, beside receiving and dropping it in raw Netty.
/// Three processes on loopback: a server of ours, a socket of Netty's that drops what comes, and a sender that floods
/// one
/// after the other, round by round, so that both see the same machine.
///
/// - unit: processor time of a receiver's whole process for each datagram it read
@Command(
        name = "refusal",
        description = "What refusing garbage costs a whole process, beside receiving and dropping it in raw Netty.")
final class RefusalRun implements Callable<Integer> {
    private static final int DATAGRAM_BYTES = 1_200;
    private static final int SOURCES = 64;
    private static final byte COOKIE_ECHO = 0x30;
    private static final int WARM_ROUNDS = 2;

    @Option(names = "--rounds", paramLabel = "COUNT", description = "Rounds counted, beside two for warming up.")
    int rounds = 5;

    @Option(names = "--datagrams", paramLabel = "COUNT", description = "Datagrams sent to each receiver in a round.")
    int datagrams = 500_000;

    @Parameters(hidden = true, description = "What a child process of it is started with.")
    List<String> role = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        switch (role.isEmpty() ? "" : role.getFirst()) {
            case "receive-raw" -> receiveRaw();
            case "receive-konce" -> receiveKonce();
            case "send" -> send(Integer.parseInt(role.get(1)), Integer.parseInt(role.get(2)), role.get(3));
            default -> compare();
        }
        return CommandLine.ExitCode.OK;
    }

    private void compare() throws IOException, InterruptedException {
        try (Receiver raw = new Receiver("receive-raw");
                Receiver konce = new Receiver("receive-konce")) {
            for (String kind : List.of("garbage", "type-and-length")) {
                List<Double> ratios = new ArrayList<>();
                for (int round = -WARM_ROUNDS; round < rounds; round++) {
                    double dropped = raw.flood(datagrams, kind);
                    double refused = konce.flood(datagrams, kind);
                    if (round >= 0) {
                        ratios.add(refused / dropped);
                        System.out.printf(
                                Locale.ROOT,
                                "%-16s raw Netty %5.0f ns, Konce %5.0f ns a datagram, ratio %.3f%n",
                                kind,
                                dropped,
                                refused,
                                refused / dropped);
                    }
                }
                ratios.sort(null);
                System.out.printf(
                        Locale.ROOT, "%-16s median ratio %.3f (bar 1.15)%n", kind, ratios.get(ratios.size() / 2));
            }
            System.out.println("Konce: " + konce.ask());
        }
    }

    /// A receiving process, asked by a line for its counters: datagrams, processor time, agreements that were run.
    private static final class Receiver implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;
        private final int port;

        Receiver(String role) throws IOException {
            process = child(role).start();
            answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
            port = Integer.parseInt(answers.readLine());
        }

        /// @return nanoseconds for each datagram read
        double flood(int datagrams, String kind) throws IOException, InterruptedException {
            long[] before = counters();
            Process sender = child("send", String.valueOf(port), String.valueOf(datagrams), kind)
                    .start();
            sender.waitFor();
            long[] after = counters();
            return (double) (after[1] - before[1]) / Math.max(1, after[0] - before[0]);
        }

        private long[] counters() throws IOException {
            return Arrays.stream(ask().split(" "))
                    .limit(2)
                    .mapToLong(Long::parseLong)
                    .toArray();
        }

        String ask() throws IOException {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            return answers.readLine();
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    private static ProcessBuilder child(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        String modules = System.getProperty("jdk.module.path");
        if (modules == null) {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        } else {
            command.addAll(List.of("-p", modules, "-m", "konce.bench/" + Main.class.getName()));
        }
        command.add("refusal");
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    }

    private static void receiveRaw() throws IOException {
        AtomicLong received = new AtomicLong();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        EpollDatagramChannel channel = (EpollDatagramChannel) new Bootstrap()
                .group(group)
                .channel(EpollDatagramChannel.class)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message) {
                        received.lazySet(received.get() + 1);
                        ReferenceCountUtil.release(message);
                    }
                })
                .bind(loopback())
                .syncUninterruptibly()
                .channel();
        answer(channel.localAddress().getPort(), () -> new long[] {received.get(), 0, 0});
    }

    private static void receiveKonce() throws IOException {
        try (Node node = Node.builder().server(true).listen(loopback()).open()) {
            answer(node.localAddress().getPort(), () -> {
                var statistics = node.statistics();
                return new long[] {statistics.datagramsReceived(), statistics.jobsFinished(), statistics.channels()};
            });
        }
    }

    private interface Counters {
        long[] now();
    }

    private static void answer(int port, Counters counters) throws IOException {
        System.out.println(port);
        OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        while (System.in.read() >= 0) {
            long[] now = counters.now();
            System.out.println(now[0] + " " + process.getProcessCpuTime() + " datagrams and ns; " + now[1]
                    + " agreements run, " + now[2] + " channels");
        }
    }

    /// Sends so many datagrams, from many addresses, no faster than a loaded machine can take them.
    private static void send(int port, int datagrams, String kind) throws IOException, InterruptedException {
        InetSocketAddress to = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
        Random chance = new Random(port);
        byte[] bytes = new byte[DATAGRAM_BYTES];
        ByteBuffer buffer = ByteBuffer.allocateDirect(DATAGRAM_BYTES);
        DatagramChannel[] sources = new DatagramChannel[SOURCES];
        for (int i = 0; i < SOURCES; i++) {
            InetAddress from =
                    InetAddress.getByAddress(new byte[] {127, 1, (byte) chance.nextInt(256), (byte) (i + 1)});
            sources[i] = DatagramChannel.open().bind(new InetSocketAddress(from, 0));
        }
        for (int i = 0; i < datagrams; i++) {
            chance.nextBytes(bytes);
            if (kind.equals("type-and-length")) {
                bytes[0] = COOKIE_ECHO;
            }
            buffer.clear().put(bytes).flip();
            sources[i % SOURCES].send(buffer, to);
        }
        for (DatagramChannel source : sources) {
            source.close();
        }
    }
}
