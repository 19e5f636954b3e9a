package konce.protocol.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cafe.cryptography.curve25519.RistrettoElement;
import cafe.cryptography.curve25519.Scalar;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import konce.crypto.Blake2b;
import konce.crypto.PacketKey;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.Limits;
import konce.protocol.ServerConfig;
import konce.protocol.ServerLoad;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.CookieEcho;
import konce.protocol.wire.Init;
import konce.protocol.wire.InitAck;
import konce.protocol.wire.ProtocolOffer;
import konce.protocol.wire.Ticket;
import org.jspecify.annotations.Nullable;

/// A true server, and COOKIE-ECHOs made by hand, so that each step of one can be made wrongly.
final class Rig implements AutoCloseable {
    static final int SEED = 23;
    static final Address CLIENT = Address.parse("198.51.100.7:50000");
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    /// Long enough that the packet needs no padding.
    static final MemorySegment MESSAGE = bytes("the first message, which nobody else is to read. "
            .repeat(8)
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));

    /// What a maker of a COOKIE-ECHO takes for the four products; without the last two it is an anonymous client.
    record Products(
            Secret bD,
            Secret bC,
            @Nullable Secret aD,
            @Nullable Secret aC) {}

    final Vault vault = Vault.open(1 << 18);
    final SeededRandom random = new SeededRandom(SEED);
    /// The server's durable scalar c, known to the test alone.
    final Scalar c = Group.scalar(random);
    final SecretKey serverKey = Group.key(vault, c);
    final ProtocolOffer ours = ProtocolOffer.of(List.of(1L, 2L), List.of(1L, 2L, 3L));
    final ServerHandshake server;
    final long nowNanos = 1_000_000_000L;
    /// What the next INITs show.
    Ticket ticket = new Ticket(1, 2);
    /// What the server gave last.
    @Nullable
    Ticket given;

    private Init.Hello hello = new Init.Hello(0, ticket);
    private final Deque<Runnable> closers = new ArrayDeque<>();

    Rig(long effort) {
        this(ServerLoad.fixed(effort));
    }

    Rig(ServerLoad load) {
        server = new ServerHandshake(
                new ServerConfig(serverKey, false, load, null), ours, false, vault, random.fork("server"), nowNanos);
    }

    /// The true server's answer to an INIT.
    Candidate candidate() {
        MemorySegment clientRandom = Arena.ofAuto().allocate(Init.CLIENT_RANDOM_BYTES);
        random.fill(clientRandom);
        return candidate(clientRandom, random.nextLong());
    }

    /// The true server's answer to an INIT with this clue.
    Candidate candidate(MemorySegment clientRandom, long newClue) {
        MemorySegment init = Arena.ofAuto().allocate(Limits.INIT_BYTES);
        MemorySegment reply = Arena.ofAuto().allocate(Limits.INIT_BYTES);
        hello = new Init.Hello(newClue, ticket);
        Init.write(init, clientRandom, 77, ours, hello, new ByteWriter());
        int length = server.handleInit(nowNanos, CLIENT, init, reply);
        assertTrue(length > 0, () -> "dropped: " + DropReason.of(-length));
        return Objects.requireNonNull(read(reply.asSlice(0, length)));
    }

    @Nullable
    Candidate read(MemorySegment initAck) {
        return Candidate.read(nowNanos, CLIENT, initAck, new Candidate.SentInit(0, 77, hello), ours);
    }

    /// A true answer into which a liar wrote another D.
    Candidate forged(PublicKey transientKey) {
        MemorySegment copy = copy(candidate().initAck());
        transientKey.writeTo(copy, InitAck.TRANSIENT_KEY);
        return Objects.requireNonNull(read(copy));
    }

    /// What an honest client makes of a candidate; the puzzle is not solved yet.
    MemorySegment honest(Candidate candidate, @Nullable SecretKey a, SecretKey b) {
        MemorySegment packet = draft(candidate, b.publicKey(), a == null ? null : a.publicKey());
        int box = (int) packet.byteSize() - (int) MESSAGE.byteSize() - CookieEcho.TAG_BYTES - CookieEcho.BOX_BYTES;
        ClientAgreement.Parties parties = new ClientAgreement.Parties(vault, serverKey.publicKey(), a, null, false);
        ClientAgreement agreement = new ClientAgreement(parties, candidate, b, packet, box);
        agreement.run();
        closers.add(agreement::close);
        return packet;
    }

    /// A whole COOKIE-ECHO sealed under whatever products its maker believes in.
    MemorySegment sealed(Candidate candidate, PublicKey b, @Nullable PublicKey a, Products products) {
        MemorySegment packet = draft(candidate, b, a);
        int early = (int) packet.byteSize() - (int) MESSAGE.byteSize() - CookieEcho.TAG_BYTES;
        int box = early - CookieEcho.BOX_BYTES;
        try (KeySchedule schedule = new KeySchedule(vault, candidate.handshake(), false)) {
            schedule.begin(packet, box, candidate.transientKey(), serverKey.publicKey());
            try (PacketKey key = schedule.boxKey(products.bD(), products.bC(), null)) {
                key.seal(packet, box, 0, CookieEcho.BOX_PLAIN_BYTES, 0);
            }
            schedule.sealedBox(packet, box);
            try (PacketKey key = earlyKey(schedule, a, products)) {
                key.seal(packet, early, 0, (int) MESSAGE.byteSize(), 0);
            }
        }
        return packet;
    }

    private static PacketKey earlyKey(KeySchedule schedule, @Nullable PublicKey a, Products products) {
        return a == null
                ? schedule.earlyKey()
                : schedule.earlyKey(a, Objects.requireNonNull(products.aD()), Objects.requireNonNull(products.aC()));
    }

    /// The packet in clear, long enough for the server, with room for its tags.
    private MemorySegment draft(Candidate candidate, PublicKey b, @Nullable PublicKey a) {
        MemorySegment packet = Arena.ofAuto().allocate(Limits.DATAGRAM_BYTES_BASE);
        ByteWriter out = new ByteWriter().wrap(packet, 0, packet.byteSize());
        int box = candidate.writeEchoHead(out, b, ours, new Clues(vault, random, null));
        out.wrap(packet, box, packet.byteSize() - box);
        out.writeByte(a == null ? 0 : 1);
        long at = out.skip(PublicKey.BYTES);
        if (a != null) {
            a.writeTo(packet, at);
        }
        MemorySegment wanted = Arena.ofAuto().allocate(PublicKey.BYTES);
        serverKey.publicKey().writeTo(wanted, 0);
        Blake2b.hash(wanted, 0, PublicKey.BYTES, packet, out.skip(32), 32);
        out.writeLong(88);
        out.skip(CookieEcho.TAG_BYTES);
        out.writeBytes(MESSAGE, 0, MESSAGE.byteSize());
        out.skip(CookieEcho.TAG_BYTES);
        return packet.asSlice(0, out.position());
    }

    /// Whether somebody who takes these for the products can open the box.
    boolean opensBox(Candidate candidate, MemorySegment echo, Products guess) {
        MemorySegment packet = copy(echo);
        int box = box(packet);
        try (KeySchedule schedule = new KeySchedule(vault, candidate.handshake(), false)) {
            schedule.begin(packet, box, candidate.transientKey(), serverKey.publicKey());
            try (PacketKey key = schedule.boxKey(guess.bD(), guess.bC(), null)) {
                return key.open(packet, box, 0, CookieEcho.BOX_BYTES, 0);
            }
        }
    }

    /// Whether somebody who takes these for the products can read the first message, the box being unread.
    boolean opensMessage(Candidate candidate, MemorySegment echo, @Nullable PublicKey a, Products guess) {
        MemorySegment packet = copy(echo);
        int box = box(packet);
        int early = box + CookieEcho.BOX_BYTES;
        try (KeySchedule schedule = new KeySchedule(vault, candidate.handshake(), false)) {
            schedule.begin(packet, box, candidate.transientKey(), serverKey.publicKey());
            schedule.boxKey(guess.bD(), guess.bC(), null).close();
            schedule.sealedBox(packet, box);
            try (PacketKey key = earlyKey(schedule, a, guess)) {
                return key.open(packet, early, 0, (int) packet.byteSize() - early, 0);
            }
        }
    }

    static int box(MemorySegment packet) {
        CookieEcho layout = new CookieEcho();
        layout.read(new konce.protocol.wire.ByteReader().wrap(packet, 0, packet.byteSize()));
        return layout.boxOffset();
    }

    /// Solves the puzzle, and shows the packet to the server.
    ServerAgreement.Result present(MemorySegment echo, Candidate candidate) {
        solve(echo, candidate);
        DropReason reason = server.handleCookieEcho(nowNanos, CLIENT, echo);
        assertEquals(DropReason.NONE, reason);
        ServerAgreement agreement = Objects.requireNonNull(server.takeAgreement());
        agreement.run();
        ServerAgreement.Result result = server.finish(nowNanos, agreement);
        given = agreement.ticket();
        if (result instanceof ServerAgreement.Result.Accepted accepted) {
            closers.add(accepted.keys()::close);
        }
        return result;
    }

    static void solve(MemorySegment echo, Candidate candidate) {
        PuzzleShare share =
                new PuzzleShare(new PuzzleShare.Board(), echo, candidate.transientKey(), candidate.effort(), 0, 1);
        share.run();
        echo.set(LONG, CookieEcho.SOLUTION, share.found());
    }

    Secret product(RistrettoElement element) {
        Secret secret = Group.product(vault, element);
        closers.add(secret::close);
        return secret;
    }

    Secret product(SecretKey ours, PublicKey theirs) {
        Secret secret = ours.multiply(vault, theirs);
        closers.add(secret::close);
        return secret;
    }

    /// d times this element, by the scalar that one of the server's agreements works with.
    Secret serversProduct(PublicKey theirs) {
        Candidate candidate = candidate();
        MemorySegment echo = honest(candidate, null, Group.key(vault, Group.scalar(random)));
        solve(echo, candidate);
        assertEquals(DropReason.NONE, server.handleCookieEcho(nowNanos, CLIENT, echo));
        ServerAgreement agreement = Objects.requireNonNull(server.takeAgreement());
        Secret product = product(agreement.transientKey().secret(), theirs);
        agreement.run();
        if (server.finish(nowNanos, agreement) instanceof ServerAgreement.Result.Accepted accepted) {
            accepted.keys().close();
        }
        return product;
    }

    SecretKey key(Scalar scalar) {
        SecretKey key = Group.key(vault, scalar);
        closers.add(key::close);
        return key;
    }

    static MemorySegment copy(MemorySegment source) {
        MemorySegment copy = Arena.ofAuto().allocate(source.byteSize());
        copy.copyFrom(source);
        return copy;
    }

    static MemorySegment bytes(byte... bytes) {
        MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, bytes.length)).asSlice(0, bytes.length);
        copy.copyFrom(MemorySegment.ofArray(bytes));
        return copy;
    }

    /// Closes all, and holds that no secret was left behind.
    @Override
    public void close() {
        closers.forEach(Runnable::run);
        server.close();
        serverKey.close();
        assertEquals(0, vault.secretsLive(), "secrets left behind");
        vault.close();
    }
}
