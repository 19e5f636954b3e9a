package konce.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import konce.crypto.PacketKey;
import konce.crypto.Secret;
import konce.crypto.Suite;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
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

/// What it costs to protect a packet, and to open it again: the floor under every byte that is sent.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PacketBenchmark {
    private static final int VAULT_BYTES = 4_096;
    private static final int HEADER_BYTES = 16;
    private static final int SECRET_BYTES = 32;

    /// The cipher.
    @Param({"XCHACHA20_POLY1305", "AEGIS_256"})
    public String suite = "";

    /// Bytes of the packet's body: a small message, half a datagram, a whole one, and large ones on loopback.
    @Param({"64", "512", "1400", "16384", "65000"})
    public int bodyBytes;

    private final Vault vault = Vault.open(VAULT_BYTES);
    private final Arena arena = Arena.ofConfined();
    private PacketKey key = newKey(Suite.values()[0]);
    private MemorySegment packet = MemorySegment.NULL;
    private long packetNumber;

    private PacketKey newKey(Suite chosen) {
        try (Secret secret = Secret.random(vault, new SystemRandom(), SECRET_BYTES)) {
            return PacketKey.derive(vault, chosen, secret);
        }
    }

    /// Makes the key and the packet.
    @Setup(Level.Trial)
    public void start() {
        key.close();
        key = newKey(Suite.valueOf(suite));
        packet = arena.allocate(HEADER_BYTES + bodyBytes + key.tagBytes(), Long.BYTES);
    }

    /// Wipes the key.
    @TearDown(Level.Trial)
    public void end() {
        key.close();
        vault.close();
        arena.close();
    }

    /// Protects a packet.
    @Benchmark
    public void seal() {
        key.seal(packet, 0, HEADER_BYTES, bodyBytes, ++packetNumber);
    }

    /// Protects a packet and opens it.
    @Benchmark
    public boolean sealAndOpen() {
        key.seal(packet, 0, HEADER_BYTES, bodyBytes, ++packetNumber);
        return key.open(packet, 0, HEADER_BYTES, bodyBytes + key.tagBytes(), packetNumber);
    }
}
