package konce.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.TimeUnit;
import konce.crypto.RandomSource;
import konce.crypto.SecretKey;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.CheckOrder;
import konce.protocol.DropReason;
import konce.protocol.HandlerId;
import konce.protocol.SendOptions;
import konce.protocol.ServerConfig;
import konce.protocol.ServerLoad;
import konce.protocol.Target;
import konce.protocol.endpoint.Endpoint;
import konce.protocol.endpoint.EndpointConfig;
import konce.protocol.endpoint.Job;
import konce.protocol.endpoint.Transmit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What each kind of attack costs a server for each packet it refuses, on one core, under each order of the checks.
/// `./konce bench refusal` says what receiving a datagram costs beside it.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RefusalBenchmark {
    private static final int VAULT_BYTES = 1 << 20;
    private static final int TRANSMIT_BYTES = 1 << 16;
    private static final int DATAGRAM_BYTES = 1_200;
    private static final int EFFORT = 1 << 16;
    // offsets in a COOKIE-ECHO: docs/spec/02-packets.md, section 7
    private static final int SEQUENCE = 38;
    private static final int AUTHENTICATOR = 50;
    private static final int SOLUTION = 70;
    private static final byte COOKIE_ECHO = 0x30;
    private static final Address SERVER = Address.parse("192.0.2.7:413");
    private static final Address CLIENT = Address.parse("198.51.100.9:50000");
    private static final Address OTHER = Address.parse("203.0.113.9:50000");

    /// What the attacker sends.
    public enum Kind {
        /// Random bytes.
        GARBAGE(DropReason.UNKNOWN_TYPE),
        /// A COOKIE-ECHO's first byte and length, and random bytes.
        RIGHT_TYPE_AND_LENGTH(DropReason.SEQUENCE_NOT_RECENT),
        /// A good COOKIE-ECHO but for a sequence number that was not issued.
        STALE_SEQUENCE(DropReason.SEQUENCE_NOT_RECENT),
        /// What the server gave to one address, from another.
        OTHER_ADDRESS(DropReason.COOKIE_WRONG),
        /// Copies of a COOKIE-ECHO that was accepted.
        COPIES(DropReason.ALREADY_ACCEPTED),
        /// A good cookie and no work.
        BAD_WORK(DropReason.SOLUTION_WRONG),
        /// Work over a cookie that the server never gave.
        BAD_AUTHENTICATOR(DropReason.COOKIE_WRONG);

        private final DropReason refusal;

        Kind(DropReason refusal) {
            this.refusal = refusal;
        }
    }

    /// The kind of attack.
    @Param({
        "GARBAGE",
        "RIGHT_TYPE_AND_LENGTH",
        "STALE_SEQUENCE",
        "OTHER_ADDRESS",
        "COPIES",
        "BAD_WORK",
        "BAD_AUTHENTICATOR"
    })
    public String kind = "";

    /// The order of the checks.
    @Param({"AUTHENTICATOR_FIRST", "WORK_FIRST", "TABLE_LAST"})
    public String order = "";

    private final Vault vault = Vault.open(VAULT_BYTES);
    private final RandomSource random = new SystemRandom();
    private final Arena arena = Arena.ofConfined();
    private final SecretKey key = SecretKey.generate(vault, random);
    private final Transmit out = new Transmit(arena.allocate(TRANSMIT_BYTES));
    private Endpoint server = new Endpoint(EndpointConfig.CLIENT, vault, random, 0);
    private MemorySegment datagram = MemorySegment.NULL;
    private Address from = CLIENT;

    /// Has a client make a good COOKIE-ECHO, and spoils it.
    @Setup(Level.Trial)
    public void start() {
        Kind attack = Kind.valueOf(kind);
        // with an effort of 1 every solution is right, so that a spoilt packet needs no new one
        long effort = attack == Kind.BAD_AUTHENTICATOR ? 1 : EFFORT;
        ServerLoad load = ServerLoad.fixed(effort).withCheckOrder(CheckOrder.valueOf(order));
        server.close();
        server = new Endpoint(
                EndpointConfig.CLIENT.withServer(new ServerConfig(key, false, load, null)), vault, random, 0);
        datagram = cookieEcho();
        spoil(attack);
        DropReason reason = server.handleDatagram(0, from, datagram);
        if (reason != attack.refusal) {
            throw new IllegalStateException(kind + " was refused for " + reason);
        }
    }

    private void spoil(Kind attack) {
        MemorySegment bytes = arena.allocate(DATAGRAM_BYTES);
        random.fill(bytes);
        switch (attack) {
            case GARBAGE -> {
                datagram = bytes;
                datagram.set(ValueLayout.JAVA_BYTE, 0, (byte) 0xF0);
            }
            case RIGHT_TYPE_AND_LENGTH -> {
                datagram = bytes;
                datagram.set(ValueLayout.JAVA_BYTE, 0, COOKIE_ECHO);
            }
            case STALE_SEQUENCE -> MemorySegment.copy(bytes, 0, datagram, SEQUENCE, Long.BYTES);
            case OTHER_ADDRESS -> from = OTHER;
            case COPIES -> server.handleDatagram(0, CLIENT, datagram);
            case BAD_WORK -> MemorySegment.copy(bytes, 0, datagram, SOLUTION, Long.BYTES);
            case BAD_AUTHENTICATOR -> MemorySegment.copy(bytes, 0, datagram, AUTHENTICATOR, Long.BYTES);
        }
    }

    private MemorySegment cookieEcho() {
        try (Endpoint client = new Endpoint(EndpointConfig.CLIENT, vault, random, 0)) {
            Target target = new Target.Peer(key.publicKey(), List.of(SERVER), null, null);
            MemorySegment payload = MemorySegment.ofArray(new byte[DATAGRAM_BYTES / 2]);
            client.send(0, target, HandlerId.wellKnown(1), payload, SendOptions.ONE_WAY);
            server.handleDatagram(0, CLIENT, sent(client));
            client.handleDatagram(0, SERVER, sent(server));
            for (Job job = client.pollJob(); job != null; job = client.pollJob()) {
                job.run();
                client.handleJob(0, job);
            }
            return sent(client);
        }
    }

    private MemorySegment sent(Endpoint endpoint) {
        if (!endpoint.pollTransmit(0, out)) {
            throw new IllegalStateException("nothing is sent");
        }
        return arena.allocate(out.bytes()).copyFrom(out.buffer().asSlice(0, out.bytes()));
    }

    /// Wipes the keys.
    @TearDown(Level.Trial)
    public void end() {
        server.close();
        key.close();
        vault.close();
        arena.close();
    }

    /// Refuses a packet.
    @Benchmark
    public DropReason refused() {
        return server.handleDatagram(0, from, datagram);
    }
}
