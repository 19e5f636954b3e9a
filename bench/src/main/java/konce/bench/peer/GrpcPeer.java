package konce.bench.peer;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// gRPC-java: HTTP/2 over TLS 1.3 by Netty and BoringSSL.
final class GrpcPeer implements Contestant {
    private static final String SERVICE = "konce.bench";
    private static final int WINDOW_BYTES = 16 << 20;
    private static final long REST_SECONDS_MAX = 20;
    private static final byte[] NOTHING = new byte[0];

    private static final MethodDescriptor<byte[], byte[]> ECHO = method("echo", MethodDescriptor.MethodType.UNARY);
    private static final MethodDescriptor<byte[], byte[]> BLOCKS =
            method("blocks", MethodDescriptor.MethodType.BIDI_STREAMING);

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodDescriptor.MethodType type) {
        return MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .build();
    }

    @Override
    public String name() {
        return "grpc";
    }

    @Override
    public String title() {
        return "gRPC-java, TLS 1.3, BoringSSL";
    }

    @Override
    public List<String> tuning() {
        return List.of(
                "directExecutor on both sides, since nothing here blocks (grpc.io/docs/guides/performance)",
                "one channel, reused, asynchronous stubs (the same page)",
                "BoringSSL by netty-tcnative (grpc-java, SECURITY.md), Netty's native epoll transport",
                "flow control windows of 16 MiB (initialFlowControlWindow, which tunes itself above)",
                "messages are byte arrays: no time is spent on Protocol Buffers");
    }

    @Override
    public Set<Discipline> disciplines() {
        return EnumSet.of(Discipline.BULK, Discipline.REQUESTS);
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
        Credentials credentials = Credentials.read(setting.scratch());
        Server server = NettyServerBuilder.forAddress(Loopback.any())
                .channelType(EpollServerSocketChannel.class)
                .bossEventLoopGroup(Loopback.loops())
                .workerEventLoopGroup(Loopback.loops())
                .sslContext(GrpcSslContexts.configure(
                                SslContextBuilder.forServer(credentials.key(), credentials.certificate()),
                                SslProvider.OPENSSL)
                        .protocols("TLSv1.3")
                        .build())
                .directExecutor()
                .initialFlowControlWindow(WINDOW_BYTES)
                .addService(ServerServiceDefinition.builder(SERVICE)
                        .addMethod(ECHO, ServerCalls.asyncUnaryCall((request, response) -> {
                            response.onNext(request);
                            response.onCompleted();
                        }))
                        .addMethod(BLOCKS, ServerCalls.asyncBidiStreamingCall(Confirmer::new))
                        .build())
                .build()
                .start();
        return Loopback.text((InetSocketAddress) server.getListenSockets().getFirst());
    }

    @Override
    public Bulk bulk(String address, Setting setting) throws Exception {
        ManagedChannel channel = channel(address, setting);
        return deadlineNanos -> {
            Sender sender = new Sender(deadlineNanos);
            ClientCalls.asyncBidiStreamingCall(channel.newCall(BLOCKS, CallOptions.DEFAULT), sender);
            long nanos = deadlineNanos - System.nanoTime() + TimeUnit.SECONDS.toNanos(REST_SECONDS_MAX);
            return sender.moved.get(nanos, TimeUnit.NANOSECONDS);
        };
    }

    @Override
    public Requests requests(String address, Setting setting) throws Exception {
        ManagedChannel channel = channel(address, setting);
        byte[] request = new byte[Requests.REQUEST_BYTES];
        return reply ->
                ClientCalls.asyncUnaryCall(channel.newCall(ECHO, CallOptions.DEFAULT), request, new Answer(reply));
    }

    private static ManagedChannel channel(String address, Setting setting) throws Exception {
        return NettyChannelBuilder.forAddress(Loopback.parse(address))
                .channelType(EpollSocketChannel.class, InetSocketAddress.class)
                .eventLoopGroup(Loopback.loops())
                .overrideAuthority(Credentials.HOST)
                .sslContext(GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.OPENSSL)
                        .protocols("TLSv1.3")
                        .trustManager(Credentials.read(setting.scratch()).certificate())
                        .build())
                .directExecutor()
                .initialFlowControlWindow(WINDOW_BYTES)
                .build();
    }

    /// Byte arrays as they are.
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// Waits for one reply.
    private record Answer(Requests.Reply reply) implements StreamObserver<byte[]> {
        @Override
        public void onNext(byte[] message) {}

        @Override
        public void onError(Throwable why) {
            reply.failed(why);
        }

        @Override
        public void onCompleted() {
            reply.arrived();
        }
    }

    /// The server's side of a transfer: each block is confirmed by an empty message.
    private record Confirmer(StreamObserver<byte[]> confirmations) implements StreamObserver<byte[]> {
        @Override
        public void onNext(byte[] block) {
            confirmations.onNext(NOTHING);
        }

        @Override
        public void onError(Throwable why) {
            // The client has gone, and with it whoever waits for confirmations.
            confirmations.onError(why);
        }

        @Override
        public void onCompleted() {
            confirmations.onCompleted();
        }
    }

    /// The client's side: blocks while the transport takes them.
    private static final class Sender implements ClientResponseObserver<byte[], byte[]> {
        private final CompletableFuture<Bulk.Moved> moved = new CompletableFuture<>();
        private final byte[] block = new byte[Bulk.BLOCK_BYTES];
        private final long startNanos = System.nanoTime();
        private final long deadlineNanos;
        private boolean ended;
        private long confirmed;

        Sender(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<byte[]> call) {
            call.setOnReadyHandler(() -> send(call));
        }

        private void send(ClientCallStreamObserver<byte[]> call) {
            while (!ended && call.isReady()) {
                call.onNext(block);
                if (System.nanoTime() - deadlineNanos >= 0) {
                    ended = true;
                    call.onCompleted();
                }
            }
        }

        @Override
        public void onNext(byte[] confirmation) {
            confirmed++;
        }

        @Override
        public void onError(Throwable why) {
            moved.completeExceptionally(why);
        }

        @Override
        public void onCompleted() {
            moved.complete(new Bulk.Moved(confirmed * Bulk.BLOCK_BYTES, System.nanoTime() - startNanos));
        }
    }
}
