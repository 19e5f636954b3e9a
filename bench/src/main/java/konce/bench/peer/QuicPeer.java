package konce.bench.peer;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelBootstrap;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicCodecBuilder;
import io.netty.handler.codec.quic.QuicCongestionControlAlgorithm;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// Netty's QUIC: quiche under JNI.
final class QuicPeer implements Contestant {
    private static final String PROTOCOL = "bench";
    private static final int PACKET_BYTES = 1_440;
    private static final int SEGMENTS_MAX = 44;
    private static final int WINDOW_BYTES = 64 << 20;
    private static final int STREAMS_MAX = 1 << 20;
    private static final int IDLE_SECONDS = 120;
    private static final int RECEIVE_BYTES = 65_536;
    private static final int SOCKET_BUFFER_BYTES = 4 << 20;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(512 << 10, 1 << 20);

    /// How requests use streams.
    enum Streams {
        ONE_EACH("netty-quic", "Netty QUIC (quiche), 1,440-byte packets"),
        ONE_FOR_ALL("netty-quic-pipelined", "Netty QUIC (quiche), all requests on one stream");

        private final String name;
        private final String title;

        Streams(String name, String title) {
            this.name = name;
            this.title = title;
        }
    }

    private final Streams streams;

    QuicPeer(Streams streams) {
        this.streams = streams;
    }

    @Override
    public String name() {
        return streams.name;
    }

    @Override
    public String title() {
        return streams.title;
    }

    @Override
    public List<String> tuning() {
        return List.of(
                "packets of 1,440 bytes (maxSendUdpPayloadSize)",
                "GSO: EpollQuicUtils.newSegmentedAllocator, up to " + SEGMENTS_MAX + " packets a call (Netty's own"
                        + " example for epoll)",
                "GRO on receipt (EpollChannelOption.UDP_GRO)",
                "flow control windows of 64 MiB, so that they never hold it back",
                "CUBIC (quiche's default), AES-128-GCM (BoringSSL's choice with AES hardware)",
                "socket buffers asked for 4 MiB (arXiv 2309.16395: at least ten times the default)");
    }

    @Override
    public Set<Discipline> disciplines() {
        return streams == Streams.ONE_EACH
                ? EnumSet.complementOf(EnumSet.of(Discipline.GARBAGE))
                : EnumSet.of(Discipline.REQUESTS);
    }

    @Override
    public boolean overTcp() {
        return false;
    }

    @Override
    public boolean canBeGuarded() {
        return true;
    }

    @Override
    public String listen(Setting setting) throws Exception {
        Credentials credentials = Credentials.read(setting.scratch());
        QuicSslContext tls = QuicSslContextBuilder.forServer(credentials.key(), null, credentials.certificate())
                .applicationProtocols(PROTOCOL)
                .build();
        // With a token handler, every client is sent a Retry first.
        QuicTokenHandler retry = setting.guarded() ? InsecureQuicTokenHandler.INSTANCE : null;
        ChannelHandler codec = tuned(new QuicServerCodecBuilder().sslContext(tls))
                .tokenHandler(retry)
                .option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, gso())
                .streamOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }
                })
                .streamHandler(new ChannelInitializer<QuicStreamChannel>() {
                    @Override
                    protected void initChannel(QuicStreamChannel stream) {
                        stream.pipeline().addLast(server(setting.discipline()));
                    }
                })
                .build();
        Channel socket = bind(codec);
        return Loopback.text((InetSocketAddress) socket.localAddress());
    }

    private ChannelHandler server(Discipline discipline) {
        return discipline != Discipline.BULK && streams == Streams.ONE_EACH
                ? new StreamEcho()
                : TcpPeer.server(discipline);
    }

    @Override
    public Bulk bulk(String address, Setting setting) throws Exception {
        return openStream(connect(address, setting), NettyBlocks.Sender::new);
    }

    @Override
    public Requests requests(String address, Setting setting) throws Exception {
        QuicChannel connection = connect(address, setting);
        return streams == Streams.ONE_EACH
                ? reply -> connection.createStream(QuicStreamType.BIDIRECTIONAL, new StreamRequest(reply))
                : openStream(connection, NettyEcho.Client::new);
    }

    private static <H extends ChannelHandler> H openStream(QuicChannel connection, Function<Channel, H> client)
            throws Exception {
        QuicStreamChannel stream = connection
                .createStream(QuicStreamType.BIDIRECTIONAL, new ChannelInboundHandlerAdapter())
                .sync()
                .getNow();
        stream.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
        H handler = client.apply(stream);
        stream.pipeline().addLast(handler);
        return handler;
    }

    @Override
    public Connections connections(String address, Setting setting) throws Exception {
        QuicChannelBootstrap bootstrap = client(address, setting);
        return (keep, reply) -> bootstrap.connect().addListener(connected -> {
            if (!connected.isSuccess()) {
                reply.failed(connected.cause());
                return;
            }
            QuicChannel connection = (QuicChannel) connected.getNow();
            Requests.Reply last = keep ? reply : new Requests.LastReply(reply, connection::close);
            connection.createStream(QuicStreamType.BIDIRECTIONAL, new StreamRequest(last));
        });
    }

    private static QuicChannel connect(String address, Setting setting) throws Exception {
        return client(address, setting).connect().get();
    }

    private static QuicChannelBootstrap client(String address, Setting setting) throws Exception {
        QuicSslContext tls = QuicSslContextBuilder.forClient()
                .trustManager(Credentials.read(setting.scratch()).certificate())
                .applicationProtocols(PROTOCOL)
                .build();
        AtomicInteger connections = new AtomicInteger();
        ChannelHandler codec = tuned(new QuicClientCodecBuilder()
                        .sslEngineProvider(channel -> tls.newEngine(
                                channel.alloc(),
                                Credentials.HOST,
                                Credentials.otherPort(connections.incrementAndGet()))))
                .build();
        return QuicChannel.newBootstrap(bind(codec))
                .option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, gso())
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }
                })
                .remoteAddress(Loopback.parse(address));
    }

    private static <B extends QuicCodecBuilder<B>> B tuned(B builder) {
        return builder.maxIdleTimeout(IDLE_SECONDS, TimeUnit.SECONDS)
                .maxSendUdpPayloadSize(PACKET_BYTES)
                .maxRecvUdpPayloadSize(RECEIVE_BYTES)
                .initialMaxData(WINDOW_BYTES)
                .initialMaxStreamDataBidirectionalLocal(WINDOW_BYTES)
                .initialMaxStreamDataBidirectionalRemote(WINDOW_BYTES)
                .initialMaxStreamsBidirectional(STREAMS_MAX)
                .congestionControlAlgorithm(QuicCongestionControlAlgorithm.CUBIC);
    }

    private static io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator gso() {
        return EpollQuicUtils.newSegmentedAllocator(SEGMENTS_MAX);
    }

    private static Channel bind(ChannelHandler codec) throws InterruptedException {
        return new Bootstrap()
                .group(Loopback.loops())
                .channel(EpollDatagramChannel.class)
                .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER_BYTES)
                .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER_BYTES)
                .option(EpollChannelOption.UDP_GRO, true)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(RECEIVE_BYTES))
                .handler(codec)
                .bind(Loopback.any())
                .sync()
                .channel();
    }

    /// The client's side of one request on a stream of its own.
    private static final class StreamRequest extends ChannelInboundHandlerAdapter {
        private final Requests.Reply reply;
        private int replyBytes;
        private boolean ended;

        StreamRequest(Requests.Reply reply) {
            this.reply = reply;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(Unpooled.directBuffer(Requests.REQUEST_BYTES).writeZero(Requests.REQUEST_BYTES))
                    .addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            replyBytes += bytes.readableBytes();
            bytes.release();
            if (!ended && replyBytes >= Requests.REQUEST_BYTES) {
                ended = true;
                reply.arrived();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (!ended) {
                ended = true;
                reply.failed(new IllegalStateException("the stream has ended"));
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                ctx.close();
            }
        }
    }

    /// The server's side: the reply ends the stream.
    private static final class StreamEcho extends ChannelInboundHandlerAdapter {
        private int requestBytes;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            requestBytes += bytes.readableBytes();
            bytes.release();
            if (requestBytes >= Requests.REQUEST_BYTES) {
                requestBytes -= Requests.REQUEST_BYTES;
                ctx.writeAndFlush(
                                ctx.alloc().directBuffer(Requests.REQUEST_BYTES).writeZero(Requests.REQUEST_BYTES))
                        .addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
            }
        }
    }
}
