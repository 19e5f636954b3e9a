package konce.bench.attack;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import konce.crypto.Blake2b;
import konce.crypto.PublicKey;
import konce.crypto.SecretKey;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.HandlerId;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import konce.protocol.endpoint.Endpoint;
import konce.protocol.endpoint.EndpointConfig;
import konce.protocol.endpoint.Transmit;

/// Makes packets of the handshake as an attacker does: by hand, at the least cost to itself. It has seen one INIT,
/// keeps
/// one B for all its packets, and puts random bytes where boxes belong, which the server finds out by its group
/// operations
/// alone.
///
/// - source: docs/spec/02-packets.md, sections 5 to 7; docs/spec/03-handshake.md, section 7
final class Forger {
    static final int INIT_BYTES = 256;
    static final int ECHO_BYTES = 1_200;
    static final byte COOKIE_ECHO = 0x30;
    private static final byte INIT_ACK = 0x20;
    private static final int CLIENT_RANDOM = 1;
    private static final int CLIENT_RANDOM_BYTES = 16;
    private static final int CLIENT_TIME_END = 25;
    private static final int ACK_COOKIE = 17;
    private static final int ACK_EFFORT = 25;
    private static final int ACK_COOKIE_END = 30;
    private static final int ACK_TRANSIENT_KEY = 58;
    private static final int ACK_CHOSEN = 90;
    private static final int EFFORT_OFFERED = 66;
    private static final int SOLUTION = 70;
    private static final int SOLUTION_END = 78;
    static final int SEQUENCE = 38;
    static final int AUTHENTICATOR = 50;
    private static final byte[] LABEL = "konce puzzle 1".getBytes(StandardCharsets.US_ASCII);
    private static final int VAULT_BYTES = 1 << 16;

    private final Vault vault = Vault.open(VAULT_BYTES);
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment input = arena.allocate(LABEL.length + PublicKey.BYTES + ECHO_BYTES);
    private final MemorySegment tried = arena.allocate(32 + Long.BYTES);
    private final MemorySegment hash = arena.allocate(Long.BYTES);
    private final byte[] init;
    private final int offerBytes;
    private final byte[] ours;
    private final SplittableRandom chance = new SplittableRandom();

    Forger() {
        try (SecretKey key = SecretKey.generate(vault, new SystemRandom());
                Endpoint client = new Endpoint(EndpointConfig.CLIENT, vault, new SystemRandom(), 0)) {
            ours = key.publicKey().toBytes();
            Target target = new Target.Peer(key.publicKey(), List.of(Address.parse("192.0.2.1:1")), null, null);
            client.send(0, target, HandlerId.wellKnown(1), MemorySegment.ofArray(new byte[1]), SendOptions.ONE_WAY);
            Transmit out = new Transmit(arena.allocate(1 << 16));
            if (!client.pollTransmit(0, out)) {
                throw new IllegalStateException("a client sends no INIT");
            }
            init = out.buffer().asSlice(0, INIT_BYTES).toArray(ValueLayout.JAVA_BYTE);
        }
        offerBytes = offerEnd(init) - CLIENT_TIME_END;
    }

    /// Where the offer and the parameters end: lists of small numbers, each behind its count, and bytes behind
    /// theirs.
    private static int offerEnd(byte[] init) {
        int at = CLIENT_TIME_END + 1;
        for (int list = 0; list < init[CLIENT_TIME_END]; list++) {
            at += 1 + init[at];
        }
        return at + 1 + init[at];
    }

    /// An INIT under another client random.
    byte[] init() {
        byte[] made = init.clone();
        ByteBuffer.wrap(made).putLong(CLIENT_RANDOM, chance.nextLong()).putLong(CLIENT_RANDOM + 8, chance.nextLong());
        return made;
    }

    static boolean isInitAck(byte[] datagram) {
        return datagram.length > ACK_CHOSEN && datagram[0] == INIT_ACK;
    }

    static long effortAsked(byte[] ack) {
        return ByteBuffer.wrap(ack).getInt(ACK_EFFORT) & 0xFFFF_FFFFL;
    }

    /// A COOKIE-ECHO without its work. What it answers to must be an INIT of [#init], but for the client random.
    ///
    /// @param effort to be offered
    byte[] echo(byte[] ack, long effort) {
        byte[] echo = new byte[ECHO_BYTES];
        ByteBuffer out = ByteBuffer.wrap(echo);
        out.put(COOKIE_ECHO).put(ack, CLIENT_RANDOM, CLIENT_RANDOM_BYTES);
        out.put(init, CLIENT_RANDOM + CLIENT_RANDOM_BYTES, CLIENT_TIME_END - CLIENT_RANDOM - CLIENT_RANDOM_BYTES);
        out.put(ack, ACK_COOKIE, ACK_COOKIE_END - ACK_COOKIE);
        out.put(ack, ACK_COOKIE_END, ACK_TRANSIENT_KEY - ACK_COOKIE_END);
        out.putInt((int) effort).putLong(0).put(ours);
        out.put(init, CLIENT_TIME_END, offerBytes).put(ack, ACK_CHOSEN, ack.length - ACK_CHOSEN);
        byte[] box = new byte[out.remaining()];
        chance.nextBytes(box);
        out.put(box);
        return echo;
    }

    /// Does the work of one whose effort is written in it.
    void solve(byte[] echo, byte[] ack) {
        MemorySegment packet = MemorySegment.ofArray(echo);
        MemorySegment.copy(LABEL, 0, input, ValueLayout.JAVA_BYTE, 0, LABEL.length);
        MemorySegment.copy(ack, ACK_TRANSIENT_KEY, input, ValueLayout.JAVA_BYTE, LABEL.length, PublicKey.BYTES);
        long at = LABEL.length + (long) PublicKey.BYTES;
        MemorySegment.copy(packet, 0, input, at, SOLUTION);
        MemorySegment.copy(packet, SOLUTION_END, input, at + SOLUTION, ECHO_BYTES - SOLUTION_END);
        Blake2b.hash(input, 0, at + ECHO_BYTES - Long.BYTES, tried, 0, 32);
        ByteBuffer fields = ByteBuffer.wrap(echo);
        long effort = fields.getInt(EFFORT_OFFERED) & 0xFFFF_FFFFL;
        long solution = chance.nextLong();
        while (true) {
            tried.set(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(java.nio.ByteOrder.BIG_ENDIAN), 32, solution);
            Blake2b.hash(tried, 0, 40, hash, 0, Long.BYTES);
            long first =
                    hash.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(java.nio.ByteOrder.BIG_ENDIAN), 0) & 0xFFFF_FFFFL;
            if (Long.compareUnsigned(first * effort, 1L << 32) < 0) {
                fields.putLong(SOLUTION, solution);
                return;
            }
            solution++;
        }
    }

    /// Random bytes in place of some.
    void spoil(byte[] packet, int offset, int bytes) {
        byte[] other = new byte[bytes];
        chance.nextBytes(other);
        System.arraycopy(other, 0, packet, offset, bytes);
    }

    /// Random bytes.
    byte[] random(int bytes) {
        byte[] made = new byte[bytes];
        chance.nextBytes(made);
        return made;
    }

    /// Where an effort and a solution stand: they may be made anew without the cookie's authenticator noticing.
    static void claim(byte[] echo, long effort, long solution) {
        ByteBuffer.wrap(echo).putInt(EFFORT_OFFERED, (int) effort).putLong(SOLUTION, solution);
    }

    /// As many copies as fit into `bytes`, at least one.
    static byte[] repeated(byte[] packet, int bytes) {
        byte[] made = new byte[Math.max(1, bytes / packet.length) * packet.length];
        for (int i = 0; i < made.length; i += packet.length) {
            System.arraycopy(packet, 0, made, i, packet.length);
        }
        return made;
    }
}
