package konce.node.socket;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.util.Locale;
import jdk.net.ExtendedSocketOptions;

/// What a socket was asked for, and what the system gave.
final class SocketSettings {
    /// Bytes asked for each of the socket's two buffers: 30 ms at 1 Gbit/s. The system may give less, or count
    /// twice.
    static final int BUFFER_BYTES_ASKED = 4 << 20;

    /// Datagrams that one system call takes, where GRO does not glue them together.
    private static final int DATAGRAMS_PER_CALL = 16;

    // Linux: never fragment, and ignore what ICMP said about the path: only our own probes tell (RFC 8899 section 4.6).
    private static final IntegerUnixChannelOption LINUX_IP4 = new IntegerUnixChannelOption("IP_MTU_DISCOVER", 0, 10);
    private static final IntegerUnixChannelOption LINUX_IP6 = new IntegerUnixChannelOption("IPV6_MTU_DISCOVER", 41, 23);
    private static final int LINUX_PROBE = 3;
    private static final IntegerUnixChannelOption BSD_IP4 = new IntegerUnixChannelOption("IP_DONTFRAG", 0, 28);
    private static final IntegerUnixChannelOption BSD_IP6 = new IntegerUnixChannelOption("IPV6_DONTFRAG", 41, 62);

    private final Transport transport;
    private final boolean gro;
    private final int receiveBufferBytes;
    private final int sendBufferBytes;
    private volatile boolean segments;

    private SocketSettings(Transport transport, DatagramChannel channel, boolean segments, boolean gro) {
        this.transport = transport;
        this.segments = segments;
        this.gro = gro;
        receiveBufferBytes = channel.config().getReceiveBufferSize();
        sendBufferBytes = channel.config().getSendBufferSize();
    }

    /// Whether a socket for this address is IPv4 alone. The wildcard serves both families where the machine has
    /// IPv6.
    ///
    /// @throws IOException when it is no IP address, or an IPv6 one on a machine without
    static boolean isIpv4Only(InetSocketAddress listen) throws IOException {
        InetAddress ip = listen.getAddress();
        if (ip == null) {
            throw new IOException("'" + listen.getHostString() + "' is no IP address to listen on");
        }
        if (ip instanceof Inet4Address && !ip.isAnyLocalAddress()) {
            return true;
        }
        boolean hasIpv6 = hasIpv6();
        if (!hasIpv6 && !ip.isAnyLocalAddress()) {
            throw new IOException("this machine has no IPv6, so it cannot listen on " + listen);
        }
        return !hasIpv6;
    }

    /// The wildcard in the socket's own family, and every other address as it is.
    static InetSocketAddress bindAddress(boolean ipv4Only, InetSocketAddress listen) throws IOException {
        return listen.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(InetAddress.getByAddress(new byte[ipv4Only ? 4 : 16]), listen.getPort())
                : listen;
    }

    private static boolean hasIpv6() throws IOException {
        try (java.nio.channels.DatagramChannel probe =
                java.nio.channels.DatagramChannel.open(StandardProtocolFamily.INET6)) {
            return probe.isOpen();
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    /// Asks for everything, and remembers what was given. Nothing here is needed: what the system refuses, it
    /// lacks.
    static SocketSettings apply(
            Transport transport, DatagramChannel channel, boolean ipv4Only, boolean offload, SocketCounters counters) {
        channel.config().setAutoRead(false);
        give(channel, ChannelOption.SO_RCVBUF, BUFFER_BYTES_ASKED);
        give(channel, ChannelOption.SO_SNDBUF, BUFFER_BYTES_ASKED);
        return switch (transport) {
            case EPOLL -> {
                give(channel, LINUX_IP4, LINUX_PROBE);
                if (!ipv4Only) {
                    give(channel, LINUX_IP6, LINUX_PROBE);
                }
                boolean gro = offload && give(channel, EpollChannelOption.UDP_GRO, true);
                // The call that takes many datagrams does not say where GRO glued them together, so it is one or the
                // other.
                int room = ReceiveBuffers.DATAGRAM_ROOM_BYTES;
                give(channel, EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, gro ? 0 : room);
                channel.config()
                        .setRecvByteBufAllocator(
                                new ReceiveBuffers(2, gro ? room : DATAGRAMS_PER_CALL * room, gro, counters));
                yield new SocketSettings(
                        transport, channel, offload && EpollDatagramChannel.isSegmentedDatagramPacketSupported(), gro);
            }
            case KQUEUE -> {
                give(channel, ipv4Only ? BSD_IP4 : BSD_IP6, 1);
                yield oneByOne(transport, channel, counters);
            }
            case NIO -> {
                give(channel, NioChannelOption.of(ExtendedSocketOptions.IP_DONTFRAGMENT), true);
                yield oneByOne(transport, channel, counters);
            }
        };
    }

    private static SocketSettings oneByOne(Transport transport, DatagramChannel channel, SocketCounters counters) {
        channel.config()
                .setRecvByteBufAllocator(new ReceiveBuffers(
                        ReceiveBuffers.READS_PER_PASS_MAX + 1, ReceiveBuffers.DATAGRAM_ROOM_BYTES, false, counters));
        return new SocketSettings(transport, channel, false, false);
    }

    /// Whether the system took the option.
    private static <T> boolean give(DatagramChannel channel, ChannelOption<T> option, T value) {
        try {
            return channel.config().setOption(option, value);
        } catch (ChannelException | UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    /// Whether sends may carry many datagrams.
    boolean segments() {
        return segments;
    }

    void stopSegmenting() {
        segments = false;
    }

    int receiveBufferBytes() {
        return receiveBufferBytes;
    }

    int sendBufferBytes() {
        return sendBufferBytes;
    }

    String description() {
        String name = transport.name().toLowerCase(Locale.ROOT);
        if (segments) {
            return gro ? name + ", GSO and GRO" : name + ", GSO";
        }
        return gro ? name + ", GRO" : name;
    }
}
