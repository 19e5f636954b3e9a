package konce.protocol.handshake;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import konce.crypto.Blake2b;
import konce.crypto.PacketKey;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.Vault;
import konce.crypto.VaultFullException;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.GroupVisit;
import konce.protocol.HandshakeSummary;
import konce.protocol.KeyChangeNotice;
import konce.protocol.SessionProtocol;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.CookieEcho;
import konce.protocol.wire.PacketType;
import konce.protocol.wire.ProtocolOffer;
import konce.protocol.wire.Ticket;
import org.jspecify.annotations.Nullable;

/// A server's group operations for one COOKIE-ECHO that has proved an address and done its work. Runs on any thread.
///
/// - source: docs/spec/03-handshake.md, sections 2 and 8
public final class ServerAgreement {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int RANDOM_BYTES = 32;

    /// The first round trip a server believes: from its INIT-ACK to the COOKIE-ECHO the client's work is counted
    /// in.
    private static final long RTT_NANOS_MAX = 333_000_000L;

    /// What came of it.
    public sealed interface Result {
        /// The client has the keys it claims.
        ///
        /// @param keys of the channel
        /// @param client its durable key; null: anonymous
        /// @param early the opened early payload, without its tag
        /// @param clientTime its steady time in microseconds
        /// @param logged secrets for a key log
        record Accepted(
                SessionKeys keys,
                @Nullable PublicKey client,
                MemorySegment early,
                long clientTime,
                List<LoggedSecret> logged)
                implements Result {}

        /// It wanted a key this server no longer has.
        ///
        /// @param reply the KEY-CHANGE packet to send
        record KeyChanged(MemorySegment reply) implements Result {}

        record Rejected(DropReason why) implements Result {}
    }

    /// What a job needs of its server.
    ///
    /// @param durable C
    /// @param keyHash BLAKE2b-256 of C's public half
    /// @param keyChange what to tell clients of an older key
    record Server(
            Vault vault,
            SecretKey durable,
            MemorySegment keyHash,
            @Nullable KeyChangeNotice keyChange,
            boolean keyLog) {
        static Server of(Vault vault, SecretKey durable, @Nullable KeyChangeNotice keyChange, boolean keyLog) {
            MemorySegment key = Arena.ofAuto().allocate(PublicKey.BYTES);
            MemorySegment hash = Arena.ofAuto().allocate(32);
            durable.publicKey().writeTo(key, 0);
            Blake2b.hash(key, 0, PublicKey.BYTES, hash, 0, 32);
            return new Server(vault, durable, hash, keyChange, keyLog);
        }

        /// The same under a group's key. Groups announce no changed keys: they send out new invitations.
        Server of(SecretKey group) {
            return of(vault, group, null, keyLog);
        }
    }

    private final Server server;
    private final TransientKeys.Key transientKey;
    private final Address remote;
    private final MemorySegment packet;
    private final CookieEcho layout;
    private final SessionProtocol protocol;
    private final long receivedNanos;
    private final long issuedNanos;
    private final GroupGate.@Nullable Door door;
    private final int known;
    private final long knownTag;
    private @Nullable Ticket ticket;
    private final MemorySegment serverRandom = Arena.ofAuto().allocate(RANDOM_BYTES);
    private @Nullable Result result;
    private long bid;
    private boolean burdening;
    private long order;
    private long handedOutNanos;
    private GroupGate.Entry entry = GroupGate.Entry.MEMBER;

    /// @param server where it came under no invitation
    /// @param packet its own copy of the COOKIE-ECHO
    /// @param layout where that copy's parts are
    ServerAgreement(
            Server server,
            TransientKeys.Key transientKey,
            Address remote,
            MemorySegment packet,
            CookieEcho layout,
            SessionProtocol protocol,
            ServerHandshake.Arrival arrival) {
        door = arrival.door();
        known = arrival.known();
        knownTag = arrival.knownTag();
        this.server = door == null ? server : door.server();
        this.transientKey = transientKey;
        this.remote = remote;
        this.packet = packet;
        this.layout = layout;
        this.protocol = protocol;
        receivedNanos = arrival.receivedNanos();
        issuedNanos = arrival.issuedNanos();
    }

    public Address remote() {
        return remote;
    }

    public SessionProtocol sessionProtocol() {
        return protocol;
    }

    private long handshakeProtocol() {
        return layout.chosen().only(ProtocolOffer.HANDSHAKE);
    }

    /// How the channel came to be, as far as the server knows.
    public HandshakeSummary summary(Result.Accepted accepted) {
        long rttNanos = Math.clamp(receivedNanos - issuedNanos, 1, RTT_NANOS_MAX);
        long middleMicros = (receivedNanos - rttNanos / 2) / 1_000;
        return new HandshakeSummary(
                false,
                handshakeProtocol(),
                protocol.number(),
                effort(),
                rttNanos,
                (accepted.clientTime() - middleMicros) * 1_000,
                receivedNanos - issuedNanos,
                0,
                1,
                0,
                packet.byteSize(),
                door == null ? 0 : door.group());
    }

    private long effort() {
        return packet.get(INT, CookieEcho.EFFORT) & 0xFFFF_FFFFL;
    }

    /// What its client has worked.
    long effortOffered() {
        return packet.get(INT, CookieEcho.EFFORT_OFFERED) & 0xFFFF_FFFFL;
    }

    // ---- its place in the queue

    void rank(long newBid, boolean newBurdening, long newOrder) {
        bid = newBid;
        burdening = newBurdening;
        order = newOrder;
    }

    long bid() {
        return bid;
    }

    /// Whether its address was asked for more than others.
    boolean isBurdening() {
        return burdening;
    }

    long order() {
        return order;
    }

    /// When its cookie was given out.
    public long issuedNanos() {
        return issuedNanos;
    }

    long receivedNanos() {
        return receivedNanos;
    }

    void handedOut(long nowNanos) {
        handedOutNanos = nowNanos;
    }

    long handedOutNanos() {
        return handedOutNanos;
    }

    /// 32 bytes that every COOKIE-ACK carries.
    public MemorySegment serverRandom() {
        return serverRandom;
    }

    public byte[] clientRandom() {
        return packet.asSlice(CookieEcho.COOKIE, 16).toArray(ValueLayout.JAVA_BYTE);
    }

    /// The invitation it came under; null: none.
    GroupGate.@Nullable Door door() {
        return door;
    }

    /// Whose ticket it came with, in [KnownKeys].
    int known() {
        return known;
    }

    /// What the key has to be that it shows; 0: any.
    long knownTag() {
        return knownTag;
    }

    void give(Ticket newTicket) {
        ticket = newTicket;
    }

    /// By what its client is known when it comes again; null: it has shown no key.
    public @Nullable Ticket ticket() {
        return ticket;
    }

    void enter(GroupGate.Entry newEntry) {
        entry = newEntry;
    }

    /// Which private group's invitation its client came under; null: none.
    public @Nullable GroupVisit visit() {
        return door == null ? null : new GroupVisit(door.group(), door.invitation());
    }

    /// Whether the client's key is no member of the group it came to.
    public boolean isStranger() {
        return entry == GroupGate.Entry.STRANGER;
    }

    /// Whether the client's key became a member just now.
    public boolean hasJoined() {
        return entry == GroupGate.Entry.JOINED;
    }

    TransientKeys.Key transientKey() {
        return transientKey;
    }

    @Nullable
    Result result() {
        return result;
    }

    /// Does the arithmetic.
    public void run() {
        try {
            result = agree();
        } catch (VaultFullException e) {
            result = new Result.Rejected(DropReason.BUSY);
        }
    }

    // = docs/spec/03-handshake.md R3.16
    private Result agree() {
        PublicKey b = PublicKey.decode(packet, CookieEcho.TRANSIENT_KEY);
        if (b == null) {
            return new Result.Rejected(DropReason.BAD_ELEMENT);
        }
        Vault vault = server.vault();
        try (KeySchedule schedule = new KeySchedule(vault, handshakeProtocol(), server.keyLog());
                Secret bD = transientKey.secret().multiply(vault, b);
                Secret bC = server.durable().multiply(vault, b)) {
            int box = layout.boxOffset();
            schedule.begin(
                    packet, box, transientKey.publicKey(), server.durable().publicKey());
            try (PacketKey key = schedule.boxKey(bD, bC, door == null ? null : door.secret())) {
                schedule.sealedBox(packet, box);
                if (!key.open(packet, box, 0, CookieEcho.BOX_BYTES, 0)) {
                    return keyChanged(schedule, bD);
                }
            }
            return openEarly(schedule);
        }
    }

    private Result openEarly(KeySchedule schedule) {
        int box = layout.boxOffset();
        int flags = packet.get(ValueLayout.JAVA_BYTE, box);
        long hashOffset = box + 1L + PublicKey.BYTES;
        boolean rightKey = MemorySegment.mismatch(packet, hashOffset, hashOffset + 32, server.keyHash(), 0, 32) < 0;
        if (!rightKey || flags < 0 || flags > 1) {
            return new Result.Rejected(DropReason.NOT_AUTHENTIC);
        }
        PublicKey client = flags == 0 ? null : PublicKey.decode(packet, box + 1L);
        if (client == null && flags == 1) {
            return new Result.Rejected(DropReason.BAD_ELEMENT);
        }
        int early = layout.earlyOffset();
        long earlyBytes = packet.byteSize() - early;
        try (PacketKey key = client == null ? schedule.earlyKey() : earlyKey(schedule, client)) {
            schedule.sealedEarly(packet, early, earlyBytes);
            if (!key.open(packet, early, 0, (int) earlyBytes, 0)) {
                return new Result.Rejected(DropReason.NOT_AUTHENTIC);
            }
        }
        SessionKeys keys = schedule.sessionKeys(protocol.suite(), false, serverRandom, 0, RANDOM_BYTES);
        return new Result.Accepted(
                keys,
                client,
                packet.asSlice(early, earlyBytes - CookieEcho.TAG_BYTES),
                packet.get(LONG, hashOffset + 32),
                schedule.logged());
    }

    private PacketKey earlyKey(KeySchedule schedule, PublicKey client) {
        try (Secret aD = transientKey.secret().multiply(server.vault(), client);
                Secret aC = server.durable().multiply(server.vault(), client)) {
            return schedule.earlyKey(client, aD, aC);
        }
    }

    // = docs/spec/03-handshake.md R3.11
    private Result keyChanged(KeySchedule schedule, Secret bD) {
        KeyChangeNotice notice = server.keyChange();
        if (notice == null) {
            return new Result.Rejected(DropReason.NOT_AUTHENTIC);
        }
        MemorySegment reply = Arena.ofAuto().allocate(KeyChange.PACKET_BYTES);
        ByteWriter out = new ByteWriter().wrap(reply, 0, KeyChange.PACKET_BYTES - CookieEcho.TAG_BYTES);
        out.writeByte(PacketType.KEY_CHANGE);
        out.writeBytes(packet, CookieEcho.COOKIE, 16);
        KeyChange.write(out, notice);
        try (PacketKey key = schedule.changeKey(bD)) {
            key.seal(reply, KeyChange.SEALED, 0, KeyChange.PLAIN_BYTES, 0);
        }
        return new Result.KeyChanged(reply);
    }
}
