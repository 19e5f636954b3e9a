package konce.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import konce.crypto.SecretKey;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.CloseReason;
import konce.protocol.ConnectFailure;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.HandlerId;
import konce.protocol.HandshakeStep;
import konce.protocol.Outcome;
import konce.protocol.Refusal;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import konce.protocol.endpoint.EndpointConfig;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Two real nodes over loopback, on ports the system chooses.
@Timeout(60)
class NodeTest {
    private static final HandlerId HELLO = HandlerId.wellKnown(1);
    private static final long MILLISECOND = 1_000_000;

    @AutoClose
    private final Nodes nodes = new Nodes();

    @TempDir
    Path directory;

    /// Nodes closed when the test is over.
    static final class Nodes implements AutoCloseable {
        private final List<Node> open = new ArrayList<>();

        Node add(NodeBuilder builder) throws IOException {
            Node node = builder.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .open();
            open.add(node);
            return node;
        }

        @Override
        public void close() {
            open.forEach(Node::close);
        }
    }

    private Node server() throws IOException {
        Node server = nodes.add(Node.builder().server(true));
        server.handle(HELLO, message -> message.reply("hello, " + message.text()));
        return server;
    }

    private Node client() throws IOException {
        return nodes.add(Node.builder());
    }

    private static String ask(Node client, Target target, String text) throws SendException {
        return client.request(target, HELLO, text.getBytes(UTF_8), SendOptions.REQUEST)
                .text();
    }

    /// Goal: the fifteen lines of the README work on every transport, with and without offload, for every session
    /// protocol. Method: ask and compare the answer, twice, so that the second finds the channel open.
    @ParameterizedTest
    @CsvSource({"epoll,true,1", "epoll,false,1", "nio,true,1", "nio,true,2", "epoll,true,2", "epoll,true,3"})
    void answers(String transport, boolean offload, long session) throws Exception {
        assumeTrue(!transport.equals("epoll") || Epoll.isAvailable(), "no epoll here");
        EndpointConfig config = EndpointConfig.CLIENT.withProtocols(List.of(1L), List.of(session));
        Node server = nodes.add(Node.builder()
                .server(true)
                .transport(transport)
                .offload(offload)
                .endpoint(config));
        Node client =
                nodes.add(Node.builder().transport(transport).offload(offload).endpoint(config));
        server.handle(HELLO, message -> message.reply("hello, " + message.text()));
        assertEquals("hello, world", ask(client, server.target(), "world"));
        assertEquals("hello, again", ask(client, server.target(), "again"));
        assertTrue(client.transportName().startsWith(transport), client.transportName());
        assertEquals(1, client.channels().size());
        assertEquals(session, client.channels().getFirst().sessionProtocol());
        assertEquals(client.publicKey(), server.channels().getFirst().peer());
    }

    /// Goal: a channel that is closed is gone on both sides, and the next message makes another one. Method: close
    /// it
    /// between two questions, twice.
    @Test
    void closesAChannel() throws Exception {
        Node server = server();
        Node client = client();
        Message first = client.request(server.target(), HELLO, "world".getBytes(UTF_8), SendOptions.REQUEST);
        client.closeChannel(first.channel());
        client.closeChannel(first.channel());
        assertEquals(List.of(), client.channels());
        Message second = client.request(server.target(), HELLO, "again".getBytes(UTF_8), SendOptions.REQUEST);
        assertEquals("hello, again", second.text());
        assertNotEquals(first.channel(), second.channel());
        assertEquals(1, server.channels().size());
    }

    /// Goal: a thousand requests under way at once all get their own answers, whatever order those come in. Method:
    /// the
    /// server answers in reverse order once it has all of them.
    @Test
    void answersAThousandAtOnceInAnyOrder() throws Exception {
        int count = 1_000;
        Node server = nodes.add(Node.builder().server(true));
        Queue<Message> waiting = new ConcurrentLinkedQueue<>();
        server.handle(HELLO, message -> {
            waiting.add(message);
            if (waiting.size() == count) {
                new ArrayList<>(waiting).reversed().forEach(held -> held.reply(held.bytes()));
            }
        });
        Node client = client();
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            outcomes.add(client.send(server.target(), HELLO, ("request " + i).getBytes(UTF_8), SendOptions.REQUEST));
        }
        for (int i = 0; i < count; i++) {
            Outcome.Replied replied =
                    assertInstanceOf(Outcome.Replied.class, outcomes.get(i).get());
            assertEquals("request " + i, text(replied));
        }
    }

    private static String text(Outcome.Replied replied) {
        return new String(replied.payload().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), UTF_8);
    }

    /// Goal: the largest message makes the way there and back whole. Method: 16 MiB of random bytes, echoed.
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void carriesTheLargestMessageBothWays(String transport) throws Exception {
        assumeTrue(!transport.equals("epoll") || Epoll.isAvailable(), "no epoll here");
        Node server = nodes.add(Node.builder().server(true).transport(transport));
        server.handle(HELLO, message -> message.reply(message.payload()));
        Node client = nodes.add(Node.builder().transport(transport));
        byte[] bytes = new byte[16 << 20];
        new Random(5).nextBytes(bytes);
        assertArrayEquals(
                bytes,
                client.request(server.target(), HELLO, bytes, SendOptions.REQUEST)
                        .bytes());
    }

    /// Goal: a message that is too large is refused here, in words. Method: one byte more than the largest.
    @Test
    void refusesWhatIsTooLarge() throws Exception {
        Node server = server();
        SendException refusal = assertThrows(
                SendException.class,
                () -> client().request(server.target(), HELLO, new byte[(16 << 20) + 1], SendOptions.REQUEST));
        assertTrue(
                refusal.outcome() instanceof Outcome.NotSent || refusal.outcome() instanceof Outcome.Refused,
                refusal.getMessage());
    }

    /// Goal: a wrong key, and nobody at all, end as could-not-connect within the time given. Method: the address of
    /// a
    /// server under another key; a socket that never answers; a port that is closed.
    @Test
    void endsInTimeWhenThereIsNobodyToTalkTo() throws Exception {
        Node server = server();
        Node client = client();
        SendOptions hasty = SendOptions.REQUEST.withConnectTimeout(200 * MILLISECOND);
        Target wrongKey = new Target.Peer(client.publicKey(), server.target().addresses(), null, null);
        assertFalse(connectFailure(client, wrongKey, hasty) instanceof ConnectFailure.NoAddress);
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            assertInstanceOf(
                    ConnectFailure.NoAnswer.class,
                    connectFailure(client, at(server, (InetSocketAddress) silent.getLocalSocketAddress()), hasty));
        }
        InetSocketAddress closed;
        try (DatagramSocket gone = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            closed = (InetSocketAddress) gone.getLocalSocketAddress();
        }
        assertInstanceOf(ConnectFailure.NoAnswer.class, connectFailure(client, at(server, closed), hasty));
        assertInstanceOf(
                ConnectFailure.NoAddress.class,
                connectFailure(client, new Target.Peer(client.publicKey(), List.of(), null, null), hasty));
    }

    private static Target at(Node server, InetSocketAddress address) {
        return new Target.Peer(
                server.publicKey(),
                List.of(Address.of(address.getAddress().getAddress(), address.getPort())),
                null,
                null);
    }

    private static ConnectFailure connectFailure(Node client, Target target, SendOptions options) {
        long begun = System.nanoTime();
        SendException failure =
                assertThrows(SendException.class, () -> client.request(target, HELLO, new byte[] {1}, options));
        long tookNanos = System.nanoTime() - begun;
        assertTrue(tookNanos < 20 * options.connectTimeoutNanos(), "took " + tookNanos + " ns");
        return assertInstanceOf(Outcome.CouldNotConnect.class, failure.outcome())
                .why();
    }

    /// Goal: a handler that never answers, one that fails, one that refuses and one that is not there each have
    /// their own
    /// outcome. Method: ask each.
    @Test
    void tellsSilenceFailureAndRefusalApart() throws Exception {
        Node server = server();
        server.handle(HandlerId.wellKnown(2), _ -> {});
        server.handle(HandlerId.wellKnown(3), _ -> {
            throw new IllegalStateException("on purpose");
        });
        server.handle(HandlerId.wellKnown(4), message -> message.refuse(Refusal.NOT_ALLOWED));
        Node client = client();
        ask(client, server.target(), "so that the channel is open");
        SendOptions hasty = SendOptions.REQUEST.withReplyTimeout(200 * MILLISECOND);
        assertEquals(new Outcome.ReplyTooLate(true), outcome(client, server, 2, hasty));
        assertEquals(new Outcome.Refused(Refusal.HANDLER_FAILED), outcome(client, server, 3, SendOptions.REQUEST));
        assertEquals(new Outcome.Refused(Refusal.NOT_ALLOWED), outcome(client, server, 4, SendOptions.REQUEST));
        assertEquals(new Outcome.Refused(Refusal.NO_SUCH_HANDLER), outcome(client, server, 5, SendOptions.REQUEST));
        server.unhandle(HELLO);
        assertEquals(new Outcome.Refused(Refusal.NO_SUCH_HANDLER), outcome(client, server, 1, SendOptions.REQUEST));
        assertEquals(new Outcome.Delivered(), outcome(client, server, 2, SendOptions.ONE_WAY));
    }

    private static Outcome outcome(Node client, Node server, int handler, SendOptions options) throws Exception {
        return client.send(server.target(), HandlerId.wellKnown(handler), new byte[] {1}, options)
                .get();
    }

    /// Goal: a client is known by its key, or by none. Method: a handler that says who asks; an anonymous client,
    /// one with
    /// a key; a server that refuses the anonymous.
    @Test
    void knowsWhoAsks() throws Exception {
        Node server = nodes.add(Node.builder().server(true));
        CompletableFuture<Message> first = new CompletableFuture<>();
        CompletableFuture<Message> second = new CompletableFuture<>();
        server.handle(HELLO, message -> {
            (message.text().equals("first") ? first : second).complete(message);
            message.reply("");
        });
        ask(nodes.add(Node.builder().anonymous(true)), server.target(), "first");
        assertNull(first.get().peer());
        Node known = client();
        ask(known, server.target(), "second");
        assertEquals(known.publicKey(), second.get().peer());

        Node strict = nodes.add(Node.builder().server(true).identityRequired(true));
        strict.handle(HELLO, message -> message.reply("you are " + message.peer()));
        assertEquals("you are " + known.publicKey(), ask(known, strict.target(), ""));
        SendException refusal = assertThrows(
                SendException.class, () -> ask(nodes.add(Node.builder().anonymous(true)), strict.target(), ""));
        assertInstanceOf(Outcome.CouldNotConnect.class, refusal.outcome());
    }

    /// Goal: a server sends to a client as a client to a server, and answers may be answered. Method: the server
    /// asks
    /// back over the message's channel; a conversation of four steps.
    @Test
    void talksBothWays() throws Exception {
        Node server = nodes.add(Node.builder().server(true));
        Node client = client();
        client.handle(HandlerId.wellKnown(9), message -> message.reply("client says " + message.text()));
        server.handle(HELLO, message -> {
            Node here = server;
            String back = here.request(
                            message.sender(), HandlerId.wellKnown(9), "back".getBytes(UTF_8), SendOptions.REQUEST)
                    .text();
            Message third = message.replyAndAwait(back.getBytes(UTF_8), SendOptions.REQUEST);
            third.reply("fourth after " + third.text());
        });
        CompletableFuture<Outcome> outcome = client.send(server.target(), HELLO, new byte[0], SendOptions.REQUEST);
        Outcome.Replied replied = assertInstanceOf(Outcome.Replied.class, outcome.get());
        assertEquals("client says back", text(replied));
        HandlerId replyTo = replied.replyTo();
        assertNotNull(replyTo);
        Message fourth = client.request(
                new Target.Channel(replied.channel()), replyTo, "third".getBytes(UTF_8), SendOptions.REQUEST);
        assertEquals("fourth after third", fourth.text());
        Outcome twice = fourth.reply("once more").outcome().get();
        assertInstanceOf(Outcome.NotSent.class, twice);
    }

    /// Goal: effort asked for is done, and the trace shows the steps in order. Method: a server that asks for 1,000
    /// hashes.
    @Test
    void worksForItsConnection() throws Exception {
        Node server = nodes.add(Node.builder().server(true).effort(1_000));
        server.handle(HELLO, message -> message.reply("worth it"));
        Queue<Event.HandshakeTraced> steps = new ConcurrentLinkedQueue<>();
        CountDownLatch done = new CountDownLatch(1);
        Node client = nodes.add(Node.builder().puzzleThreads(2).trace(step -> {
            steps.add(step);
            if (step.step() == HandshakeStep.COOKIE_ACK_RECEIVED) {
                done.countDown();
            }
        }));
        assertEquals("worth it", ask(client, server.target(), ""));
        assertTrue(done.await(10, TimeUnit.SECONDS));
        List<HandshakeStep> seen =
                steps.stream().map(Event.HandshakeTraced::step).toList();
        assertEquals(HandshakeStep.INIT_SENT, seen.getFirst());
        assertTrue(seen.contains(HandshakeStep.PUZZLE_SOLVED), seen.toString());
    }

    /// Goal: a send can be given up. Method: cancel one whose handler is silent.
    @Test
    void cancels() throws Exception {
        Node server = nodes.add(Node.builder().server(true));
        CountDownLatch arrived = new CountDownLatch(1);
        server.handle(HELLO, _ -> arrived.countDown());
        Sending sending = client().start(
                        server.target(),
                        HELLO,
                        java.lang.foreign.MemorySegment.ofArray(new byte[] {1}),
                        SendOptions.REQUEST);
        arrived.await();
        sending.cancel();
        assertEquals(new Outcome.Cancelled(), sending.outcome().get());
    }

    /// Goal: garbage is counted, and nothing is said to whoever sent it. Method: every length up to 300 and some
    /// long
    /// ones, random and with each packet type's first byte, from a printed seed; then a real request.
    @Test
    void dropsGarbageInSilence() throws Exception {
        long seed = 20261123;
        System.out.println("NodeTest seed " + seed);
        Random random = new Random(seed);
        Node server = server();
        int sent = 0;
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            for (int length = 0; length <= 300; length++) {
                for (int repeat = 0; repeat < 4; repeat++) {
                    byte[] bytes = new byte[repeat == 3 ? length * 20 : length];
                    random.nextBytes(bytes);
                    if (bytes.length > 0 && repeat > 0) {
                        bytes[0] = (byte) random.nextInt(16);
                    }
                    socket.send(new DatagramPacket(bytes, bytes.length, server.localAddress()));
                    sent++;
                    if (sent % 50 == 0) {
                        server.statistics();
                    }
                }
            }
            assertEquals("hello, world", ask(client(), server.target(), "world"));
            NodeStatistics statistics = server.statistics();
            // a slow machine may have the client repeat its COOKIE-ECHO: that copy is dropped too, and is no garbage
            long dropped = statistics.drops().entrySet().stream()
                    .filter(drop -> drop.getKey() != DropReason.ALREADY_ACCEPTED)
                    .mapToLong(java.util.Map.Entry::getValue)
                    .sum();
            assertTrue(statistics.datagramsReceived() > dropped, statistics.toString());
            assertTrue(dropped > 0 && dropped <= sent, statistics.toString());
            assertTrue(statistics.drops().containsKey(DropReason.EMPTY), statistics.toString());
            assertTrue(statistics.drops().containsKey(DropReason.BAD_LENGTH), statistics.toString());
            socket.setSoTimeout(1);
            assertThrows(
                    java.net.SocketTimeoutException.class,
                    () -> socket.receive(new DatagramPacket(new byte[2_000], 2_000)));
        }
    }

    /// Goal: events come in order, and a listener hears of both ends of a channel. Method: listen, ask, close.
    @Test
    void tellsEventsInOrder() throws Exception {
        Node server = server();
        Queue<Event> heard = new ConcurrentLinkedQueue<>();
        CompletableFuture<CloseReason> closed = new CompletableFuture<>();
        server.onEvent(event -> {
            heard.add(event);
            if (event instanceof Event.ChannelClosed(long _, CloseReason why)) {
                closed.complete(why);
            }
        });
        Node client = client();
        ask(client, server.target(), "world");
        client.close();
        assertEquals(0, assertInstanceOf(CloseReason.Remote.class, closed.get()).code());
        List<Event> events = List.copyOf(heard);
        assertInstanceOf(Event.ChannelOpened.class, events.getFirst());
        assertInstanceOf(Event.ChannelClosed.class, events.getLast());
        assertTrue(events.stream().anyMatch(Event.MessageArrived.class::isInstance));
    }

    /// Goal: closing a busy node is bounded, settles everything under way, and later sends say why they were not
    /// sent.
    /// Method: 100 requests that are never answered; close the client; then one more.
    @Test
    void closesWhileBusy() throws Exception {
        Node server = nodes.add(Node.builder().server(true));
        CountDownLatch arrived = new CountDownLatch(100);
        server.handle(HELLO, _ -> arrived.countDown());
        Node client = client();
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            outcomes.add(client.send(server.target(), HELLO, new byte[10_000], SendOptions.REQUEST));
        }
        arrived.await();
        long begun = System.nanoTime();
        client.close();
        client.close();
        assertTrue(System.nanoTime() - begun < 10_000 * MILLISECOND);
        for (CompletableFuture<Outcome> outcome : outcomes) {
            Outcome end = outcome.get();
            assertTrue(end instanceof Outcome.PeerGone || end instanceof Outcome.NotSent, end.toString());
        }
        Outcome late = client.send(server.target(), HELLO, new byte[1], SendOptions.REQUEST)
                .get();
        assertEquals(new Outcome.NotSent("the node is closed"), late);
        assertThrows(IllegalStateException.class, client::statistics);
    }

    /// Goal: nothing is left after a close: no secret in a shared vault. Method: a vault of our own, closed nodes.
    @Test
    void leavesNoSecretBehind() throws Exception {
        try (Vault vault = Vault.open(1 << 20)) {
            SecretKey identity = SecretKey.generate(vault, new SystemRandom());
            Node server = nodes.add(Node.builder().server(true).vault(vault).identity(identity));
            Node client = nodes.add(Node.builder().vault(vault));
            server.handle(HELLO, message -> message.reply(""));
            ask(client, server.target(), "");
            assertTrue(vault.secretsLive() > 3);
            client.close();
            server.close();
            assertEquals(1, vault.secretsLive());
        }
    }

    /// Goal: the key log has a line for each secret of the handshake, and what both ends derive is the same.
    /// Method: two
    /// logs, compared.
    @Test
    void logsKeys() throws Exception {
        Path serverLog = directory.resolve("server");
        Path clientLog = directory.resolve("client");
        Node server = nodes.add(Node.builder().server(true).keyLog(serverLog));
        server.handle(HELLO, message -> message.reply(""));
        Node client = nodes.add(Node.builder().keyLog(clientLog));
        ask(client, server.target(), "");
        client.close();
        server.close();
        List<String> ofClient = Files.readAllLines(clientLog);
        List<String> ofServer = Files.readAllLines(serverLog);
        assertTrue(ofClient.stream().allMatch(line -> line.matches("[A-Z0-9_]+ [0-9a-f]{32} [0-9a-f]{64}")));
        assertTrue(ofServer.size() >= 2, ofServer.toString());
        assertTrue(ofClient.containsAll(ofServer), ofClient + " and " + ofServer);
    }

    /// Goal: another process sees a node's status, until it closes. Method: publish to a directory of the test's,
    /// read.
    @Test
    void publishesItsStatus() throws Exception {
        Node server = server();
        ask(client(), server.target(), "");
        try (StatusPublisher publisher = StatusPublisher.start(server, "serve", directory)) {
            List<NodeStatus> found = StatusReader.readAll(directory, System.currentTimeMillis());
            assertEquals(1, found.size());
            assertEquals(server.publicKey(), found.getFirst().publicKey());
            assertEquals(1, found.getFirst().channels().size());
            assertTrue(Files.exists(publisher.file()));
        }
        assertEquals(List.of(), StatusReader.readAll(directory, System.currentTimeMillis()));
    }

    /// Goal: the way through a bad network works too. Method: a relay that delays by 2 ms each way and loses a
    /// twentieth,
    /// from a fixed seed; a message of 1 MiB echoed.
    @Test
    void survivesABadNetwork() throws Exception {
        Node server = nodes.add(Node.builder().server(true));
        server.handle(HELLO, message -> message.reply(message.payload()));
        Relay.Conditions bad = Relay.Conditions.delay(2 * MILLISECOND)
                .withLoss(0.05)
                .withDuplicates(0.02)
                .withReordering(0.02)
                .withCorruption(0.02);
        try (Relay relay = Relay.open(server.localAddress(), bad, 42)) {
            byte[] bytes = new byte[1 << 20];
            new Random(6).nextBytes(bytes);
            Message echo = client().request(at(server, relay.address()), HELLO, bytes, SendOptions.REQUEST);
            assertArrayEquals(bytes, echo.bytes());
            assertTrue(relay.statistics().lost() > 0);
        }
    }

    /// Goal: interrupting a thread that waits ends its wait. Method: interrupt it.
    @Test
    void canBeInterrupted() throws Exception {
        Node server = nodes.add(Node.builder().server(true));
        CountDownLatch arrived = new CountDownLatch(1);
        server.handle(HELLO, _ -> arrived.countDown());
        Node client = client();
        CompletableFuture<Outcome> end = new CompletableFuture<>();
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                client.request(server.target(), HELLO, new byte[1], SendOptions.REQUEST);
            } catch (SendException e) {
                end.complete(e.outcome());
            }
        });
        arrived.await();
        waiting.interrupt();
        assertEquals(new Outcome.Cancelled(), end.get());
    }

    /// Goal: misuse by the program is told in words. Method: a handler of another class, a transport that is none.
    @Test
    void refusesMisuse() throws Exception {
        Node client = client();
        assertThrows(
                IllegalArgumentException.class,
                () -> client.handle(new HandlerId(konce.protocol.HandlerClass.SESSION, 1), _ -> {}));
        assertThrows(
                IllegalArgumentException.class,
                () -> Node.builder().transport("pigeon").open());
        CompletableFuture<Outcome> gone = client.send(new Target.Channel(77), HELLO, new byte[1], SendOptions.REQUEST);
        try {
            assertInstanceOf(Outcome.NotSent.class, gone.get());
        } catch (ExecutionException e) {
            throw new AssertionError("an outcome never completes exceptionally", e);
        }
    }
}
