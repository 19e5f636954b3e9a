package konce.bench.attack;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;

/// Floods a server of ours.
final class KonceFlooder implements Flooder {
    /// Sockets of its floods, each in a /24 of its own.
    private static final int SOURCES = 128;

    private static final int SUPPLY_BYTES = 64 * Forger.ECHO_BYTES;

    /// Whoever floods with handshakes has no more of them under way.
    private static final int UNDER_WAY = 4;

    private static final long ANSWER_NANOS = 100_000_000;
    private static final long CLAIM = 1L << 24;
    private static final int COOKIE_TRIES = 50;

    private final InetSocketAddress to;
    private final Forger forger = new Forger();

    KonceFlooder(InetSocketAddress to) {
        this.to = to;
    }

    @Override
    public Flooded flood(Flood kind, Force force) throws Exception {
        return switch (kind) {
            case WORKED -> worked(force);
            case GARBAGE -> flood(force, _ -> forger.random(SUPPLY_BYTES), Forger.ECHO_BYTES);
            case TYPE_AND_LENGTH -> flood(force, _ -> typed(), Forger.ECHO_BYTES);
            case INITS -> flood(force, _ -> inits(), Forger.INIT_BYTES);
            case STALE_SEQUENCE, OTHER_ADDRESS, COPIES, BAD_WORK, BAD_AUTHENTICATOR -> withCookies(kind, force);
            default -> throw new IllegalArgumentException(kind + " is not for this server");
        };
    }

    private byte[] typed() {
        byte[] made = forger.random(SUPPLY_BYTES);
        for (int i = 0; i < made.length; i += Forger.ECHO_BYTES) {
            made[i] = Forger.COOKIE_ECHO;
        }
        return made;
    }

    private byte[] inits() {
        byte[] made = new byte[SUPPLY_BYTES / Forger.INIT_BYTES * Forger.INIT_BYTES];
        for (int i = 0; i < made.length; i += Forger.INIT_BYTES) {
            System.arraycopy(forger.init(), 0, made, i, Forger.INIT_BYTES);
        }
        return made;
    }

    private Flooded flood(Force force, IntFunction<byte[]> supply, int bytes) throws Exception {
        try (UdpSender sender = new UdpSender(to, true, SOURCES, (_, _) -> {})) {
            sender.readAnswers(false);
            return send(sender, force, supply, bytes);
        }
    }

    private static Flooded send(UdpSender sender, Force force, IntFunction<byte[]> supply, int bytes)
            throws InterruptedException {
        ByteBuf[] supplies = new ByteBuf[sender.sockets()];
        for (int i = 0; i < supplies.length; i++) {
            byte[] made = supply.apply(i);
            supplies[i] = Unpooled.directBuffer(made.length, made.length).writeBytes(made);
        }
        UdpSender.Sent sent = sender.flood(
                supplies,
                bytes,
                force.burst(),
                force.count(),
                force.perSecond(),
                TimeUnit.MILLISECONDS.toNanos(force.millis()));
        for (ByteBuf one : supplies) {
            one.release();
        }
        return new Flooded(sent.datagrams(), 0, sent.nanos());
    }

    /// Each address asks for a cookie first.
    private Flooded withCookies(Flood kind, Force force) throws Exception {
        AtomicReferenceArray<byte[]> acks = new AtomicReferenceArray<>(SOURCES);
        try (UdpSender sender = new UdpSender(to, true, SOURCES, (socket, answer) -> acks.set(socket, bytes(answer)))) {
            for (int tried = 0; tried < COOKIE_TRIES && missing(acks) > 0; tried++) {
                for (int i = 0; i < SOURCES; i++) {
                    if (acks.get(i) == null) {
                        sender.send(i, forger.init());
                    }
                }
                sender.await(ANSWER_NANOS);
            }
            if (missing(acks) > 0) {
                throw new IllegalStateException(missing(acks) + " addresses got no cookie");
            }
            return send(sender, force, socket -> spoilt(kind, acks, socket), Forger.ECHO_BYTES);
        }
    }

    private static int missing(AtomicReferenceArray<byte[]> acks) {
        int missing = 0;
        for (int i = 0; i < acks.length(); i++) {
            missing += acks.get(i) == null ? 1 : 0;
        }
        return missing;
    }

    private byte[] spoilt(Flood kind, AtomicReferenceArray<byte[]> acks, int socket) {
        byte[] ack = acks.get(kind == Flood.OTHER_ADDRESS ? (socket + 1) % SOURCES : socket);
        byte[] packet = forger.echo(ack, Forger.effortAsked(ack));
        byte[] made = Forger.repeated(packet, SUPPLY_BYTES);
        for (int i = 0; i < made.length; i += packet.length) {
            byte[] one = packet.clone();
            switch (kind) {
                case STALE_SEQUENCE -> forger.spoil(one, Forger.SEQUENCE, Long.BYTES);
                case BAD_WORK -> Forger.claim(one, CLAIM, i);
                case BAD_AUTHENTICATOR -> {
                    forger.spoil(one, Forger.AUTHENTICATOR, Long.BYTES);
                    forger.solve(one, ack);
                }
                default -> {
                    if (i == 0) {
                        forger.solve(packet, ack);
                        one = packet;
                    }
                }
            }
            System.arraycopy(one, 0, made, i, one.length);
        }
        return made;
    }

    /// Asks for cookies, works for each, and uses it once.
    private Flooded worked(Force force) throws Exception {
        AtomicLong used = new AtomicLong();
        AtomicReferenceArray<UdpSender> senders = new AtomicReferenceArray<>(1);
        try (UdpSender sender = new UdpSender(to, false, 254, (socket, answer) -> {
            byte[] ack = bytes(answer);
            UdpSender own = senders.get(0);
            if (Forger.isInitAck(ack) && own != null) {
                byte[] echo = forger.echo(ack, Forger.effortAsked(ack));
                forger.solve(echo, ack);
                used.incrementAndGet();
                own.send(socket, echo);
            }
        })) {
            senders.set(0, sender);
            long startNanos = System.nanoTime();
            long nanos = TimeUnit.MILLISECONDS.toNanos(force.millis());
            long asked = 0;
            while (System.nanoTime() - startNanos < nanos && asked < force.count()) {
                int socket = (int) (asked % sender.sockets());
                // on the loop, so that it is never asked for more than is being worked for
                sender.loop()
                        .submit(() -> {
                            for (int i = 0; i < UNDER_WAY; i++) {
                                sender.send(socket, forger.init());
                            }
                        })
                        .sync();
                asked += UNDER_WAY;
                if (force.perSecond() > 0) {
                    pace(sender, asked, force.perSecond(), startNanos);
                }
            }
            return new Flooded(asked, used.get(), System.nanoTime() - startNanos);
        }
    }

    private static void pace(UdpSender sender, long sent, long perSecond, long startNanos) throws InterruptedException {
        long ahead = (long) (sent * 1e9 / perSecond) - (System.nanoTime() - startNanos);
        if (ahead > 0) {
            sender.await(ahead);
        }
    }

    private static byte[] bytes(ByteBuf content) {
        byte[] made = new byte[content.readableBytes()];
        content.readBytes(made);
        return made;
    }
}
