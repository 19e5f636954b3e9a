package konce.protocol.endpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.fuzz.Target;
import konce.protocol.Address;
import konce.protocol.Event;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.Refusal;
import konce.protocol.SendOptions;
import konce.protocol.ServerConfig;
import konce.protocol.Target.Channel;
import konce.protocol.Target.Peer;
import org.jspecify.annotations.Nullable;

/// The whole endpoint. Bytes of the fuzzer come as raw datagrams, as frames in packets sealed under the right keys, and
/// as damage to what two endpoints say to each other. Each input begins with new endpoints, so that it does the same
/// again.
public final class EndpointTargets {
    private static final Address SERVER = Address.parse("192.0.2.1:413");
    private static final Address CALLER = Address.parse("203.0.113.66:6666");
    private static final Address MOVED = Address.parse("203.0.113.67:6667");
    private static final Address STRANGER = Address.parse("198.51.100.1:1");
    private static final HandlerId ECHO = HandlerId.wellKnown(1);
    private static final long START_NANOS = 1_000_000_000L;

    /// How often an endpoint may have something to send after one input: more is a loop without end.
    private static final int TRANSMITS_MAX = 20_000;

    private final Vault vault = Vault.open(1 << 20);
    private final SecretKey key = SecretKey.generate(vault, new SeededRandom(1));
    private final SecretKey clientKey = SecretKey.generate(vault, new SeededRandom(2));
    private final Transmit transmit = new Transmit(Arena.ofAuto().allocate(Limits.DATAGRAM_BYTES_MAX));

    private EndpointTargets() {}

    /// All of them.
    public static List<Target> all() {
        EndpointTargets targets = new EndpointTargets();
        return List.of(new Target("endpoint-frames", targets::frames), new Target("endpoint-damage", targets::damage));
    }

    private Endpoint server() {
        Endpoint server = new Endpoint(
                EndpointConfig.CLIENT.withServer(new ServerConfig(key, false, 0, null)),
                vault,
                new SeededRandom(3),
                START_NANOS);
        server.openHandler(ECHO);
        return server;
    }

    private Endpoint client() {
        return new Endpoint(EndpointConfig.CLIENT, vault, new SeededRandom(4), START_NANOS);
    }

    /// One step of what happens to a server, taken from the input: a byte that says what, a byte of length or time,
    /// and
    /// bytes.
    private void frames(byte[] input) {
        int at = input.length == 0 ? 0 : Math.min(input.length, 1 + (input[0] & 0x7F));
        byte[] early = Arrays.copyOfRange(input, Math.min(1, input.length), at);
        try (Endpoint server = server();
                Caller caller = new Caller(key.publicKey(), SERVER, vault, new SeededRandom(5), early, START_NANOS)) {
            Scene scene = new Scene(server, caller);
            scene.connect();
            while (at + 1 < input.length) {
                int what = input[at] & 0xFF;
                int length = input[at + 1] & 0xFF;
                int count = Math.min(length, input.length - at - 2);
                scene.step(what, length, input, at + 2, count);
                at += 2 + ((what & 7) == 4 ? 0 : count);
            }
            scene.drain();
        }
    }

    /// A server, who calls it, and the time.
    private final class Scene {
        private final Endpoint server;
        private final Caller caller;
        private long now = START_NANOS;
        private long channel;
        private @Nullable HandlerId replyTo;

        Scene(Endpoint server, Caller caller) {
            this.server = server;
            this.caller = caller;
        }

        void connect() {
            for (int i = 0; i < 2; i++) {
                byte[] packet = caller.handshakePacket(now);
                if (packet != null) {
                    give(CALLER, packet);
                }
                pass(Limits.ACK_DELAY_NANOS_MAX);
            }
        }

        void step(int what, int length, byte[] input, int from, int count) {
            Address remote = (what & 0x80) == 0 ? CALLER : MOVED;
            switch (what & 7) {
                case 0, 1, 2 -> {
                    if (caller.isConnected()) {
                        give(remote, caller.seal(input, from, count, what >> 3 & 7));
                    }
                }
                case 3 -> give(STRANGER, Arrays.copyOfRange(input, from, from + count));
                case 4 -> pass(1L << Math.min(length & 63, 42));
                case 5 -> {
                    if (caller.isConnected()) {
                        byte[] sealed = caller.seal(input, from, count, 0);
                        sealed[length % sealed.length] ^= (byte) (1 << (what >> 3 & 7));
                        give(remote, sealed);
                    }
                }
                case 6 -> say(what >> 3 & 7, input, from, count);
                default -> give(remote, Arrays.copyOfRange(input, from, from + count));
            }
        }

        /// What a program at the server may do meanwhile.
        private void say(int what, byte[] input, int from, int count) {
            if (channel == 0) {
                return;
            }
            MemorySegment payload = MemorySegment.ofArray(Arrays.copyOfRange(input, from, from + count));
            Channel target = new Channel(channel);
            HandlerId reply = replyTo;
            switch (what) {
                case 0 -> server.send(now, target, ECHO, payload, SendOptions.ONE_WAY);
                case 1 -> server.send(now, target, ECHO, payload, SendOptions.REQUEST);
                case 2 -> {
                    if (reply != null) {
                        server.send(now, target, reply, payload, SendOptions.ONE_WAY);
                    }
                }
                case 3 -> {
                    if (reply != null) {
                        server.refuse(now, channel, reply, Refusal.ofCode(count));
                    }
                }
                case 4 -> server.updateKeys(channel);
                case 5 -> server.closeChannel(now, channel, count, "enough");
                case 6 -> server.handleMoved(now);
                default -> server.openSessionHandler(channel);
            }
            drain();
        }

        private void give(Address remote, byte[] packet) {
            server.handleDatagram(now, remote, Caller.nativeCopy(packet));
            drain();
        }

        private void pass(long nanos) {
            long end = now + nanos;
            for (int i = 0; i < 64 && server.nextDeadlineNanos() <= end; i++) {
                now = Math.max(now, server.nextDeadlineNanos());
                server.handleDeadline(now);
                drain();
            }
            now = end;
        }

        void drain() {
            for (Job job = server.pollJob(); job != null; job = server.pollJob()) {
                job.run();
                server.handleJob(now, job);
            }
            for (Event event = server.pollEvent(); event != null; event = server.pollEvent()) {
                if (event instanceof Event.MessageArrived message) {
                    channel = message.channel();
                    replyTo = message.replyTo();
                    server.release(now, channel, message.credit());
                } else if (event instanceof Event.ChannelOpened opened) {
                    channel = opened.channel();
                }
            }
            for (byte[] packet : sent(server, now)) {
                caller.take(now, packet);
            }
        }
    }

    private Deque<byte[]> sent(Endpoint endpoint, long now) {
        Deque<byte[]> packets = new ArrayDeque<>();
        for (int i = 0; endpoint.pollTransmit(now, transmit); i++) {
            Target.check(i < TRANSMITS_MAX, "it sends without end");
            for (int at = 0; at < transmit.bytes(); at += transmit.segmentBytes()) {
                int length = Math.min(transmit.segmentBytes(), transmit.bytes() - at);
                packets.add(transmit.buffer().asSlice(at, length).toArray(ValueLayout.JAVA_BYTE));
            }
        }
        return packets;
    }

    /// A client sends a message to a server, and each byte of the input says what becomes of the next datagram.
    private void damage(byte[] input) {
        try (Endpoint server = server();
                Endpoint client = client()) {
            Peer peer = new Peer(key.publicKey(), List.of(SERVER), clientKey, null);
            byte[] payload = input.length > 64 ? input : new byte[3_000];
            client.send(START_NANOS, peer, ECHO, MemorySegment.ofArray(payload), SendOptions.REQUEST);
            long now = START_NANOS;
            int at = 0;
            for (int round = 0; round < 24; round++) {
                for (int side = 0; side < 2; side++) {
                    Endpoint from = side == 0 ? client : server;
                    settle(from, now);
                    for (byte[] packet : sent(from, now)) {
                        int fate = at < input.length ? input[at++] & 0xFF : 0;
                        int more = at < input.length ? input[at] & 0xFF : 0;
                        deliver(side == 0 ? server : client, now, side == 0 ? CALLER : SERVER, fate, more, packet);
                    }
                }
                long due = Math.min(client.nextDeadlineNanos(), server.nextDeadlineNanos());
                now = Math.max(now + 1_000_000, Math.min(due, now + 2_000_000_000L));
                client.handleDeadline(now);
                server.handleDeadline(now);
            }
        }
    }

    private static void deliver(Endpoint to, long now, Address remote, int fate, int more, byte[] packet) {
        byte[] changed = packet;
        switch (fate & 7) {
            case 1 -> {
                return;
            }
            case 2 -> to.handleDatagram(now, remote, Caller.nativeCopy(packet));
            case 3 -> changed[(more * packet.length / 256)] ^= (byte) (1 << (fate >> 3 & 7));
            case 4 -> changed = Arrays.copyOf(packet, more * packet.length / 256);
            case 5 -> changed = Arrays.copyOf(packet, packet.length + more);
            case 6 -> changed[more % Math.min(128, packet.length)] = (byte) fate;
            default -> {}
        }
        to.handleDatagram(now, remote, Caller.nativeCopy(changed));
    }

    private static void settle(Endpoint endpoint, long now) {
        for (Job job = endpoint.pollJob(); job != null; job = endpoint.pollJob()) {
            job.run();
            endpoint.handleJob(now, job);
        }
        for (Event event = endpoint.pollEvent(); event != null; event = endpoint.pollEvent()) {
            if (event instanceof Event.MessageArrived message) {
                if (message.replyTo() != null) {
                    endpoint.send(
                            now,
                            new Channel(message.channel()),
                            message.replyTo(),
                            message.payload(),
                            SendOptions.ONE_WAY);
                }
                endpoint.release(now, message.channel(), message.credit());
            }
        }
    }
}
