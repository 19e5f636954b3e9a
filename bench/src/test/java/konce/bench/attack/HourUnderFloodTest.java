package konce.bench.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import konce.crypto.SecretKey;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.HandlerId;
import konce.protocol.SendOptions;
import konce.protocol.ServerConfig;
import konce.protocol.ServerLoad;
import konce.protocol.Target;
import konce.protocol.endpoint.Endpoint;
import konce.protocol.endpoint.EndpointConfig;
import konce.protocol.endpoint.Job;
import konce.protocol.endpoint.Transmit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An hour of virtual time under each flood: what a server keeps does not grow.
final class HourUnderFloodTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long HOUR = 3_600 * SECOND;
    private static final int PER_SECOND = 20;
    private static final int ADDRESSES = 256;
    private static final Address SERVER = Address.parse("192.0.2.1:413");
    private static final Address HONEST = Address.parse("198.51.100.1:50000");

    /// What an hour may add to the heap: the compiler's and the collector's noise.
    private static final long NOISE_BYTES = 512 << 10;

    private final Vault vault = Vault.open(1 << 20);
    private final SecretKey key = SecretKey.generate(vault, new SystemRandom());
    private final Endpoint server = new Endpoint(
            EndpointConfig.CLIENT.withServer(new ServerConfig(key, false, ServerLoad.LIVE, null)),
            vault,
            new SystemRandom(),
            0);
    private final Arena arena = Arena.ofConfined();
    private final Transmit out = new Transmit(arena.allocate(1 << 16));
    private final MemorySegment inbound = arena.allocate(1 << 16);
    private final Forger forger = new Forger();
    private final byte[][] acks = new byte[ADDRESSES][];
    private final byte[][] copies = new byte[ADDRESSES][];

    private static Address bot(int number) {
        return Address.of(new byte[] {10, 1, 2, (byte) number}, 4_000);
    }

    /// Goal, bar "memory under every attack is flat": heap, secrets and channels of the server after a first
    /// stretch, and
    /// after an hour. Method: twenty datagrams a virtual second from 256 addresses, an honest client every minute;
    /// the
    /// heap is looked at after collections.
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"HANDSHAKES", "INITIALS", "CLIENT_HELLOS"})
    void memoryIsFlat(Flood kind) {
        long early = 0;
        int secrets = 0;
        int connected = 0;
        for (long now = SECOND; now < HOUR; now += SECOND / PER_SECOND) {
            int number = (int) (now / (SECOND / PER_SECOND) % ADDRESSES);
            hand(now, bot(number), packet(kind, number, now));
            drain(now, number);
            if (now % (60 * SECOND) == 0) {
                connected += connects(now) ? 1 : 0;
            }
            if (now == HOUR / 6) {
                early = heap();
                secrets = vault.secretsLive();
            }
        }
        drain(HOUR + 300 * SECOND, 0);
        long grown = heap() - early;
        System.out.println(kind + ": " + grown + " bytes more on the heap after fifty minutes, " + connected
                + " honest clients connected");
        assertTrue(grown < NOISE_BYTES, () -> grown + " bytes more on the heap");
        assertTrue(connected >= 59, "honest clients connect");
        assertTrue(vault.secretsLive() <= secrets, "secrets grow");
        assertEquals(0, server.channels(HOUR).size());
        close();
    }

    private void close() {
        server.close();
        key.close();
        vault.close();
        arena.close();
    }

    /// A packet of the flood; an INIT where a cookie is needed and there is none yet.
    private byte[] packet(Flood kind, int number, long now) {
        if (kind == Flood.GARBAGE || kind == Flood.TYPE_AND_LENGTH) {
            byte[] bytes = forger.random(Forger.ECHO_BYTES);
            bytes[0] = kind == Flood.GARBAGE ? bytes[0] : Forger.COOKIE_ECHO;
            return bytes;
        }
        // each address asks for a cookie every other time, so none is older than half a minute
        boolean asks = kind == Flood.INITS || now / (SECOND / PER_SECOND) / ADDRESSES % 2 == 0 || acks[number] == null;
        if (asks) {
            copies[number] = null;
            return forger.init();
        }
        if (copies[number] != null) {
            return copies[number];
        }
        byte[] ack = acks[kind == Flood.OTHER_ADDRESS ? (number + ADDRESSES - 1) % ADDRESSES : number];
        byte[] echo = forger.echo(ack, Forger.effortAsked(ack));
        switch (kind) {
            case STALE_SEQUENCE -> forger.spoil(echo, Forger.SEQUENCE, Long.BYTES);
            case BAD_AUTHENTICATOR -> forger.spoil(echo, Forger.AUTHENTICATOR, Long.BYTES);
            case BAD_WORK -> Forger.claim(echo, 1L << 24, now);
            default -> forger.solve(echo, ack);
        }
        if (kind == Flood.COPIES) {
            copies[number] = echo;
            hand(now, bot(number), echo);
        }
        return echo;
    }

    private void hand(long now, Address from, byte[] packet) {
        MemorySegment.copy(packet, 0, inbound, ValueLayout.JAVA_BYTE, 0, packet.length);
        server.handleDatagram(now, from, inbound.asSlice(0, packet.length));
    }

    /// Does what a driver does; answers to a bot are remembered.
    private void drain(long now, int number) {
        server.handleDeadline(now);
        for (Job job = server.pollJob(); job != null; job = server.pollJob()) {
            job.run();
            server.handleJob(now, job);
        }
        while (server.pollEvent() != null) {
            // nobody listens
        }
        while (server.pollTransmit(now, out)) {
            byte[] sent = out.buffer().asSlice(0, out.bytes()).toArray(ValueLayout.JAVA_BYTE);
            if (Forger.isInitAck(sent) && out.remote().equals(bot(number))) {
                acks[number] = sent;
            }
        }
    }

    /// A client that connects, sends a message and goes.
    private boolean connects(long now) {
        try (Endpoint client = new Endpoint(EndpointConfig.CLIENT, vault, new SystemRandom(), now)) {
            client.send(
                    now,
                    new Target.Peer(key.publicKey(), List.of(SERVER), null, null),
                    HandlerId.wellKnown(1),
                    MemorySegment.ofArray(new byte[64]),
                    SendOptions.ONE_WAY);
            boolean opened = false;
            for (int round = 0; round < 8; round++) {
                exchange(now, client, server, HONEST);
                exchange(now, server, client, SERVER);
                opened |= !client.channels(now).isEmpty();
            }
            client.channels(now).forEach(channel -> client.closeChannel(now, channel.channel(), 0, ""));
            exchange(now, client, server, HONEST);
            return opened;
        }
    }

    private void exchange(long now, Endpoint from, Endpoint to, Address source) {
        for (Job job = from.pollJob(); job != null; job = from.pollJob()) {
            job.run();
            from.handleJob(now, job);
        }
        while (from.pollEvent() != null) {
            // nobody listens
        }
        while (from.pollTransmit(now, out)) {
            for (int at = 0; at < out.bytes(); at += out.segmentBytes()) {
                int bytes = Math.min(out.segmentBytes(), out.bytes() - at);
                inbound.asSlice(0, bytes).copyFrom(out.buffer().asSlice(at, bytes));
                to.handleDatagram(now, source, inbound.asSlice(0, bytes));
            }
        }
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
