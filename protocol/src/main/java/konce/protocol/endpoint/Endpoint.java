package konce.protocol.endpoint;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.List;
import konce.crypto.PublicKey;
import konce.crypto.RandomSource;
import konce.crypto.Secret;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.AtRest;
import konce.protocol.CloseReason;
import konce.protocol.ConnectFailure;
import konce.protocol.DropReason;
import konce.protocol.Ecn;
import konce.protocol.Event;
import konce.protocol.HandlerClass;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.Observer;
import konce.protocol.Outcome;
import konce.protocol.PrivateGroup;
import konce.protocol.Refusal;
import konce.protocol.SendOptions;
import konce.protocol.ServerConfig;
import konce.protocol.Target;
import konce.protocol.handshake.ClientHandshake;
import konce.protocol.handshake.ServerAgreement;
import konce.protocol.handshake.ServerHandshake;
import konce.protocol.message.Outgoing;
import konce.protocol.path.Path;
import konce.protocol.table.DeadlineHeap;
import konce.protocol.wire.DataHeader;
import konce.protocol.wire.Init;
import konce.protocol.wire.MessageSegment;
import konce.protocol.wire.PacketType;
import konce.protocol.wire.ProtocolOffer;
import org.jspecify.annotations.Nullable;

/// All protocol state behind one UDP socket. It is told the time and given randomness; it owns no socket, clock or
/// thread, and one thread at a time may call it.
///
/// Its methods are of four kinds. A. Inputs from the network and the clock, named `handle…`. B. Commands of the
/// application: [#send], [#cancel], [#release], [#refuse], [#openHandler], [#closeHandler], [#updateKeys],
/// [#closeChannel]. C. Outputs, named `poll…`, and [#nextDeadlineNanos]. D. Plain questions.
///
/// After every call of kind A or B the driver drains it: [#pollJob] until null, [#pollEvent] until null,
/// [#pollTransmit] until false, then [#nextDeadlineNanos].
///
/// - unit: every `nowNanos` is the driver's steady time in nanoseconds; it never goes backwards
/// - error: a peer's doing never throws; a caller's mistake throws an unchecked exception with the values in it
public final class Endpoint implements AutoCloseable {
    /// [#nextDeadlineNanos] when there is none.
    public static final long NO_DEADLINE = DeadlineHeap.NONE;

    /// Datagrams in one [Transmit]: what kernels segment in one go.
    static final int SEGMENTS_MAX = 64;

    /// What a datagram's packet and frame take at most beside its payload.
    static final int DATAGRAM_OVERHEAD_BYTES = 96;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final Shared shared;
    private final ProtocolOffer ours;
    private final @Nullable ServerSide server;
    private final Replies replies = new Replies();
    private final ChannelTable channels;
    private final ArrayDeque<Channel> ready = new ArrayDeque<>();
    private final JobQueue jobs = new JobQueue();
    private final long[] dropped = new long[DropReason.COUNT];

    /// @param vault where its secrets live; not closed by it
    public Endpoint(EndpointConfig config, Vault vault, RandomSource random, long nowNanos) {
        shared = Shared.of(config, vault, random);
        ours = ProtocolOffer.of(config.handshakeProtocols(), config.sessionProtocols());
        long spread = random.nextLong();
        channels = new ChannelTable(spread);
        ServerConfig serving = config.server();
        if (serving == null) {
            server = null;
        } else {
            ServerHandshake handshake = new ServerHandshake(serving, ours, config.keyLog(), vault, random, nowNanos);
            RecentAttempts attempts = new RecentAttempts(spread);
            server = new ServerSide(shared, serving, handshake, channels, attempts, replies);
            shared.acquaintances().onOffence(handshake::onOffence);
        }
    }

    /// Tells what the driver's interfaces take; without, it is what the configuration allows. Holds for paths made
    /// from
    /// now on.
    public void limitDatagrams(LinkLimits limits) {
        shared.links().limit(limits);
    }

    /// Shows what it does from now on to an observer.
    public void observe(Observer observer) {
        shared.sight().set(observer);
    }

    /// Keeps peers between channels from now on. Once.
    ///
    /// @param countMax how many, up to [Limits#PRESENCES_MAX]
    public void keepPresences(int countMax) {
        keepPresences(countMax, 0);
    }

    /// The same, for a time.
    ///
    /// @param idleNanos how long one may be silent before it is forgotten; 0: while there is room
    public void keepPresences(int countMax, long idleNanos) {
        shared.resting().keep(countMax, idleNanos, shared);
    }

    /// Forgets a peer at rest: what comes next between the two takes a handshake.
    ///
    /// @param identities of ours that it may know us by, where we are the client
    public void forgetPeer(PublicKey peer, List<PublicKey> identities) {
        shared.resting().forgetPeer(peer, identities);
    }

    // = docs/spec/17-private-groups.md R17.8
    /// Is the gate of these private groups from now on, and of no others: channels that came under an invitation
    /// which
    /// holds no more are closed, and its members forgotten.
    ///
    /// @param groups their keys and secrets stay open for as long as the endpoint
    public void serveGroups(long nowNanos, List<PrivateGroup> groups) {
        if (server == null) {
            throw new IllegalStateException("groups need a server");
        }
        server.serveGroups(nowNanos, groups, this::touch);
    }

    /// Remembers a peer at rest as if a handshake had agreed on `seed`, which both sides must know and nobody else.
    /// For
    /// measurements alone: whoever does it twice with the same seed has packet numbers used twice.
    ///
    /// @param identity which of ours the peer knows, where we are the client; null: we are the server
    /// @param seed 32 bytes; not closed
    /// @return whether there was room
    public boolean plant(long nowNanos, PublicKey peer, @Nullable PublicKey identity, Address remote, Secret seed) {
        return shared.resting().plant(nowNanos, peer, identity, remote, seed);
    }

    // ---- A. inputs

    /// Takes a datagram.
    ///
    /// @param datagram native memory; may be overwritten by decryption; not kept after the call
    /// @return [DropReason#NONE], or why it was dropped
    public DropReason handleDatagram(long nowNanos, Address remote, MemorySegment datagram) {
        return handleDatagram(nowNanos, remote, datagram, Ecn.NOT_ECT);
    }

    /// As [#handleDatagram(long,Address,MemorySegment)], where the system says how it came marked.
    ///
    /// @param ecn one of [Ecn]
    public DropReason handleDatagram(long nowNanos, Address remote, MemorySegment datagram, int ecn) {
        DropReason reason = dispatch(nowNanos, remote, datagram, ecn);
        dropped[reason.ordinal()]++;
        return reason;
    }

    // = docs/spec/02-packets.md R2.5
    private DropReason dispatch(long nowNanos, Address remote, MemorySegment datagram, int ecn) {
        long size = datagram.byteSize();
        if (size == 0) {
            return DropReason.EMPTY;
        }
        if (size > Limits.DATAGRAM_BYTES_MAX || size < 1 + Init.CLIENT_RANDOM_BYTES) {
            return DropReason.BAD_LENGTH;
        }
        if (shared.events().size() >= Limits.EVENTS_MAX) {
            return DropReason.BUSY;
        }
        int first = datagram.get(ValueLayout.JAVA_BYTE, 0) & 0xFF;
        return switch (first) {
            case PacketType.INIT, PacketType.COOKIE_ECHO ->
                server == null
                        ? DropReason.UNKNOWN_TYPE
                        : server.handleDatagram(nowNanos, remote, datagram, first == PacketType.INIT);
            case PacketType.INIT_ACK, PacketType.INIT_ACK_LISTS, PacketType.KEY_CHANGE ->
                handleAnswer(nowNanos, remote, datagram, first);
            default -> handleSealed(nowNanos, remote, datagram, first & PacketType.TYPE_MASK, ecn);
        };
    }

    private DropReason handleAnswer(long nowNanos, Address remote, MemorySegment datagram, int type) {
        Channel channel = channels.findByClientRandom(datagram.get(LONG, Init.CLIENT_RANDOM));
        ClientHandshake handshake = channel == null ? null : channel.handshake();
        if (channel == null || handshake == null) {
            return DropReason.UNKNOWN_CHANNEL;
        }
        DropReason reason = switch (type) {
            case PacketType.INIT_ACK -> handshake.handleInitAck(nowNanos, remote, datagram);
            case PacketType.INIT_ACK_LISTS -> handshake.handleLists(nowNanos, remote, datagram);
            default -> handshake.handleKeyChange(nowNanos, remote, datagram);
        };
        channel.handleDeadline(nowNanos);
        touch(channel);
        return reason;
    }

    private DropReason handleSealed(long nowNanos, Address remote, MemorySegment datagram, int type, int ecn) {
        if (type != PacketType.DATA && type != PacketType.COOKIE_ACK) {
            return DropReason.UNKNOWN_TYPE;
        }
        Channel channel = channels.findByLocalId(DataHeader.channelId(datagram));
        if (channel == null) {
            return shared.resting().handlePacket(nowNanos, remote, datagram, type);
        }
        boolean wasConnecting = channel.isConnecting();
        DropReason reason = channel.handlePacket(nowNanos, remote, datagram, type, ecn);
        if (wasConnecting && !channel.isConnecting()) {
            channels.onConnected(channel);
        }
        touch(channel);
        return reason;
    }

    /// Does what is due. Harmless when nothing is.
    public void handleDeadline(long nowNanos) {
        if (server != null) {
            server.handshake().handleDeadline(nowNanos);
        }
        for (Outgoing due = shared.sends().pollDue(nowNanos);
                due != null;
                due = shared.sends().pollDue(nowNanos)) {
            // never null: a channel settles its sends before it ends
            Channel channel = requireNonNull(channels.find(due.channel()));
            channel.messages().settle(due, channel.outcomeAtDeadline(due));
            // an attempt to connect that nobody waits for any more ends at once
            channel.handleDeadline(nowNanos);
            touch(channel);
        }
        for (Channel due = shared.deadlines().pollDue(nowNanos);
                due != null;
                due = shared.deadlines().pollDue(nowNanos)) {
            due.handleDeadline(nowNanos);
            touch(due);
        }
        shared.turns().handleDeadline(nowNanos);
        shared.resting().handleDeadline(nowNanos);
    }

    // = docs/spec/05-paths.md R5.19
    /// Its own address has changed: the channels it has made go on from there. Peers follow nobody they connected
    /// to.
    public void handleMoved(long nowNanos) {
        channels.move(nowNanos, this::touch);
    }

    /// Takes a job back that has run.
    public void handleJob(long nowNanos, Job job) {
        switch (job) {
            case AgreementJob(ServerAgreement agreement) -> {
                DropReason reason = requireNonNull(server).finish(nowNanos, agreement, this::touch);
                if (reason != DropReason.NONE) {
                    dropped[reason.ordinal()]++;
                }
            }
            case EncapsulationJob step -> {
                Channel channel = channels.handleJob(nowNanos, step);
                if (channel != null) {
                    touch(channel);
                }
            }
            case ClientJob(long number, Runnable body) -> {
                Channel channel = channels.find(number);
                ClientHandshake handshake = channel == null ? null : channel.handshake();
                if (channel == null || handshake == null) {
                    ClientHandshake.discard(body);
                } else {
                    handshake.handleJob(nowNanos, body);
                    touch(channel);
                }
            }
        }
    }

    // ---- B. commands

    /// Sends a message.
    ///
    /// @param payload its bytes; must not change until the send has settled
    /// @return the ticket its [Event.MessageSettled] will carry, always exactly one, also when it could not be sent
    public long send(long nowNanos, Target target, HandlerId handler, MemorySegment payload, SendOptions options) {
        long ticket = shared.sends().nextTicket();
        String refusal = shared.sends().refusal(payload.byteSize());
        if (refusal != null) {
            shared.sends().refuse(ticket, new Outcome.NotSent(refusal));
            return ticket;
        }
        Outgoing message = new Outgoing(ticket, handler, payload, options, nowNanos);
        switch (target) {
            case Target.Channel(long number)
            when number < 0 ->
                shared.sends()
                        .refuse(
                                ticket,
                                shared.isMarked(options)
                                        ? new Outcome.NotSent(ChannelMessages.CLASSICAL)
                                        : shared.resting().reply(number, handler, payload));
            case Target.Channel(long number) -> {
                Channel channel = channels.find(number);
                if (channel == null || !channel.isAlive()) {
                    shared.sends().refuse(ticket, new Outcome.NotSent("channel " + number + " has ended"));
                } else {
                    sendOn(channel, message);
                }
            }
            case Target.Peer peer -> sendTo(nowNanos, shared.resting().located(peer), message);
        }
        return ticket;
    }

    private void sendTo(long nowNanos, Target.Peer peer, Outgoing message) {
        ChannelTable.Route route = ChannelTable.Route.of(peer);
        Channel channel = channels.findByRoute(route);
        if (channel == null || !channel.isAlive()) {
            // = docs/spec/04-protection.md R4.21
            if (!shared.isMarked(message.options()) && shared.resting().send(nowNanos, peer, message)) {
                return;
            }
            ConnectFailure failure = peer.addresses().isEmpty()
                    ? new ConnectFailure.NoAddress()
                    : channels.connecting() >= Limits.CONNECTS_MAX || channels.size() >= Limits.CHANNELS_MAX
                            ? new ConnectFailure.Busy()
                            : null;
            if (failure != null) {
                shared.sends().refuse(message.ticket(), new Outcome.CouldNotConnect(failure));
                return;
            }
            channel = connect(nowNanos, peer, route);
        }
        sendOn(channel, message);
    }

    private Channel connect(long nowNanos, Target.Peer peer, ChannelTable.Route route) {
        Channel channel = new Channel(shared, channels.nextNumber(), peer.key(), true, nowNanos);
        Observer observer = shared.sight().observer();
        if (observer != null) {
            observer.onChannelBegun(nowNanos, channel.number(), true);
        }
        channel.connect(shared.handshake(nowNanos, peer, ours, channel.number(), channel), route);
        channels.add(channel);
        return channel;
    }

    private void sendOn(Channel channel, Outgoing message) {
        Outcome objection = channel.messages().objection(message);
        if (objection != null) {
            shared.sends().refuse(message.ticket(), objection);
            return;
        }
        shared.sends().add(message, channel.send(message));
        touch(channel);
    }

    /// Gives a send up: it settles as cancelled, unless it already has settled.
    public void cancel(long nowNanos, long ticket) {
        Outgoing message = shared.sends().find(ticket);
        Channel channel = message == null ? null : channels.find(message.channel());
        if (message == null) {
            shared.resting().cancel(ticket);
        } else if (channel != null) {
            channel.messages().settle(message, new Outcome.Cancelled());
            channel.handleDeadline(nowNanos);
            touch(channel);
        }
    }

    /// Says that a message that arrived is done with: its credit goes back to the peer. Once per message.
    public void release(long nowNanos, long number, long credit) {
        Channel channel = channels.find(number);
        if (channel != null) {
            channel.messages().inbox().release(credit);
            touch(channel);
        } else if (credit > 0) {
            // the channel is gone; what it handed up was held all the same
            shared.held().remove(credit - Limits.MESSAGE_OVERHEAD_BYTES);
        }
    }

    /// Gives the memory of a message that arrived back, for a later one. Nobody may use it any more.
    ///
    /// @param payload as the message's event had it
    public void giveBack(MemorySegment payload) {
        if (payload.heapBase().orElse(null) instanceof byte[] memory && memory.length == payload.byteSize()) {
            shared.held().giveBack(memory);
        }
    }

    /// Tells the peer that its message, which waits for a reply at `replyTo`, is not taken.
    public void refuse(long nowNanos, long number, HandlerId replyTo, Refusal why) {
        Channel channel = channels.find(number);
        if (channel != null) {
            channel.messages().outbox().refuseReply(MessageSegment.codeOf(replyTo), why);
            touch(channel);
        } else {
            shared.resting().refuse(number, replyTo, why);
        }
    }

    /// Lets messages for a durable handler in, from any channel. Messages for others are refused.
    public void openHandler(HandlerId handler) {
        if (handler.handlerClass() != HandlerClass.DURABLE) {
            throw new IllegalArgumentException(handler + " is not durable; session handlers are made on their channel");
        }
        shared.durableHandlers().add(handler);
    }

    /// Makes a session handler on a channel.
    ///
    /// @return its number, to be told to the peer
    /// @throws IllegalStateException when the channel has ended, or has too many
    public HandlerId openSessionHandler(long number) {
        Channel channel = channels.find(number);
        if (channel == null || !channel.isAlive()) {
            throw new IllegalStateException("channel " + number + " has ended");
        }
        return channel.messages().openSessionHandler();
    }

    /// Closes a durable handler (any channel), or with a channel a session handler.
    public void closeHandler(long number, HandlerId handler) {
        Channel channel = channels.find(number);
        if (handler.handlerClass() == HandlerClass.DURABLE) {
            shared.durableHandlers().remove(handler);
        } else if (channel != null) {
            channel.messages().closeSessionHandler(handler);
        }
    }

    /// Closes a channel in order: a CLOSE is sent, open sends settle as [konce.protocol.Outcome.PeerGone].
    ///
    /// @param code 0 for an orderly end
    public void closeChannel(long nowNanos, long number, int code, String text) {
        Channel channel = channels.find(number);
        if (channel != null) {
            if (channel.isConnecting()) {
                channel.abandon(new Outcome.Cancelled());
            } else {
                channel.close(nowNanos, new CloseReason.Local(), code, text);
            }
            touch(channel);
        }
    }

    /// Has a channel's keys renewed, in both directions, as soon as the peer has followed the last time. A channel
    /// that
    /// is not open has none.
    public void updateKeys(long number) {
        Channel channel = channels.find(number);
        if (channel != null) {
            channel.updateKeys();
            touch(channel);
        }
    }

    // ---- C. outputs

    /// Fills the next send.
    ///
    /// @return false when there is nothing to send now
    public boolean pollTransmit(long nowNanos, Transmit out) {
        if (replies.poll(out) || shared.resting().poll(out) || transmitInTurn(nowNanos, out)) {
            return true;
        }
        for (Channel channel = ready.poll(); channel != null; channel = ready.poll()) {
            boolean filled = channel.transmit(nowNanos, out);
            if (filled) {
                ready.add(channel);
                return true;
            }
            channel.setQueued(false);
            if (channel.isClosed()) {
                forget(channel);
            } else {
                shared.deadlines().setAtMost(channel, channel.nextNanos());
            }
        }
        return false;
    }

    /// The next event; null when there is none.
    public @Nullable Event pollEvent() {
        return shared.events().poll();
    }

    /// The next job to run; null when there is none. Agreements of a server come in order of their effort, and only
    /// so
    /// many at once; the others wait here until some have come back.
    public @Nullable Job pollJob() {
        Job job = jobs.poll();
        return job != null || server == null ? job : server.pollJob();
    }

    /// By when [#handleDeadline] or [#pollTransmit] may have work; [#NO_DEADLINE] for never. It may come early, and
    /// then there is none: a deadline that moves away with every packet is not looked up again for each.
    public long nextDeadlineNanos() {
        long next = Math.min(shared.deadlines().nextNanos(), shared.sends().nextDeadlineNanos());
        next = Math.min(
                Math.min(next, shared.turns().nextNanos()), shared.resting().nextDeadlineNanos());
        return server == null ? next : Math.min(next, server.handshake().nextDeadlineNanos());
    }

    // ---- D. plain questions

    /// How many datagrams were dropped for this reason; for [DropReason#NONE], how many were not.
    public long dropped(DropReason reason) {
        return dropped[reason.ordinal()]
                + (server == null ? 0 : server.handshake().shed(reason));
    }

    /// The work this server asks of whoever burdens nobody, in expected hashes.
    public long effort() {
        return server == null ? 0 : server.handshake().effort();
    }

    /// Cookies given out since the start.
    public long cookiesIssued() {
        return server == null ? 0 : server.handshake().cookiesIssued();
    }

    /// The peers it keeps between channels.
    public AtRest atRest() {
        return shared.resting().count();
    }

    /// Live figures of every open channel, for `konce show`.
    public List<ChannelStatus> channels(long nowNanos) {
        return channels.statuses(nowNanos);
    }

    @Nullable
    Channel channel(long number) {
        return channels.find(number);
    }

    /// Wipes every secret. Sends that are open do not settle; say goodbye with [#closeChannel] first.
    @Override
    public void close() {
        channels.forEach(Channel::end);
        shared.resting().end();
        if (server != null) {
            server.close();
        }
    }

    // ---- bookkeeping

    private void touch(Channel channel) {
        channels.list(channel);
        jobs.collect(channel);
        if (!channel.isQueued()) {
            channel.setQueued(true);
            ready.add(channel);
        }
    }

    /// Lets those send whom their paths had stopped, in their order.
    private boolean transmitInTurn(long nowNanos, Transmit out) {
        Path.Waiter next = shared.turns().next(nowNanos);
        while (next != null) {
            boolean filled = next instanceof Channel channel && channel.transmit(nowNanos, out);
            shared.turns().end();
            if (next instanceof Channel channel) {
                touch(channel);
            }
            if (filled) {
                return true;
            }
            next = shared.turns().next(nowNanos);
        }
        return false;
    }

    private void forget(Channel channel) {
        if (channels.remove(channel)) {
            shared.deadlines().set(channel, DeadlineHeap.NONE);
        }
    }
}
