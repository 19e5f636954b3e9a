package konce.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.TimeUnit;
import konce.crypto.RandomSource;
import konce.crypto.SecretKey;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.HandlerId;
import konce.protocol.SendOptions;
import konce.protocol.ServerConfig;
import konce.protocol.Target;
import konce.protocol.endpoint.Endpoint;
import konce.protocol.endpoint.EndpointConfig;
import konce.protocol.endpoint.Transmit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What a flood of INITs costs a server: from the datagram to the INIT-ACK with its cookie, on one core.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class InitBenchmark {
    private static final int VAULT_BYTES = 1 << 20;
    private static final int TRANSMIT_BYTES = 1 << 16;
    private static final Address SERVER = Address.parse("192.0.2.7:413");
    private static final Address CLIENT = Address.parse("198.51.100.9:50000");

    private final Vault vault = Vault.open(VAULT_BYTES);
    private final RandomSource random = new SystemRandom();
    private final Arena arena = Arena.ofConfined();
    private final SecretKey key = SecretKey.generate(vault, random);
    private final Endpoint server =
            new Endpoint(EndpointConfig.CLIENT.withServer(new ServerConfig(key, false, 0, null)), vault, random, 0);
    private final Transmit out = new Transmit(arena.allocate(TRANSMIT_BYTES));
    private MemorySegment init = MemorySegment.NULL;
    private MemorySegment datagram = MemorySegment.NULL;
    private long nowNanos;

    /// Lets a client make an INIT, and keeps it.
    @Setup(Level.Trial)
    public void start() {
        try (Endpoint client = new Endpoint(EndpointConfig.CLIENT, vault, random, 0)) {
            Target target = new Target.Peer(key.publicKey(), List.of(SERVER), null, null);
            MemorySegment payload = MemorySegment.ofArray(new byte[1]);
            client.send(0, target, HandlerId.wellKnown(1), payload, SendOptions.ONE_WAY);
            if (!client.pollTransmit(0, out)) {
                throw new IllegalStateException("the client sends no INIT");
            }
            init = arena.allocate(out.bytes()).copyFrom(out.buffer().asSlice(0, out.bytes()));
            datagram = arena.allocate(init.byteSize());
        }
    }

    /// Wipes the keys.
    @TearDown(Level.Trial)
    public void end() {
        server.close();
        key.close();
        vault.close();
        arena.close();
    }

    /// Answers an INIT.
    @Benchmark
    public boolean initAnswered() {
        datagram.copyFrom(init);
        nowNanos += 1_000;
        server.handleDatagram(nowNanos, CLIENT, datagram);
        return server.pollTransmit(nowNanos, out);
    }
}
