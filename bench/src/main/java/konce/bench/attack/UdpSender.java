package konce.bench.attack;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/// Sockets at many addresses of 127.0.0.0/8, on one loop, that send as fast as one thread can: many datagrams to a
/// system
/// call (sendmmsg), or bursts that the kernel takes apart (GSO).
final class UdpSender implements AutoCloseable {
    /// Bursts of all sockets between two looks at the clock.
    private static final int ROUND = 64;

    /// The second and third byte of the first address, where each is in a /24 of its own.
    private static final int NETS_APART = 1 << 8;

    /// Those of all addresses, where they are in one.
    private static final int NET_OF_ONE = (66 << 8) | 7;

    private static final long PAUSE_NANOS = 500_000;
    private static final long CLOSE_SECONDS = 2;
    private static final int SOCKET_BUFFER_BYTES = 4 << 20;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final InetSocketAddress to;
    private final Channel[] sockets;

    /// What was sent.
    ///
    /// @param datagrams sent
    /// @param nanos it took
    public record Sent(long datagrams, long nanos) {}

    /// @param apart whether each socket's address is in a /24 of its own; else all are in [#NET_OF_ONE]
    /// @param answers takes what comes back to a socket, by its number, on the loop
    UdpSender(InetSocketAddress to, boolean apart, int count, BiConsumer<Integer, ByteBuf> answers)
            throws InterruptedException, UnknownHostException {
        this.to = to;
        sockets = new Channel[count];
        for (int i = 0; i < count; i++) {
            int net = apart ? NETS_APART + i : NET_OF_ONE;
            int host = apart ? 1 : 1 + i;
            InetAddress from = InetAddress.getByAddress(new byte[] {127, (byte) (net >> 8), (byte) net, (byte) host});
            sockets[i] = open(from, i, answers);
        }
    }

    private Channel open(InetAddress from, int number, BiConsumer<Integer, ByteBuf> answers)
            throws InterruptedException {
        return new Bootstrap()
                .group(group)
                .channel(EpollDatagramChannel.class)
                .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message) {
                        DatagramPacket packet = (DatagramPacket) message;
                        answers.accept(number, packet.content());
                        packet.release();
                    }
                })
                .bind(new InetSocketAddress(from, 0))
                .sync()
                .channel();
    }

    int sockets() {
        return sockets.length;
    }

    EventLoop loop() {
        return sockets[0].eventLoop();
    }

    /// Whether answers are read; else they fill the sockets' buffers and are lost.
    void readAnswers(boolean read) {
        for (Channel socket : sockets) {
            socket.config().setAutoRead(read);
        }
    }

    /// Sends one datagram, soon. On the loop.
    void send(int socket, byte[] datagram) {
        sockets[socket].writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(datagram), to));
    }

    /// Sends from a supply until time is up, or until so many have been sent.
    ///
    /// @param supply of each socket: datagrams of one size, one behind the other
    /// @param bytes of each datagram
    /// @param burst datagrams the kernel takes apart by itself; 1: each is sent as such
    /// @param count at most
    /// @param perSecond at most; 0: as many as go
    Sent flood(ByteBuf[] supply, int bytes, int burst, long count, long perSecond, long nanos)
            throws InterruptedException {
        long startNanos = System.nanoTime();
        long sent = 0;
        int turn = 0;
        int[] at = new int[supply.length];
        while (sent < count && System.nanoTime() - startNanos < nanos) {
            if (perSecond > 0 && sent > perSecond * (double) (System.nanoTime() - startNanos) / 1e9) {
                await(PAUSE_NANOS);
                continue;
            }
            int first = turn;
            int sends = (int) Math.min(ROUND, (Math.min(count - sent, (long) ROUND * burst) + burst - 1) / burst);
            loop().submit(() -> round(supply, at, first, sends, bytes, burst)).sync();
            turn = (turn + sends) % sockets.length;
            sent += (long) sends * burst;
        }
        return new Sent(sent, System.nanoTime() - startNanos);
    }

    /// Until a timer of the loop says so.
    void await(long nanos) throws InterruptedException {
        loop().schedule(() -> {}, nanos, TimeUnit.NANOSECONDS).sync();
    }

    /// One burst from each of some sockets; without bursts, eight datagrams from each of an eighth of them.
    private void round(ByteBuf[] supply, int[] at, int first, int sends, int bytes, int burst) {
        int each = burst > 1 ? 1 : 8;
        for (int i = 0; i < sends; i += each) {
            int socket = (first + i) % sockets.length;
            ByteBuf own = supply[socket % supply.length];
            for (int j = i; j < Math.min(sends, i + each); j++) {
                int length = burst * bytes;
                int offset = at[socket % supply.length];
                if (offset + length > own.capacity()) {
                    offset = 0;
                }
                at[socket % supply.length] = offset + length;
                ByteBuf slice = own.retainedSlice(offset, Math.min(length, own.capacity()));
                sockets[socket].write(
                        burst > 1 ? new SegmentedDatagramPacket(slice, bytes, to) : new DatagramPacket(slice, to));
            }
            sockets[socket].flush();
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
