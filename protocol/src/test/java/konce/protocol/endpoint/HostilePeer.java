package konce.protocol.endpoint;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import konce.crypto.SecretKey;
import konce.protocol.Address;
import konce.protocol.DropReason;
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

/// A client that keeps to the handshake and then says whatever the test likes, under the right keys, to the
/// server of a [Pair].
final class HostilePeer implements AutoCloseable {
    static final Address ADDRESS = Address.parse("203.0.113.66:6666");
    private static final long CHANNEL_ID = 0x6666_6666_6666_6666L;
    private static final int FRAMES_BYTES_MAX = 60_000;

    private final Pair pair;
    private final MemorySegment buffer = Arena.ofAuto().allocate(Limits.DATAGRAM_BYTES_MAX);
    private final PacketBuilder builder = new PacketBuilder();
    private final ClientHandshake handshake;
    private Settings settings = new Settings(
            CHANNEL_ID,
            1,
            Limits.CREDIT_BYTES_DEFAULT,
            Limits.MESSAGE_BYTES_MAX,
            60_000 * Pair.MILLI,
            0,
            List.of(),
            null);
    private @Nullable SessionKeys keys;
    private @Nullable SessionProtocol session;
    private long serverChannelId;
    private byte @Nullable [] firstPayload;
    private int seen;
    /// The number of its next packet.
    long next = 1;

    /// @param early writes the frames of the early payload
    HostilePeer(Pair pair, @Nullable SecretKey identity, Consumer<ByteWriter> early) {
        this.pair = pair;
        ProtocolOffer ours = ProtocolOffer.of(List.of(1L), List.of(1L));
        ConnectPlan plan = new ConnectPlan(
                pair.serverKey.publicKey(),
                List.of(Pair.SERVER),
                identity,
                null,
                null,
                null,
                ours,
                Limits.EFFORT_MAX_DEFAULT,
                1);
        handshake = new ClientHandshake(
                plan,
                pair.vault,
                pair.random.fork("hostile"),
                (now, packet, offset, bytesMin, bytesMax, repeat) ->
                        writeEarly(packet, offset, bytesMin, bytesMax, early),
                (now, remote, step, bytes, detail) -> {},
                false,
                pair.nowNanos);
    }

    /// Says these settings instead of good ones.
    HostilePeer saying(Settings newSettings) {
        settings = newSettings;
        return this;
    }

    private int writeEarly(MemorySegment packet, long offset, int bytesMin, int bytesMax, Consumer<ByteWriter> early) {
        ByteWriter out = new ByteWriter().wrap(packet, offset, bytesMax);
        settings.write(out);
        early.accept(out);
        out.writeZeros(Math.max(0, bytesMin - (out.position() - offset)));
        return (int) (out.position() - offset);
    }

    /// Walks through the handshake as far as the server goes along.
    ///
    /// @return whether the server answered with a COOKIE-ACK
    boolean connect() {
        seen = pair.toClient.size();
        transmit();
        deliver(answer());
        runJobs();
        transmit();
        // a COOKIE-ACK waits a little for a reply to go with it
        pair.run(Limits.ACK_DELAY_NANOS_MAX);
        byte[] cookieAck = answer();
        if (cookieAck == null) {
            return false;
        }
        MemorySegment packet = nativeCopy(cookieAck);
        keys = handshake.keysFor(packet, DataHeader.SERVER_RANDOM, DataHeader.SERVER_RANDOM_BYTES);
        session = handshake.session();
        byte[] payload = requireNonNull(open(cookieAck));
        firstPayload = payload;
        ByteReader in = new ByteReader().wrap(nativeCopy(payload), 0, payload.length);
        serverChannelId = Settings.read(in).channelId();
        return true;
    }

    /// What was sealed in the COOKIE-ACK.
    byte[] firstPayload() {
        return requireNonNull(firstPayload);
    }

    /// How long the Settings at the start of a payload are.
    static int settingsBytes(byte[] payload) {
        ByteReader in = new ByteReader().wrap(nativeCopy(payload), 0, payload.length);
        Settings.read(in);
        return (int) in.position();
    }

    private void deliver(byte @Nullable [] initAck) {
        handshake.handleInitAck(pair.nowNanos, Pair.SERVER, nativeCopy(requireNonNull(initAck)));
    }

    private void runJobs() {
        for (Runnable job = handshake.pollJob(); job != null; job = handshake.pollJob()) {
            job.run();
            handshake.handleJob(pair.nowNanos, job);
        }
    }

    private void transmit() {
        int bytes = handshake.pollTransmit(pair.nowNanos, buffer);
        pair.deliver(true, ADDRESS, buffer.asSlice(0, bytes).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
    }

    private byte @Nullable [] answer() {
        return seen < pair.toClient.size() ? pair.toClient.get(seen++) : null;
    }

    /// Sends one packet of these frames.
    DropReason send(Consumer<ByteWriter> frames) {
        return pair.deliver(true, ADDRESS, seal(next++, frames));
    }

    /// Seals one packet of these frames.
    byte[] seal(long number, Consumer<ByteWriter> frames) {
        SessionKeys with = requireNonNull(keys);
        ByteWriter out = builder.begin(buffer, 0, FRAMES_BYTES_MAX, 0, serverChannelId, null);
        builder.number(number, number, with.send());
        frames.accept(out);
        builder.pad(requireNonNull(session));
        int bytes = builder.seal(with.send());
        return buffer.asSlice(0, bytes).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    }

    /// The payloads of the packets the server has sent since the last call.
    List<byte[]> receive() {
        List<byte[]> payloads = new ArrayList<>();
        for (byte[] packet = answer(); packet != null; packet = answer()) {
            byte[] payload = open(packet);
            if (payload != null) {
                payloads.add(payload);
            }
        }
        return payloads;
    }

    /// What is sealed in a packet of the server; null when it is for somebody else.
    private byte @Nullable [] open(byte[] bytes) {
        SessionKeys with = requireNonNull(keys);
        MemorySegment packet = nativeCopy(bytes);
        int type = bytes[0] & PacketType.TYPE_MASK;
        int numberOffset = DataHeader.numberOffset(type);
        long mask = with.receive().headerMask(packet, bytes.length - DataHeader.SAMPLE_BYTES);
        int groups = DataHeader.unmask(packet, 0, numberOffset, mask);
        if (groups == 0) {
            return null;
        }
        long wire = DataHeader.wireNumber(packet, numberOffset, groups);
        int payload = numberOffset + groups;
        long number = WindowedInteger.decode(wire, groups, 0);
        int sealed = bytes.length - payload;
        return with.receive().open(packet, 0, payload, sealed, number)
                ? packet.asSlice(payload, sealed - with.receive().tagBytes())
                        .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)
                : null;
    }

    private static MemorySegment nativeCopy(byte[] bytes) {
        MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, bytes.length)).asSlice(0, bytes.length);
        copy.copyFrom(MemorySegment.ofArray(bytes));
        return copy;
    }

    @Override
    public void close() {
        handshake.close();
        if (keys != null) {
            keys.close();
        }
    }
}
