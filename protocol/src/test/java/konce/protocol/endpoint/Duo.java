package konce.protocol.endpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.Event;
import konce.protocol.HandlerId;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.ServerConfig;
import konce.protocol.Target;
import org.jspecify.annotations.Nullable;

/// Two endpoints that are alike: each is a server and a client. Between them a network that a test makes
/// as bad as it likes; time is virtual.
final class Duo implements AutoCloseable {
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;
    static final HandlerId HANDLER = HandlerId.wellKnown(1);

    /// What becomes of a datagram: the delay of each copy that arrives; none if it is lost.
    interface Network {
        long[] delays(boolean toRight, byte[] datagram);
    }

    /// Whether a datagram gets to where it is sent.
    interface Sight {
        boolean sees(Side from, Address to, byte[] datagram);
    }

    /// What an application does with a message that arrives.
    interface Application {
        void take(Side side, Event.MessageArrived message);
    }

    private record Flying(long arrivalNanos, long order, boolean toRight, Address source, byte[] bytes) {}

    /// One endpoint and the application on it.
    final class Side {
        final boolean isRight;
        final Address address;
        /// Where its datagrams seem to come from.
        Address seenAs;
        final SecretKey key;
        final Endpoint endpoint;
        final List<Event> events = new ArrayList<>();
        final List<Event.MessageArrived> arrived = new ArrayList<>();
        final Map<Long, Outcome> outcomes = new HashMap<>();
        final Map<Long, Long> settledNanos = new HashMap<>();
        Application application = Duo::echo;
        long datagramsSent;
        long bytesSent;

        private Side(boolean isRight, String address, EndpointConfig config) {
            this.isRight = isRight;
            this.address = Address.parse(address);
            seenAs = this.address;
            key = SecretKey.generate(vault, random);
            ServerConfig server = new ServerConfig(key, false, 0, null);
            endpoint = new Endpoint(config.withServer(server), vault, random.fork(address), nowNanos);
            endpoint.openHandler(HANDLER);
        }

        long now() {
            return nowNanos;
        }

        Side other() {
            return isRight ? left : right;
        }

        Target.Peer peer() {
            return peer(key);
        }

        /// The other side, as somebody.
        Target.Peer peer(@Nullable SecretKey identity) {
            return new Target.Peer(other().key.publicKey(), List.of(other().address), identity, null);
        }

        long send(Target target, HandlerId handler, MemorySegment payload, SendOptions options) {
            long ticket = endpoint.send(nowNanos, target, handler, payload, options);
            drain();
            return ticket;
        }

        long send(byte[] payload, SendOptions options) {
            return send(peer(), HANDLER, MemorySegment.ofArray(payload), options);
        }

        /// Calls something that the driver drains after.
        void act(Consumer<Endpoint> what) {
            what.accept(endpoint);
            drain();
        }

        /// The only channel it has.
        ChannelStatus channel() {
            List<ChannelStatus> all = endpoint.channels(nowNanos);
            assert all.size() == 1 : all;
            return all.getFirst();
        }

        <T extends Event> List<T> events(Class<T> kind) {
            return events.stream().filter(kind::isInstance).map(kind::cast).toList();
        }

        private void take(Event event) {
            events.add(event);
            switch (event) {
                case Event.MessageArrived message -> {
                    arrived.add(message);
                    application.take(this, message);
                }
                case Event.MessageSettled(long ticket, Outcome outcome) -> {
                    if (outcomes.put(ticket, outcome) != null) {
                        throw new AssertionError("send " + ticket + " has settled twice");
                    }
                    settledNanos.put(ticket, nowNanos);
                }
                case Event.ChannelOpened _,
                        Event.MemberJoined _,
                        Event.ChannelClosed _,
                        Event.HandshakeTraced _,
                        Event.SecretDerived _,
                        Event.KeysRenewed _,
                        Event.PresenceMessage _,
                        Event.PresenceChanged _ -> {}
            }
        }
    }

    final Vault vault = Vault.open(1 << 20);
    final SeededRandom random = new SeededRandom(11);
    long nowNanos = 1_000 * SECOND;
    long oneWayNanos = 10 * MILLI;
    final Side left;
    final Side right;
    Network network = (_, _) -> new long[] {oneWayNanos};
    Sight sight = (side, to, _) -> to.equals(side.other().seenAs);
    private final PriorityQueue<Flying> flying =
            new PriorityQueue<>(Comparator.comparingLong(Flying::arrivalNanos).thenComparingLong(Flying::order));
    private final MemorySegment incoming = Arena.ofAuto().allocate(1 << 16);
    private final Transmit transmit = new Transmit(Arena.ofAuto().allocate(1 << 16));
    private long order;

    Duo() {
        this(EndpointConfig.CLIENT);
    }

    Duo(EndpointConfig config) {
        this(config, config);
    }

    Duo(EndpointConfig leftConfig, EndpointConfig rightConfig) {
        left = new Side(false, "198.51.100.7:413", leftConfig);
        right = new Side(true, "192.0.2.1:413", rightConfig);
    }

    /// Answers with the same bytes, and is done.
    static void echo(Side side, Event.MessageArrived message) {
        reply(side, message, message.payload());
        done(side, message);
    }

    static void reply(Side side, Event.MessageArrived message, MemorySegment payload) {
        if (message.replyTo() != null) {
            Target channel = new Target.Channel(message.channel());
            side.endpoint.send(side.now(), channel, message.replyTo(), payload, SendOptions.ONE_WAY);
        }
    }

    static void done(Side side, Event.MessageArrived message) {
        side.endpoint.release(side.now(), message.channel(), message.credit());
    }

    /// Opens a channel from left to right and lets it fall silent.
    void open() {
        long ticket = left.send(new byte[1], SendOptions.REQUEST);
        run(SECOND);
        assert left.outcomes.get(ticket) instanceof Outcome.Replied : left.outcomes;
        left.arrived.clear();
        right.arrived.clear();
    }

    /// A copy of a datagram arrives at once, from anywhere.
    void inject(boolean toRight, Address source, byte[] bytes) {
        arrive(new Flying(nowNanos, 0, toRight, source, bytes));
    }

    /// Runs for `nanos`.
    void run(long nanos) {
        long end = nowNanos + nanos;
        drain();
        while (true) {
            Flying next = flying.peek();
            long arrival = next == null ? Long.MAX_VALUE : next.arrivalNanos();
            long deadline = Math.min(left.endpoint.nextDeadlineNanos(), right.endpoint.nextDeadlineNanos());
            long wake = Math.min(arrival, deadline);
            if (wake > end) {
                nowNanos = end;
                return;
            }
            nowNanos = Math.max(nowNanos, wake);
            if (next != null && arrival <= nowNanos) {
                flying.poll();
                arrive(next);
            }
            if (deadline <= nowNanos) {
                left.endpoint.handleDeadline(nowNanos);
                right.endpoint.handleDeadline(nowNanos);
            }
            drain();
        }
    }

    /// Runs until so many sends of the left have settled; at most `nanos`.
    void runUntilSettled(int sends, long nanos) {
        long end = nowNanos + nanos;
        while (left.outcomes.size() < sends && nowNanos < end) {
            run(Math.min(MILLI, end - nowNanos));
        }
    }

    private void arrive(Flying datagram) {
        byte[] bytes = datagram.bytes();
        MemorySegment.copy(bytes, 0, incoming, ValueLayout.JAVA_BYTE, 0, bytes.length);
        Side to = datagram.toRight() ? right : left;
        to.endpoint.handleDatagram(nowNanos, datagram.source(), incoming.asSlice(0, bytes.length));
    }

    void drain() {
        boolean any = true;
        while (any) {
            boolean ofLeft = drain(left);
            any = drain(right) || ofLeft;
        }
    }

    private boolean drain(Side side) {
        boolean any = false;
        for (Job job = side.endpoint.pollJob(); job != null; job = side.endpoint.pollJob()) {
            job.run();
            side.endpoint.handleJob(nowNanos, job);
        }
        for (Event event = side.endpoint.pollEvent(); event != null; event = side.endpoint.pollEvent()) {
            side.take(event);
            any = true;
        }
        while (side.endpoint.pollTransmit(nowNanos, transmit)) {
            for (int at = 0; at < transmit.bytes(); at += transmit.segmentBytes()) {
                int length = Math.min(transmit.segmentBytes(), transmit.bytes() - at);
                byte[] bytes = transmit.buffer().asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
                side.datagramsSent++;
                side.bytesSent += length;
                for (long delay : network.delays(!side.isRight, bytes)) {
                    if (sight.sees(side, transmit.remote(), bytes)) {
                        flying.add(new Flying(nowNanos + delay, order++, !side.isRight, side.seenAs, bytes));
                    }
                }
            }
        }
        return any;
    }

    @Override
    public void close() {
        left.endpoint.close();
        right.endpoint.close();
        left.key.close();
        right.key.close();
        vault.close();
    }
}
