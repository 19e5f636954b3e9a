package konce.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import konce.node.stream.StreamLimits;
import konce.node.stream.StreamRecord;
import konce.protocol.Address;
import konce.protocol.HandlerClass;
import konce.protocol.HandlerId;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Streams between two real nodes over loopback.
@Timeout(60)
class ByteStreamTest {
    private static final HandlerId ECHO = HandlerId.wellKnown(7);
    private static final long SECOND = 1_000_000_000L;

    @AutoClose
    private final NodeTest.Nodes nodes = new NodeTest.Nodes();

    private Node server;
    private Node client;

    @BeforeEach
    void open() throws IOException {
        server = nodes.add(Node.builder().server(true));
        client = nodes.add(Node.builder());
        server.acceptStreams(ECHO, (stream, _) -> stream.in().transferTo(stream.out()));
    }

    private ByteStream stream() throws IOException {
        return client.openStream(server.target(), ECHO, SendOptions.REQUEST);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /// Waits until the stream table of a node is empty: the last record is on its way, there is nothing to poll but
    /// this.
    private static void awaitNoStreams(Node node) {
        int open = node.statistics().streamsOpen();
        while (open > 0) {
            int now = node.statistics().streamsOpen();
            assertTrue(now <= open, "streams only end here");
            open = now;
        }
    }

    /// Goal: bytes arrive in order and whole, both ways at once, and the end is told both ways. Method: 20 MiB,
    /// more than
    /// any window, through an echo; half close; then nothing is left open.
    @Test
    void echoesMoreThanTheWindow() throws Exception {
        byte[] bytes = random(20 << 20);
        try (ByteStream stream = stream()) {
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
                try {
                    stream.out().write(bytes);
                    stream.shutdownOutput();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertArrayEquals(bytes, stream.in().readAllBytes());
            written.get();
            assertEquals(-1, stream.in().read());
        }
        awaitNoStreams(client);
        awaitNoStreams(server);
    }

    /// Goal: single bytes go through at once, without a flush. Method: ping-pong of one byte, 200 times; then the
    /// acceptor
    /// speaks first, on a new channel and on one that is there.
    // = docs/spec/10-streams.md (R10.3) MUST tell its handler by BIND
    @Test
    void sendsSingleBytesAtOnce() throws Exception {
        server.acceptStreams(HandlerId.wellKnown(8), (stream, peer) -> {
            stream.out().write("welcome\n".getBytes(UTF_8));
            assertEquals(client.publicKey(), peer.key());
        });
        for (int i = 0; i < 2; i++) {
            try (ByteStream stream = client.openStream(server.target(), HandlerId.wellKnown(8), SendOptions.REQUEST)) {
                assertEquals("welcome\n", new String(stream.in().readAllBytes(), UTF_8));
            }
        }
        try (ByteStream stream = stream()) {
            for (int i = 0; i < 200; i++) {
                stream.out().write(i);
                assertEquals(i, stream.in().read());
            }
        }
    }

    /// Goal: a reader that does not read stalls its own stream and no other, and the writer is stopped at the
    /// window.
    /// Method: fill a stream that nobody reads until its writer waits; meanwhile echo on another; then read.
    // = docs/spec/10-streams.md (R10.10) so a slow reader stalls its own stream
    @Test
    void slowReaderStallsItsOwnStreamOnly() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        CompletableFuture<Integer> readBytes = new CompletableFuture<>();
        server.acceptStreams(HandlerId.wellKnown(9), (stream, _) -> {
            read.await();
            readBytes.complete(stream.in().readAllBytes().length);
        });
        int total = 4 * StreamLimits.WINDOW_BYTES_MAX;
        try (ByteStream slow = client.openStream(server.target(), HandlerId.wellKnown(9), SendOptions.REQUEST);
                ByteStream other = stream()) {
            CompletableFuture<Void> written = new CompletableFuture<>();
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    slow.out().write(new byte[total]);
                    slow.shutdownOutput();
                    written.complete(null);
                } catch (IOException e) {
                    written.completeExceptionally(e);
                }
            });
            while (writer.getState() != Thread.State.WAITING) {
                assertTrue(writer.isAlive(), "it cannot end before it is read");
            }
            byte[] bytes = random(1 << 20);
            other.out().write(bytes);
            assertArrayEquals(bytes, other.in().readNBytes(bytes.length));
            assertEquals(Thread.State.WAITING, writer.getState());
            assertTrue(!written.isDone());
            read.countDown();
            written.get();
            assertEquals(total, readBytes.get());
        }
    }

    /// Goal: many streams at once keep apart. Method: 200, each echoing its own bytes.
    @Test
    void keepsManyStreamsApart() throws Exception {
        int count = 200;
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            CompletableFuture<Void> end = new CompletableFuture<>();
            done.add(end);
            Thread.startVirtualThread(() -> {
                try (ByteStream stream = stream()) {
                    byte[] bytes = random(10_000 + number);
                    stream.out().write(bytes);
                    stream.shutdownOutput();
                    assertArrayEquals(bytes, stream.in().readAllBytes());
                    end.complete(null);
                } catch (IOException | AssertionError e) {
                    end.completeExceptionally(e);
                }
            });
        }
        for (CompletableFuture<Void> end : done) {
            end.get();
        }
        awaitNoStreams(client);
        awaitNoStreams(server);
        assertEquals(1, client.channels().size());
    }

    /// Goal: an abort is told at the other end, and wakes whoever waits here. Method: abort from each side while
    /// both
    /// read.
    // = docs/spec/10-streams.md (R10.12) MUST send RESET if it knows where to
    @Test
    void abortIsToldAtBothEnds() throws Exception {
        CompletableFuture<String> told = new CompletableFuture<>();
        CompletableFuture<ByteStream> accepted = new CompletableFuture<>();
        server.acceptStreams(HandlerId.wellKnown(9), (stream, _) -> {
            accepted.complete(stream);
            try {
                stream.in().read();
            } catch (IOException e) {
                told.complete(e.getMessage());
                throw e;
            }
        });
        ByteStream stream = client.openStream(server.target(), HandlerId.wellKnown(9), SendOptions.REQUEST);
        accepted.get();
        CompletableFuture<String> here = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                stream.in().read();
            } catch (IOException e) {
                here.complete(e.getMessage());
            }
        });
        stream.abort();
        assertTrue(told.get().contains("aborted by the program"), told.get());
        assertTrue(here.get().contains("aborted"), here.get());
        assertThrows(IOException.class, () -> stream.out().write(1));
        awaitNoStreams(server);
    }

    /// Goal: a handler that fails resets its stream; a stream to a handler that serves messages, or to none, is not
    /// opened, and the words say so. Method: each.
    @Test
    void saysWhyAStreamEnded() throws Exception {
        server.acceptStreams(HandlerId.wellKnown(9), (stream, _) -> {
            stream.in().read();
            throw new IllegalStateException("on purpose");
        });
        ByteStream failing = client.openStream(server.target(), HandlerId.wellKnown(9), SendOptions.REQUEST);
        failing.out().write(1);
        IOException failed = assertThrows(IOException.class, () -> failing.in().read());
        assertTrue(failed.getMessage().contains("failed"), failed.getMessage());
        server.handle(HandlerId.wellKnown(10), message -> message.reply("no stream"));
        IOException messages = assertThrows(
                IOException.class,
                () -> client.openStream(server.target(), HandlerId.wellKnown(10), SendOptions.REQUEST));
        assertTrue(messages.getMessage().contains("serves messages"), messages.getMessage());
        IOException nobody = assertThrows(
                IOException.class,
                () -> client.openStream(server.target(), HandlerId.wellKnown(11), SendOptions.REQUEST));
        assertTrue(nobody.getMessage().contains("no such handler"), nobody.getMessage());
    }

    /// Goal: when a node closes, its streams end at both ends at once. Method: close the client while both read.
    @Test
    void endsWithItsNode() throws Exception {
        CompletableFuture<IOException> told = new CompletableFuture<>();
        CountDownLatch accepted = new CountDownLatch(1);
        server.acceptStreams(HandlerId.wellKnown(9), (stream, _) -> {
            accepted.countDown();
            try {
                stream.in().read();
            } catch (IOException e) {
                told.complete(e);
            }
        });
        ByteStream stream = client.openStream(server.target(), HandlerId.wellKnown(9), SendOptions.REQUEST);
        accepted.await();
        client.close();
        assertThrows(IOException.class, () -> stream.in().read());
        told.get();
        awaitNoStreams(server);
    }

    /// Goal: an acceptor refuses what is no OPEN. Method: messages to the acceptor with other bytes.
    // = docs/spec/10-streams.md (R10.1) MUST refuse an OPEN whose version is not 1
    @Test
    void refusesWhatIsNoOpen() {
        for (byte[] bytes : new byte[][] {{}, {1}, new byte[14], {7}}) {
            SendException refusal = assertThrows(
                    SendException.class, () -> client.request(server.target(), ECHO, bytes, SendOptions.REQUEST));
            assertTrue(refusal.getMessage().contains("does not allow"), refusal.getMessage());
        }
        assertEquals(0, server.statistics().streamsOpen());
    }

    /// Goal: a peer that breaks the rules loses its stream, and is told why. Method: speak the records by hand:
    /// open,
    /// then a chunk twice; the RESET's code comes to the opener's handler.
    // = docs/spec/10-streams.md (R10.2) MUST reply ACCEPT with a session handler that it made for this stream
    // = docs/spec/10-streams.md (R10.5) MUST end the stream with RECORD_MALFORMED
    @Test
    void misuseEndsTheStream() throws Exception {
        Message accept = client.request(
                server.target(),
                ECHO,
                new StreamRecord.Open(StreamRecord.NO_HANDLER, StreamLimits.WINDOW_BYTES_MAX)
                        .encode()
                        .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE),
                SendOptions.REQUEST);
        StreamRecord.Accept accepted = (StreamRecord.Accept) StreamRecord.decode(accept.payload());
        Target channel = new Target.Channel(accept.channel());
        HandlerId stream = new HandlerId(HandlerClass.SESSION, accepted.handler());
        assertEquals(1, server.statistics().streamsOpen());
        // A record of which the sender wants no answer has no place here.
        client.send(
                        channel,
                        stream,
                        new StreamRecord.Data(0, MemorySegment.ofArray(new byte[1])).encode(),
                        SendOptions.ONE_WAY)
                .get();
        awaitNoStreams(server);
        SendException gone = assertThrows(
                SendException.class, () -> client.request(channel, stream, new byte[] {7}, SendOptions.REQUEST));
        assertTrue(gone.getMessage().contains("no such handler"), gone.getMessage());
    }

    /// Goal: a stream is whole and in order where datagrams are not. Method: an echo of 2 MiB through a relay that
    /// loses,
    /// duplicates, reorders and damages, from a fixed seed.
    // = docs/spec/10-streams.md (R10.7) MUST hand their bytes on in the order of the numbers
    @Test
    void staysWholeOnABadNetwork() throws Exception {
        Relay.Conditions bad = Relay.Conditions.delay(1_000_000)
                .withJitter(1_000_000)
                .withLoss(0.03)
                .withDuplicates(0.03)
                .withReordering(0.03)
                .withCorruption(0.03);
        try (Relay relay = Relay.open(server.localAddress(), bad, 77);
                ByteStream stream = client.openStream(
                        new Target.Peer(
                                server.publicKey(),
                                List.of(Address.of(
                                        relay.address().getAddress().getAddress(),
                                        relay.address().getPort())),
                                null,
                                null),
                        ECHO,
                        SendOptions.REQUEST)) {
            byte[] bytes = random(2 << 20);
            Thread.startVirtualThread(() -> {
                try {
                    stream.out().write(bytes);
                    stream.shutdownOutput();
                } catch (IOException e) {
                    stream.abort();
                }
            });
            assertArrayEquals(bytes, stream.in().readAllBytes());
            assertTrue(relay.statistics().lost() > 0);
        }
    }

    /// Goal: a stream closed with bytes under way still delivers them, and its other direction is thrown away.
    /// Method:
    /// the acceptor writes more than the window and counts what it reads; the opener writes and closes at once.
    @Test
    void deliversWhatWasWrittenBeforeTheClose() throws Exception {
        CompletableFuture<Integer> counted = new CompletableFuture<>();
        server.acceptStreams(HandlerId.wellKnown(9), (stream, _) -> {
            Thread talking = Thread.startVirtualThread(() -> {
                try {
                    stream.out().write(new byte[2 * StreamLimits.WINDOW_BYTES_MAX]);
                } catch (IOException e) {
                    stream.abort();
                }
            });
            counted.complete(stream.in().readAllBytes().length);
            talking.join();
        });
        try (ByteStream stream = client.openStream(server.target(), HandlerId.wellKnown(9), SendOptions.REQUEST)) {
            stream.out().write(random(300_000));
        }
        assertEquals(300_000, counted.get());
        awaitNoStreams(client);
        awaitNoStreams(server);
    }

    /// Goal: a stream that is never bound is given up after half a minute. Method: OPEN without a handler and
    /// without a
    /// BIND, by hand; the time is told.
    // = docs/spec/10-streams.md (R10.3) An acceptor MUST send nothing before it knows the opener's handler
    @Test
    void givesUpWhatIsNeverBound() throws Exception {
        CompletableFuture<String> told = new CompletableFuture<>();
        server.acceptStreams(HandlerId.wellKnown(9), (stream, _) -> {
            stream.out().write("never sent".getBytes(UTF_8));
            told.complete(
                    assertThrows(IOException.class, () -> stream.in().read()).getMessage());
        });
        byte[] open = new StreamRecord.Open(StreamRecord.NO_HANDLER, StreamLimits.WINDOW_BYTES_MAX)
                .encode()
                .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        client.request(server.target(), HandlerId.wellKnown(9), open, SendOptions.REQUEST);
        long now = System.nanoTime();
        server.router().streams().tick(now + 29 * SECOND);
        assertEquals(1, server.statistics().streamsOpen());
        server.router().streams().tick(now + 40 * SECOND);
        assertEquals(0, server.statistics().streamsOpen());
        assertTrue(told.get().contains("never taken up"), told.get());
    }

    /// Goal: an end that is closed does not wait for ever for the other, and the other learns why. Method: an
    /// acceptor
    /// that goes on; the opener closes, and the time is told: first 20 s, when a ping goes out, then a minute.
    @Test
    void doesNotLingerForEver() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<String> told = new CompletableFuture<>();
        server.acceptStreams(HandlerId.wellKnown(9), (stream, _) -> {
            assertEquals(-1, stream.in().read());
            reached.countDown();
            goOn.await();
            told.complete(
                    assertThrows(IOException.class, () -> writeForEver(stream)).getMessage());
        });
        ByteStream stream = client.openStream(server.target(), HandlerId.wellKnown(9), SendOptions.REQUEST);
        stream.close();
        reached.await();
        long now = System.nanoTime();
        client.router().streams().tick(now + 25 * SECOND);
        assertEquals(1, client.statistics().streamsOpen());
        client.router().streams().tick(now + 61 * SECOND);
        assertEquals(0, client.statistics().streamsOpen());
        awaitNoStreams(server);
        goOn.countDown();
        assertTrue(told.get().contains("not finished in time"), told.get());
    }

    private static void writeForEver(ByteStream stream) throws IOException {
        while (true) {
            stream.out().write(1);
        }
    }

    /// Goal: a TCP program works through a stream: what an SSH or an HTTP client does over a forwarded port.
    /// Method: a TCP
    /// echo server, a forwarder at each end, a TCP client that half closes.
    @Test
    void carriesTcp() throws Exception {
        try (ServerSocket tcpServer = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket forward = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> serveTcpEcho(tcpServer));
            server.acceptStreams(HandlerId.wellKnown(9), (stream, _) -> {
                try (Socket socket = new Socket(tcpServer.getInetAddress(), tcpServer.getLocalPort())) {
                    splice(stream, socket);
                }
            });
            Thread.startVirtualThread(() -> {
                try (Socket socket = forward.accept();
                        ByteStream stream =
                                client.openStream(server.target(), HandlerId.wellKnown(9), SendOptions.REQUEST)) {
                    splice(stream, socket);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            byte[] bytes = random(3 << 20);
            try (Socket socket = new Socket(forward.getInetAddress(), forward.getLocalPort())) {
                Thread.startVirtualThread(() -> {
                    try {
                        socket.getOutputStream().write(bytes);
                        socket.shutdownOutput();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                assertArrayEquals(bytes, new DataInputStream(socket.getInputStream()).readAllBytes());
            }
        }
    }

    private static void serveTcpEcho(ServerSocket listening) {
        try (Socket socket = listening.accept()) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void splice(ByteStream stream, Socket socket) throws Exception {
        Thread up = Thread.startVirtualThread(() -> {
            try {
                InputStream in = socket.getInputStream();
                in.transferTo(stream.out());
                stream.shutdownOutput();
            } catch (IOException e) {
                stream.abort();
            }
        });
        OutputStream out = socket.getOutputStream();
        stream.in().transferTo(out);
        socket.shutdownOutput();
        up.join();
    }
}
