package konce.bench.attack;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import konce.bench.peer.Connections;
import konce.bench.peer.Contestant;
import konce.bench.peer.Requests;
import konce.bench.peer.Setting;

/// Floods anybody by what every contestant can do, and the others by what their protocols allow beside.
final class PeerFlooder implements Flooder {
    /// Connections of a flood that are under way at once.
    private static final int UNDER_WAY = 64;

    private static final int SOURCES = 64;
    /// Initials made beforehand for each of the sources; made anew for each flood.
    private static final int INITIALS_EACH = 64;

    private static final int HELLO_BYTES_MAX = 4_096;
    private static final int WAIT_MILLIS = 5_000;

    private final Contestant contestant;
    private final String address;
    private final InetSocketAddress to;
    private final Setting setting;

    PeerFlooder(Contestant contestant, String address, Setting setting) {
        this.contestant = contestant;
        this.address = address;
        this.setting = setting;
        to = Flooder.socketAddress(address);
    }

    @Override
    public Flooded flood(Flood kind, Force force) throws Exception {
        return switch (kind) {
            case HANDSHAKES -> handshakes(force);
            case INITIALS -> initials(force);
            case CLIENT_HELLOS -> connections(force, clientHello());
            case GARBAGE -> connections(force, new Forger().random(512));
            default -> throw new IllegalArgumentException(kind + " is not for " + contestant.name());
        };
    }

    private Flooded handshakes(Force force) throws Exception {
        Connections connections = contestant.connections(address, setting);
        long begun = 0;
        AtomicLong answered = new AtomicLong();
        Semaphore room = new Semaphore(UNDER_WAY);
        Requests.Reply counting = new Requests.Reply() {
            @Override
            public void arrived() {
                answered.incrementAndGet();
                room.release();
            }

            @Override
            public void failed(Throwable why) {
                room.release();
            }
        };
        long startNanos = System.nanoTime();
        long endNanos = startNanos + TimeUnit.MILLISECONDS.toNanos(force.millis());
        while (System.nanoTime() - endNanos < 0 && begun < force.count()) {
            if (room.tryAcquire(1, TimeUnit.MILLISECONDS)) {
                begun++;
                connections.open(false, counting);
            }
        }
        return new Flooded(begun, answered.get(), System.nanoTime() - startNanos);
    }

    private Flooded initials(Force force) throws Exception {
        Initials initials = Initials.capture(contestant, setting.scratch());
        ByteBuf[] supply = new ByteBuf[SOURCES];
        for (int i = 0; i < SOURCES; i++) {
            supply[i] = Unpooled.directBuffer(INITIALS_EACH * initials.bytes(), INITIALS_EACH * initials.bytes());
        }
        long startNanos = System.nanoTime();
        long nanos = TimeUnit.MILLISECONDS.toNanos(force.millis());
        long sent = 0;
        try (UdpSender sender = new UdpSender(to, true, SOURCES, (_, _) -> {})) {
            sender.readAnswers(false);
            while (System.nanoTime() - startNanos < nanos && sent < force.count()) {
                for (ByteBuf one : supply) {
                    one.clear();
                    for (int i = 0; i < INITIALS_EACH; i++) {
                        one.writeBytes(initials.next());
                    }
                }
                sent += sender.flood(
                                supply,
                                initials.bytes(),
                                1,
                                Math.min(force.count() - sent, (long) SOURCES * INITIALS_EACH),
                                force.perSecond(),
                                nanos)
                        .datagrams();
            }
        }
        for (ByteBuf one : supply) {
            one.release();
        }
        return new Flooded(sent, 0, System.nanoTime() - startNanos);
    }

    /// What a client of the contestant's says first.
    private byte[] clientHello() throws Exception {
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody.setSoTimeout(WAIT_MILLIS);
            contestant
                    .connections("127.0.0.1:" + nobody.getLocalPort(), setting)
                    .open(false, new Requests.Reply() {
                        @Override
                        public void arrived() {
                            throw new IllegalStateException("nobody was there to reply");
                        }

                        @Override
                        public void failed(Throwable why) {
                            // as it must: there is no server
                        }
                    });
            try (Socket client = nobody.accept()) {
                byte[] hello = new byte[HELLO_BYTES_MAX];
                int bytes = client.getInputStream().read(hello);
                if (bytes < 0) {
                    throw new IOException("a client of " + contestant.name() + " says nothing");
                }
                return Arrays.copyOf(hello, bytes);
            }
        }
    }

    /// Connects, says this, and closes when anything comes back.
    private Flooded connections(Force force, byte[] words) throws InterruptedException {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        AtomicLong answered = new AtomicLong();
        Semaphore room = new Semaphore(UNDER_WAY);
        ByteBuf said = Unpooled.directBuffer(words.length).writeBytes(words);
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(EpollSocketChannel.class)
                // closed by a reset, so that ports are free again at once
                .option(ChannelOption.SO_LINGER, 0)
                .remoteAddress(to)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new Hello(said, answered));
                        channel.closeFuture().addListener(_ -> room.release());
                    }
                });
        long startNanos = System.nanoTime();
        long endNanos = startNanos + TimeUnit.MILLISECONDS.toNanos(force.millis());
        long begun = 0;
        while (System.nanoTime() - endNanos < 0 && begun < force.count()) {
            if (room.tryAcquire(1, TimeUnit.MILLISECONDS)) {
                begun++;
                bootstrap.connect().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            }
        }
        long nanos = System.nanoTime() - startNanos;
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        return new Flooded(begun, answered.get(), nanos);
    }

    private static final class Hello extends ChannelInboundHandlerAdapter {
        private final ByteBuf said;
        private final AtomicLong answered;

        Hello(ByteBuf said, AtomicLong answered) {
            this.said = said;
            this.answered = answered;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.writeAndFlush(said.retainedDuplicate());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            answered.incrementAndGet();
            ((ByteBuf) message).release();
            context.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // the server has reset it
            context.close();
        }
    }
}
