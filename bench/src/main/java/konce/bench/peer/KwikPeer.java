package konce.bench.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import tech.kwik.core.QuicClientConnection;
import tech.kwik.core.QuicConnection;
import tech.kwik.core.QuicStream;
import tech.kwik.core.log.NullLogger;
import tech.kwik.core.server.ApplicationProtocolConnection;
import tech.kwik.core.server.ApplicationProtocolConnectionFactory;
import tech.kwik.core.server.ServerConnectionConfig;
import tech.kwik.core.server.ServerConnector;

/// kwik: QUIC in Java alone, blocking streams.
final class KwikPeer implements Contestant {
    private static final String PROTOCOL = "bench";
    private static final long WINDOW_BYTES = 16L << 20;
    private static final int STREAMS_MAX = 1 << 20;
    private static final int IDLE_SECONDS = 120;

    /// Every stream that blocks is on a thread of its own.
    private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();

    @Override
    public String name() {
        return "kwik";
    }

    @Override
    public String title() {
        return "kwik (QUIC in Java)";
    }

    @Override
    public List<String> tuning() {
        return List.of(
                "buffers of 16 MiB for each stream and connection (ServerConnectionConfig, defaultStreamReceiveBufferSize)",
                "no logging (NullLogger); blocking streams on virtual threads, a stream for each request",
                "TLS_AES_128_GCM_SHA256 (its default); it has no GSO, no pacing, and New Reno alone");
    }

    @Override
    public Set<Discipline> disciplines() {
        return EnumSet.of(Discipline.BULK, Discipline.REQUESTS, Discipline.HANDSHAKES, Discipline.REPLY);
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
        DatagramSocket socket = new DatagramSocket(Loopback.any());
        ServerConnector connector = ServerConnector.builder()
                .withSocket(socket)
                .withKeyStore(
                        Credentials.read(setting.scratch()).store(),
                        Credentials.ALIAS,
                        Credentials.PASSWORD.toCharArray())
                .withConfiguration(ServerConnectionConfig.builder()
                        .maxIdleTimeoutInSeconds(IDLE_SECONDS)
                        .maxConnectionBufferSize(WINDOW_BYTES)
                        .maxBidirectionalStreamBufferSize(WINDOW_BYTES)
                        .maxOpenPeerInitiatedBidirectionalStreams(STREAMS_MAX)
                        .retryRequired(setting.guarded())
                        .build())
                .withLogger(new NullLogger())
                .build();
        connector.registerApplicationProtocol(PROTOCOL, new ServerSide(setting.discipline()));
        connector.start();
        return Loopback.text((InetSocketAddress) socket.getLocalSocketAddress());
    }

    @Override
    public Bulk bulk(String address, Setting setting) throws Exception {
        QuicStream stream = connect(address, setting).createStream(true);
        OutputStream out = stream.getOutputStream();
        InputStream confirmations = stream.getInputStream();
        byte[] block = new byte[Bulk.BLOCK_BYTES];
        return deadlineNanos -> {
            long start = System.nanoTime();
            long blocks = 0;
            do {
                out.write(block);
                blocks++;
            } while (System.nanoTime() - deadlineNanos < 0);
            confirmations.readNBytes((int) blocks);
            return new Bulk.Moved(blocks * Bulk.BLOCK_BYTES, System.nanoTime() - start);
        };
    }

    @Override
    public Requests requests(String address, Setting setting) throws Exception {
        QuicConnection connection = connect(address, setting);
        return reply -> threads.execute(() -> ask(connection, reply));
    }

    @Override
    public Connections connections(String address, Setting setting) {
        return (keep, reply) -> threads.execute(() -> {
            try {
                QuicClientConnection connection = connect(address, setting);
                ask(connection, keep ? reply : new Requests.LastReply(reply, connection::close));
            } catch (Exception e) {
                reply.failed(e);
            }
        });
    }

    private static void ask(QuicConnection connection, Requests.Reply reply) {
        try {
            QuicStream stream = connection.createStream(true);
            try (OutputStream out = stream.getOutputStream()) {
                out.write(new byte[Requests.REQUEST_BYTES]);
            }
            if (stream.getInputStream().readNBytes(Requests.REQUEST_BYTES).length < Requests.REQUEST_BYTES) {
                throw new IOException("the stream has ended");
            }
        } catch (IOException e) {
            reply.failed(e);
            return;
        }
        reply.arrived();
    }

    private static QuicClientConnection connect(String address, Setting setting) throws Exception {
        QuicClientConnection connection = QuicClientConnection.newBuilder()
                .host(Credentials.HOST)
                .port(Loopback.parse(address).getPort())
                .preferIPv4()
                .applicationProtocol(PROTOCOL)
                .customTrustStore(Credentials.read(setting.scratch()).trusted())
                .defaultStreamReceiveBufferSize(WINDOW_BYTES)
                .maxIdleTimeout(java.time.Duration.ofSeconds(IDLE_SECONDS))
                .logger(new NullLogger())
                .build();
        connection.connect();
        return connection;
    }

    /// The server's side: what it does with the streams of a connection.
    private final class ServerSide implements ApplicationProtocolConnectionFactory {
        private final Discipline discipline;

        ServerSide(Discipline discipline) {
            this.discipline = discipline;
        }

        @Override
        public int maxConcurrentPeerInitiatedBidirectionalStreams() {
            return STREAMS_MAX;
        }

        @Override
        public ApplicationProtocolConnection createConnection(String protocol, QuicConnection connection) {
            return new ApplicationProtocolConnection() {
                @Override
                public void acceptPeerInitiatedStream(QuicStream stream) {
                    threads.execute(() -> serve(stream));
                }
            };
        }

        private void serve(QuicStream stream) {
            try (OutputStream out = stream.getOutputStream()) {
                InputStream in = stream.getInputStream();
                if (discipline == Discipline.BULK) {
                    receive(in, out);
                } else {
                    out.write(in.readNBytes(Requests.REQUEST_BYTES));
                }
            } catch (IOException e) {
                // The client has gone.
                stream.abortReading(0);
            }
        }

        private static void receive(InputStream in, OutputStream out) throws IOException {
            byte[] buffer = new byte[1 << 16];
            int blockBytes = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                blockBytes += read;
                if (blockBytes >= Bulk.BLOCK_BYTES) {
                    blockBytes -= Bulk.BLOCK_BYTES;
                    out.write(1);
                    out.flush();
                }
            }
        }
    }
}
