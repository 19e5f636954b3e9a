package konce.node;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import konce.crypto.PublicKey;
import konce.node.observe.Flight;
import konce.node.observe.QlogFolder;
import konce.protocol.Address;
import konce.protocol.Event;
import konce.protocol.HandlerClass;
import konce.protocol.HandlerId;
import konce.protocol.Outcome;
import konce.protocol.Refusal;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import konce.protocol.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/// Takes the endpoint's events to whoever waits for them: outcomes to sends, messages to handlers, the rest to
/// listeners.
///
/// - threads: everything the loop's but [#handlers], [#listeners] and the counters
final class EventRouter implements Consumer<Event> {
    /// Handlers that may run at once. Full: messages are refused as busy.
    static final int HANDLERS_RUNNING_MAX = 65_536;

    private static final Logger LOG = System.getLogger("konce.node");

    /// Waits for a send to end. Called on the loop: it must not block, nor run an application's code.
    interface Settlement {
        void settle(Outcome outcome);
    }

    /// Where events go beside handlers and sends.
    ///
    /// @param trace takes handshake steps; null: nobody
    /// @param keyLog takes secrets; null: nobody
    /// @param qlog takes what its endpoint does; null: nobody
    record Taps(
            @Nullable Consumer<Event.HandshakeTraced> trace,
            @Nullable KeyLog keyLog,
            @Nullable QlogFolder qlog) {}

    /// An application's code for a handler.
    ///
    /// @param onLoop whether it has promised not to block, and so runs on the loop
    record Handling(MessageHandler code, boolean onLoop) {}

    private final Node node;
    private final Taps taps;
    private final Map<Long, Settlement> settlements = new HashMap<>();
    private final Map<Long, Peer> peers = new HashMap<>();
    private final Map<HandlerId, Handling> handlers = new ConcurrentHashMap<>();
    private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();
    private final EventDispatcher dispatcher = new EventDispatcher();
    private final HandlerRoom room = new HandlerRoom(HANDLERS_RUNNING_MAX);
    private final @Nullable ReadyHand hand;
    private final ThreadFactory threads =
            Thread.ofVirtual().name("konce-handler-", 1).factory();
    private final Streams streams;
    private Flight flight = new Flight("");

    /// @param patient whether a thread is kept ready for what comes alone
    EventRouter(Node node, Taps taps, boolean patient) {
        hand = patient ? new ReadyHand("konce-hand") : null;
        this.node = node;
        this.taps = taps;
        streams = new Streams(node, this);
    }

    /// Tells what passes here to a recorder, from now on.
    void record(Flight recorder) {
        flight = recorder;
    }

    Flight flight() {
        return flight;
    }

    Streams streams() {
        return streams;
    }

    Map<HandlerId, Handling> handlers() {
        return handlers;
    }

    List<Consumer<Event>> listeners() {
        return listeners;
    }

    EventDispatcher dispatcher() {
        return dispatcher;
    }

    int handlersRunning() {
        return room.running();
    }

    int channels() {
        return peers.size();
    }

    /// Who is at the other end of a channel; null: the channel is gone.
    @Nullable
    Peer peer(long channel) {
        return peers.get(channel);
    }

    /// Sends, and remembers who waits for the end.
    ///
    /// @return the ticket
    long send(Endpoint endpoint, long nowNanos, Envelope envelope, SendOptions options, Settlement settlement) {
        long ticket = endpoint.send(nowNanos, envelope.target, envelope.handler, envelope.payload, options);
        settlements.put(ticket, settlement);
        return ticket;
    }

    /// What goes where.
    record Envelope(Target target, HandlerId handler, MemorySegment payload) {}

    @Override
    public void accept(Event event) {
        switch (event) {
            case Event.MessageSettled settled -> {
                flight.settled();
                Settlement settlement = settlements.remove(settled.ticket());
                if (settlement != null) {
                    settlement.settle(settled.outcome());
                }
            }
            case Event.MessageArrived arrived -> {
                long bytes = arrived.payload().byteSize();
                flight.received(arrived.channel(), arrived.handler(), bytes, arrived.replyTo() != null);
                handleMessage(arrived);
            }
            case Event.PresenceMessage message -> {
                long bytes = message.payload().byteSize();
                flight.received(message.presence(), message.handler(), bytes, message.replyTo() != null);
                handleMessage(message);
            }
            case Event.MemberJoined _ -> {}
            case Event.PresenceChanged(PublicKey peer, boolean isKept) -> {
                PeerRecords records = node.records();
                dispatcher.dispatch(() -> records.onPresence(peer, isKept));
            }
            case Event.ChannelOpened opened -> {
                flight.opened(opened.channel(), opened.remote(), opened.peer() != null, opened.handshake());
                peers.put(
                        opened.channel(),
                        new Peer(
                                opened.channel(),
                                opened.peer(),
                                opened.remote(),
                                opened.handshake().group()));
            }
            case Event.ChannelClosed closed -> {
                flight.closed(closed.channel(), closed.reason().getClass().getSimpleName());
                peers.remove(closed.channel());
                streams.handleChannelClosed(closed.channel(), closed.reason());
            }
            case Event.HandshakeTraced traced -> {
                if (taps.trace != null) {
                    Consumer<Event.HandshakeTraced> trace = taps.trace;
                    dispatcher.dispatch(() -> trace.accept(traced));
                }
            }
            case Event.KeysRenewed _ -> {}
            case Event.SecretDerived secret -> {
                if (taps.keyLog != null) {
                    KeyLog keyLog = taps.keyLog;
                    dispatcher.dispatch(() -> keyLog.log(secret));
                }
                return;
            }
        }
        if (!listeners.isEmpty()) {
            dispatcher.dispatch(() -> listeners.forEach(listener -> listener.accept(event)));
        }
    }

    /// Everything that still waits is told that it waits in vain.
    void settleAll(String why) {
        List<Settlement> waiting = List.copyOf(settlements.values());
        settlements.clear();
        waiting.forEach(settlement -> settlement.settle(new Outcome.NotSent(why)));
    }

    private void handleMessage(Event.MessageArrived arrived) {
        if (arrived.handler().handlerClass() == HandlerClass.SESSION) {
            // Streams hold what they were sent in windows of their own, so that a slow reader stalls its stream only.
            streams.handleRecord(arrived);
            release(arrived);
            return;
        }
        StreamHandler acceptor = streams.acceptors().get(arrived.handler());
        if (acceptor != null) {
            streams.handleOpen(arrived, acceptor);
            release(arrived);
            return;
        }
        Handling handling = handlers.get(arrived.handler());
        if (handling == null) {
            refuse(arrived, Refusal.NO_SUCH_HANDLER);
            release(arrived);
            return;
        }
        Message message = Message.arrived(node, arrived, peer(arrived.channel()));
        if (handling.onLoop) {
            handle(handling.code, message, arrived);
        } else if (!run(remoteOf(arrived.channel()), () -> handle(handling.code, message, arrived))) {
            refuse(arrived, Refusal.BUSY);
            release(arrived);
        }
    }

    private void handleMessage(Event.PresenceMessage arrived) {
        Handling handling = handlers.get(arrived.handler());
        Message message = Message.atRest(node, arrived);
        if (handling == null) {
            message.refuse(Refusal.NO_SUCH_HANDLER);
        } else if (handling.onLoop) {
            handle(handling.code, message);
        } else if (!run(arrived.remote(), () -> handle(handling.code, message))) {
            message.refuse(Refusal.BUSY);
        }
    }

    /// Where a channel's packets came from when it opened; null: it is gone.
    @Nullable
    Address remoteOf(long channel) {
        Peer peer = peers.get(channel);
        return peer == null ? null : peer.remote();
    }

    /// Runs an application's code on a thread of its own.
    ///
    /// @param remote for whom; null: nobody any more
    /// @return false when too much runs already, of it or in all
    boolean run(@Nullable Address remote, Runnable code) {
        if (!room.tryEnter(remote)) {
            return false;
        }
        begin(() -> {
            try {
                code.run();
            } finally {
                room.leave(remote);
            }
        });
        return true;
    }

    /// Begins code that may block: on the hand that is ready, if it is; else on a new thread.
    void begin(Runnable code) {
        if (hand == null || !node.driver().isOnLoop() || !hand.take(code)) {
            threads.newThread(code).start();
        }
    }

    /// Nothing is begun any more.
    void stop() {
        if (hand != null) {
            hand.stop();
        }
    }

    void refuse(Event.MessageArrived arrived, Refusal why) {
        HandlerId replyTo = arrived.replyTo();
        if (replyTo != null) {
            node.driver().endpoint().refuse(System.nanoTime(), arrived.channel(), replyTo, why);
        }
    }

    private void release(Event.MessageArrived arrived) {
        if (arrived.credit() > 0) {
            node.driver().endpoint().release(System.nanoTime(), arrived.channel(), arrived.credit());
        }
    }

    private void handle(MessageHandler handler, Message message) {
        try {
            handler.handle(message);
        } catch (Exception | StackOverflowError e) {
            LOG.log(Level.WARNING, "the handler " + message.handler() + " failed", e);
            message.refuse(Refusal.HANDLER_FAILED);
        }
    }

    private void handle(MessageHandler handler, Message message, Event.MessageArrived arrived) {
        try {
            handle(handler, message);
        } finally {
            if (arrived.credit() > 0) {
                node.driver()
                        .executeHere((endpoint, nowNanos) ->
                                endpoint.release(nowNanos, arrived.channel(), arrived.credit()));
            }
        }
    }
}
