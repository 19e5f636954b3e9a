package konce.bench.peer;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Bare UDP by Netty: what no transport over it can pass. Nothing is encrypted, and what is lost is lost.
final class UdpPeer implements Contestant {
    /// Bytes the receiver counts before it says how many there are.
    private static final int REPORT_BYTES = 1 << 18;

    /// Bytes that may be under way. What is lost counts as under way, until nothing has come for a while.
    private static final int WINDOW_BYTES = 2 << 20;

    private static final long STALL_NANOS = 20_000_000L;
    private static final int RECEIVE_BYTES = 65_536;
    private static final int SOCKET_BUFFER_BYTES = 4 << 20;
    private static final int UDP_BYTES_MAX = 65_507;

    private final String name;
    private final String title;
    private final int segmentBytes;
    private final int burstBytes;

    /// @param segmentBytes of a datagram
    UdpPeer(String name, String title, int segmentBytes) {
        this.name = name;
        this.title = title;
        this.segmentBytes = segmentBytes;
        burstBytes = UDP_BYTES_MAX / segmentBytes * segmentBytes;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public List<String> tuning() {
        return List.of(
                "Netty's native epoll transport, GSO (SegmentedDatagramPacket) and GRO (EpollChannelOption.UDP_GRO)",
                "at most " + (WINDOW_BYTES >> 20) + " MiB under way, so that the receiver's buffer holds it");
    }

    @Override
    public Set<Discipline> disciplines() {
        return EnumSet.of(Discipline.BULK, Discipline.REQUESTS);
    }

    @Override
    public boolean overTcp() {
        return false;
    }

    @Override
    public boolean canBeGuarded() {
        return false;
    }

    @Override
    public String listen(Setting setting) throws Exception {
        return Loopback.text((InetSocketAddress) bind(switch (setting.discipline()) {
                    case BULK -> new Counter();
                    case REQUESTS, HANDSHAKES, REPLY, IDLE, GARBAGE -> new Echo();
                })
                .localAddress());
    }

    @Override
    public Bulk bulk(String address, Setting setting) throws Exception {
        Channel channel = bind(new ChannelInboundHandlerAdapter());
        Blaster blaster = new Blaster(channel, Loopback.parse(address));
        channel.pipeline().addLast(blaster);
        return blaster;
    }

    @Override
    public Requests requests(String address, Setting setting) throws Exception {
        Channel channel = bind(new ChannelInboundHandlerAdapter());
        Asker asker = new Asker(channel, Loopback.parse(address));
        channel.pipeline().addLast(asker);
        return asker;
    }

    private static Channel bind(ChannelHandler handler) throws InterruptedException {
        return new Bootstrap()
                .group(Loopback.loops())
                .channel(EpollDatagramChannel.class)
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
                .option(EpollChannelOption.UDP_GRO, true)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(RECEIVE_BYTES))
                .handler(handler)
                .bind(Loopback.any())
                .sync()
                .channel();
    }

    /// Sends bursts as long as the window has room.
    private final class Blaster extends SimpleChannelInboundHandler<DatagramPacket> implements Bulk {
        private final Channel channel;
        private final InetSocketAddress server;
        private final ByteBuf burst = Unpooled.directBuffer(burstBytes).writeZero(burstBytes);
        private CompletableFuture<Moved> moved = new CompletableFuture<>();
        private boolean sending;
        private long startNanos;
        private long deadlineNanos;
        private long lastNanos;
        private long sentBytes;
        private long goneBytes;
        private long countedBytes;
        private long countedAtStart;

        Blaster(Channel channel, InetSocketAddress server) {
            this.channel = channel;
            this.server = server;
        }

        @Override
        public Moved moveUntil(long deadline) throws Exception {
            CompletableFuture<Moved> end = new CompletableFuture<>();
            channel.eventLoop().execute(() -> {
                moved = end;
                startNanos = System.nanoTime();
                lastNanos = startNanos;
                deadlineNanos = deadline;
                goneBytes = sentBytes;
                countedAtStart = countedBytes;
                sending = true;
                send();
                watch();
            });
            return end.get();
        }

        private void send() {
            while (sending && sentBytes - goneBytes + burstBytes <= WINDOW_BYTES) {
                ByteBuf bytes = burst.retainedDuplicate();
                channel.write(
                        segmentBytes == burstBytes
                                ? new DatagramPacket(bytes, server)
                                : new SegmentedDatagramPacket(bytes, segmentBytes, server));
                sentBytes += burstBytes;
            }
            channel.flush();
            if (System.nanoTime() - deadlineNanos >= 0) {
                sending = false;
            }
        }

        /// Whatever has not come after a while is lost.
        private void watch() {
            long now = System.nanoTime();
            if (now - lastNanos >= STALL_NANOS) {
                if (!sending) {
                    moved.complete(new Moved(countedBytes - countedAtStart, lastNanos - startNanos));
                    return;
                }
                goneBytes = sentBytes;
                send();
            }
            channel.eventLoop().schedule(this::watch, STALL_NANOS, TimeUnit.NANOSECONDS);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
            while (packet.content().isReadable(Long.BYTES)) {
                long counted = packet.content().readLong();
                goneBytes = Math.min(sentBytes, goneBytes + Math.max(0, counted - countedBytes));
                countedBytes = Math.max(countedBytes, counted);
            }
            lastNanos = System.nanoTime();
            send();
        }
    }

    /// Counts bytes, and says how many there are.
    private static final class Counter extends SimpleChannelInboundHandler<DatagramPacket> {
        private long bytes;
        private long reported;

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
            bytes += packet.content().readableBytes();
            if (bytes - reported >= REPORT_BYTES) {
                reported = bytes;
                ctx.writeAndFlush(
                        new DatagramPacket(ctx.alloc().directBuffer(Long.BYTES).writeLong(bytes), packet.sender()));
            }
        }
    }

    /// Sends requests, all alike, so that any reply is the oldest one's.
    private static final class Asker extends SimpleChannelInboundHandler<DatagramPacket> implements Requests {
        private final Channel channel;
        private final InetSocketAddress server;
        private final ByteBuf request = Unpooled.directBuffer(REQUEST_BYTES).writeZero(REQUEST_BYTES);
        private final Queue<Reply> waiting = new ArrayDeque<>();
        private boolean reading;

        Asker(Channel channel, InetSocketAddress server) {
            this.channel = channel;
            this.server = server;
        }

        @Override
        public void request(Reply reply) {
            if (channel.eventLoop().inEventLoop()) {
                send(reply);
            } else {
                channel.eventLoop().execute(() -> send(reply));
            }
        }

        private void send(Reply reply) {
            waiting.add(reply);
            channel.write(new DatagramPacket(request.retainedDuplicate(), server));
            if (!reading) {
                channel.flush();
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
            reading = true;
            for (int i = packet.content().readableBytes() / REQUEST_BYTES; i > 0; i--) {
                waiting.remove().arrived();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            reading = false;
            ctx.flush();
        }
    }

    /// Answers each request.
    private static final class Echo extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
            for (int i = packet.content().readableBytes() / Requests.REQUEST_BYTES; i > 0; i--) {
                ByteBuf reply = ctx.alloc().directBuffer(Requests.REQUEST_BYTES).writeZero(Requests.REQUEST_BYTES);
                ctx.write(new DatagramPacket(reply, packet.sender()));
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }
    }
}
