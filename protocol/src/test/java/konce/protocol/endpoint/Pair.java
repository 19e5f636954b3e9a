package konce.protocol.endpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BiPredicate;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.HandlerId;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.ServerConfig;
import konce.protocol.Target;
import org.jspecify.annotations.Nullable;

/// Two endpoints in one process and in virtual time: no socket, no clock, no sleep. Jobs run at once.
final class Pair implements AutoCloseable {
    static final long MILLI = 1_000_000L;
    static final Address CLIENT = Address.parse("198.51.100.7:50000");
    static final Address SERVER = Address.parse("192.0.2.1:413");
    static final HandlerId ECHO = HandlerId.wellKnown(1);

    /// A datagram under way.
    record Flying(long arrivalNanos, long order, boolean toServer, byte[] bytes) {}

    final Vault vault = Vault.open(1 << 20);
    final SeededRandom random = new SeededRandom(7);
    final SecretKey serverKey = SecretKey.generate(vault, random);
    final SecretKey clientKey = SecretKey.generate(vault, random);
    final Endpoint client;
    final Endpoint server;
    final List<Event> clientEvents = new ArrayList<>();
    final List<Event> serverEvents = new ArrayList<>();
    final List<byte[]> toServer = new ArrayList<>();
    final List<byte[]> toClient = new ArrayList<>();
    final List<DropReason> serverDrops = new ArrayList<>();
    final List<DropReason> clientDrops = new ArrayList<>();
    private final PriorityQueue<Flying> flying = new PriorityQueue<>(
            java.util.Comparator.comparingLong(Flying::arrivalNanos).thenComparingLong(Flying::order));
    private final MemorySegment buffer = Arena.ofAuto().allocate(1 << 16);
    private final Transmit transmit = new Transmit(buffer);
    /// Says whether a datagram gets through; true: to the server.
    BiPredicate<Boolean, byte[]> carries = (_, _) -> true;
    /// Whether the server answers each message with its own bytes.
    boolean echo = true;
    long oneWayNanos = 10 * MILLI;
    long nowNanos = 1_000 * MILLI;
    private long order;

    Pair() {
        this(0, EndpointConfig.CLIENT, EndpointConfig.CLIENT);
    }

    Pair(long effort, EndpointConfig clientConfig, EndpointConfig serverConfig) {
        server = new Endpoint(
                serverConfig.withServer(new ServerConfig(serverKey, false, effort, null)),
                vault,
                random.fork("server"),
                nowNanos);
        client = new Endpoint(clientConfig, vault, random.fork("client"), nowNanos);
        server.openHandler(ECHO);
    }

    Pair(EndpointConfig clientConfig, EndpointConfig wholeServerConfig, boolean whole) {
        server = new Endpoint(wholeServerConfig, vault, random.fork("server"), nowNanos);
        client = new Endpoint(clientConfig, vault, random.fork("client"), nowNanos);
        server.openHandler(ECHO);
        assert whole;
    }

    Target.Peer target() {
        return new Target.Peer(serverKey.publicKey(), List.of(SERVER), clientKey, null);
    }

    Target.Peer anonymous() {
        return new Target.Peer(serverKey.publicKey(), List.of(SERVER), null, null);
    }

    long send(Target target, MemorySegment payload, SendOptions options) {
        long ticket = client.send(nowNanos, target, ECHO, payload, options);
        drain();
        return ticket;
    }

    long send(String text) {
        return send(target(), text(text), SendOptions.REQUEST);
    }

    static MemorySegment text(String text) {
        return MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(MemorySegment bytes) {
        return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    /// Runs until nothing is due any more within `nanos`.
    void run(long nanos) {
        long end = nowNanos + nanos;
        drain();
        while (true) {
            Flying next = flying.peek();
            long arrival = next == null ? Long.MAX_VALUE : next.arrivalNanos();
            long wake = Math.min(arrival, Math.min(client.nextDeadlineNanos(), server.nextDeadlineNanos()));
            if (wake > end) {
                nowNanos = end;
                return;
            }
            nowNanos = Math.max(nowNanos, wake);
            if (arrival <= nowNanos && next != null) {
                flying.poll();
                deliver(next.toServer(), next.bytes());
            }
            client.handleDeadline(nowNanos);
            server.handleDeadline(nowNanos);
            drain();
        }
    }

    DropReason deliver(boolean toTheServer, byte[] bytes) {
        return deliver(toTheServer, toTheServer ? CLIENT : SERVER, bytes);
    }

    DropReason deliver(boolean toTheServer, Address from, byte[] bytes) {
        MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, bytes.length)).asSlice(0, bytes.length);
        copy.copyFrom(MemorySegment.ofArray(bytes));
        DropReason reason = (toTheServer ? server : client).handleDatagram(nowNanos, from, copy);
        (toTheServer ? serverDrops : clientDrops).add(reason);
        drain();
        return reason;
    }

    void drain() {
        drain(client, clientEvents, true);
        drain(server, serverEvents, false);
    }

    private void drain(Endpoint endpoint, List<Event> events, boolean toTheServer) {
        for (Job job = endpoint.pollJob(); job != null; job = endpoint.pollJob()) {
            job.run();
            endpoint.handleJob(nowNanos, job);
        }
        for (Event event = endpoint.pollEvent(); event != null; event = endpoint.pollEvent()) {
            events.add(event);
            if (!toTheServer && echo && event instanceof Event.MessageArrived message) {
                answer(message);
            }
        }
        while (endpoint.pollTransmit(nowNanos, transmit)) {
            for (int at = 0; at < transmit.bytes(); at += transmit.segmentBytes()) {
                int length = Math.min(transmit.segmentBytes(), transmit.bytes() - at);
                byte[] bytes = buffer.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
                (toTheServer ? toServer : toClient).add(bytes);
                if (carries.test(toTheServer, bytes)) {
                    flying.add(new Flying(nowNanos + oneWayNanos, order++, toTheServer, bytes));
                }
            }
        }
    }

    private void answer(Event.MessageArrived message) {
        if (message.replyTo() != null) {
            server.send(
                    nowNanos,
                    new Target.Channel(message.channel()),
                    message.replyTo(),
                    message.payload(),
                    SendOptions.ONE_WAY);
        }
        server.release(nowNanos, message.channel(), message.credit());
    }

    /// How a send ended; null: not yet.
    @Nullable
    Outcome outcome(long ticket) {
        Outcome found = null;
        for (Event event : clientEvents) {
            if (event instanceof Event.MessageSettled(long settled, Outcome outcome) && settled == ticket) {
                assert found == null : "a send settles once";
                found = outcome;
            }
        }
        return found;
    }

    <T extends Event> List<T> events(List<Event> from, Class<T> kind) {
        return from.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Override
    public void close() {
        client.close();
        server.close();
        serverKey.close();
        clientKey.close();
        vault.close();
    }
}
