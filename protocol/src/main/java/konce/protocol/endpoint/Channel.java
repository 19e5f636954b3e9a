package konce.protocol.endpoint;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import konce.crypto.PublicKey;
import konce.protocol.Address;
import konce.protocol.CloseReason;
import konce.protocol.ConnectFailure;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.HandlerClass;
import konce.protocol.HandlerId;
import konce.protocol.HandshakeSummary;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.PeerOffence;
import konce.protocol.Refusal;
import konce.protocol.flow.LossRecovery;
import konce.protocol.flow.ReceivedPackets;
import konce.protocol.flow.SentContents;
import konce.protocol.flow.SentPackets;
import konce.protocol.handshake.ClientHandshake;
import konce.protocol.handshake.SessionKeys;
import konce.protocol.handshake.SessionProtocol;
import konce.protocol.message.Inbox;
import konce.protocol.message.Outbox;
import konce.protocol.message.Outgoing;
import konce.protocol.path.Path;
import konce.protocol.table.DeadlineHeap;
import konce.protocol.table.LongMap;
import konce.protocol.wire.ByteReader;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.DataHeader;
import konce.protocol.wire.FrameType;
import konce.protocol.wire.FrameWriter;
import konce.protocol.wire.PacketType;
import konce.protocol.wire.Settings;
import org.jspecify.annotations.Nullable;

/// One channel: it wires handshake, packets, path and messages together, and keeps none of their state.
///
/// - unit: nanoseconds of the endpoint's time
/// - source: docs/spec/06-flow.md, docs/spec/07-messages.md
final class Channel extends DeadlineHeap.Item implements ClientHandshake.EarlyPayload {
    /// How far a channel is. What is only there in some states is null in the others.
    private enum State {
        CONNECTING,
        OPEN,
        CLOSING,
        CLOSED
    }

    /// Room below which no packet is begun.
    private static final int PACKET_BYTES_MIN = 256;

    private static final int CREDIT = 0;
    private static final int KEEP_ALIVE_FRACTION = 3;
    private static final int LINGER_PROBES = 3;
    private static final int SKIP_EVERY_PACKETS = 512;

    private final Shared shared;
    private final long number;
    private final long localId;
    private final @Nullable PublicKey peer;
    private final boolean initiator;
    private final long openedNanos;
    private final Outbox outbox;
    private final Inbox inbox;
    private final ReceivedPackets received = new ReceivedPackets();
    private final LongMap<Outgoing> sends;
    private final LongMap<Outgoing> replies;
    private final Set<HandlerId> sessionHandlers = new HashSet<>();
    private final ChannelFrames frames = new ChannelFrames(this);
    private final SentContents contents = new Contents();
    private SentPackets sent = new SentPackets();
    private LossRecovery recovery = new LossRecovery(sent, contents);
    private State state;
    private @Nullable ClientHandshake handshake;
    private long clientRandomKey;
    private Endpoint.@Nullable Route route;
    private @Nullable SessionKeys keys;
    private @Nullable SessionProtocol protocol;
    private @Nullable Path path;
    private @Nullable MemorySegment serverRandom;
    private long remoteId;
    private long idleNanos;
    private long peerIdleNanos = Limits.TIMEOUT_NANOS_MAX;
    private int peerMessageBytesMax = Limits.MESSAGE_BYTES_MAX;
    private long heardNanos;
    private long nextPrompt;
    private long nextSessionHandler;
    private long nextSkip;
    private boolean pingDue;
    private boolean creditLost;
    private boolean queued;
    private int closeCode;
    private String closeText = "";
    private boolean closeDue;
    private long lingerNanos = NEVER;
    private long closeAnswers;
    private long pacedNanos = NEVER;
    private long bytesSent;
    private long bytesReceived;
    private long packetsReceived;
    private long authenticationFailures;

    private static final long NEVER = Long.MAX_VALUE;

    /// @param peer the peer's key; null while or where it is anonymous
    Channel(Shared shared, long number, @Nullable PublicKey peer, boolean initiator, long nowNanos) {
        this.shared = shared;
        this.number = number;
        this.peer = peer;
        this.initiator = initiator;
        localId = shared.random().nextLong();
        openedNanos = nowNanos;
        heardNanos = nowNanos;
        state = State.CONNECTING;
        idleNanos = shared.config().idleNanos();
        long spread = shared.random().nextLong();
        outbox = new Outbox(spread, this::onDelivered);
        inbox = new Inbox(shared.config().messageBytesMax(), shared.config().creditBytes(), spread, new Received());
        sends = new LongMap<>(spread);
        replies = new LongMap<>(spread);
        nextSkip = 1 + shared.random().nextLong(SKIP_EVERY_PACKETS);
    }

    // ---- plain questions

    long number() {
        return number;
    }

    /// What the peer writes into its packets for us.
    long localId() {
        return localId;
    }

    boolean isConnecting() {
        return state == State.CONNECTING;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    boolean isQueued() {
        return queued;
    }

    void setQueued(boolean newQueued) {
        queued = newQueued;
    }

    @Nullable ClientHandshake handshake() {
        return handshake;
    }

    Inbox inbox() {
        return inbox;
    }

    Outbox outbox() {
        return outbox;
    }

    int sendsOpen() {
        return sends.size();
    }

    ChannelStatus status(long nowNanos) {
        Path at = path;
        SessionProtocol session = protocol;
        if (at == null || session == null) {
            throw new IllegalStateException("a channel has figures once it is open");
        }
        return new ChannelStatus(
                number,
                peer,
                at.remote(),
                initiator,
                session.number(),
                nowNanos - openedNanos,
                nowNanos - heardNanos,
                at.rtt().smoothedNanos(),
                at.rtt().minNanos(),
                at.windowBytes(),
                at.inFlightBytes(),
                at.datagramBytes(),
                bytesSent,
                bytesReceived,
                sent.next(),
                packetsReceived,
                recovery.packetsLost(),
                outbox.messagesDelivered(),
                inbox.messagesReceived(),
                sends.size());
    }

    // ---- opening

    /// Starts as a client.
    void connect(ClientHandshake newHandshake, Endpoint.Route newRoute) {
        handshake = newHandshake;
        clientRandomKey = newHandshake.key();
        route = newRoute;
    }

    /// By what answers to its handshake find it.
    long clientRandomKey() {
        return clientRandomKey;
    }

    /// By what sends find it; null: it was made by the peer.
    Endpoint.@Nullable Route route() {
        return route;
    }

    /// Starts as a server, with the keys agreed on.
    void accept(long nowNanos, Address remote, SessionKeys newKeys, SessionProtocol newProtocol, MemorySegment random) {
        keys = newKeys;
        protocol = newProtocol;
        serverRandom = random;
        path = shared.joinPath(remote, nowNanos);
        state = State.OPEN;
        // the early payload was packet 0 of the client; ours count from 1 as well
        sent.skip();
    }

    /// Takes the early payload of an accepted client: packet 0.
    ///
    /// @param summary what to tell the driver; null: the client is not welcome and its messages are not looked at
    @Nullable PeerOffence handleEarly(long nowNanos, MemorySegment early, @Nullable HandshakeSummary summary) {
        ByteReader in = new ByteReader().wrap(early, 0, early.byteSize());
        Settings settings = Settings.read(in);
        if (!in.isOk()) {
            return PeerOffence.FRAME_MALFORMED;
        }
        adopt(settings);
        if (summary == null) {
            return null;
        }
        shared.events().add(new Event.ChannelOpened(number, peer, path().remote(), summary));
        return handleFrames(nowNanos, 0, early, in.position(), in.remaining());
    }

    //= docs/spec/03-handshake.md R3.13
    @Override
    public int write(MemorySegment packet, long offset, int bytesMin, int bytesMax) {
        outbox.restart();
        sent = new SentPackets();
        recovery = new LossRecovery(sent, contents);
        ByteWriter out = new ByteWriter().wrap(packet, offset, bytesMax);
        settings().write(out);
        outbox.onCredit(Limits.CREDIT_BYTES_EARLY);
        outbox.writeFrames(out, sent);
        out.writeZeros(Math.max(0, bytesMin - (out.position() - offset)));
        return (int) (out.position() - offset);
    }

    /// Takes a COOKIE-ACK while connecting: if it opens, the channel is open.
    DropReason handleFirst(long nowNanos, Address remote, MemorySegment packet) {
        ClientHandshake attempt = handshake;
        SessionProtocol session = attempt == null ? null : attempt.session();
        SessionKeys candidate = attempt == null
                ? null
                : attempt.keysFor(packet, DataHeader.SERVER_RANDOM, DataHeader.SERVER_RANDOM_BYTES);
        if (attempt == null || candidate == null || session == null) {
            return DropReason.STALE;
        }
        keys = candidate;
        protocol = session;
        int opened = open(packet, PacketType.COOKIE_ACK);
        if (opened < 0) {
            candidate.close();
            keys = null;
            return DropReason.NOT_AUTHENTIC;
        }
        become(nowNanos, remote, attempt, packet.byteSize());
        return handleOpened(nowNanos, packet, opened, PacketType.COOKIE_ACK);
    }

    private void become(long nowNanos, Address remote, ClientHandshake attempt, long packetBytes) {
        if (shared.config().keyLog()) {
            byte[] random = attempt.clientRandom();
            attempt.logged().forEach(secret ->
                    shared.events().add(new Event.SecretDerived(secret.label(), random, secret.secret())));
        }
        HandshakeSummary summary = attempt.confirm(nowNanos, packetBytes);
        handshake = null;
        Path joined = shared.joinPath(remote, nowNanos);
        path = joined;
        joined.rtt().guess(summary.rttNanos());
        state = State.OPEN;
        // the early payload was packet 0, and stayed outside the path's account
        if (sent.next() == 0) {
            sent.onSent(nowNanos, 0, true);
        }
        shared.events().add(new Event.ChannelOpened(number, peer, remote, summary));
        sends.forEach(message -> shared.sends().setDeadline(message, replyDeadline(message)));
    }

    private void adopt(Settings settings) {
        remoteId = settings.channelId();
        peerIdleNanos = settings.idleNanos();
        peerMessageBytesMax = settings.messageBytesMax();
        outbox.onCredit(settings.creditBytes());
    }

    private Settings settings() {
        return new Settings(
                localId, shared.config().creditBytes(), shared.config().messageBytesMax(), idleNanos);
    }

    // ---- sending messages

    /// Takes a send.
    void send(Outgoing message) {
        message.assign(number);
        sends.put(message.ticket(), message);
        idleNanos = Math.max(idleNanos, message.options().idleNanos());
        if (message.options().replyWanted()) {
            HandlerId prompt = new HandlerId(HandlerClass.PROMPT, nextPrompt++);
            message.setReplyTo(prompt);
            replies.put(prompt.number(), message);
        }
        outbox.add(message);
    }

    /// Why this message cannot go on this channel; null when it can.
    @Nullable Outcome objection(Outgoing message) {
        if (state == State.OPEN && message.payload().byteSize() > peerMessageBytesMax) {
            return new Outcome.Refused(Refusal.TOO_LARGE);
        }
        if (message.options().replyWanted() && replies.size() >= Limits.REPLIES_WAITING_MAX) {
            return new Outcome.NotSent(Limits.REPLIES_WAITING_MAX + " messages wait for a reply on this channel");
        }
        int datagramMax = shared.config().datagramBytesMax() - Endpoint.DATAGRAM_OVERHEAD_BYTES;
        if (!message.options().retransmit() && message.payload().byteSize() > datagramMax) {
            return new Outcome.NotSent("a datagram of " + message.payload().byteSize() + " bytes; at most " + datagramMax);
        }
        return null;
    }

    /// When a message settles at the latest.
    long deadline(Outgoing message) {
        return state == State.CONNECTING
                ? Math.min(message.sentNanos() + message.options().connectTimeoutNanos(), replyDeadline(message))
                : replyDeadline(message);
    }

    private static long replyDeadline(Outgoing message) {
        return message.sentNanos() + message.options().replyTimeoutNanos();
    }

    /// What a send whose deadline has come settles as.
    Outcome outcomeAtDeadline(Outgoing message) {
        ClientHandshake attempt = handshake;
        return state == State.CONNECTING && attempt != null
                ? new Outcome.CouldNotConnect(attempt.failureAtDeadline())
                : new Outcome.ReplyTooLate(message.isDelivered());
    }

    /// Settles a send and forgets it.
    void settle(Outgoing message, Outcome outcome) {
        if (message.isSettled()) {
            return;
        }
        shared.sends().settle(message, outcome);
        outbox.cancel(message);
        sends.remove(message.ticket());
        if (message.options().replyWanted()) {
            replies.remove(message.replyTo() >>> 2);
        }
    }

    private void onDelivered(Outgoing message) {
        if (!message.isSettled() && !message.options().replyWanted()) {
            settle(message, new Outcome.Delivered());
        }
    }

    HandlerId openSessionHandler() {
        if (sessionHandlers.size() >= Limits.SESSION_HANDLERS_MAX) {
            throw new IllegalStateException("a channel has at most " + Limits.SESSION_HANDLERS_MAX + " session handlers");
        }
        HandlerId handler = new HandlerId(HandlerClass.SESSION, nextSessionHandler++);
        sessionHandlers.add(handler);
        return handler;
    }

    void closeSessionHandler(HandlerId handler) {
        sessionHandlers.remove(handler);
    }

    // ---- receiving

    /// Takes a DATA or COOKIE-ACK packet with our channel id.
    DropReason handlePacket(long nowNanos, Address remote, MemorySegment packet, int type) {
        if (packet.byteSize() < DataHeader.numberOffset(type) + 1 + DataHeader.SAMPLE_BYTES) {
            return DropReason.BAD_LENGTH;
        }
        if (state == State.CONNECTING) {
            return type == PacketType.COOKIE_ACK ? handleFirst(nowNanos, remote, packet) : DropReason.STALE;
        }
        if (state == State.CLOSED || (type == PacketType.COOKIE_ACK && !initiator)) {
            return DropReason.UNKNOWN_CHANNEL;
        }
        int opened = open(packet, type);
        if (opened < 0) {
            DropReason reason = opened == REPLAYED ? DropReason.REPLAYED : DropReason.NOT_AUTHENTIC;
            if (reason == DropReason.NOT_AUTHENTIC && ++authenticationFailures >= Limits.AUTHENTICATION_FAILURES_MAX) {
                offend(nowNanos, PeerOffence.AUTHENTICATION_FAILURES);
            }
            return reason;
        }
        return handleOpened(nowNanos, packet, opened, type);
    }

    private static final int REPLAYED = -2;
    private long openedNumber;

    //= docs/spec/04-protection.md R4.4
    /// Opens a packet in place.
    ///
    /// @return where its payload begins; negative when it did not open, or was seen before
    private int open(MemorySegment packet, int type) {
        SessionKeys with = requireNonNull(keys);
        int size = (int) packet.byteSize();
        int numberOffset = DataHeader.numberOffset(type);
        long mask = with.receive().headerMask(packet, size - DataHeader.SAMPLE_BYTES);
        int groups = DataHeader.unmask(packet, 0, numberOffset, mask);
        int payload = numberOffset + groups;
        if (groups == 0 || size - payload < with.receive().tagBytes()) {
            return -1;
        }
        long wire = DataHeader.wireNumber(packet, numberOffset, groups);
        openedNumber = konce.protocol.wire.WindowedInteger.decode(wire, groups, received.lowestAcceptable(groups));
        if (!received.isNew(openedNumber)) {
            return REPLAYED;
        }
        return with.receive().open(packet, 0, payload, size - payload, openedNumber) ? payload : -1;
    }

    private DropReason handleOpened(long nowNanos, MemorySegment packet, int payload, int type) {
        SessionKeys with = requireNonNull(keys);
        bytesReceived += packet.byteSize();
        packetsReceived++;
        heardNanos = nowNanos;
        if (state == State.CLOSING) {
            answerWhileClosing();
            return DropReason.NONE;
        }
        if (type == PacketType.DATA) {
            // the client has our server random: no packet needs to carry it any more
            serverRandom = null;
        }
        long offset = payload;
        long length = packet.byteSize() - payload - with.receive().tagBytes();
        if (type == PacketType.COOKIE_ACK) {
            ByteReader in = new ByteReader().wrap(packet, offset, length);
            Settings settings = Settings.read(in);
            if (!in.isOk()) {
                offend(nowNanos, PeerOffence.FRAME_MALFORMED);
                return DropReason.NONE;
            }
            adopt(settings);
            offset = in.position();
            length = in.remaining();
        }
        PeerOffence offence = handleFrames(nowNanos, openedNumber, packet, offset, length);
        if (offence != null) {
            offend(nowNanos, offence);
        }
        return DropReason.NONE;
    }

    private @Nullable PeerOffence handleFrames(long nowNanos, long packetNumber, MemorySegment packet, long offset, long length) {
        received.onReceived(nowNanos, packetNumber);
        PeerOffence offence = shared.reader().read(packet, offset, length, frames.at(nowNanos));
        if (offence == null && shared.reader().wasAckEliciting()) {
            received.onAckEliciting(nowNanos);
        }
        return offence;
    }

    LossRecovery recovery() {
        return recovery;
    }

    Path path() {
        Path at = path;
        if (at == null) {
            throw new IllegalStateException("an open channel has a path");
        }
        return at;
    }

    private final class Received implements Inbox.Receiver {
        @Override
        public void onMessage(long id, long handler, long replyTo, MemorySegment payload, long charge) {
            dispatch(id, handler, replyTo, payload, charge);
        }

        @Override
        public void onTooLarge(long id) {
            outbox.refuseMessage(id, Refusal.TOO_LARGE);
        }
    }

    //= docs/spec/07-messages.md R7.2
    private void dispatch(long id, long handlerCode, long replyCode, MemorySegment payload, long charge) {
        HandlerId handler = konce.protocol.wire.MessageSegment.handlerOf(handlerCode);
        HandlerId replyTo = replyCode == konce.protocol.wire.MessageSegment.NO_REPLY
                ? null
                : konce.protocol.wire.MessageSegment.handlerOf(replyCode);
        boolean known = switch (handler.handlerClass()) {
            case PROMPT -> takeReply(handler, replyTo, payload);
            case SESSION -> sessionHandlers.contains(handler);
            case DURABLE -> shared.durableHandlers().contains(handler);
        };
        if (!known && id >= 0) {
            outbox.refuseMessage(id, Refusal.NO_SUCH_HANDLER);
        } else if (!known && replyTo != null) {
            outbox.refuseReply(replyCode, Refusal.NO_SUCH_HANDLER);
        }
        if (known && handler.handlerClass() != HandlerClass.PROMPT) {
            shared.events().add(new Event.MessageArrived(number, handler, replyTo, payload, charge));
        } else {
            inbox.release(charge);
        }
    }

    /// Settles the send that waits at a prompt handler. A reply that comes too late is no reason to complain to the peer.
    private boolean takeReply(HandlerId handler, @Nullable HandlerId replyTo, MemorySegment payload) {
        Outgoing message = replies.find(handler.number());
        if (message == null) {
            return replyTo == null;
        }
        settle(message, new Outcome.Replied(number, payload, replyTo));
        return true;
    }

    void onRefused(boolean byHandler, long subject, Refusal why) {
        Outgoing message = byHandler ? replies.find(subject >>> 2) : outbox.find(subject);
        if (message != null) {
            settle(message, new Outcome.Refused(why));
        }
    }

    // ---- deadlines

    /// Does what is due.
    void handleDeadline(long nowNanos) {
        switch (state) {
            case CONNECTING -> connectDeadline(nowNanos);
            case OPEN -> openDeadline(nowNanos);
            case CLOSING -> {
                if (nowNanos - lingerNanos >= 0) {
                    end();
                }
            }
            case CLOSED -> {}
        }
    }

    private void connectDeadline(long nowNanos) {
        ClientHandshake attempt = requireNonNull(handshake);
        attempt.handleDeadline(nowNanos);
        ConnectFailure failure = attempt.failure(nowNanos);
        if (failure != null || sends.size() == 0) {
            abandon(new Outcome.CouldNotConnect(failure == null ? attempt.failureAtDeadline() : failure));
        }
    }

    private void openDeadline(long nowNanos) {
        if (recovery.isPeerGone(nowNanos)) {
            close(nowNanos, new CloseReason.PeerGone(), 0, "");
        } else if (nowNanos - heardNanos >= idleLimit()) {
            close(nowNanos, new CloseReason.Idle(), 0, "idle");
        } else {
            recovery.handleDeadline(nowNanos, path());
            //= docs/spec/06-flow.md R6.8
            pingDue |= keepAliveNanos() - nowNanos <= 0;
        }
    }

    private long idleLimit() {
        return Math.min(idleNanos, peerIdleNanos);
    }

    /// When to show the peer that we are still waiting; only while something is.
    private long keepAliveNanos() {
        return sends.size() == 0 || !sent.isEmpty()
                ? NEVER
                : Math.max(heardNanos, sent.newestSentNanos()) + idleLimit() / KEEP_ALIVE_FRACTION;
    }

    /// When [#handleDeadline] or [#transmit] has work next.
    long nextNanos() {
        return switch (state) {
            case CONNECTING -> requireNonNull(handshake).nextDeadlineNanos();
            case OPEN -> {
                long next = Math.min(heardNanos + idleLimit(), recovery.nextDeadlineNanos(path().rtt()));
                next = Math.min(next, Math.min(received.ackDueNanos(), pacedNanos));
                yield Math.min(next, Math.min(keepAliveNanos(), recovery.goneNanos()));
            }
            case CLOSING -> lingerNanos;
            case CLOSED -> NEVER;
        };
    }

    // ---- closing

    /// The peer broke a rule.
    void offend(long nowNanos, PeerOffence offence) {
        close(nowNanos, new CloseReason.Offence(offence), offence.code(), offence + ", " + offence.section());
    }

    /// Ends an open channel: a CLOSE goes out, and for a while again to whatever the peer still sends.
    void close(long nowNanos, CloseReason reason, int code, String text) {
        if (state != State.OPEN) {
            return;
        }
        settleAll(new Outcome.PeerGone(reason));
        state = State.CLOSING;
        closeCode = code;
        closeText = text;
        closeDue = true;
        lingerNanos = nowNanos + LINGER_PROBES * path().rtt().probeTimeoutNanos(Limits.ACK_DELAY_NANOS_MAX);
        shared.events().add(new Event.ChannelClosed(number, reason));
    }

    /// The peer closed.
    void onClosed(int code, String text) {
        if (state == State.OPEN) {
            CloseReason reason = new CloseReason.Remote(code, text);
            boolean refused = code > 0 && code <= Limits.CLOSE_REFUSAL_MAX;
            settleAll(
                    refused
                            ? new Outcome.CouldNotConnect(new ConnectFailure.Refused(code, text))
                            : new Outcome.PeerGone(reason));
            shared.events().add(new Event.ChannelClosed(number, reason));
            end();
        }
    }

    /// Gives up connecting.
    void abandon(Outcome outcome) {
        settleAll(outcome);
        end();
    }

    private void settleAll(Outcome outcome) {
        java.util.List<Outgoing> all = new java.util.ArrayList<>();
        sends.forEach(all::add);
        all.sort(java.util.Comparator.comparingLong(Outgoing::ticket));
        all.forEach(message -> settle(message, outcome));
    }

    /// Forgets everything at once.
    void end() {
        state = State.CLOSED;
        if (handshake != null) {
            handshake.close();
            handshake = null;
        }
        if (keys != null) {
            keys.close();
            keys = null;
        }
        if (path != null) {
            shared.leavePath(path, sent.bytesInFlight());
            path = null;
        }
    }

    private void answerWhileClosing() {
        closeAnswers++;
        closeDue |= Long.bitCount(closeAnswers) == 1;
    }

    // ---- transmitting

    /// Fills the next send.
    boolean transmit(long nowNanos, Transmit out) {
        return switch (state) {
            case CONNECTING -> transmitHandshake(nowNanos, out);
            case OPEN, CLOSING -> transmitPackets(nowNanos, out);
            case CLOSED -> false;
        };
    }

    private boolean transmitHandshake(long nowNanos, Transmit out) {
        ClientHandshake attempt = handshake;
        int bytes = attempt == null ? 0 : attempt.pollTransmit(nowNanos, out.buffer());
        if (attempt != null && bytes > 0) {
            out.fill(attempt.remote(), bytes, bytes);
        }
        return bytes > 0;
    }

    private boolean transmitPackets(long nowNanos, Transmit out) {
        int segment = path().datagramBytes();
        int total = 0;
        int last = segment;
        pacedNanos = NEVER;
        int most = Math.min(Limits.DATAGRAM_BYTES_MAX, segment * Endpoint.SEGMENTS_MAX);
        while (last == segment && segment >= PACKET_BYTES_MIN && total + segment <= most) {
            last = writePacket(nowNanos, out.buffer(), total, segment);
            if (total == 0) {
                segment = last;
            }
            total += last;
        }
        if (total > 0) {
            out.fill(path().remote(), total, segment);
            bytesSent += total;
        }
        return total > 0;
    }

    /// Writes one packet of at most `bytesMax` bytes.
    ///
    /// @return its bytes; 0 when there is nothing to send now
    private int writePacket(long nowNanos, MemorySegment buffer, int offset, int bytesMax) {
        boolean advertise = state == State.OPEN && (creditLost || inbox.mustAdvertise());
        boolean ack = received.hasUnacknowledged() && (received.ackDueNanos() <= nowNanos || outbox.hasDue());
        boolean data = mayPutData(nowNanos);
        if (!(closeDue || (state == State.OPEN && (advertise || ack || data || pingDue)))) {
            return 0;
        }
        SessionKeys with = keys;
        SessionProtocol session = protocol;
        if (with == null || session == null || sent.next() >= Limits.PACKETS_PER_KEY_MAX) {
            return 0;
        }
        skipNumber();
        PacketBuilder builder = shared.builder();
        MemorySegment random = serverRandom;
        ByteWriter out = builder.begin(buffer, offset, bytesMax, remoteId, random);
        long span = sent.next() - Math.min(sent.oldest(), recovery.largestAcked() + 1);
        builder.number(sent.next(), span, with.send());
        boolean eliciting = writeFrames(nowNanos, out, advertise, data);
        if (builder.isEmpty()) {
            return 0;
        }
        int bytes = builder.finish(with.send(), session);
        sent.onSent(nowNanos, bytes, eliciting);
        if (eliciting) {
            path().onSent(bytes);
            recovery.onSent(nowNanos);
        }
        return bytes;
    }

    /// Whether congestion control lets data go, and there is any. A probe goes even where it does not.
    private boolean mayPutData(long nowNanos) {
        if (state != State.OPEN) {
            return false;
        }
        if (recovery.isProbeDue()) {
            return true;
        }
        if (!outbox.hasDue() || !sent.hasRoom()) {
            return false;
        }
        if (path().sendable(nowNanos) >= path().datagramBytes()) {
            return true;
        }
        pacedNanos = path().readyNanos(nowNanos);
        return false;
    }

    /// @return whether the packet wants an acknowledgement
    private boolean writeFrames(long nowNanos, ByteWriter out, boolean advertise, boolean data) {
        if (serverRandom != null) {
            settings().write(out);
        }
        if (closeDue) {
            closeDue = false;
            FrameWriter.close(out, closeCode, closeText);
            return false;
        }
        boolean eliciting = false;
        if (received.hasAny() && (advertise || received.hasUnacknowledged())) {
            received.writeAck(nowNanos, out, inbox.granted());
            inbox.onAdvertised();
        }
        if (advertise) {
            creditLost = false;
            sent.add(CREDIT, 0, 0, 0);
        }
        boolean probe = recovery.takeProbe();
        if (data) {
            eliciting = outbox.writeFrames(out, sent);
        }
        if (!eliciting && (advertise || probe || pingDue)) {
            out.writeVarint(FrameType.PING);
            eliciting = true;
        }
        pingDue = false;
        return eliciting;
    }

    private void skipNumber() {
        if (sent.next() == nextSkip) {
            sent.skip();
            nextSkip += 1 + SKIP_EVERY_PACKETS + shared.random().nextLong(SKIP_EVERY_PACKETS);
        }
    }

    private final class Contents implements SentContents {
        @Override
        public void onAcked(int kind, long subject, long offset, int length) {
            if (kind != CREDIT) {
                outbox.onAcked(kind, subject, offset, length);
            }
        }

        @Override
        public void onLost(int kind, long subject, long offset, int length) {
            if (kind == CREDIT) {
                creditLost = true;
            } else {
                outbox.onLost(kind, subject, offset, length);
            }
        }
    }
}
