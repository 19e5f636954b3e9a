package konce.protocol.endpoint;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import konce.crypto.PacketKey;
import konce.protocol.Address;
import konce.protocol.Ecn;
import konce.protocol.Event;
import konce.protocol.Limits;
import konce.protocol.Observer;
import konce.protocol.PeerOffence;
import konce.protocol.SessionProtocol;
import konce.protocol.flow.LossRecovery;
import konce.protocol.flow.ReceivedPackets;
import konce.protocol.flow.SentContents;
import konce.protocol.flow.SentPackets;
import konce.protocol.handshake.LoggedSecret;
import konce.protocol.handshake.ServerAgreement;
import konce.protocol.handshake.SessionKeys;
import konce.protocol.path.Path;
import konce.protocol.wire.AckRuns;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.DataHeader;
import konce.protocol.wire.FrameType;
import konce.protocol.wire.PacketType;
import konce.protocol.wire.Settings;
import konce.protocol.wire.WindowedInteger;
import org.jspecify.annotations.Nullable;

/// The packets of one channel: opens those that come, decides when one goes and what it carries, seals it.
///
/// - unit: nanoseconds of the endpoint's time
/// - source: docs/spec/04-protection.md, docs/spec/06-flow.md
final class ChannelPackets implements SentContents {
    /// [#open] when a packet does not open.
    static final int NOT_AUTHENTIC = -1;

    /// [#open] when a packet's number was seen before.
    static final int REPLAYED = -2;

    /// Room below which no packet is begun.
    private static final int PACKET_BYTES_MIN = 256;

    /// Bytes of a packet that asks whether the peer is where it goes, or answers: the answer is no longer.
    private static final int PATH_PACKET_BYTES = 64;

    private static final int SKIP_EVERY_PACKETS = 512;

    /// Probe timeouts for which packets of the key phase before are still opened.
    private static final int OVERTAKEN_PROBES = 3;

    private static final long NEVER = Long.MAX_VALUE;

    private final Shared shared;
    private final ChannelMessages messages;
    private final ChannelPath place;
    private final ControlFrames control = new ControlFrames();
    private final Renewal renewal;
    private final ChannelMarks marks;
    private ReceivedPackets received = new ReceivedPackets();
    private SentPackets sent = new SentPackets();
    private LossRecovery recovery = new LossRecovery(sent, this);
    private @Nullable KeyPhases keys;
    private @Nullable SessionProtocol protocol;
    private @Nullable MemorySegment serverRandom;
    private @Nullable Settings settings;
    private final ChannelIds ids;
    private long openedNumber;
    private long nextSkip;
    private long bytesSent;
    private long bytesReceived;
    private long packetsReceived;

    /// @param waiter who waits when the path lets nothing go
    ChannelPackets(Shared shared, ChannelMessages messages, Path.Waiter waiter, ChannelIds ids) {
        this.ids = ids;
        this.shared = shared;
        this.messages = messages;
        place = new ChannelPath(shared, waiter);
        renewal = new Renewal(shared, messages);
        marks = new ChannelMarks(shared.config().ecn());
        nextSkip = 1 + shared.random().nextLong(SKIP_EVERY_PACKETS);
    }

    // ---- plain questions

    ReceivedPackets received() {
        return received;
    }

    SentPackets sent() {
        return sent;
    }

    LossRecovery recovery() {
        return recovery;
    }

    Path path() {
        return place.path();
    }

    long probeTimeoutNanos() {
        return path().rtt().probeTimeoutNanos(Limits.ACK_DELAY_NANOS_MAX);
    }

    SessionProtocol protocol() {
        return requireNonNull(protocol, "an open channel has a session protocol");
    }

    /// The number of the packet last opened.
    long openedNumber() {
        return openedNumber;
    }

    long bytesSent() {
        return bytesSent;
    }

    long bytesReceived() {
        return bytesReceived;
    }

    long packetsReceived() {
        return packetsReceived;
    }

    /// When there is something to send, or to do about what was sent.
    long nextNanos() {
        // with no place left for a packet even an ACK has to wait for one
        long ackNanos = sent.hasRoom() ? received.ackDueNanos() : NEVER;
        long recoveryNanos = Math.min(recovery.nextDeadlineNanos(path().rtt()), recovery.goneNanos());
        return Math.min(Math.min(ackNanos, recoveryNanos), Math.min(keys().nextNanos(), renewal.nextNanos()));
    }

    /// Gives back what it holds for packets to come.
    void trim() {
        sent.giveBack();
        received.trim();
    }

    // ---- opening the channel

    /// Writes packet 0, the early payload; what an earlier one carried counts as lost.
    void writeEarly(long nowNanos, ByteWriter out, Settings ours) {
        sent.reportAllLost(this);
        sent = new SentPackets();
        recovery = new LossRecovery(sent, this);
        ours.write(out);
        messages.outbox().writeFrames(out, sent);
        // of no size: it is outside any path's account
        sent.onSent(nowNanos, 0, true);
        recovery.onSent(nowNanos);
    }

    /// @param newKeys of phase 0; null: forget the ones there were, which are closed
    /// @param clientRandom names the handshake in a key log
    void setKeys(@Nullable SessionKeys newKeys, SessionProtocol newProtocol, byte[] clientRandom) {
        Consumer<LoggedSecret> log =
                secret -> shared.events().add(new Event.SecretDerived(secret.label(), clientRandom, secret.secret()));
        keys = newKeys == null
                ? null
                : new KeyPhases(newKeys, shared.vault(), shared.config().keyLog() ? log : null);
        protocol = newProtocol;
        ids.onKeys();
    }

    /// The client's first COOKIE-ACK opened.
    void openAsClient(Path newPath) {
        place.enter(newPath);
    }

    /// The server has accepted: until the client is heard, every packet carries the server random and our settings.
    void openAsServer(SessionKeys newKeys, ServerAgreement agreement, Path newPath, Settings ours) {
        setKeys(newKeys, agreement.sessionProtocol(), agreement.clientRandom());
        place.enter(newPath);
        serverRandom = agreement.serverRandom();
        settings = ours;
        // 0 is the early payload's number; ours count from 1 as well
        sent.skip();
    }

    /// The client comes again under new keys: numbers start over, and what was under way is sent again.
    void restartAsServer(SessionKeys newKeys, ServerAgreement agreement, Path newPath) {
        sent.reportAllLost(this);
        end();
        sent = new SentPackets();
        received = new ReceivedPackets();
        recovery = new LossRecovery(sent, this);
        control.reset();
        marks.reset();
        openAsServer(newKeys, agreement, newPath, requireNonNull(settings));
    }

    /// Whether the client has yet to be heard under these keys.
    boolean isUnconfirmed() {
        return serverRandom != null;
    }

    ChannelIds ids() {
        return ids;
    }

    /// The newest packet came under this id.
    ///
    /// @param remote where it came from
    void onNewest(long id, Address remote) {
        ids.onHeard(id, path().remote().equals(remote), keys().sendKey());
    }

    // ---- in

    // = docs/spec/04-protection.md R4.4
    /// Opens a packet in place.
    ///
    /// @return where its payload begins; [#NOT_AUTHENTIC] or [#REPLAYED]
    int open(MemorySegment packet, int type) {
        int size = (int) packet.byteSize();
        int numberOffset = DataHeader.numberOffset(type);
        long mask = keys().headerKey().headerMask(packet, size - DataHeader.SAMPLE_BYTES);
        int groups = DataHeader.unmask(packet, 0, numberOffset, mask);
        int payload = numberOffset + groups;
        if (groups == 0 || size - payload < keys().headerKey().tagBytes()) {
            return NOT_AUTHENTIC;
        }
        long wire = DataHeader.wireNumber(packet, numberOffset, groups);
        openedNumber = WindowedInteger.decode(wire, groups, received.lowestAcceptable(groups));
        if (openedNumber >= Limits.PACKET_NUMBER_MAX) {
            return NOT_AUTHENTIC;
        }
        if (!received.isNew(openedNumber)) {
            return REPLAYED;
        }
        PacketKey key = keys().keyFor(DataHeader.phaseBit(packet, 0), openedNumber);
        return key != null && key.open(packet, 0, payload, size - payload, openedNumber) ? payload : NOT_AUTHENTIC;
    }

    ChannelMarks marks() {
        return marks;
    }

    @Override
    public void onPacketAcked(long number, long sentNanos, boolean background) {
        marks.onAcked(number, sentNanos, background);
    }

    /// A packet has opened.
    ///
    /// @param ecn how it was marked
    void onOpened(long nowNanos, MemorySegment packet, int type, int ecn) {
        marks.onReceived(ecn);
        bytesReceived += packet.byteSize();
        packetsReceived++;
        long overtakenNanos = OVERTAKEN_PROBES * path().rtt().probeTimeoutNanos(Limits.ACK_DELAY_NANOS_MAX);
        int phaseBit = DataHeader.phaseBit(packet, 0);
        keys().onOpened(nowNanos, phaseBit, openedNumber, sent.next(), overtakenNanos);
        if (type == PacketType.DATA) {
            // the client has our server random and our settings: no packet needs to carry them any more
            serverRandom = null;
            settings = null;
        }
    }

    /// Bytes of the payload of a packet of `bytes` bytes that begins at `payload`.
    long payloadBytes(long bytes, long payload) {
        return bytes - payload - keys().headerKey().tagBytes();
    }

    /// The peer acknowledges what we sent.
    @Nullable
    PeerOffence onAck(long nowNanos, AckRuns ack) {
        long lost = recovery.packetsLost();
        PeerOffence offence = recovery.onAck(nowNanos, ack, path());
        shared.sight().onSettled(nowNanos, messages.channel(), path(), recovery.packetsLost() - lost);
        return offence;
    }

    /// Does what is due about what was sent, and about old keys.
    void handleDeadline(long nowNanos) {
        long lost = recovery.packetsLost();
        recovery.handleDeadline(nowNanos, path());
        shared.sight().onSettled(nowNanos, messages.channel(), path(), recovery.packetsLost() - lost);
        keys().handleDeadline(nowNanos);
        renewal.handleDeadline(nowNanos);
    }

    @Override
    public void onPacketLost(long nowNanos, long number, int bytes) {
        Observer observer = shared.sight().ofPackets();
        if (observer != null) {
            observer.onPacketLost(nowNanos, messages.channel(), number, bytes);
        }
    }

    // ---- keys

    Renewal renewal() {
        return renewal;
    }

    /// Begins the next key phase if it is time, and it may. Never between polls: what is sealed under new keys
    /// leaves
    /// after the key log has them.
    void updateKeysIfDue() {
        boolean may = !isUnconfirmed() && keys().mayBegin(recovery.largestAcked());
        if (renewal.updateIfDue(keys(), sent.next(), may)) {
            control.ping();
        }
    }

    KeyPhases keys() {
        return requireNonNull(keys, "an open channel has keys");
    }

    /// Whether there is anything that congestion control decides on.
    private boolean hasDue() {
        return messages.outbox().hasDue() || renewal.hasDue();
    }

    private boolean isBackgroundDue() {
        return !renewal.hasDue()
                && messages.outbox().hasDue()
                && messages.outbox().isBackgroundDue();
    }

    // ---- out

    ControlFrames control() {
        return control;
    }

    /// A CLOSE is to go, and nothing else any more.
    void sayClose(int code, String text) {
        place.leaveAccount(sent, recovery);
        control.close(code, text);
    }

    /// Fills the next send: as many packets of one size as may go now.
    ///
    /// @param open whether more than a CLOSE may go
    boolean transmit(long nowNanos, Transmit out, boolean open) {
        if (open && !isUnconfirmed() && transmitMtuProbe(nowNanos, out)) {
            return true;
        }
        int segment = path().datagramBytes();
        int most = Math.min(Limits.DATAGRAM_BYTES_MAX, segment * Endpoint.SEGMENTS_MAX);
        int total = 0;
        int last = segment;
        boolean mark = marks.isMarking();
        int ecn = Ecn.NOT_ECT;
        while (last == segment && segment >= PACKET_BYTES_MIN && total + segment <= most && marks.isMarking() == mark) {
            last = writePacket(nowNanos, out.buffer(), total, segment, open);
            if (total == 0) {
                segment = last;
            }
            total += last;
            if (last > 0) {
                ecn = marks.onSent(sent.next() - 1);
            }
        }
        if (total > segment) {
            path().wantLargerDatagrams();
        }
        if (total > 0) {
            out.fill(path().remote(), total, segment);
            out.mark(ecn);
            bytesSent += total;
        }
        return total > 0;
    }

    // = docs/spec/05-paths.md R5.20
    /// Sends a packet larger than any before, with nothing in it that would have to be sent again.
    private boolean transmitMtuProbe(long nowNanos, Transmit out) {
        int bytesMax = path().mtuProbeBytes(nowNanos);
        if (bytesMax == 0 || recovery.isProbeDue() || !mayPutData(nowNanos)) {
            return false;
        }
        PacketKey key = keys().sendKey();
        skipNumber();
        ByteWriter frames = beginPacket(out.buffer(), 0, bytesMax, key, false);
        frames.writeVarint(FrameType.PING);
        frames.writeZeros(frames.remaining());
        int bytes = finishPacket(nowNanos, true, false, key);
        path().onMtuProbeSent(nowNanos, bytes);
        out.fill(path().remote(), bytes, bytes);
        out.mark(marks.onSent(sent.next() - 1));
        bytesSent += bytes;
        return true;
    }

    private ByteWriter beginPacket(MemorySegment buffer, int offset, int bytesMax, PacketKey key, boolean elsewhere) {
        PacketBuilder builder = shared.builder();
        ByteWriter out =
                builder.begin(buffer, offset, bytesMax, keys().sendBit(), ids.outgoing(elsewhere), serverRandom);
        long span = sent.next() - Math.min(sent.oldest(), recovery.largestAcked() + 1);
        builder.number(sent.next(), span, key);
        return out;
    }

    private int finishPacket(long nowNanos, boolean eliciting, boolean background, PacketKey key) {
        // = docs/spec/04-protection.md R4.2
        PacketBuilder builder = shared.builder();
        builder.pad(protocol());
        Observer observer = shared.sight().ofPackets();
        if (observer != null) {
            observer.onPacketSent(nowNanos, builder.show(shared.sight(), messages.channel()));
        }
        int bytes = builder.seal(key);
        if (eliciting) {
            sent.onSent(nowNanos, bytes, path(), background);
            recovery.onSent(nowNanos);
        } else {
            sent.onSent(nowNanos, bytes, false);
        }
        return bytes;
    }

    /// Writes one packet of at most `bytesMax` bytes.
    ///
    /// @return its bytes; 0 when there is nothing to send now
    private int writePacket(long nowNanos, MemorySegment buffer, int offset, int bytesMax, boolean open) {
        boolean advertise = open && (control.isCreditLost() || messages.inbox().mustAdvertise());
        boolean ack = open && received.hasUnacknowledged() && isAckDue(nowNanos);
        boolean data = open && mayPutData(nowNanos);
        if (!(control.isCloseDue() || advertise || ack || data || (open && control.isPingDue()))) {
            return 0;
        }
        // every packet takes a place until all before it are settled, also one that only acknowledges
        if (!sent.hasRoom() && !control.isCloseDue() && !recovery.isProbeDue()) {
            return 0;
        }
        PacketKey key = keys().sendKey();
        skipNumber();
        ByteWriter out = beginPacket(buffer, offset, bytesMax, key, false);
        if (serverRandom != null) {
            // = docs/spec/03-handshake.md R3.19
            requireNonNull(settings).write(out);
            shared.builder().beginFrames();
        }
        boolean background = data && isBackgroundDue();
        long framesStart = out.position();
        boolean eliciting = writeFrames(nowNanos, out, advertise, data);
        if (out.position() == framesStart) {
            return 0;
        }
        return finishPacket(nowNanos, eliciting, background, key);
    }

    /// Bytes of a packet of [#transmitTo].
    int pathPacketBytes() {
        return protocol().isPadded() ? PACKET_BYTES_MIN : PATH_PACKET_BYTES;
    }

    /// Fills a send with one frame, to any address. It is in nobody's account: the answer, or that there is none,
    /// says
    /// what became of it.
    boolean transmitTo(long nowNanos, Transmit out, Address to, int frame, long data) {
        if (!sent.hasRoom()) {
            return false;
        }
        PacketKey key = keys().sendKey();
        skipNumber();
        ByteWriter frames = beginPacket(out.buffer(), 0, pathPacketBytes(), key, !to.equals(path().remote()));
        frames.writeVarint(frame);
        frames.writeLong(data);
        frames.writeZeros(frames.remaining());
        int bytes = finishPacket(nowNanos, false, false, key);
        bytesSent += bytes;
        out.fill(to, bytes, bytes);
        return true;
    }

    // = docs/spec/05-paths.md R5.13
    /// The peer is somewhere else, and has proved it.
    ///
    /// @param rttNanos how long that took
    void moveTo(long nowNanos, Address to, long rttNanos) {
        place.moveTo(nowNanos, to, rttNanos, sent, recovery);
        ids.onProved(keys().sendKey());
        marks.onPathChanged();
    }

    /// We are somewhere else ourselves.
    ///
    /// @param next leads to the same peer
    void moveFrom(Path next) {
        place.change(next, path().rtt().smoothedNanos(), sent, recovery);
        ids.onMoved(keys().sendKey());
        marks.onPathChanged();
        control.ping();
    }

    private boolean isAckDue(long nowNanos) {
        return received.ackDueNanos() <= nowNanos || hasDue();
    }

    /// Whether congestion control lets data go, and there is any. A probe goes even where it does not.
    private boolean mayPutData(long nowNanos) {
        if (recovery.isProbeDue()) {
            return true;
        }
        if (!sent.hasRoom()) {
            return false;
        }
        return place.maySend(nowNanos, hasDue(), isBackgroundDue());
    }

    /// @return whether the packet wants an acknowledgement
    private boolean writeFrames(long nowNanos, ByteWriter out, boolean advertise, boolean data) {
        if (control.writeClose(out)) {
            return false;
        }
        // a PING repeats what was acknowledged: an ACK that was lost may be what the peer waits for
        if (received.hasAny()
                && (advertise || control.isPingDue() || isUnconfirmed() || received.hasUnacknowledged())) {
            messages.inbox().tune(nowNanos, path().rtt().smoothedNanos());
            received.writeAck(nowNanos, out, messages.inbox().granted());
            messages.inbox().onAdvertised();
            marks.write(out);
        }
        if (advertise) {
            control.onAdvertised(sent);
        }
        if (data && messages.outbox().hasDue()) {
            control.writeAckRate(out, path(), sent);
        }
        boolean probe = recovery.takeProbe();
        boolean pieces = data && renewal.writeFrames(out, sent);
        boolean eliciting = (data && messages.outbox().writeFrames(out, sent)) || pieces;
        // the COOKIE-ACK has to arrive, whatever else is in it
        boolean unheard = isUnconfirmed() && sent.isEmpty();
        return control.writePing(out, eliciting, advertise || probe || unheard);
    }

    // = docs/spec/06-flow.md R6.5
    private void skipNumber() {
        if (sent.next() == nextSkip) {
            sent.skip();
            nextSkip += 1 + SKIP_EVERY_PACKETS + shared.random().nextLong(SKIP_EVERY_PACKETS);
        }
    }

    @Override
    public void onAcked(int kind, long subject, long offset, int length) {
        if (Renewal.isPiece(kind)) {
            renewal.onAcked(subject);
        } else if (!ControlFrames.isControl(kind)) {
            messages.outbox().onAcked(kind, subject, offset, length);
        }
    }

    @Override
    public void onLost(int kind, long subject, long offset, int length) {
        if (!isOurs(kind, subject)) {
            messages.outbox().onLost(kind, subject, offset, length);
        }
    }

    @Override
    public void onProbed(int kind, long subject, long offset, int length) {
        if (!isOurs(kind, subject)) {
            messages.outbox().onProbed(kind, subject, offset, length);
        }
    }

    /// Has what is not the outbox's sent again.
    private boolean isOurs(int kind, long subject) {
        if (Renewal.isPiece(kind)) {
            renewal.onLost(subject);
        } else if (ControlFrames.isControl(kind)) {
            control.onLost(kind);
        } else {
            return false;
        }
        return true;
    }

    /// Wipes the keys and leaves the path.
    void end() {
        renewal.end();
        if (keys != null) {
            keys.close();
            keys = null;
        }
        place.leave(sent, recovery);
    }
}
