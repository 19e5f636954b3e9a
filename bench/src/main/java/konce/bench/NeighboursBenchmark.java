package konce.bench;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import konce.crypto.RandomSource;
import konce.crypto.SecretKey;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.Event;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.SendOptions;
import konce.protocol.ServerConfig;
import konce.protocol.Target;
import konce.protocol.endpoint.Endpoint;
import konce.protocol.endpoint.EndpointConfig;
import konce.protocol.endpoint.Job;
import konce.protocol.endpoint.Transmit;
import org.jspecify.annotations.Nullable;
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

/// What a small request and its reply cost both endpoints, with other channels beside it that say nothing: their
/// timers should cost nothing. Everything but sockets and threads is in it: packets are sealed and opened.
///
/// With `-p channels=100000` making the channels takes minutes.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class NeighboursBenchmark {
    /// Channels that are open.
    @Param({"10", "10000"})
    public int channels;

    private @Nullable Neighbourhood neighbourhood;

    /// Opens the channels, lets them fall silent.
    @Setup(Level.Trial)
    public void start() {
        neighbourhood = new Neighbourhood(channels);
        neighbourhood.open(channels);
    }

    /// Wipes the keys.
    @TearDown(Level.Trial)
    public void end() {
        requireNonNull(neighbourhood).close();
    }

    /// One request on one of the channels, and its reply.
    @Benchmark
    public long requestAnswered() {
        return requireNonNull(neighbourhood).ask();
    }

    /// Two endpoints with nothing between them but a buffer, and in a time of their own.
    private static final class Neighbourhood implements AutoCloseable {
        private static final int TRANSMIT_BYTES = 1 << 16;
        private static final Address SERVER = Address.parse("192.0.2.7:413");
        private static final Address CLIENT = Address.parse("198.51.100.9:50000");
        private static final HandlerId HANDLER = HandlerId.wellKnown(1);
        private static final MemorySegment PAYLOAD = MemorySegment.ofArray(new byte[64]);
        private static final long STEP_NANOS = 100_000;
        private static final long HANDSHAKE_NANOS = 20_000_000;

        /// Bytes of secrets for a channel, at both ends, and its identity.
        private static final long SECRETS_BYTES = 1_024;

        private static final long VAULT_BYTES_MIN = 1 << 20;

        private final RandomSource random = new SystemRandom();
        private final Arena arena = Arena.ofConfined();
        private final Transmit out = new Transmit(arena.allocate(TRANSMIT_BYTES));
        private final List<SecretKey> identities = new ArrayList<>();
        private final Vault vault;
        private final SecretKey key;
        private final Endpoint client;
        private final Endpoint server;
        private long nowNanos;
        private long settled;

        Neighbourhood(int channels) {
            vault = Vault.open(VAULT_BYTES_MIN + channels * SECRETS_BYTES);
            key = SecretKey.generate(vault, random);
            EndpointConfig config = EndpointConfig.CLIENT.withIdle(Limits.TIMEOUT_NANOS_MAX);
            server = new Endpoint(config.withServer(new ServerConfig(key, false, 0, null)), vault, random, 0);
            client = new Endpoint(config, vault, random, 0);
            server.openHandler(HANDLER);
        }

        void open(int channels) {
            for (int i = 0; i < channels; i++) {
                identities.add(SecretKey.generate(vault, random));
                request(identities.getLast());
                nowNanos += HANDSHAKE_NANOS;
            }
            for (int i = 0; i < channels; i++) {
                nowNanos += HANDSHAKE_NANOS;
                exchange();
            }
            int open = client.channels(nowNanos).size();
            if (open != channels) {
                throw new IllegalStateException(open + " channels instead of " + channels);
            }
        }

        long ask() {
            nowNanos += STEP_NANOS;
            request(identities.getFirst());
            return settled;
        }

        private void request(SecretKey identity) {
            long before = settled;
            Target target = new Target.Peer(key.publicKey(), List.of(SERVER), identity, null);
            client.send(nowNanos, target, HANDLER, PAYLOAD, SendOptions.REQUEST);
            exchange();
            if (settled != before + 1) {
                throw new IllegalStateException("a request got no reply");
            }
        }

        private void exchange() {
            handleDeadline(client);
            handleDeadline(server);
            boolean any = true;
            while (any) {
                any = pump(client, server, CLIENT);
                any |= pump(server, client, SERVER);
            }
        }

        private void handleDeadline(Endpoint endpoint) {
            if (endpoint.nextDeadlineNanos() <= nowNanos) {
                endpoint.handleDeadline(nowNanos);
            }
        }

        private boolean pump(Endpoint from, Endpoint to, Address address) {
            for (Job job = from.pollJob(); job != null; job = from.pollJob()) {
                job.run();
                from.handleJob(nowNanos, job);
            }
            for (Event event = from.pollEvent(); event != null; event = from.pollEvent()) {
                handle(from, event);
            }
            boolean any = false;
            while (from.pollTransmit(nowNanos, out)) {
                any = true;
                for (int at = 0; at < out.bytes(); at += out.segmentBytes()) {
                    int length = Math.min(out.segmentBytes(), out.bytes() - at);
                    to.handleDatagram(nowNanos, address, out.buffer().asSlice(at, length));
                }
            }
            return any;
        }

        private void handle(Endpoint endpoint, Event event) {
            if (event instanceof Event.MessageSettled) {
                settled += endpoint.equals(client) ? 1 : 0;
            } else if (event instanceof Event.MessageArrived message && message.replyTo() != null) {
                Target channel = new Target.Channel(message.channel());
                endpoint.send(nowNanos, channel, message.replyTo(), PAYLOAD, SendOptions.ONE_WAY);
                endpoint.release(nowNanos, message.channel(), message.credit());
            }
        }

        @Override
        public void close() {
            client.close();
            server.close();
            identities.forEach(SecretKey::close);
            key.close();
            vault.close();
            arena.close();
        }
    }
}
