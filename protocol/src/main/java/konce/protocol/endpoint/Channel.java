package konce.protocol.endpoint;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import konce.crypto.PublicKey;
import konce.protocol.Address;
import konce.protocol.CloseReason;
import konce.protocol.ConnectFailure;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.GroupVisit;
import konce.protocol.HandshakeSummary;
import konce.protocol.Limits;
import konce.protocol.Observer;
import konce.protocol.Outcome;
import konce.protocol.PeerOffence;
import konce.protocol.handshake.ClientHandshake;
import konce.protocol.handshake.EarlyPayload;
import konce.protocol.handshake.ServerAgreement;
import konce.protocol.handshake.SessionKeys;
import konce.protocol.message.Outgoing;
import konce.protocol.path.Path;
import konce.protocol.wire.ByteReader;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.DataHeader;
import konce.protocol.wire.PacketType;
import konce.protocol.wire.ProcessTag;
import konce.protocol.wire.Settings;
import konce.protocol.wire.Ticket;
import org.jspecify.annotations.Nullable;

/// One channel: its life from the first INIT, or the accepted COOKIE-ECHO, to the end. What it says and hears is the
/// business of its [ChannelPackets] and [ChannelMessages].
///
/// - unit: nanoseconds of the endpoint's time
/// - source: docs/spec/03-handshake.md section 9, docs/spec/06-flow.md section 5
final class Channel extends Queued implements EarlyPayload {
    /// How far a channel is.
    private enum State {
        /// A client awaits a COOKIE-ACK that opens.
        CONNECTING,
        OPEN,
        /// We have closed; the peer may not know yet.
        CLOSING,
        CLOSED
    }

    private static final long NEVER = Long.MAX_VALUE;

    private final Shared shared;
    private final long number;
    private final @Nullable PublicKey peer;
    private final boolean initiator;
    private final long openedNanos;
    private final ChannelMessages messages;
    private final ChannelPackets packets;
    private final ChannelFrames frames;
    private State state = State.CONNECTING;
    private @Nullable Connecting connecting;
    private long clientRandomKey;
    private boolean isMember;
    private long cookieNanos;
    private ChannelTable.@Nullable Route route;
    private long attempt;
    private @Nullable GroupVisit visit;
    private final Idling idling;
    private @Nullable Farewell farewell;
    private long authenticationFailures;
    // made when a packet comes from elsewhere, or asks
    private @Nullable Whereabouts whereabouts;

    /// @param peer the peer's key; null where it is anonymous
    Channel(Shared shared, long number, @Nullable PublicKey peer, boolean initiator, long nowNanos) {
        this.shared = shared;
        this.number = number;
        this.peer = peer;
        this.initiator = initiator;
        long localId = shared.random().nextLong();
        openedNanos = nowNanos;
        messages = new ChannelMessages(shared, number);
        packets = new ChannelPackets(shared, messages, this, new ChannelIds(localId, initiator));
        idling = new Idling(packets, messages, initiator, shared.config(), nowNanos);
        attempt = initiator ? shared.random().nextLong() : 0;
        frames = new ChannelFrames(this);
    }

    // ---- plain questions

    long number() {
        return number;
    }

    ChannelIds ids() {
        return packets.ids();
    }

    boolean isConnecting() {
        return state == State.CONNECTING;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    /// Whether it takes sends.
    boolean isAlive() {
        return state == State.CONNECTING || state == State.OPEN;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    @Nullable
    ClientHandshake handshake() {
        return connecting == null ? null : connecting.handshake();
    }

    /// By what answers to its handshake find it.
    long clientRandomKey() {
        return clientRandomKey;
    }

    /// By what sends find it; null: it was made by the peer.
    ChannelTable.@Nullable Route route() {
        return route;
    }

    /// Packets that named this channel and did not open.
    long authenticationFailures() {
        return authenticationFailures;
    }

    /// As if so many had not opened: tests cannot wait for 2^36.
    void setAuthenticationFailures(long failures) {
        authenticationFailures = failures;
    }

    ChannelMessages messages() {
        return messages;
    }

    ChannelPackets packets() {
        return packets;
    }

    ChannelStatus status(long nowNanos) {
        return ChannelStatus.of(this, initiator, nowNanos - openedNanos, nowNanos - idling.heardNanos());
    }

    // ---- opening

    /// Starts as a client.
    void connect(ClientHandshake newHandshake, ChannelTable.Route newRoute) {
        connecting = new Connecting(shared, newHandshake);
        clientRandomKey = newHandshake.key();
        route = newRoute;
    }

    // = docs/spec/03-handshake.md R3.13
    @Override
    public int write(
            long nowNanos,
            MemorySegment packet,
            long offset,
            int bytesMin,
            int bytesMax,
            @Nullable List<ProcessTag> earlier) {
        if (earlier == null) {
            messages.settleBegun(new Outcome.CouldNotConnect(new ConnectFailure.NotConfirmed()));
        }
        ByteWriter out = new ByteWriter().wrap(packet, offset, bytesMax);
        packets.writeEarly(nowNanos, out, settings(earlier == null ? List.of() : earlier, null));
        out.writeZeros(Math.max(0, bytesMin - (out.position() - offset)));
        return (int) (out.position() - offset);
    }

    /// Starts as a server, with the keys agreed on and the client's settings.
    ///
    /// @param theirs read from the early payload
    void accept(long nowNanos, ServerAgreement agreement, SessionKeys keys, Settings theirs) {
        attempt = theirs.attempt();
        Observer observer = shared.sight().observer();
        if (observer != null) {
            observer.onChannelBegun(nowNanos, number, false);
        }
        Path path = shared.joinPath(agreement.remote(), nowNanos);
        packets.openAsServer(keys, agreement, path, settings(List.of(), agreement.ticket()));
        state = State.OPEN;
        adopt(nowNanos, theirs);
        visit = agreement.visit();
        cookieNanos = agreement.issuedNanos();
        isMember = !agreement.isStranger();
    }

    // = docs/spec/03-handshake.md R3.14
    /// The client has not heard us and tries again: the channel goes on under new keys; its inbox knows repeats.
    void acceptAgain(long nowNanos, ServerAgreement agreement, SessionKeys keys, Settings theirs) {
        Path path = shared.joinPath(agreement.remote(), nowNanos);
        packets.restartAsServer(keys, agreement, path);
        whereabouts = null; // = docs/spec/05-paths.md R5.25
        idling.onHeard(nowNanos);
        adopt(nowNanos, theirs);
        cookieNanos = agreement.issuedNanos();
        isMember = !agreement.isStranger();
        if (state == State.CLOSING) {
            packets.control().repeatClose();
        }
    }

    /// Takes the frames of an early payload: packet 0.
    @Nullable
    PeerOffence handleEarly(long nowNanos, ByteReader early) {
        if (state != State.OPEN) {
            return null;
        }
        PeerOffence offence = handleFrames(
                nowNanos, packets.path().remote(), 0, early.segment(), early.position(), early.remaining());
        // the client waits for a COOKIE-ACK whatever it sent; a reply that is quick goes with it
        packets.received().onAckEliciting(nowNanos);
        return offence;
    }

    /// What a client's settings call its attempt to connect.
    long attempt() {
        return attempt;
    }

    /// When the cookie was given out under which its client was accepted last.
    long cookieNanos() {
        return cookieNanos;
    }

    /// Whether this is a server's channel whose client has yet to be heard under its keys.
    boolean isUnconfirmed() {
        return packets.isUnconfirmed() && (state == State.OPEN || state == State.CLOSING);
    }

    /// Which private group its client came to; null: none.
    @Nullable
    GroupVisit visit() {
        return visit;
    }

    @Nullable
    PublicKey peer() {
        return peer;
    }

    /// Takes a COOKIE-ACK while connecting: if it opens, the channel is open.
    private DropReason handleFirst(long nowNanos, Address remote, MemorySegment packet, int ecn) {
        Connecting attempt = requireNonNull(connecting);
        int payload = attempt.open(remote, packet, packets);
        if (payload <= 0) {
            return DropReason.of(-payload);
        }
        HandshakeSummary summary = attempt.handshake().confirm(nowNanos, packet.byteSize());
        connecting = null;
        Path path = shared.joinPath(remote, nowNanos);
        path.rtt().guess(summary.rttNanos());
        packets.openAsClient(path);
        state = State.OPEN;
        shared.resting().rememberServer(nowNanos, peer, requireNonNull(route).identity(), remote, attempt.presence());
        shared.events().add(new Event.ChannelOpened(number, peer, remote, summary));
        messages.onOpen();
        packets.onOpened(nowNanos, packet, PacketType.COOKIE_ACK, ecn);
        return handleOpened(nowNanos, remote, packet, payload, PacketType.COOKIE_ACK);
    }

    private Settings settings(List<ProcessTag> earlier, @Nullable Ticket ticket) {
        return new Settings(
                ids().local(),
                attempt,
                shared.config().creditBytes(),
                shared.config().messageBytesMax(),
                idling.ownNanos(),
                shared.config().keys().postQuantum() ? Settings.ML_KEM_768 : Settings.NO_ENCAPSULATION,
                earlier,
                ticket);
    }

    private void adopt(long nowNanos, Settings settings) {
        ids().setRemote(settings.channelId());
        shared.acquaintances().keep(route, settings.ticket());
        idling.setPeerNanos(settings.idleNanos());
        messages.limit(settings.messageBytesMax());
        messages.outbox().onCredit(settings.creditBytes());
        // = docs/spec/04-protection.md R4.14
        // = docs/spec/04-protection.md R4.19
        if (shared.config().keys().postQuantum() && settings.encapsulation() == Settings.ML_KEM_768) {
            packets.renewal().agree(nowNanos, initiator, packets.keys());
        } else {
            messages.onClassical();
        }
    }

    /// Takes a step of the post-quantum exchange back that was computed.
    void handleJob(long nowNanos, EncapsulationJob job) {
        PeerOffence offence = packets.renewal().handleJob(job);
        if (offence != null) {
            offend(nowNanos, offence);
        } else if (state == State.OPEN) {
            packets.updateKeysIfDue();
        }
    }

    // ---- receiving

    /// Takes a DATA or COOKIE-ACK packet with our channel id.
    ///
    /// @param ecn how it came marked
    DropReason handlePacket(long nowNanos, Address remote, MemorySegment packet, int type, int ecn) {
        if (packet.byteSize() < DataHeader.numberOffset(type) + 1 + DataHeader.SAMPLE_BYTES) {
            return DropReason.BAD_LENGTH;
        }
        if (state == State.CONNECTING) {
            return type == PacketType.COOKIE_ACK ? handleFirst(nowNanos, remote, packet, ecn) : DropReason.STALE;
        }
        if (state == State.CLOSED || (type == PacketType.COOKIE_ACK && !initiator)) {
            return DropReason.UNKNOWN_CHANNEL;
        }
        int payload = packets.open(packet, type);
        if (payload == ChannelPackets.REPLAYED) {
            return DropReason.REPLAYED;
        }
        if (payload == ChannelPackets.NOT_AUTHENTIC) {
            // = docs/spec/04-protection.md R4.7
            authenticationFailures++;
            if (authenticationFailures >= Limits.AUTHENTICATION_FAILURES_MAX) {
                offend(nowNanos, PeerOffence.AUTHENTICATION_FAILURES);
            }
            return DropReason.NOT_AUTHENTIC;
        }
        rememberConfirmed(nowNanos, remote, type);
        packets.onOpened(nowNanos, packet, type, ecn);
        return handleOpened(nowNanos, remote, packet, payload, type);
    }

    private DropReason handleOpened(long nowNanos, Address remote, MemorySegment packet, int payload, int type) {
        idling.onHeard(nowNanos);
        boolean newest = packets.received().isNewest(packets.openedNumber());
        long id = DataHeader.channelId(packet);
        if (state == State.CLOSING) {
            // = docs/spec/06-flow.md R6.9
            if (requireNonNull(farewell).mayAnswer()) {
                packets.control().repeatClose();
            }
            return DropReason.NONE;
        }
        long offset = payload;
        long length = packets.payloadBytes(packet.byteSize(), payload);
        if (type == PacketType.COOKIE_ACK) {
            ByteReader in = new ByteReader().wrap(packet, offset, length);
            Settings settings = Settings.read(in);
            if (!in.isOk()) {
                offend(nowNanos, PeerOffence.FRAME_MALFORMED);
                return DropReason.NONE;
            }
            adopt(nowNanos, settings);
            offset = in.position();
            length = in.remaining();
        }
        PeerOffence offence = handleFrames(nowNanos, remote, packets.openedNumber(), packet, offset, length);
        if (offence != null) {
            offend(nowNanos, offence);
        } else if (state == State.OPEN) {
            if (newest) {
                packets.onNewest(id, remote);
            }
            follow(nowNanos, remote, packet.byteSize(), newest);
            packets.updateKeysIfDue();
        }
        return DropReason.NONE;
    }

    // = docs/spec/08-presence.md R8.6
    /// Our client is heard under its keys for the first time: it is known which of several handshakes it took.
    private void rememberConfirmed(long nowNanos, Address remote, int type) {
        if (!initiator && isMember && state == State.OPEN && type == PacketType.DATA && packets.isUnconfirmed()) {
            shared.resting()
                    .rememberClient(
                            nowNanos, peer, visit, remote, packets.keys().presence());
        }
    }

    // = docs/spec/05-paths.md R5.17
    private void follow(long nowNanos, Address remote, long bytes, boolean newest) {
        if (!initiator && (whereabouts != null || !remote.equals(packets.path().remote()))) {
            whereabouts().onOpened(nowNanos, remote, bytes, newest);
        }
    }

    Whereabouts whereabouts() {
        if (whereabouts == null) {
            whereabouts = new Whereabouts(packets, shared.random());
        }
        return whereabouts;
    }

    /// Our own address has changed; `renewed` are paths that begin anew.
    void onMoved(long nowNanos, Set<Path> renewed) {
        if (state == State.OPEN) {
            idling.keepAlive().onTalk();
            packets.moveFrom(shared.renewPath(packets.path(), renewed, nowNanos));
        }
    }

    KeepAlive keepAlive() {
        return idling.keepAlive();
    }

    private @Nullable PeerOffence handleFrames(
            long nowNanos, Address remote, long packetNumber, MemorySegment packet, long offset, long length) {
        packets.received().onReceived(nowNanos, packetNumber);
        Observer observer = shared.sight().ofPackets();
        if (observer != null) {
            Sight sight = shared.sight().packet(number, kind(packetNumber, packet), packetNumber, packet.byteSize());
            observer.onPacketReceived(nowNanos, sight.frames(packet, offset, length));
        }
        PeerOffence offence = shared.reader().read(packet, offset, length, frames.at(nowNanos, remote));
        messages.outbox().tellDelivered();
        packets.marks().onRead();
        if (offence == null && shared.reader().wasAckEliciting()) {
            packets.received().onAckEliciting(nowNanos);
        }
        return offence;
    }

    private static Observer.Kind kind(long packetNumber, MemorySegment packet) {
        if (packetNumber == 0) {
            return Observer.Kind.COOKIE_ECHO;
        }
        boolean first = (packet.get(ValueLayout.JAVA_BYTE, 0) & PacketType.TYPE_MASK) == PacketType.COOKIE_ACK;
        return first ? Observer.Kind.COOKIE_ACK : Observer.Kind.DATA;
    }

    /// Has the keys renewed as soon as that may be, if it is open.
    void updateKeys() {
        if (state == State.OPEN) {
            packets.renewal().want();
            packets.updateKeysIfDue();
        }
    }

    // ---- sending

    /// Takes a send there is no objection to.
    ///
    /// @return when it settles at the latest
    long send(Outgoing message) {
        messages.send(message);
        idling.onSend(message.options());
        long reply = ChannelMessages.replyDeadline(message);
        return state == State.CONNECTING
                ? Math.min(message.sentNanos() + message.options().connectTimeoutNanos(), reply)
                : reply;
    }

    /// What a send whose deadline has come settles as.
    Outcome outcomeAtDeadline(Outgoing message) {
        ClientHandshake attempt = handshake();
        return attempt != null
                ? new Outcome.CouldNotConnect(attempt.failureAtDeadline())
                : new Outcome.ReplyTooLate(message.isDelivered());
    }

    /// Fills the next send.
    boolean transmit(long nowNanos, Transmit out) {
        return switch (state) {
            case CONNECTING -> requireNonNull(connecting).transmit(nowNanos, out);
            case OPEN -> (whereabouts != null && whereabouts.transmit(nowNanos, out)) || transmitPackets(nowNanos, out);
            case CLOSING -> transmitPackets(nowNanos, out);
            case CLOSED -> false;
        };
    }

    private boolean transmitPackets(long nowNanos, Transmit out) {
        // = docs/spec/04-protection.md R4.8
        if (state == State.OPEN && packets.keys().isExhausted(packets.sent().next())) {
            close(nowNanos, new CloseReason.KeysExhausted(), 0, "keys exhausted");
        }
        boolean filled = packets.transmit(nowNanos, out, state == State.OPEN);
        if (filled) {
            idling.onSpoken();
        }
        return filled;
    }

    // ---- deadlines

    /// Does what is due.
    void handleDeadline(long nowNanos) {
        switch (state) {
            case CONNECTING -> handleConnectDeadline(nowNanos);
            case OPEN -> handleOpenDeadline(nowNanos);
            case CLOSING -> {
                if (nowNanos - requireNonNull(farewell).endNanos() >= 0) {
                    end();
                }
            }
            case CLOSED -> {}
        }
    }

    private void handleConnectDeadline(long nowNanos) {
        ClientHandshake attempt = requireNonNull(handshake());
        attempt.handleDeadline(nowNanos);
        ConnectFailure failure = attempt.failure(nowNanos);
        if (failure != null || messages.sendsOpen() == 0) {
            abandon(new Outcome.CouldNotConnect(failure == null ? attempt.failureAtDeadline() : failure));
        }
    }

    private void handleOpenDeadline(long nowNanos) {
        if (packets.recovery().isPeerGone(nowNanos)) {
            close(nowNanos, new CloseReason.PeerGone(), 0, "");
            // = docs/spec/06-flow.md R6.17
        } else if (nowNanos - idling.endNanos() >= 0) {
            close(nowNanos, new CloseReason.Idle(), 0, "idle");
        } else {
            packets.handleDeadline(nowNanos);
            // = docs/spec/06-flow.md R6.8
            long ping = idling.pingNanos();
            if (ping != NEVER && nowNanos - ping >= 0) {
                keepAlive().onPing();
                packets.control().ping();
            }
            idling.mayRest(nowNanos);
        }
    }

    /// When [#handleDeadline] or [#transmit] has work next.
    long nextNanos() {
        return switch (state) {
            case CONNECTING -> requireNonNull(handshake()).nextDeadlineNanos();
            case OPEN -> {
                long next = Math.min(packets.nextNanos(), idling.nextNanos());
                yield whereabouts == null ? next : Math.min(next, whereabouts.nextDeadlineNanos());
            }
            case CLOSING -> requireNonNull(farewell).endNanos();
            case CLOSED -> NEVER;
        };
    }

    // ---- closing

    /// The peer broke a rule.
    void offend(long nowNanos, PeerOffence offence) {
        shared.acquaintances().offended(initiator ? null : peer);
        close(nowNanos, new CloseReason.Offence(offence), offence.code(), offence + ", " + offence.section());
    }

    /// Ends an open channel: a CLOSE goes out, and for a while again to whatever the peer still sends.
    void close(long nowNanos, CloseReason reason, int code, String text) {
        if (state != State.OPEN) {
            return;
        }
        messages.settleAll(new Outcome.PeerGone(reason));
        state = State.CLOSING;
        packets.sayClose(code, text);
        farewell = new Farewell(nowNanos, packets);
        shared.events().add(new Event.ChannelClosed(number, reason));
    }

    /// The peer closed.
    void onClosed(int code, String text) {
        if (state == State.OPEN) {
            CloseReason reason = new CloseReason.Remote(code, text);
            ConnectFailure refusal = Farewell.refusal(code, text);
            messages.settleAll(refusal == null ? new Outcome.PeerGone(reason) : new Outcome.CouldNotConnect(refusal));
            shared.events().add(new Event.ChannelClosed(number, reason));
            end();
        }
    }

    /// Gives up connecting.
    void abandon(Outcome outcome) {
        messages.settleAll(outcome);
        end();
    }

    /// Forgets everything at once.
    void end() {
        Observer observer = shared.sight().observer();
        if (observer != null && state != State.CLOSED) {
            observer.onChannelEnded(number);
        }
        state = State.CLOSED;
        if (connecting != null) {
            connecting.handshake().close();
            connecting = null;
        }
        messages.inbox().end();
        packets.end();
    }
}
