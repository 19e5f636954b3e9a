/// Benchmarks: Konce and its peers in one run.
@org.jspecify.annotations.NullMarked
module konce.bench {
    requires static org.jspecify;
    requires HdrHistogram;
    requires com.google.gson;
    requires info.picocli;
    requires io.grpc;
    requires io.grpc.netty;
    requires io.grpc.stub;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.classes.quic;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires java.management;
    requires jdk.management;
    requires jmh.core;
    requires konce.crypto;
    requires konce.names;
    requires konce.protocol;
    requires konce.node;
    requires konce.registry;
    requires tech.kwik.core;
}
