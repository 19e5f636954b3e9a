package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.Allocation;
import konce.protocol.Event;
import konce.protocol.HandlerId;
import konce.protocol.SendOptions;
import konce.protocol.ServerConfig;
import konce.protocol.Target;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What a small request and its reply allocate in both endpoints: the bytes and objects that programs are given, and
/// what a send is until it ends. Method: two endpoints with nothing between them but a buffer.
final class RequestCostTest {
    private static final HandlerId HANDLER = HandlerId.wellKnown(1);
    private static final Address CLIENT = Address.parse("198.51.100.7:50000");
    private static final Address SERVER = Address.parse("192.0.2.1:413");
    private static final MemorySegment PAYLOAD = MemorySegment.ofArray(new byte[64]);
    private static final int REQUESTS = 5_000;
    private static final long STEP_NANOS = 100_000;

    /// Twice a payload of 64 bytes as an array and a segment are 240 of them.
    private static final long BYTES_MAX = 1_100;

    @AutoClose
    private final Vault vault = Vault.open(1 << 20);

    private final SeededRandom random = new SeededRandom(3);

    @AutoClose
    private final SecretKey key = SecretKey.generate(vault, random);

    @AutoClose
    private final Endpoint server = new Endpoint(
            EndpointConfig.CLIENT.withServer(new ServerConfig(key, false, 0, null)), vault, random.fork("server"), 0);

    @AutoClose
    private final Endpoint client = new Endpoint(EndpointConfig.CLIENT, vault, random.fork("client"), 0);

    private final Transmit transmit = new Transmit(Arena.ofAuto().allocate(1 << 16));
    private final Target target = new Target.Peer(key.publicKey(), List.of(SERVER), null, null);
    private long nowNanos;
    private long settled;

    private void request() {
        nowNanos += STEP_NANOS;
        client.send(nowNanos, target, HANDLER, PAYLOAD, SendOptions.REQUEST);
        client.handleDeadline(nowNanos);
        server.handleDeadline(nowNanos);
        boolean any = true;
        while (any) {
            any = pump(client, server, CLIENT);
            any |= pump(server, client, SERVER);
        }
    }

    private boolean pump(Endpoint from, Endpoint to, Address address) {
        for (Job job = from.pollJob(); job != null; job = from.pollJob()) {
            job.run();
            from.handleJob(nowNanos, job);
        }
        for (Event event = from.pollEvent(); event != null; event = from.pollEvent()) {
            if (event instanceof Event.MessageSettled) {
                settled++;
            } else if (event instanceof Event.MessageArrived message && message.replyTo() != null) {
                Target channel = new Target.Channel(message.channel());
                from.send(nowNanos, channel, message.replyTo(), PAYLOAD, SendOptions.ONE_WAY);
                from.release(nowNanos, message.channel(), message.credit());
            }
        }
        boolean any = false;
        while (from.pollTransmit(nowNanos, transmit)) {
            any = true;
            for (int at = 0; at < transmit.bytes(); at += transmit.segmentBytes()) {
                int length = Math.min(transmit.segmentBytes(), transmit.bytes() - at);
                to.handleDatagram(nowNanos, address, transmit.buffer().asSlice(at, length));
            }
        }
        return any;
    }

    /// Goal: a request and its reply cost what programs are given and little beside.
    @Test
    void isLittle() {
        server.openHandler(HANDLER);
        request();
        long bytes = Allocation.of(REQUESTS, this::request) / REQUESTS;
        System.out.println("a request and its reply allocate " + bytes + " bytes");
        assertTrue(settled > REQUESTS, settled + " sends have ended");
        assertTrue(bytes <= BYTES_MAX, "a request and its reply allocate " + bytes + " bytes");
    }
}
