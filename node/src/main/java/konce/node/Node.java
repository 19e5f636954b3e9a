package konce.node;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import konce.crypto.PublicKey;
import konce.crypto.SecretKey;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import konce.node.observe.Both;
import konce.node.observe.Flight;
import konce.node.observe.QlogFolder;
import konce.protocol.Address;
import konce.protocol.AtRest;
import konce.protocol.Event;
import konce.protocol.HandlerClass;
import konce.protocol.HandlerId;
import konce.protocol.Outcome;
import konce.protocol.PrivateGroup;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import konce.protocol.endpoint.ChannelStatus;
import konce.protocol.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/// A party: one UDP socket, its keys, and everything under way on it. It sends messages to handlers of other nodes, and
/// messages come to its own handlers.
///
/// ```java
/// try (Node server = Node.builder().server(true).open();
///      Node client = Node.builder().open()) {
///     server.handle(HandlerId.wellKnown(1), message -> message.reply("hello, " + message.text()));
///     client.request(server.target(), HandlerId.wellKnown(1), "world".getBytes(UTF_8), SendOptions.REQUEST).text();
/// }
/// ```
///
/// - threads: any. Applications' code runs where it may block, most of it on virtual threads; never on the node's loop,
/// but for
///   what is given to [#handleOnLoop] and [#runOnLoop], whose code promises not to. The node's own threads are
///   daemons: they keep no program alive.
/// - back-pressure: what is sent and has not ended takes room, [#SENDING_BYTES_MAX] for requests and as much for what
///   goes back on channels; one destination gets an eighth of what is free. Where there is none, [#send], [#start],
///   [#request] and [Message#reply] wait; times to connect and to reply count from when there was.
public final class Node implements AutoCloseable {
    /// Durable handlers one node may have.
    public static final int HANDLERS_MAX = 65_536;

    /// Bytes of messages sent that have not ended, each counted as 4 KiB more than its payload. The rest of what an
    /// endpoint takes is for streams.
    public static final long SENDING_BYTES_MAX = Sender.ROOM_BYTES;

    private static final long ASK_NANOS_MAX = 2_000_000_000L;
    private static final long CLOSE_NANOS_MAX = 2_000_000_000L;
    private static final Logger LOG = System.getLogger("konce.node");

    private final NodeParts parts;
    private final EventRouter router;
    private final EndpointDriver driver;
    private final Sender sender;
    private final long openedNanos = System.nanoTime();
    private final AtomicBoolean closing = new AtomicBoolean();

    Node(NodeParts parts) throws IOException {
        this.parts = parts;
        router = new EventRouter(this, parts.taps(), parts.socket().patient());
        Endpoint endpoint = new Endpoint(parts.config(), parts.vault(), new SystemRandom(), System.nanoTime());
        driver = new EndpointDriver(
                endpoint, parts.transport(), parts.listen(), parts.socket(), parts.jobThreads(), router);
        parts.atRest().keepIn(endpoint);
        observe(endpoint);
        sender = new Sender(driver, router);
        driver.start();
    }

    private Address here() {
        InetSocketAddress bound = localAddress();
        return Address.of(bound.getAddress().getAddress(), bound.getPort());
    }

    private void observe(Endpoint endpoint) {
        Address here = here();
        Flight flight = new Flight(here.toString());
        router.record(flight);
        driver.record(flight);
        QlogFolder qlog = parts.taps().qlog();
        if (qlog == null) {
            endpoint.observe(flight);
        } else {
            qlog.listensAt(here);
            endpoint.observe(new Both(flight, qlog));
        }
    }

    /// What the application knows of its peers.
    public PeerRecords records() {
        return parts.atRest().records();
    }

    /// The peers kept between channels.
    public AtRest atRest() {
        return ask(Endpoint::atRest);
    }

    /// Forgets a peer that it keeps: what comes next from it takes a handshake.
    public void forgetPeer(PublicKey peer) {
        ask(endpoint -> {
            endpoint.forgetPeer(peer, List.of(publicKey()));
            return peer;
        });
    }

    /// A node to be: set what matters, then open it.
    public static NodeBuilder builder() {
        return new NodeBuilder();
    }

    /// Where this node's secrets live.
    public Vault vault() {
        return parts.vault();
    }

    /// The durable key of this node: what its clients must know.
    public PublicKey publicKey() {
        return parts.identity().publicKey();
    }

    /// Where its socket is bound.
    public InetSocketAddress localAddress() {
        return driver.socket().localAddress();
    }

    /// Goes on from another local address, port 0 for any free one; channels this node has made go along.
    /// @throws IOException when it cannot be bound; then nothing has changed
    public void rebind(InetSocketAddress listen) throws IOException {
        driver.rebind(listen);
    }

    /// How it reaches the system, for people: `epoll, GSO and GRO`.
    public String transportName() {
        return driver.socket().description();
    }

    /// This node as others on this machine reach it: its key, and its address; the loopback's where it listens on
    /// all.
    public Target.Peer target() {
        InetSocketAddress bound = localAddress();
        InetAddress ip = bound.getAddress().isAnyLocalAddress() ? loopback() : bound.getAddress();
        return new Target.Peer(publicKey(), List.of(Address.of(ip.getAddress(), bound.getPort())), null, null);
    }

    /// Gives the messages for a durable handler to `code`. A handler that is there is replaced.
    ///
    /// @throws IllegalArgumentException for a handler of another class
    /// @throws IllegalStateException when there are [#HANDLERS_MAX]
    public void handle(HandlerId handler, MessageHandler code) {
        handle(handler, new EventRouter.Handling(code, false));
    }

    /// Gives the messages for a durable handler to `code` that never blocks and takes microseconds: it runs on the
    /// node's loop, so that no thread is woken between a message and its reply, and replies to messages that came
    /// together leave together. While it runs, the node neither receives nor sends. What it sends ends on the loop
    /// too: futures complete there. Where there is no room it cannot wait; such a send ends as not sent.
    ///
    /// @throws IllegalArgumentException for a handler of another class
    /// @throws IllegalStateException when there are [#HANDLERS_MAX]
    public void handleOnLoop(HandlerId handler, MessageHandler code) {
        handle(handler, new EventRouter.Handling(code, true));
    }

    private void handle(HandlerId handler, EventRouter.Handling handling) {
        requireDurable(handler);
        if (router.handlers().size() >= HANDLERS_MAX) {
            throw new IllegalStateException("a node has at most " + HANDLERS_MAX + " handlers");
        }
        router.handlers().put(handler, handling);
        ask(endpoint -> {
            endpoint.openHandler(handler);
            return handler;
        });
    }

    /// Takes a handler away: what comes for it from now on is refused.
    public void unhandle(HandlerId handler) {
        router.handlers().remove(handler);
        router.streams().acceptors().remove(handler);
        ask(endpoint -> {
            endpoint.closeHandler(0, handler);
            return handler;
        });
    }

    /// Runs `code`, which never blocks and takes microseconds, on the node's loop, soon. What it sends leaves in as
    /// few datagrams as may be, and futures of that complete on the loop. After [#close] it does not run.
    public void runOnLoop(Runnable code) {
        driver.executeHere((_, _) -> code.run());
    }

    /// Sends a message. Waits while there is no room for it; a thread that is interrupted then gets it back as
    /// cancelled.
    ///
    /// @param payload its bytes; must not change until the outcome is there
    /// @return how it ends; never completes exceptionally
    public CompletableFuture<Outcome> send(
            Target target, HandlerId handler, MemorySegment payload, SendOptions options) {
        return start(target, handler, payload, options).outcome();
    }

    public CompletableFuture<Outcome> send(Target target, HandlerId handler, byte[] payload, SendOptions options) {
        return send(target, handler, MemorySegment.ofArray(payload), options);
    }

    /// Sends a message that can be cancelled.
    public Sending start(Target target, HandlerId handler, MemorySegment payload, SendOptions options) {
        PendingSend.Teller teller = driver.isOnLoop() ? PendingSend.Teller.LOOP : PendingSend.Teller.OWN_THREAD;
        return sender.start(new EventRouter.Envelope(identified(target), handler, payload), options, teller);
    }

    /// Sends a message and waits for its reply. Where options say that none is wanted, it waits for the delivery,
    /// and
    /// the message it gives is empty.
    ///
    /// @throws SendException when it ends otherwise
    /// @throws IllegalStateException on the node's loop, where nothing may wait
    public Message request(Target target, HandlerId handler, byte[] payload, SendOptions options) throws SendException {
        requireOffLoop("request");
        PendingSend send = sender.start(
                new EventRouter.Envelope(identified(target), handler, MemorySegment.ofArray(payload)),
                options,
                PendingSend.Teller.LOOP);
        Outcome outcome;
        try {
            outcome = send.outcome().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            send.cancel();
            outcome = new Outcome.Cancelled();
        } catch (ExecutionException e) {
            throw new AssertionError("an outcome never completes exceptionally", e);
        }
        PublicKey peer = target instanceof Target.Peer named ? named.key() : null;
        return switch (outcome) {
            case Outcome.Replied replied -> Message.replied(this, handler, replied, peer);
            case Outcome.Delivered _ ->
                Message.replied(this, handler, new Outcome.Replied(-1, MemorySegment.ofArray(new byte[0]), null), peer);
            case Outcome.CouldNotConnect _,
                    Outcome.ReplyTooLate _,
                    Outcome.Refused _,
                    Outcome.Cancelled _,
                    Outcome.PeerGone _,
                    Outcome.NotSent _ -> throw new SendException(outcome);
        };
    }

    /// Opens a two-way byte stream to an acceptor.
    ///
    /// @param options of the connecting and of the acceptor's answer; priority and background hold for the stream
    /// @throws IOException when it is not taken up, with the reason for people
    public ByteStream openStream(Target target, HandlerId acceptor, SendOptions options) throws IOException {
        requireOffLoop("openStream");
        return router.streams().open(identified(target), acceptor, options);
    }

    /// Serves the streams that others open to `acceptor`.
    public void acceptStreams(HandlerId acceptor, StreamHandler handler) {
        requireDurable(acceptor);
        router.streams().acceptors().put(acceptor, handler);
        ask(endpoint -> {
            endpoint.openHandler(acceptor);
            return acceptor;
        });
    }

    /// Says goodbye on a channel: what is under way on it ends with it. A channel that is gone is none to close.
    public void closeChannel(long channel) {
        driver.execute((endpoint, nowNanos) -> endpoint.closeChannel(nowNanos, channel, 0, ""));
    }

    /// Is the gate of these private groups from now on, and of no others: whoever came under an invitation that is
    /// not among them any more is cut off.
    ///
    /// @param groups their keys and secrets stay open as long as the node
    public void serveGroups(List<PrivateGroup> groups) {
        ask(endpoint -> {
            endpoint.serveGroups(System.nanoTime(), groups);
            return groups;
        });
    }

    /// Live figures of every channel.
    public List<ChannelStatus> channels() {
        return ask(endpoint -> endpoint.channels(System.nanoTime()));
    }

    /// Who is at the other end of a channel; null: it is gone.
    public @Nullable Peer peer(long channel) {
        return ask(_ -> new Found(router.peer(channel))).peer;
    }

    private record Found(@Nullable Peer peer) {}

    public NodeStatistics statistics() {
        return ask(endpoint -> NodeStatistics.of(endpoint, driver, router, System.nanoTime() - openedNanos));
    }

    /// Calls `listener` with every event, in order, off the loop. Secrets are not among them.
    public void onEvent(Consumer<Event> listener) {
        router.listeners().add(listener);
    }

    /// Closes every channel in order, then the socket, and wipes the keys that the node made itself. Takes a few
    /// seconds at most; what is under way ends as it would with its channel, or as not sent. Closing again does
    /// nothing.
    @Override
    public void close() {
        requireOffLoop("close");
        if (closing.getAndSet(true)) {
            return;
        }
        sender.close();
        try {
            askWhateverState(endpoint -> {
                router.streams().closeAll();
                long nowNanos = System.nanoTime();
                for (ChannelStatus channel : endpoint.channels(nowNanos)) {
                    endpoint.closeChannel(nowNanos, channel.channel(), 0, "");
                }
                return endpoint;
            });
            driver.jobs().stop();
            if (!driver.jobs().awaitStopped(CLOSE_NANOS_MAX)) {
                LOG.log(Level.WARNING, "a job still runs after its node was closed");
            }
            askWhateverState(endpoint -> {
                driver.closeOnLoop();
                router.settleAll(EndpointDriver.CLOSED);
                return endpoint;
            });
            if (!router.dispatcher().awaitIdle(CLOSE_NANOS_MAX)) {
                LOG.log(Level.WARNING, "an event listener still runs after its node was closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            driver.socket().close();
            router.stop();
            parts.close();
        }
    }

    EndpointDriver driver() {
        return driver;
    }

    EventRouter router() {
        return router;
    }

    boolean isClosing() {
        return closing.get();
    }

    private void requireOffLoop(String what) {
        if (driver.isOnLoop()) {
            throw new IllegalStateException(what + " waits, and on the loop nothing may");
        }
    }

    /// The target under this node's identity, where it names none itself.
    private Target identified(Target target) {
        SecretKey identity = parts.clientIdentity();
        return target instanceof Target.Peer peer && peer.identity() == null && identity != null
                ? peer.as(identity)
                : target;
    }

    /// Asks the endpoint on its loop, and waits for the answer.
    ///
    /// @throws IllegalStateException when the node is closed, or its loop does not answer
    <T> T ask(Function<Endpoint, T> question) {
        if (closing.get()) {
            throw new IllegalStateException(EndpointDriver.CLOSED);
        }
        try {
            return askWhateverState(question);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the node's loop was asked", e);
        }
    }

    private <T> T askWhateverState(Function<Endpoint, T> question) throws InterruptedException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        driver.executeHere(new EndpointDriver.Command() {
            @Override
            public void run(Endpoint endpoint, long nowNanos) {
                try {
                    answer.complete(question.apply(endpoint));
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            }

            @Override
            public void abandon(String why) {
                answer.completeExceptionally(new IllegalStateException(why));
            }
        });
        try {
            return answer.get(ASK_NANOS_MAX, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException mistake) {
                throw mistake;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the node's loop does not answer", e);
        }
    }

    /// A socket on IPv6's wildcard takes IPv4 too, and IPv4's loopback is there on every machine.
    private static InetAddress loopback() {
        return InetAddress.ofLiteral("127.0.0.1");
    }

    private static void requireDurable(HandlerId handler) {
        if (handler.handlerClass() != HandlerClass.DURABLE) {
            throw new IllegalArgumentException("only durable handlers are made by hand, not " + handler);
        }
    }
}
