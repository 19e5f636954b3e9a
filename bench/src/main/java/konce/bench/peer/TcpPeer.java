package konce.bench.peer;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// TCP by Netty, plain or under TLS 1.3.
final class TcpPeer implements Contestant {
    /// What protects it.
    enum Protection {
        NONE("raw-tcp", "raw TCP (Netty)", null, ""),
        BORINGSSL_AES("tls-boringssl-aes", "TLS 1.3, BoringSSL, AES-128-GCM", SslProvider.OPENSSL, AES),
        BORINGSSL_CHACHA("tls-boringssl-chacha", "TLS 1.3, BoringSSL, ChaCha20-Poly1305", SslProvider.OPENSSL, CHACHA),
        JDK_AES("tls-jdk-aes", "TLS 1.3, JDK, AES-128-GCM", SslProvider.JDK, AES),
        JDK_CHACHA("tls-jdk-chacha", "TLS 1.3, JDK, ChaCha20-Poly1305", SslProvider.JDK, CHACHA);

        private final String name;
        private final String title;
        private final @Nullable SslProvider provider;
        private final String cipher;

        Protection(String name, String title, @Nullable SslProvider provider, String cipher) {
            this.name = name;
            this.title = title;
            this.provider = provider;
            this.cipher = cipher;
        }
    }

    private static final String AES = "TLS_AES_128_GCM_SHA256";
    private static final String CHACHA = "TLS_CHACHA20_POLY1305_SHA256";

    /// BoringSSL chooses ChaCha20-Poly1305 where it believes the processor to have no AES (bit 57) and no
    /// carry-less
    /// multiplication (bit 33); it takes no other hint.
    private static final Map<String, String> WITHOUT_AES = Map.of("OPENSSL_ia32cap", "~0x200000200000000");

    private static final int BACKLOG = 1_024;

    /// Bytes waiting in a channel between which a writer pauses and goes on.
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(512 << 10, 1 << 20);

    private final Protection protection;

    TcpPeer(Protection protection) {
        this.protection = protection;
    }

    @Override
    public String name() {
        return protection.name;
    }

    @Override
    public String title() {
        return protection.title;
    }

    @Override
    public List<String> tuning() {
        List<String> tuning = new ArrayList<>(List.of(
                "Netty's native epoll transport (netty.io/wiki/native-transports.html)",
                "TCP_NODELAY, and writes that leave together (netty.io/wiki, FlushConsolidationHandler)",
                "the kernel's own buffer sizes: setting SO_SNDBUF or SO_RCVBUF switches its tuning off (man 7 tcp)",
                "write water marks of 512 KiB and 1 MiB, so that the socket never runs dry"));
        if (protection.provider == SslProvider.OPENSSL) {
            tuning.add("netty-tcnative with BoringSSL, direct buffers (netty.io/wiki/forked-tomcat-native.html)");
        }
        if (protection == Protection.BORINGSSL_CHACHA) {
            tuning.add("told by OPENSSL_ia32cap that there is no AES hardware: BoringSSL lets nobody choose a cipher of"
                    + " TLS 1.3, and takes ChaCha20-Poly1305 without");
        }
        return tuning;
    }

    @Override
    public Set<Discipline> disciplines() {
        return switch (protection) {
            case NONE -> EnumSet.of(Discipline.BULK, Discipline.REQUESTS);
            case BORINGSSL_AES, JDK_AES -> EnumSet.complementOf(EnumSet.of(Discipline.GARBAGE));
            case BORINGSSL_CHACHA, JDK_CHACHA -> EnumSet.of(Discipline.BULK, Discipline.REQUESTS);
        };
    }

    @Override
    public Map<String, String> environment() {
        return protection == Protection.BORINGSSL_CHACHA ? WITHOUT_AES : Map.of();
    }

    @Override
    public boolean overTcp() {
        return true;
    }

    @Override
    public boolean canBeGuarded() {
        return false;
    }

    @Override
    public String listen(Setting setting) throws Exception {
        SslContext tls = serverTls(setting.scratch());
        Channel listening = new ServerBootstrap()
                .group(Loopback.loops())
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast(server(setting.discipline()));
                    }
                })
                .bind(Loopback.any())
                .sync()
                .channel();
        return Loopback.text((InetSocketAddress) listening.localAddress());
    }

    static ChannelHandler server(Discipline discipline) {
        return switch (discipline) {
            case BULK -> new NettyBlocks.Receiver();
            case REQUESTS, HANDSHAKES, REPLY, IDLE, GARBAGE -> new NettyEcho.Server();
        };
    }

    @Override
    public Bulk bulk(String address, Setting setting) throws Exception {
        return connect(address, setting, NettyBlocks.Sender::new);
    }

    @Override
    public Requests requests(String address, Setting setting) throws Exception {
        return connect(address, setting, NettyEcho.Client::new);
    }

    @Override
    public Connections connections(String address, Setting setting) throws Exception {
        // Closed by a reset, so that ports are free again at once.
        Bootstrap bootstrap = client(setting, address).option(ChannelOption.SO_LINGER, 0);
        return (keep, reply) -> bootstrap.connect().addListener(connected -> {
            if (!connected.isSuccess()) {
                reply.failed(connected.cause());
                return;
            }
            Channel channel = ((ChannelFuture) connected).channel();
            NettyEcho.Client client = new NettyEcho.Client(channel);
            channel.pipeline().addLast(client);
            client.request(keep ? reply : new Requests.LastReply(reply, channel::close));
        });
    }

    private <H extends ChannelHandler> H connect(String address, Setting setting, Function<Channel, H> client)
            throws Exception {
        Channel channel = client(setting, address).connect().sync().channel();
        SslHandler handshake = channel.pipeline().get(SslHandler.class);
        if (handshake != null) {
            handshake.handshakeFuture().sync();
            String cipher = handshake.engine().getSession().getCipherSuite();
            if (!cipher.equals(protection.cipher)) {
                throw new IllegalStateException(name() + " has negotiated " + cipher);
            }
        }
        H handler = client.apply(channel);
        channel.pipeline().addLast(handler);
        return handler;
    }

    private Bootstrap client(Setting setting, String address) throws Exception {
        SslContext tls = clientTls(setting.scratch());
        AtomicInteger connections = new AtomicInteger();
        return new Bootstrap()
                .group(Loopback.loops())
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .remoteAddress(Loopback.parse(address))
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (tls != null) {
                            int port = Credentials.otherPort(connections.incrementAndGet());
                            channel.pipeline().addLast(tls.newHandler(channel.alloc(), Credentials.HOST, port));
                        }
                    }
                });
    }

    private @Nullable SslContext serverTls(Path scratch) throws Exception {
        if (protection.provider == null) {
            return null;
        }
        Credentials credentials = Credentials.read(scratch);
        return SslContextBuilder.forServer(credentials.key(), credentials.certificate())
                .sslProvider(protection.provider)
                .protocols("TLSv1.3")
                .ciphers(List.of(protection.cipher))
                .build();
    }

    private @Nullable SslContext clientTls(Path scratch) throws Exception {
        if (protection.provider == null) {
            return null;
        }
        return SslContextBuilder.forClient()
                .sslProvider(protection.provider)
                .protocols("TLSv1.3")
                .ciphers(List.of(protection.cipher))
                .trustManager(Credentials.read(scratch).certificate())
                .build();
    }
}
