package konce.simulator.world;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import konce.crypto.PublicKey;
import konce.crypto.SecretKey;
import konce.protocol.CloseReason;
import konce.protocol.ConnectFailure;
import konce.protocol.Event;
import konce.protocol.HandlerClass;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.Refusal;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import konce.simulator.check.ChannelChecker;
import konce.simulator.check.Letter;
import konce.simulator.check.LetterChecker;
import konce.simulator.check.Rule;
import konce.simulator.clock.Dice;
import konce.simulator.plan.Manners;
import konce.simulator.plan.Timing;
import konce.simulator.plan.Workload;
import org.jspecify.annotations.Nullable;

/// Who uses an endpoint: writes letters, takes them, replies, refuses, cancels, closes. Every host's is of this kind;
/// only clients begin of their own accord.
final class Correspondent implements Host.User {
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;

    /// Where everybody takes letters.
    private static final HandlerId DOOR = HandlerId.wellKnown(1);

    /// Durable handlers made for one letter have numbers from here on.
    private static final long OWN_DOORS = Limits.WELL_KNOWN_HANDLERS;

    /// Durable handlers that nobody makes.
    private static final long NO_DOORS = 1L << 40;

    /// Share of letters that get a handler of their own although they could do without.
    private static final double OWN_DOOR = 0.1;

    /// How long a probe may take before another is sent.
    private static final long PROBE_NANOS = 35 * SECOND;

    /// The longest a hurried send gives itself.
    private static final int HURRY_NANOS_MAX = Integer.MAX_VALUE;

    /// A message to a session handler that a reply named.
    private record Invitation(Letter letter, HandlerId handler) {}

    private final World world;
    private final Host host;
    private final int index;
    private final List<SecretKey> identities;
    private final Dice dice;
    private final Set<HandlerId> doors = new LinkedHashSet<>();
    private ChannelChecker channels;
    private long openedBefore;
    private int lives;
    private final Map<Long, Long> openSends = new HashMap<>();
    private final Map<Long, Long> ticketChannels = new HashMap<>();
    private final Map<Letter, Invitation> invitations = new HashMap<>();
    private int toBegin;
    private boolean probing;
    private boolean content;

    /// @param identities the keys a client may show; of no use to a server
    Correspondent(World world, Host host, int index, List<SecretKey> identities, Dice dice) {
        this.world = world;
        this.host = host;
        this.index = index;
        this.identities = identities;
        this.dice = dice;
        channels = new ChannelChecker(world.findings(), host.name());
        host.use(this);
    }

    /// Opens its door and, at a client, plans its letters.
    void begin() {
        openDoor(DOOR);
        if (index == 0) {
            return;
        }
        Workload workload = workload();
        toBegin = workload.messages();
        for (int i = 0; i < workload.messages(); i++) {
            Letter letter = plan();
            world.timeline()
                    .at(
                            dice.between(0, workload.spreadNanos()),
                            () -> host.act(() -> {
                                toBegin--;
                                post(letter);
                            }));
        }
    }

    private Letter plan() {
        Manners manners = workload().manners();
        boolean replyWanted = dice.chance(manners.replyWanted());
        boolean datagram = dice.chance(manners.datagram());
        Letter.Fate fate = Letter.Fate.TAKE;
        if (dice.chance(manners.unknownHandler())) {
            fate = Letter.Fate.NO_HANDLER;
        } else if (dice.chance(manners.closeChannel())) {
            fate = Letter.Fate.CLOSE;
        } else if (replyWanted && dice.chance(manners.silence())) {
            fate = Letter.Fate.SILENCE;
        } else if (replyWanted && dice.chance(manners.refuse())) {
            fate = Letter.Fate.REFUSE;
        }
        boolean hurried = dice.chance(manners.hurry());
        SendOptions options = options(replyWanted, hurried);
        int bytesMax = workload().requestBytesMax();
        if (datagram) {
            options = options.withoutRetransmit();
            bytesMax = Math.min(bytesMax, Limits.DATAGRAM_BYTES_BASE / 2);
        }
        Letter letter = letters().write(Letter.Kind.MESSAGE, index, 0, size(bytesMax), fate, options);
        if (hurried) {
            letters().disturbed(letter);
        }
        return letter;
    }

    private SendOptions options(boolean replyWanted, boolean hurried) {
        Timing timing = workload().timing();
        SendOptions options = (replyWanted ? SendOptions.REQUEST : SendOptions.ONE_WAY)
                .withConnectTimeout(timing.connectNanos())
                .withReplyTimeout(timing.replyNanos())
                .withIdle(timing.idleNanos())
                .withPriority(dice.below(Limits.PRIORITY_MAX + 1));
        if (dice.chance(0.1)) {
            options = options.withBackground();
        }
        return hurried
                ? options.withConnectTimeout(1L + dice.size(HURRY_NANOS_MAX))
                        .withReplyTimeout(1L + dice.size(HURRY_NANOS_MAX))
                : options;
    }

    private int size(int bytesMax) {
        return workload().sizesFixed() || bytesMax == 0 ? bytesMax : dice.size(bytesMax);
    }

    private void post(Letter letter) {
        SecretKey identity = dice.chance(world.plan().hosts().anonymous()) ? null : dice.pick(identities);
        HostMaker maker = world.hostMaker();
        Target target = new Target.Peer(
                maker.wantedKey(index), maker.serverAddresses(), identity, maker.masterKey(), maker.invitation(index));
        PublicKey shown = identity == null ? null : identity.publicKey();
        letters().sending(letter, new Letter.Ends(shown, maker.wantedKey(index)), true);
        long ticket = host.send(target, door(letter), letter.payload(), letter.options());
        letters().sent(index, ticket, letter);
        if (dice.chance(workload().manners().cancel())) {
            world.timeline().after(dice.size(HURRY_NANOS_MAX), () -> host.act(() -> cancel(letter, ticket)));
        }
    }

    /// Lets letters in at a durable handler, for as long as it is not closed, through restarts.
    private void openDoor(HandlerId handler) {
        doors.add(handler);
        host.act(() -> host.openHandler(handler));
    }

    /// Does something within this time, unless the process dies before.
    private void later(long nanosMax, Runnable what) {
        int life = lives;
        world.timeline()
                .after(
                        dice.between(0, nanosMax),
                        () -> host.act(() -> {
                            if (life == lives) {
                                what.run();
                            }
                        }));
    }

    /// The process dies, and another takes its place: durable handlers are there again, nothing else is.
    void restart() {
        lives++;
        openedBefore += channels.openedCount();
        channels = new ChannelChecker(world.findings(), host.name());
        openSends.clear();
        ticketChannels.clear();
        invitations.clear();
        host.act(() -> {
            host.restart();
            doors.forEach(host::openHandler);
        });
    }

    private void cancel(Letter letter, long ticket) {
        if (!letter.isSettled()) {
            letters().cancelled(letter);
            host.cancel(ticket);
        }
    }

    /// The handler for a letter; made now at its receiver where it needs one of its own.
    private HandlerId door(Letter letter) {
        boolean missing = letter.fate() == Letter.Fate.NO_HANDLER;
        if (!missing && !letter.isAnonymous() && !dice.chance(OWN_DOOR)) {
            return DOOR;
        }
        long number = (missing ? NO_DOORS : OWN_DOORS) + (letter.id() & 0xFFFF_FFFFL);
        HandlerId handler = new HandlerId(HandlerClass.DURABLE, number);
        letters().expect(letter, -1, handler);
        if (!missing) {
            world.correspondent(letter.receiver()).openDoor(handler);
        }
        return handler;
    }

    /// Sends on a channel: replies, and whatever goes with them.
    private void sendOn(long channel, HandlerId handler, Letter letter, Letter.Ends ends) {
        letters().sending(letter, ends, false);
        if (!channels.isOpen(channel)) {
            letters().disturbed(letter);
        }
        long ticket = host.send(new Target.Channel(channel), handler, letter.payload(), letter.options());
        letters().sent(index, ticket, letter);
        ticketChannels.put(ticket, channel);
        openSends.merge(channel, 1L, Long::sum);
    }

    @Override
    public void on(Event event) {
        switch (event) {
            case Event.ChannelOpened opened -> onOpened(opened);
            case Event.ChannelClosed(long channel, CloseReason reason) -> onClosed(channel, reason);
            case Event.MessageArrived arrived -> onArrived(arrived);
            case Event.MessageSettled(long ticket, Outcome outcome) -> onSettled(ticket, outcome);
            case Event.HandshakeTraced _,
                    Event.SecretDerived _,
                    Event.KeysRenewed _,
                    Event.PresenceMessage _,
                    Event.PresenceChanged _,
                    Event.MemberJoined _ -> {}
        }
    }

    private void onOpened(Event.ChannelOpened opened) {
        PublicKey peer = opened.peer();
        channels.opened(opened.channel(), peer);
        boolean isClient = index > 0;
        boolean known =
                isClient ? world.hostMaker().wantedKey(index).equals(peer) : peer == null || world.isClientKey(peer);
        boolean allowed = isClient || peer != null || world.plan().hosts().anonymous() > 0;
        world.findings()
                .require(
                        known && allowed && opened.handshake().initiator() == isClient,
                        Rule.WRONG_PEER,
                        host.name() + ": " + opened);
    }

    private void onClosed(long channel, CloseReason reason) {
        channels.closed(channel, openSends.getOrDefault(channel, 0L));
        boolean blames = switch (reason) {
            case CloseReason.Offence _, CloseReason.KeysExhausted() -> true;
            case CloseReason.Remote remote ->
                remote.code() != 0
                        && !(remote.code() == Limits.CLOSE_ANOTHER_PROCESS
                                && world.plan()
                                        .hosts()
                                        .hasRestarted(world.timeline().nowNanos()));
            case CloseReason.Local(), CloseReason.Idle(), CloseReason.PeerGone() -> false;
        };
        world.findings()
                .require(
                        !blames,
                        Rule.BLAMED_THE_HONEST,
                        host.name() + ": channel " + channel + " closed with " + reason);
    }

    private void onArrived(Event.MessageArrived arrived) {
        long channel = arrived.channel();
        channels.used(channel, "a message");
        Letter letter = letters().arrived(index, channel, arrived.handler(), arrived.payload());
        if (arrived.credit() > 0) {
            later(workload().timing().holdNanosMax(), () -> host.release(channel, arrived.credit()));
        }
        if (letter == null) {
            return;
        }
        channels.from(channel, letter.ends().sender(), letter.toString());
        HandlerId replyTo = arrived.replyTo();
        world.findings()
                .require(
                        (replyTo != null) == letter.options().replyWanted(),
                        Rule.ALTERED,
                        letter + " was handed up with replies to " + replyTo);
        later(workload().timing().thinkNanosMax(), () -> treat(letter, channel, replyTo));
        if (arrived.handler().handlerClass() == HandlerClass.DURABLE
                && !arrived.handler().equals(DOOR)) {
            doors.remove(arrived.handler());
            host.closeHandler(0, arrived.handler());
        } else if (arrived.handler().handlerClass() == HandlerClass.SESSION) {
            host.closeHandler(channel, arrived.handler());
        }
    }

    private void treat(Letter letter, long channel, @Nullable HandlerId replyTo) {
        switch (letter.fate()) {
            case TAKE -> {
                if (replyTo != null) {
                    reply(letter, channel, replyTo);
                }
                if (letter.kind() == Letter.Kind.MESSAGE
                        && dice.chance(workload().manners().push())) {
                    push(letter, channel);
                }
            }
            case REFUSE -> {
                if (replyTo != null && channels.isOpen(channel)) {
                    letters().refused(letter);
                    host.refuse(channel, replyTo, Refusal.HANDLER_FAILED);
                }
            }
            case CLOSE -> {
                if (channels.isOpen(channel)) {
                    letters().disturbed(index, letter.sender());
                    host.closeChannel(channel);
                }
            }
            case SILENCE, NO_HANDLER -> {}
        }
    }

    private void reply(Letter request, long channel, HandlerId replyTo) {
        boolean more = request.kind() == Letter.Kind.MESSAGE
                && dice.chance(workload().manners().followUp());
        boolean asksBack = more && dice.chance(0.5);
        int bytes = request.kind() == Letter.Kind.PROBE ? 1 : size(workload().replyBytesMax());
        Letter reply = letters()
                .write(Letter.Kind.REPLY, index, request.sender(), bytes, Letter.Fate.TAKE, options(asksBack, false));
        if (more && !asksBack && channels.isOpen(channel)) {
            invite(reply, request.sender(), channel);
        }
        letters().answering(request, reply);
        sendOn(channel, replyTo, reply, request.ends().turned());
    }

    private void invite(Letter reply, int guest, long channel) {
        HandlerId handler = host.openSessionHandler(channel);
        Letter followUp = letters()
                .write(
                        Letter.Kind.FOLLOW_UP,
                        guest,
                        index,
                        size(workload().requestBytesMax()),
                        Letter.Fate.TAKE,
                        options(dice.chance(0.5), false));
        letters().expect(followUp, channel, handler);
        invitations.put(reply, new Invitation(followUp, handler));
    }

    private void push(Letter cause, long channel) {
        Letter push = letters()
                .write(
                        Letter.Kind.PUSH,
                        index,
                        cause.sender(),
                        size(workload().replyBytesMax()),
                        Letter.Fate.TAKE,
                        options(dice.chance(0.5), false));
        sendOn(channel, door(push), push, cause.ends().turned());
    }

    private void onSettled(long ticket, Outcome outcome) {
        Letter letter = letters().settled(index, ticket, outcome);
        Long channel = ticketChannels.remove(ticket);
        if (channel != null) {
            openSends.merge(channel, -1L, Long::sum);
        }
        if (letter == null) {
            return;
        }
        if (letter.kind() == Letter.Kind.PROBE) {
            content |= outcome instanceof Outcome.Replied;
            probing = false;
            probe();
        }
        if (outcome instanceof Outcome.Replied replied) {
            channels.used(replied.channel(), "a reply");
            onReply(letter, replied.channel(), replied.replyTo());
        } else if (outcome instanceof Outcome.CouldNotConnect(ConnectFailure why)) {
            world.trace().note(host.name(), letter + " could not connect: " + why);
            requireTrueKey(why);
        }
    }

    private void requireTrueKey(ConnectFailure why) {
        if (why instanceof ConnectFailure.KeyChanged changed) {
            world.findings()
                    .require(
                            changed.newKey().equals(world.hostMaker().serverKey()),
                            Rule.WRONG_PEER,
                            host.name() + " was told that the server's key is now " + changed.newKey());
        }
    }

    private void onReply(Letter request, long channel, @Nullable HandlerId replyTo) {
        Letter reply = request.reply();
        if (reply == null) {
            return;
        }
        channels.from(channel, reply.ends().sender(), reply.toString());
        world.findings()
                .require(
                        (replyTo != null) == reply.options().replyWanted(),
                        Rule.ALTERED,
                        reply + " came with replies to " + replyTo);
        if (replyTo != null) {
            Letter answer = letters()
                    .write(
                            Letter.Kind.REPLY,
                            index,
                            request.receiver(),
                            size(workload().requestBytesMax()),
                            Letter.Fate.TAKE,
                            options(false, false));
            letters().answering(reply, answer);
            sendOn(channel, replyTo, answer, request.ends());
        }
        Correspondent other = world.correspondent(request.receiver());
        Invitation invitation = other.invitations.remove(reply);
        if (invitation != null) {
            sendOn(channel, invitation.handler(), invitation.letter(), request.ends());
        }
    }

    /// Asks the server something, again and again until it answers.
    void probe() {
        if (content || probing) {
            return;
        }
        probing = true;
        SendOptions options = SendOptions.REQUEST
                .withConnectTimeout(PROBE_NANOS)
                .withReplyTimeout(PROBE_NANOS)
                .withIdle(workload().timing().idleNanos());
        Letter probe = letters().write(Letter.Kind.PROBE, index, 0, Letter.ID_BYTES, Letter.Fate.TAKE, options);
        world.timeline().after(MILLISECOND, () -> host.act(() -> post(probe)));
    }

    /// Whether it needs nothing more: a probe was answered, or none is asked of it.
    boolean isContent() {
        return content || index == 0 || !world.plan().expectations().isReachable();
    }

    boolean hasBegunAll() {
        return toBegin == 0;
    }

    long openChannels() {
        return channels.openCount();
    }

    long openedChannels() {
        return openedBefore + channels.openedCount();
    }

    String name() {
        return host.name();
    }

    boolean holds(PublicKey key) {
        return identities.stream().anyMatch(identity -> identity.publicKey().equals(key));
    }

    private LetterChecker letters() {
        return world.letters();
    }

    private Workload workload() {
        return world.plan().workload();
    }
}
