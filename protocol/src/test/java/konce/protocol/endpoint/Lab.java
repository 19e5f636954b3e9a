package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import konce.crypto.PublicKey;
import konce.crypto.RandomSource;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.SigningKey;
import konce.crypto.Vault;
import konce.crypto.VerifyingKey;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.HandlerId;
import konce.protocol.KeyChangeNotice;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.ServerConfig;
import konce.protocol.Target;
import konce.protocol.handshake.KeyChange;
import konce.protocol.wire.PacketType;
import org.jspecify.annotations.Nullable;

/// A client, a server and an attacker between them, in virtual time. The attacker sees every datagram and says what
/// arrives in its place; it sends what it likes besides, from any address; and it may hold jobs back.
final class Lab implements AutoCloseable {
    /// Of the durable keys, and of all randomness unless a test brings its own.
    static final long SEED = 7;

    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;
    static final Address CLIENT = Address.parse("198.51.100.7:50000");
    static final Address SERVER = Address.parse("192.0.2.1:413");
    static final Address STRANGER = Address.parse("203.0.113.9:4444");
    static final HandlerId ECHO = HandlerId.wellKnown(1);

    /// What arrives in the place of a datagram, at once and in this order: itself, nothing, others.
    interface Attacker {
        List<byte[]> carry(boolean toServer, byte[] datagram);
    }

    /// What a lab is made with.
    ///
    /// @param effort the server asks for
    /// @param changed whether the server has a new key now, and a notice that says so to who asks for the old one
    record Setup(EndpointConfig client, EndpointConfig server, long effort, boolean identityRequired, boolean changed) {
        static final Setup PLAIN = new Setup(EndpointConfig.CLIENT, EndpointConfig.CLIENT, 0, false, false);

        Setup withEffort(long newEffort) {
            return new Setup(client, server, newEffort, identityRequired, changed);
        }

        Setup withClient(EndpointConfig newClient) {
            return new Setup(newClient, server, effort, identityRequired, changed);
        }

        Setup withServer(EndpointConfig newServer) {
            return new Setup(client, newServer, effort, identityRequired, changed);
        }

        Setup withIdentityRequired() {
            return new Setup(client, server, effort, true, changed);
        }

        Setup withChangedKey() {
            return new Setup(client, server, effort, identityRequired, true);
        }
    }

    private record Flying(long arrivalNanos, long order, boolean toServer, byte[] bytes) {}

    final Setup setup;
    private final Function<String, RandomSource> chance;
    final Vault vault = Vault.open(1 << 17);
    final SeededRandom random;
    final SecretKey serverKey;
    final SecretKey clientKey;
    /// The key that the client believes to be the server's.
    final PublicKey wanted;
    final SigningKey master;
    final Endpoint client;
    Endpoint server;
    Attacker attacker = (_, datagram) -> List.of(datagram);
    /// Jobs wait in [#held] while this is set.
    boolean holdsJobs;
    final Deque<Job> held = new ArrayDeque<>();
    final List<Event> clientEvents = new ArrayList<>();
    final List<Event> serverEvents = new ArrayList<>();
    /// As they were sent, before the attacker.
    final List<byte[]> toServer = new ArrayList<>();
    final List<byte[]> toClient = new ArrayList<>();
    /// Where the datagram goes that the attacker is asked about.
    Address remote = SERVER;
    int serverJobs;
    int clientJobs;
    int puzzleJobs;
    int encapsulationJobs;
    long oneWayNanos = 10 * MILLI;
    long nowNanos = 1_000 * SECOND;
    /// What became of each datagram that was handed over, in the end.
    final IdentityHashMap<byte[], DropReason> fates = new IdentityHashMap<>();
    private final @Nullable KeyChangeNotice notice;
    private final PriorityQueue<Flying> flying =
            new PriorityQueue<>(Comparator.comparingLong(Flying::arrivalNanos).thenComparingLong(Flying::order));
    private final MemorySegment buffer = Arena.ofAuto().allocate(1 << 16);
    private final MemorySegment incoming = Arena.ofAuto().allocate(1 << 17);
    private final Transmit transmit = new Transmit(buffer);
    private long order;
    private int restarts;

    Lab() {
        this(Setup.PLAIN);
    }

    Lab(Setup setup) {
        this(setup, new SeededRandom(SEED)::fork);
    }

    /// @param chance gives each endpoint its randomness, by name
    Lab(Setup setup, Function<String, RandomSource> chance) {
        this.setup = setup;
        this.chance = chance;
        random = new SeededRandom(SEED);
        serverKey = SecretKey.generate(vault, random);
        clientKey = SecretKey.generate(vault, random);
        master = SigningKey.generate(vault, random);
        notice = setup.changed() ? KeyChange.sign(master, serverKey.publicKey(), 9) : null;
        wanted = setup.changed() ? otherKey() : serverKey.publicKey();
        client = new Endpoint(setup.client(), vault, chance.apply("client"), nowNanos);
        server = newServer();
    }

    PublicKey otherKey() {
        try (SecretKey other = SecretKey.generate(vault, random)) {
            return other.publicKey();
        }
    }

    private Endpoint newServer() {
        ServerConfig config = new ServerConfig(serverKey, setup.identityRequired(), setup.effort(), notice);
        Endpoint made =
                new Endpoint(setup.server().withServer(config), vault, chance.apply("server " + restarts++), nowNanos);
        made.openHandler(ECHO);
        return made;
    }

    /// The server's process ends without a word, and another takes its place with the same durable key.
    void restartServer() {
        server.close();
        server = newServer();
    }

    // ---- sending

    Target.Peer target() {
        return target(clientKey, master.verifyingKey(), SERVER);
    }

    Target.Peer target(@Nullable SecretKey identity, @Nullable VerifyingKey vouching, Address... addresses) {
        return new Target.Peer(wanted, List.of(addresses), identity, vouching);
    }

    long send(Target target, String text, SendOptions options) {
        long ticket = client.send(nowNanos, target, ECHO, Pair.text(text), options);
        drain();
        return ticket;
    }

    long send(String text) {
        return send(target(), text, SendOptions.REQUEST);
    }

    /// Runs for `nanos`.
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
            if (next != null && arrival <= nowNanos) {
                flying.poll();
                inject(next.toServer(), next.bytes());
            }
            client.handleDeadline(nowNanos);
            server.handleDeadline(nowNanos);
            drain();
        }
    }

    /// Runs until the send has settled, and says how; null: not within `nanos`.
    @Nullable
    Outcome settle(long ticket, long nanos) {
        long end = nowNanos + nanos;
        while (outcome(ticket) == null && nowNanos < end) {
            run(Math.min(20 * MILLI, end - nowNanos));
        }
        return outcome(ticket);
    }

    /// Hands a datagram over at once, as if it came from where it should.
    DropReason inject(boolean toTheServer, byte[] bytes) {
        return inject(toTheServer, toTheServer ? CLIENT : SERVER, bytes);
    }

    DropReason inject(boolean toTheServer, Address from, byte[] bytes) {
        Endpoint endpoint = toTheServer ? server : client;
        MemorySegment.copy(bytes, 0, incoming, ValueLayout.JAVA_BYTE, 0, bytes.length);
        long badElements = endpoint.dropped(DropReason.BAD_ELEMENT);
        long notAuthentic = endpoint.dropped(DropReason.NOT_AUTHENTIC);
        DropReason reason = endpoint.handleDatagram(nowNanos, from, incoming.asSlice(0, bytes.length));
        drain();
        // what group operations refuse is counted later, and nobody is told
        boolean badElement = endpoint.dropped(DropReason.BAD_ELEMENT) > badElements;
        boolean forged = endpoint.dropped(DropReason.NOT_AUTHENTIC) > notAuthentic;
        fates.put(bytes, badElement ? DropReason.BAD_ELEMENT : forged ? DropReason.NOT_AUTHENTIC : reason);
        return reason;
    }

    /// As [#inject], after the time a datagram takes.
    void fly(boolean toTheServer, byte[] bytes) {
        fly(toTheServer, bytes, oneWayNanos);
    }

    void fly(boolean toTheServer, byte[] bytes, long nanos) {
        flying.add(new Flying(nowNanos + nanos, order++, toTheServer, bytes));
    }

    // ---- what came of it

    private void drain() {
        drain(client, false);
        drain(server, true);
    }

    private void drain(Endpoint endpoint, boolean ofServer) {
        for (Job job = endpoint.pollJob(); job != null; job = endpoint.pollJob()) {
            switch (job.kind()) {
                case SERVER_AGREEMENT -> serverJobs++;
                case CLIENT_AGREEMENT -> clientJobs++;
                case PUZZLE -> puzzleJobs++;
                case SERVER_ENCAPSULATION, CLIENT_ENCAPSULATION -> encapsulationJobs++;
            }
            if (holdsJobs) {
                held.add(job);
            } else {
                finish(job);
            }
        }
        for (Event event = endpoint.pollEvent(); event != null; event = endpoint.pollEvent()) {
            (ofServer ? serverEvents : clientEvents).add(event);
            if (ofServer && event instanceof Event.MessageArrived message) {
                answer(message);
            }
            if (ofServer && event instanceof Event.PresenceMessage message && message.replyTo() != null) {
                Target presence = new Target.Channel(message.presence());
                server.send(nowNanos, presence, message.replyTo(), message.payload(), SendOptions.ONE_WAY);
            }
        }
        while (endpoint.pollTransmit(nowNanos, transmit)) {
            for (int at = 0; at < transmit.bytes(); at += transmit.segmentBytes()) {
                int length = Math.min(transmit.segmentBytes(), transmit.bytes() - at);
                byte[] bytes = buffer.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
                (ofServer ? toClient : toServer).add(bytes);
                remote = transmit.remote();
                for (byte[] arriving : attacker.carry(!ofServer, bytes)) {
                    fly(!ofServer, arriving);
                }
            }
        }
    }

    /// Runs a job that was held back.
    void finish(Job job) {
        finish(job, () -> {});
    }

    /// @param meddling happens before the endpoint has it back
    void finish(Job job, Runnable meddling) {
        job.run();
        meddling.run();
        handBack(job);
    }

    private void handBack(Job job) {
        boolean ofServer = job.kind() == Job.Kind.SERVER_AGREEMENT || job.kind() == Job.Kind.SERVER_ENCAPSULATION;
        (ofServer ? server : client).handleJob(nowNanos, job);
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
                assertNull(found, "a send settles once");
                found = outcome;
            }
        }
        return found;
    }

    static <T extends Event> List<T> events(List<Event> from, Class<T> kind) {
        return from.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    int arrived() {
        return events(serverEvents, Event.MessageArrived.class).size();
    }

    int opened() {
        return events(serverEvents, Event.ChannelOpened.class).size();
    }

    /// Why an endpoint dropped what it dropped.
    static Set<DropReason> drops(Endpoint endpoint) {
        Set<DropReason> seen = EnumSet.noneOf(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            if (reason != DropReason.NONE && endpoint.dropped(reason) > 0) {
                seen.add(reason);
            }
        }
        return seen;
    }

    /// The newest packet of a type among those sent.
    static byte[] last(List<byte[]> sent, int type) {
        return sent.stream()
                .filter(packet -> isOf(packet, type))
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    static boolean isOf(byte[] packet, int type) {
        int first = packet[0] & 0xFF;
        boolean flagged = type == PacketType.COOKIE_ACK || type == PacketType.DATA;
        return type == (flagged ? first & PacketType.TYPE_MASK : first);
    }

    /// Ends both, and holds that no secret was left behind.
    @Override
    public void close() {
        client.close();
        server.close();
        held.forEach(job -> {
            job.run();
            handBack(job);
        });
        serverKey.close();
        clientKey.close();
        master.close();
        assertEquals(0, vault.secretsLive(), "secrets left behind");
        vault.close();
    }
}
