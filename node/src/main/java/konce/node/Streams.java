package konce.node;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import konce.crypto.PublicKey;
import konce.node.stream.StreamLimits;
import konce.node.stream.StreamRecord;
import konce.node.stream.StreamReset;
import konce.node.stream.WindowBudget;
import konce.protocol.CloseReason;
import konce.protocol.Event;
import konce.protocol.HandlerClass;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.Refusal;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import org.jspecify.annotations.Nullable;

/// All byte streams of a node: opening, taking up, and the way of records to them.
///
/// - threads: [#open] and [#acceptors] any; all else the loop's
/// - source: docs/spec/10-streams.md
final class Streams {
    /// How often streams are looked after: unbound, lingering and silent ones.
    private static final long TICK_SECONDS = 5;

    private record Key(long channel, long handler) {}

    private final Node node;
    private final EventRouter router;
    private final Map<HandlerId, StreamHandler> acceptors = new ConcurrentHashMap<>();
    private final Map<Key, ByteStream> open = new HashMap<>();
    private final Map<Long, Integer> perChannel = new HashMap<>();
    private final Map<PublicKey, Long> lastChannel = new HashMap<>();
    private final WindowBudget windows = new WindowBudget(Runtime.getRuntime().maxMemory());
    private @Nullable Future<?> ticking;

    Streams(Node node, EventRouter router) {
        this.node = node;
        this.router = router;
    }

    Map<HandlerId, StreamHandler> acceptors() {
        return acceptors;
    }

    int count() {
        return open.size();
    }

    /// Opens a stream and waits until it is taken up.
    ByteStream open(Target target, HandlerId acceptor, SendOptions options) throws IOException {
        StreamOpening opening = new StreamOpening(this, target, acceptor, options);
        node.driver().execute(opening);
        try {
            return opening.stream().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            opening.stream().thenAccept(ByteStream::abort);
            throw new InterruptedIOException("interrupted while a stream was opened");
        } catch (ExecutionException e) {
            throw new IOException(e.getCause() == null ? "" : e.getCause().getMessage(), e.getCause());
        }
    }

    EventRouter router() {
        return router;
    }

    EndpointDriver driver() {
        return node.driver();
    }

    WindowBudget windows() {
        return windows;
    }

    /// The channel that last served this target, if it is still there; null: none is known.
    @Nullable
    Long knownChannel(Target target) {
        Long channel = switch (target) {
            case Target.Channel(long number) -> Long.valueOf(number);
            case Target.Peer peer -> lastChannel.get(peer.key());
        };
        return channel != null && router.peer(channel) != null ? channel : null;
    }

    void rememberChannel(Target target, long channel) {
        if (target instanceof Target.Peer peer) {
            if (lastChannel.size() >= Limits.CONNECTS_MAX) {
                lastChannel.values().removeIf(known -> router.peer(known) == null);
            }
            if (lastChannel.size() < Limits.CONNECTS_MAX) {
                lastChannel.put(peer.key(), channel);
            }
        }
    }

    /// Makes an opening or a request to open into a stream.
    void add(ByteStream stream) {
        open.put(new Key(stream.channel(), stream.handler().number()), stream);
        perChannel.merge(stream.channel(), 1, Integer::sum);
        if (ticking == null) {
            ticking = driver().socket()
                    .loop()
                    .scheduleAtFixedRate(() -> tick(System.nanoTime()), TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
        }
    }

    void remove(ByteStream stream) {
        if (open.remove(new Key(stream.channel(), stream.handler().number()), stream)) {
            windows.release(stream.windowBytes());
            perChannel.computeIfPresent(stream.channel(), (_, count) -> count == 1 ? null : count - 1);
            if (router.peer(stream.channel()) != null) {
                driver().endpoint().closeHandler(stream.channel(), stream.handler());
            }
        }
    }

    /// Takes a request to open a stream.
    void handleOpen(Event.MessageArrived arrived, StreamHandler acceptor) {
        Peer peer = router.peer(arrived.channel());
        HandlerId replyTo = arrived.replyTo();
        if (peer == null || replyTo == null) {
            return;
        }
        // = docs/spec/10-streams.md R10.1
        if (!(StreamRecord.decode(arrived.payload()) instanceof StreamRecord.Open(long handler, int theirWindow))) {
            router.refuse(arrived, Refusal.NOT_ALLOWED);
            return;
        }
        int window = perChannel.getOrDefault(arrived.channel(), 0) < StreamLimits.STREAMS_PER_CHANNEL_MAX
                ? windows.reserve()
                : 0;
        if (window == 0) {
            router.refuse(arrived, Refusal.BUSY);
            return;
        }
        HandlerId ours = driver().endpoint().openSessionHandler(arrived.channel());
        ByteStream stream =
                new ByteStream(this, new ByteStream.Ends(arrived.channel(), ours, false), window, theirWindow);
        if (!router.run(peer.remote(), () -> serve(acceptor, stream, peer))) {
            windows.release(window);
            driver().endpoint().closeHandler(arrived.channel(), ours);
            router.refuse(arrived, Refusal.BUSY);
            return;
        }
        add(stream);
        if (handler != StreamRecord.NO_HANDLER) {
            stream.bindOnLoop(new HandlerId(HandlerClass.SESSION, handler));
        }
        // = docs/spec/10-streams.md R10.2
        send(
                arrived.channel(),
                replyTo,
                new StreamRecord.Accept(ours.number(), window).encode(),
                SendOptions.ONE_WAY,
                _ -> {});
    }

    private static void serve(StreamHandler acceptor, ByteStream stream, Peer peer) {
        try {
            acceptor.handle(stream, peer);
            stream.close();
        } catch (Exception | StackOverflowError e) {
            System.getLogger("konce.node").log(System.Logger.Level.DEBUG, "a stream's handler failed", e);
            stream.abort(StreamReset.HANDLER_FAILED);
        }
    }

    /// Takes a record for a stream's session handler.
    void handleRecord(Event.MessageArrived arrived) {
        ByteStream stream =
                open.get(new Key(arrived.channel(), arrived.handler().number()));
        if (stream == null) {
            router.refuse(arrived, Refusal.NO_SUCH_HANDLER);
            return;
        }
        stream.handleRecordOnLoop(StreamRecord.decode(arrived.payload()), arrived.replyTo());
    }

    void handleChannelClosed(long channel, CloseReason why) {
        for (ByteStream stream : List.copyOf(open.values())) {
            if (stream.channel() == channel) {
                stream.failOnLoop("the stream's channel ended: " + Explain.close(why));
            }
        }
        perChannel.remove(channel);
    }

    /// Aborts every stream: the node closes.
    void closeAll() {
        for (ByteStream stream : List.copyOf(open.values())) {
            stream.resetOnLoop(StreamReset.ABORTED, EndpointDriver.CLOSED);
        }
        if (ticking != null) {
            ticking.cancel(false);
        }
    }

    void send(
            long channel,
            HandlerId handler,
            MemorySegment record,
            SendOptions options,
            EventRouter.Settlement settlement) {
        router.send(
                driver().endpoint(),
                System.nanoTime(),
                new EventRouter.Envelope(new Target.Channel(channel), handler, record),
                options,
                settlement);
    }

    /// Looks after every stream, as of a time of the endpoint's.
    void tick(long nowNanos) {
        driver().execute((_, _) -> {
            for (ByteStream stream : new ArrayList<>(open.values())) {
                stream.tickOnLoop(nowNanos);
            }
        });
    }
}
