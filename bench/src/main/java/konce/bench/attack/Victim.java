package konce.bench.attack;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import konce.bench.peer.Contestant;
import konce.bench.peer.Contestants;
import konce.bench.peer.Discipline;
import konce.bench.peer.Requests;
import konce.bench.peer.Setting;
import konce.node.Node;
import konce.node.NodeStatistics;
import konce.protocol.HandlerId;

/// A server that is flooded.
interface Victim {
    /// Where it listens.
    String address();

    /// What it is now.
    Sample sample() throws IOException;

    /// A server of ours that asks for work as it sees fit.
    String KONCE = "konce";

    /// A socket of Netty's that drops what comes, as Netty makes it.
    String RAW = "raw";

    /// The same, set as ours are: buffers of 4 MiB, GRO, 16 reads before it does anything else.
    String RAW_SET_AS_OURS = "raw-set-as-ours";

    /// Ends the names of those that make clients prove their address first.
    String GUARDED = "+retry";

    /// @param name one of the above, or a contestant's, which may end with [#GUARDED]
    static Victim listen(String name, Path scratch) throws Exception {
        return switch (name) {
            case KONCE -> new Konce();
            case RAW -> new Raw(false);
            case RAW_SET_AS_OURS -> new Raw(true);
            default -> new Peer(name, scratch);
        };
    }

    /// Any port of loopback.
    static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    }

    /// Ours, which answers requests as the contestants' servers do.
    final class Konce implements Victim {
        private final Node node;

        Konce() throws IOException {
            node = Node.builder().server(true).listen(loopback()).open();
            node.handle(HandlerId.wellKnown(1), message -> message.reply(new byte[Requests.REQUEST_BYTES]));
        }

        @Override
        public String address() {
            return HexFormat.of().formatHex(node.publicKey().toBytes()) + "@127.0.0.1:"
                    + node.localAddress().getPort();
        }

        @Override
        public Sample sample() throws IOException {
            NodeStatistics now = node.statistics();
            Map<String, Long> refused = new LinkedHashMap<>();
            now.drops().forEach((reason, count) -> refused.put(reason.name(), count));
            return Sample.now(
                    node.localAddress().getPort(),
                    "konce-loop",
                    new Sample.Own(now.datagramsReceived(), now.jobsFinished(), now.effort(), now.channels(), refused));
        }
    }

    /// Netty's socket and nothing behind it.
    final class Raw implements Victim {
        private static final int BUFFER_BYTES = 4 << 20;
        private static final int READ_BYTES = 65_536;
        private static final int READS_PER_PASS = 16;

        private final AtomicLong received = new AtomicLong();
        private final int port;

        /// @param asOurs whether it is set as our sockets are
        Raw(boolean asOurs) {
            EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("raw-loop"), EpollIoHandler.newFactory());
            Bootstrap bootstrap = new Bootstrap()
                    .group(group)
                    .channel(EpollDatagramChannel.class)
                    .handler(new Dropping());
            if (asOurs) {
                FixedRecvByteBufAllocator room = new FixedRecvByteBufAllocator(READ_BYTES);
                bootstrap
                        .option(ChannelOption.SO_RCVBUF, BUFFER_BYTES)
                        .option(ChannelOption.SO_SNDBUF, BUFFER_BYTES)
                        .option(EpollChannelOption.UDP_GRO, true)
                        .option(ChannelOption.RECVBUF_ALLOCATOR, room.maxMessagesPerRead(READS_PER_PASS));
            }
            port = ((EpollDatagramChannel)
                            bootstrap.bind(loopback()).syncUninterruptibly().channel())
                    .localAddress()
                    .getPort();
        }

        @Override
        public String address() {
            return "127.0.0.1:" + port;
        }

        @Override
        public Sample sample() throws IOException {
            return Sample.now(port, "raw-loop", new Sample.Own(received.get(), 0, 0, 0, Map.of()));
        }

        private final class Dropping extends ChannelInboundHandlerAdapter {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                received.lazySet(received.get() + 1);
                ReferenceCountUtil.release(message);
            }
        }
    }

    /// Somebody else's.
    final class Peer implements Victim {
        private final String address;

        Peer(String name, Path scratch) throws Exception {
            boolean guarded = name.endsWith(GUARDED);
            Contestant contestant =
                    Contestants.named(guarded ? name.substring(0, name.length() - GUARDED.length()) : name);
            address = contestant.listen(new Setting(Discipline.HANDSHAKES, guarded, scratch));
        }

        @Override
        public String address() {
            return address;
        }

        @Override
        public Sample sample() throws IOException {
            int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
            return Sample.now(port, "multiThreadIoEventLoopGroup", Sample.Own.NOTHING);
        }
    }
}
