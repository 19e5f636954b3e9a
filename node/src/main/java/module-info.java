/// Where sockets, clocks, threads and disks begin: the API applications use.
@org.jspecify.annotations.NullMarked
module konce.node {
    requires static transitive org.jspecify;
    requires transitive konce.crypto;
    requires transitive konce.protocol;
    requires transitive konce.names;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.classes.kqueue;
    requires io.netty.transport.unix.common;
    requires jdk.jfr;
    requires jdk.net;

    uses konce.node.PeerDatabase.Opener;

    exports konce.node;
    exports konce.node.names;
    exports konce.node.store;
}
