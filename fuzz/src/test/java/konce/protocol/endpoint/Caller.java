package konce.protocol.endpoint;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import konce.crypto.PublicKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.Limits;
import konce.protocol.SessionProtocol;
import konce.protocol.handshake.ClientHandshake;
import konce.protocol.handshake.ConnectPlan;
import konce.protocol.handshake.SessionKeys;
import konce.protocol.wire.ByteReader;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.DataHeader;
import konce.protocol.wire.PacketType;
import konce.protocol.wire.ProtocolOffer;
import konce.protocol.wire.Settings;
import konce.protocol.wire.WindowedInteger;
import org.jspecify.annotations.Nullable;

/// A client that keeps to the handshake and then says whatever it is given, under the right keys: so the bytes of a
/// fuzzer get behind the cryptography.
final class Caller implements AutoCloseable {
    private static final long CHANNEL_ID = 0x6666_6666_6666_6666L;
    private static final int FRAMES_BYTES_MAX = 4_096;
    private static final Settings SETTINGS = new Settings(
            CHANNEL_ID, 1, Limits.CREDIT_BYTES_DEFAULT, Limits.MESSAGE_BYTES_MAX, 60_000_000_000L, 0, List.of(), null);

    private final MemorySegment buffer = Arena.ofAuto().allocate(Limits.DATAGRAM_BYTES_MAX);
    private final PacketBuilder builder = new PacketBuilder();
    private final ClientHandshake handshake;
    private final Address server;
    private @Nullable SessionKeys keys;
    private @Nullable SessionProtocol session;
    private long serverChannelId;
    private long next = 1;

    /// @param early what it says in its first packet, behind its settings
    Caller(PublicKey serverKey, Address server, Vault vault, SeededRandom random, byte[] early, long nowNanos) {
        this.server = server;
        ProtocolOffer ours = ProtocolOffer.of(List.of(1L), List.of(1L));
        ConnectPlan plan =
                new ConnectPlan(serverKey, List.of(server), null, null, null, null, ours, Limits.EFFORT_MAX_DEFAULT, 1);
        handshake = new ClientHandshake(
                plan,
                vault,
                random,
                (now, packet, offset, bytesMin, bytesMax, repeat) -> {
                    ByteWriter out = new ByteWriter().wrap(packet, offset, bytesMax);
                    SETTINGS.write(out);
                    out.writeBytes(MemorySegment.ofArray(early), 0, Math.min(early.length, out.remaining()));
                    out.writeZeros(Math.max(0, bytesMin - (out.position() - offset)));
                    return (int) (out.position() - offset);
                },
                (now, remote, step, bytes, detail) -> {},
                false,
                nowNanos);
    }

    /// Its next packet of the handshake; null: none.
    byte @Nullable [] handshakePacket(long nowNanos) {
        for (Runnable job = handshake.pollJob(); job != null; job = handshake.pollJob()) {
            job.run();
            handshake.handleJob(nowNanos, job);
        }
        int bytes = handshake.pollTransmit(nowNanos, buffer);
        return bytes <= 0 ? null : buffer.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Takes a packet of the server.
    void take(long nowNanos, byte[] packet) {
        int type = packet[0] & PacketType.TYPE_MASK;
        if (type == PacketType.INIT_ACK) {
            handshake.handleInitAck(nowNanos, server, nativeCopy(packet));
        } else if (type == PacketType.COOKIE_ACK && keys == null) {
            MemorySegment copy = nativeCopy(packet);
            keys = handshake.keysFor(copy, DataHeader.SERVER_RANDOM, DataHeader.SERVER_RANDOM_BYTES);
            session = handshake.session();
            serverChannelId = channelId(copy);
        }
    }

    /// Whether it has a channel.
    boolean isConnected() {
        return keys != null;
    }

    private long channelId(MemorySegment packet) {
        SessionKeys with = requireNonNull(keys);
        int length = (int) packet.byteSize();
        int at = DataHeader.COOKIE_ACK_NUMBER;
        int groups =
                DataHeader.unmask(packet, 0, at, with.receive().headerMask(packet, length - DataHeader.SAMPLE_BYTES));
        long number = WindowedInteger.decode(DataHeader.wireNumber(packet, at, groups), groups, 0);
        int payload = at + groups;
        if (!with.receive().open(packet, 0, payload, length - payload, number)) {
            throw new IllegalStateException("the server's first packet does not open");
        }
        return Settings.read(new ByteReader().wrap(packet, payload, length - payload))
                .channelId();
    }

    /// Its next packet, of these frames.
    ///
    /// @param skipped how many numbers are left out before it
    byte[] seal(byte[] frames, int from, int count, int skipped) {
        SessionKeys with = requireNonNull(keys);
        next += skipped;
        ByteWriter out = builder.begin(buffer, 0, FRAMES_BYTES_MAX, 0, serverChannelId, null);
        builder.number(next, next, with.send());
        next++;
        out.writeBytes(MemorySegment.ofArray(frames), from, Math.min(count, out.remaining()));
        builder.pad(requireNonNull(session));
        int bytes = builder.seal(with.send());
        return buffer.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
    }

    static MemorySegment nativeCopy(byte[] bytes) {
        MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, bytes.length)).asSlice(0, bytes.length);
        return copy.copyFrom(MemorySegment.ofArray(bytes));
    }

    @Override
    public void close() {
        handshake.close();
        if (keys != null) {
            keys.close();
        }
    }
}
