package konce.bench.peer;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Addresses on this machine, as text between processes, and the loops of Netty's peers.
final class Loopback {
    private static final String IP = "127.0.0.1";

    private Loopback() {}

    /// Any free port.
    static InetSocketAddress any() {
        return new InetSocketAddress(InetAddress.ofLiteral(IP), 0);
    }

    static String text(InetSocketAddress address) {
        return IP + ":" + address.getPort();
    }

    static InetSocketAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(
                InetAddress.ofLiteral(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
    }

    /// Netty's default number of loops; one connection uses one of them.
    static MultiThreadIoEventLoopGroup loops() {
        return new MultiThreadIoEventLoopGroup(EpollIoHandler.newFactory());
    }
}
