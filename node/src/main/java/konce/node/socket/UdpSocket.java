package konce.node.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SelectStrategyFactory;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import konce.protocol.Address;
import konce.protocol.endpoint.Transmit;

/// One bound UDP socket and the event loop that serves it.
///
/// Received datagrams go to the [Receiver] on the loop; datagrams to send lie in a fixed number of [Slot]s, and when
/// all are on their way [#hasRoom] says no, so that what cannot be sent stays in the endpoint and nowhere else.
///
/// - threads: [#open], [#loop], [#localAddress], [#description] and [#close] from any; all else the loop's
public final class UdpSocket implements AutoCloseable {
    /// Slots: sends under way at once. 4 MiB, and as many datagrams to one system call where they go to many peers.
    public static final int SLOTS = 64;

    /// Bytes written after which they are flushed, although more is at hand: they should still be in the cache.
    private static final int FLUSH_BYTES = 256 << 10;

    private static final long CLOSE_SECONDS_MAX = 2;
    private static final AtomicInteger COUNTER = new AtomicInteger();

    /// How a socket is used.
    ///
    /// @param offload whether to use segmentation offload where the system has it
    /// @param patient whether the loop looks for work a moment longer before it sleeps, where that pays
    public record Options(boolean offload, boolean patient) {
        SelectStrategyFactory strategy(Receiver receiver) {
            return patient ? () -> new PatientSelect(receiver::isWorkDue) : DefaultSelectStrategyFactory.INSTANCE;
        }
    }

    /// Who takes what the socket has. Called on the loop.
    public interface Receiver {
        /// A read gave something: the datagrams that follow have come now.
        void handleRead();

        /// @param datagram native memory, the receiver's until it returns
        void handleDatagram(Address remote, MemorySegment datagram);

        /// A read pass is over: answer it.
        void handleReadComplete();

        /// There is room again after [#hasRoom] said no.
        void handleRoom();

        /// Whether something waits for the loop that no datagram shows. Asked often.
        boolean isWorkDue();

        /// Taking a datagram threw: a fault of ours, never the peer's doing.
        void handleFailure(Throwable cause);
    }

    private final EventLoopGroup group;
    private final Transport transport;
    private final boolean offload;
    private volatile DatagramChannel channel;
    private volatile SocketSettings settings;
    private final Slot[] free = new Slot[SLOTS];
    private final Remotes remotes = new Remotes();
    private final SocketCounters counters;
    private final Receiver receiver;
    private int freeCount;
    private int unflushedBytes;
    private boolean starved;

    /// A socket that is bound.
    private record Bound(DatagramChannel channel, SocketSettings settings) {}

    private UdpSocket(
            EventLoopGroup group,
            Transport transport,
            boolean offload,
            SocketCounters counters,
            Bound bound,
            Receiver receiver) {
        this.counters = counters;
        this.group = group;
        this.transport = transport;
        this.offload = offload;
        this.receiver = receiver;
        channel = bound.channel;
        settings = bound.settings;
        for (int i = 0; i < SLOTS; i++) {
            free[i] = new Slot(this);
        }
        freeCount = SLOTS;
    }

    /// Binds a socket. Nothing is read until [#start].
    ///
    /// @param listen the address to bind; port 0: any free one; the wildcard: IPv6 and IPv4 at once where there is
    /// IPv6
    /// @throws IOException when the address cannot be bound
    public static UdpSocket open(Transport transport, InetSocketAddress listen, Options options, Receiver receiver)
            throws IOException {
        boolean offload = options.offload;
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                1,
                new DefaultThreadFactory("konce-loop-" + COUNTER.incrementAndGet(), true),
                transport.loops(options.strategy(receiver)));
        try {
            SocketCounters counters = new SocketCounters();
            Bound bound = bind(group, transport, listen, offload, counters);
            return new UdpSocket(group, transport, offload, counters, bound, receiver);
        } catch (IOException | RuntimeException e) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw e;
        }
    }

    private static Bound bind(
            EventLoopGroup group,
            Transport transport,
            InetSocketAddress listen,
            boolean offload,
            SocketCounters counters)
            throws IOException {
        boolean ipv4Only = SocketSettings.isIpv4Only(listen);
        DatagramChannel channel = transport.newChannel(ipv4Only);
        SocketSettings settings = SocketSettings.apply(transport, channel, ipv4Only, offload, counters);
        await(group.register(channel), listen);
        await(channel.bind(SocketSettings.bindAddress(ipv4Only, listen)), listen);
        return new Bound(channel, settings);
    }

    /// Sends and receives at another address from now on, on the same loop. The old one is closed; what was on its
    /// way
    /// is lost.
    ///
    /// - threads: any but the loop's
    ///
    /// @throws IOException when it cannot be bound; then nothing has changed
    public void rebind(InetSocketAddress listen) throws IOException {
        Bound bound = bind(group, transport, listen, offload, counters);
        loop().submit(() -> {
                    DatagramChannel old = channel;
                    channel = bound.channel;
                    settings = bound.settings;
                    start();
                    old.close();
                })
                .awaitUninterruptibly();
    }

    /// Begins to read.
    public void start() {
        channel.pipeline().addLast(new Inbound());
        channel.config().setAutoRead(true);
    }

    public EventLoop loop() {
        return channel.eventLoop();
    }

    public InetSocketAddress localAddress() {
        return channel.localAddress();
    }

    /// The transport and what it offers, for people: `epoll, GSO and GRO`.
    public String description() {
        return settings.description();
    }

    /// Bytes the system gives the socket for datagrams not yet read.
    public int receiveBufferBytes() {
        return settings.receiveBufferBytes();
    }

    /// Bytes the system gives the socket for datagrams not yet sent.
    public int sendBufferBytes() {
        return settings.sendBufferBytes();
    }

    public SocketCounters counters() {
        return counters;
    }

    /// Whether a slot is free.
    public boolean hasRoom() {
        if (freeCount == 0) {
            starved = true;
        }
        return freeCount > 0;
    }

    /// What the next [#send] takes. Only where there is room.
    public Transmit transmit() {
        return free[freeCount - 1].transmit();
    }

    /// Puts the filled [#transmit] on its way.
    public void send() {
        Slot slot = free[--freeCount];
        unflushedBytes += slot.transmit().bytes();
        slot.send(remotes.socketAddress(slot.transmit().remote()));
        if (unflushedBytes >= FLUSH_BYTES || freeCount == 0) {
            flush();
        }
    }

    /// Gives everything put on its way to the system.
    public void flush() {
        if (unflushedBytes > 0) {
            unflushedBytes = 0;
            channel.flush();
        }
    }

    /// Closes the socket and its loop, and waits until they are, [#CLOSE_SECONDS_MAX] at most.
    @Override
    public void close() {
        channel.close().awaitUninterruptibly(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        group.shutdownGracefully(0, CLOSE_SECONDS_MAX, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    }

    Channel channel() {
        return channel;
    }

    boolean segments() {
        return settings.segments();
    }

    void stopSegmenting() {
        settings.stopSegmenting();
    }

    void giveBack(Slot slot) {
        free[freeCount++] = slot;
        if (starved) {
            starved = false;
            receiver.handleRoom();
        }
    }

    private static void await(ChannelFuture future, InetSocketAddress listen) throws IOException {
        future.awaitUninterruptibly();
        Throwable cause = future.cause();
        if (cause != null) {
            throw new IOException("cannot listen on UDP " + listen + ": " + cause.getMessage(), cause);
        }
    }

    private final class Inbound extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                DatagramPacket packet = (DatagramPacket) message;
                receiver.handleRead();
                deliver(packet.content(), remotes.address(packet.sender()));
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private void deliver(ByteBuf content, Address remote) {
            if (content instanceof ReceiveBuffer glued) {
                counters.bytesReceived += glued.writerIndex();
                counters.datagramsReceived += glued.deliver(remote, receiver);
            } else {
                counters.bytesReceived += content.readableBytes();
                counters.datagramsReceived++;
                receiver.handleDatagram(remote, MemorySegment.ofBuffer(content.nioBuffer()));
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            receiver.handleReadComplete();
        }

        /// A read that failed says something about some datagram sent earlier (an ICMP error) or about the
        /// machine. It
        /// is nobody's proof of anything: counted, and reading goes on.
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof IOException) {
                counters.readFailures++;
            } else {
                receiver.handleFailure(cause);
            }
        }
    }
}
