package konce.node.socket;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SelectStrategyFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueDatagramChannel;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Locale;

/// How datagrams reach the operating system.
public enum Transport {
    /// Linux: segmentation offload both ways, many datagrams to a system call.
    EPOLL,
    /// macOS and the BSDs.
    KQUEUE,
    /// Everywhere.
    NIO;

    /// The transport of this name.
    ///
    /// @param name `auto`, `epoll`, `kqueue` or `nio`
    /// @throws IllegalArgumentException when there is none of that name, or this machine does not have it, and why
    public static Transport named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "auto" -> best();
            case "epoll" -> required(EPOLL, Epoll.unavailabilityCause());
            case "kqueue" -> required(KQUEUE, KQueue.unavailabilityCause());
            case "nio" -> NIO;
            default ->
                throw new IllegalArgumentException("'" + name + "' is no transport: use auto, epoll, kqueue or nio");
        };
    }

    /// The quickest one this machine has.
    public static Transport best() {
        if (Epoll.isAvailable()) {
            return EPOLL;
        }
        return KQueue.isAvailable() ? KQUEUE : NIO;
    }

    /// @param strategy what a loop does before it sleeps
    IoHandlerFactory loops(SelectStrategyFactory strategy) {
        return switch (this) {
            case EPOLL -> EpollIoHandler.newFactory(0, strategy);
            case KQUEUE -> KQueueIoHandler.newFactory(0, strategy);
            case NIO -> NioIoHandler.newFactory(SelectorProvider.provider(), strategy);
        };
    }

    DatagramChannel newChannel(boolean ipv4Only) {
        SocketProtocolFamily family = ipv4Only ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        return switch (this) {
            case EPOLL -> new EpollDatagramChannel(family);
            case KQUEUE -> new KQueueDatagramChannel(family);
            case NIO -> new NioDatagramChannel(family);
        };
    }

    private static Transport required(Transport transport, @org.jspecify.annotations.Nullable Throwable unavailable) {
        if (unavailable != null) {
            throw new IllegalArgumentException(
                    "this machine has no " + transport.name().toLowerCase(Locale.ROOT) + " transport: "
                            + unavailable.getMessage(),
                    unavailable);
        }
        return transport;
    }
}
