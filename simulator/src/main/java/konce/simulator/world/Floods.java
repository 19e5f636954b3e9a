package konce.simulator.world;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import konce.crypto.Blake2b;
import konce.crypto.PublicKey;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.simulator.check.PacketType;
import konce.simulator.clock.Dice;
import konce.simulator.plan.Attack;
import org.jspecify.annotations.Nullable;

/// An attacker with addresses of its own, in one /24, who asks the server for cookies and sends COOKIE-ECHOs made by
/// hand:
/// it has seen one INIT of a client, keeps one B, and puts random bytes where boxes belong.
///
/// - source: docs/spec/02-packets.md, sections 5 to 7; docs/spec/03-handshake.md, section 7
final class Floods implements AutoCloseable {
    private static final long SECOND = 1_000_000_000L;
    private static final int ADDRESSES = 16;
    private static final int PORT = 4_444;
    private static final int ECHO_BYTES = 640;
    private static final long COOKIE_NANOS = 10 * SECOND;
    private static final long CLAIM = 1L << 24;
    private static final byte INIT_ACK = 0x20;
    private static final int CLIENT_RANDOM_BYTES = 16;
    private static final int CLIENT_TIME = 17;
    private static final int OFFER = 25;
    private static final int ACK_COOKIE = 17;
    private static final int ACK_EFFORT = 25;
    private static final int ACK_TRANSIENT_KEY = 58;
    private static final int ACK_CHOSEN = 90;
    private static final int SEQUENCE = 38;
    private static final int AUTHENTICATOR = 50;
    private static final int EFFORT_OFFERED = 66;
    private static final int SOLUTION = 70;
    private static final int SOLUTION_END = 78;
    private static final byte[] LABEL = "konce puzzle 1".getBytes(StandardCharsets.US_ASCII);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final World world;
    private final Dice dice;
    private final Sender sender;
    private final byte[] b;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment input = arena.allocate(LABEL.length + PublicKey.BYTES + ECHO_BYTES);
    private final MemorySegment tried = arena.allocate(32 + Long.BYTES);
    private final MemorySegment hash = arena.allocate(Long.BYTES);
    private final byte[][] acks = new byte[ADDRESSES][];
    private final byte[][] copies = new byte[ADDRESSES][];
    private final long[] ackNanos = new long[ADDRESSES];
    private byte @Nullable [] seenInit;

    /// Sends in the attacker's name, unless it has ended.
    interface Sender {
        void send(Address source, Address destination, byte[] datagram);
    }

    Floods(World world, Dice dice, Vault vault, SeededRandom random, Sender sender) {
        this.world = world;
        this.dice = dice;
        this.sender = sender;
        try (SecretKey key = SecretKey.generate(vault, random)) {
            b = key.publicKey().toBytes();
        }
        world.network().tap((_, destination, datagram) -> see(destination, datagram));
    }

    private void see(Address destination, byte[] datagram) {
        PacketType type = PacketType.of(datagram);
        if (type == PacketType.INIT) {
            seenInit = datagram;
        } else if (type == PacketType.INIT_ACK && datagram[0] == INIT_ACK) {
            for (int i = 0; i < ADDRESSES; i++) {
                if (address(i).equals(destination)) {
                    acks[i] = datagram;
                    ackNanos[i] = world.timeline().nowNanos();
                }
            }
        }
    }

    /// One datagram of a flood.
    void act(Attack.Flood.Kind kind) {
        byte[] init = seenInit;
        if (init == null) {
            return;
        }
        int number = dice.below(ADDRESSES);
        byte[] ack = acks[number];
        if (ack == null || world.timeline().nowNanos() - ackNanos[number] > COOKIE_NANOS) {
            copies[number] = new byte[0];
            byte[] own = init.clone();
            ByteBuffer.wrap(own).putLong(1, dice.next()).putLong(1 + Long.BYTES, dice.next());
            send(number, own);
            return;
        }
        byte[] echo = echo(init, ack);
        switch (kind) {
            case STALE_SEQUENCE -> {
                ByteBuffer.wrap(echo).putLong(SEQUENCE, dice.next());
                send(number, echo);
            }
            case OTHER_ADDRESS -> send((number + 1) % ADDRESSES, solved(echo, ack));
            case BAD_WORK -> {
                ByteBuffer.wrap(echo).putInt(EFFORT_OFFERED, (int) CLAIM).putLong(SOLUTION, dice.next());
                send(number, echo);
            }
            case BAD_AUTHENTICATOR -> {
                ByteBuffer.wrap(echo).putLong(AUTHENTICATOR, dice.next());
                send(number, solved(echo, ack));
            }
            case COPIES -> {
                if (copies[number].length == 0) {
                    copies[number] = solved(echo, ack);
                    world.work().echoed(echo);
                }
                send(number, copies[number]);
            }
            case WORKED -> {
                world.work().echoed(echo);
                send(number, solved(echo, ack));
                ackNanos[number] = Long.MIN_VALUE / 2;
            }
        }
    }

    private void send(int number, byte[] datagram) {
        sender.send(address(number), world.host(0).address(), datagram);
    }

    private static Address address(int number) {
        return Address.of(new byte[] {(byte) 198, 51, 100, (byte) (101 + number)}, PORT);
    }

    private byte[] echo(byte[] init, byte[] ack) {
        byte[] echo = new byte[ECHO_BYTES];
        dice.fill(echo);
        ByteBuffer out = ByteBuffer.wrap(echo);
        out.put((byte) PacketType.COOKIE_ECHO.code()).put(ack, 1, CLIENT_RANDOM_BYTES);
        out.put(init, CLIENT_TIME, Long.BYTES).put(ack, ACK_COOKIE, ACK_TRANSIENT_KEY - ACK_COOKIE);
        out.putInt(ByteBuffer.wrap(ack).getInt(ACK_EFFORT)).putLong(0).put(b);
        out.put(init, OFFER, offerEnd(init) - OFFER).put(ack, ACK_CHOSEN, ack.length - ACK_CHOSEN);
        return echo;
    }

    /// Where the offer and the parameters end: lists of small numbers, each behind its count, and bytes behind
    /// theirs.
    private static int offerEnd(byte[] init) {
        int at = OFFER + 1;
        for (int list = 0; list < init[OFFER]; list++) {
            at += 1 + init[at];
        }
        return at + 1 + init[at];
    }

    /// Does the work that the packet says it offers.
    private byte[] solved(byte[] echo, byte[] ack) {
        MemorySegment packet = MemorySegment.ofArray(echo);
        MemorySegment.copy(LABEL, 0, input, ValueLayout.JAVA_BYTE, 0, LABEL.length);
        MemorySegment.copy(ack, ACK_TRANSIENT_KEY, input, ValueLayout.JAVA_BYTE, LABEL.length, PublicKey.BYTES);
        long at = LABEL.length + (long) PublicKey.BYTES;
        MemorySegment.copy(packet, 0, input, at, SOLUTION);
        MemorySegment.copy(packet, SOLUTION_END, input, at + SOLUTION, ECHO_BYTES - SOLUTION_END);
        Blake2b.hash(input, 0, at + ECHO_BYTES - Long.BYTES, tried, 0, 32);
        long effort = ByteBuffer.wrap(echo).getInt(EFFORT_OFFERED) & 0xFFFF_FFFFL;
        long solution = dice.next();
        while (!isSolution(solution, effort)) {
            solution++;
        }
        ByteBuffer.wrap(echo).putLong(SOLUTION, solution);
        return echo;
    }

    private boolean isSolution(long solution, long effort) {
        tried.set(LONG, 32, solution);
        Blake2b.hash(tried, 0, 40, hash, 0, Long.BYTES);
        return Long.compareUnsigned((hash.get(INT, 0) & 0xFFFF_FFFFL) * effort, 1L << 32) < 0;
    }

    @Override
    public void close() {
        arena.close();
    }
}
