package konce.protocol.endpoint;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import konce.protocol.Event;
import konce.protocol.HandlerClass;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.Refusal;
import konce.protocol.message.Inbox;
import konce.protocol.message.Outbox;
import konce.protocol.message.Outgoing;
import konce.protocol.table.LongMap;
import konce.protocol.wire.MessageSegment;
import org.jspecify.annotations.Nullable;

/// The messages of one channel: its sends until they settle, and the handlers that only it can reach.
///
/// - source: docs/spec/07-messages.md
final class ChannelMessages implements Inbox.Receiver {
    /// Why a message that waits for such keys is not sent.
    static final String CLASSICAL = "the message waits for post-quantum keys, and one side has none";

    private final Shared shared;
    private final long channel;
    private final Outbox outbox;
    private final Inbox inbox;
    private final LongMap<Outgoing> sends;
    private final LongMap<Outgoing> replies;
    private Set<HandlerId> sessionHandlers = Set.of();
    /// Sends that wait for keys a quantum computer does not break.
    private List<Outgoing> waiting = List.of();

    private boolean postQuantum;
    private boolean classical;
    private long nextPrompt;
    private long nextSessionHandler;
    private int peerMessageBytesMax = Limits.MESSAGE_BYTES_MAX;

    /// @param channel the channel's number
    ChannelMessages(Shared shared, long channel) {
        this.shared = shared;
        this.channel = channel;
        long spread = shared.random().nextLong();
        outbox = new Outbox(spread, this::onDelivered);
        inbox = new Inbox(
                shared.config().messageBytesMax(), shared.config().creditBytes(), shared.held(), spread, this);
        sends = new LongMap<>(spread);
        replies = new LongMap<>(spread);
    }

    /// The channel's number.
    long channel() {
        return channel;
    }

    Outbox outbox() {
        return outbox;
    }

    Inbox inbox() {
        return inbox;
    }

    /// Sends that have not settled.
    int sendsOpen() {
        return sends.size();
    }

    /// The largest message the peer takes. Larger ones are refused in its place, also one that is under way: its
    /// acknowledgement may come before the peer's own refusal, and would make it look delivered.
    void limit(int newPeerMessageBytesMax) {
        if (newPeerMessageBytesMax < peerMessageBytesMax) {
            for (Outgoing message : inOrder()) {
                if (message.payload().byteSize() > newPeerMessageBytesMax) {
                    settle(message, new Outcome.Refused(Refusal.TOO_LARGE));
                }
            }
        }
        peerMessageBytesMax = newPeerMessageBytesMax;
    }

    // ---- out

    /// Why this message cannot go on this channel; null when it can.
    @Nullable
    Outcome objection(Outgoing message) {
        long bytes = message.payload().byteSize();
        if (bytes > peerMessageBytesMax) {
            return new Outcome.Refused(Refusal.TOO_LARGE);
        }
        if (message.options().replyWanted() && replies.size() >= Limits.REPLIES_WAITING_MAX) {
            return new Outcome.NotSent(Limits.REPLIES_WAITING_MAX + " messages wait for a reply on this channel");
        }
        if (shared.isMarked(message.options()) && classical) {
            return new Outcome.NotSent(CLASSICAL);
        }
        // = docs/spec/07-messages.md R7.14
        int datagramMax = Limits.DATAGRAM_BYTES_BASE - Endpoint.DATAGRAM_OVERHEAD_BYTES;
        return !message.options().retransmit() && bytes > datagramMax
                ? new Outcome.NotSent("a datagram of " + bytes + " bytes; at most " + datagramMax)
                : null;
    }

    /// Takes a send there is no [#objection] to.
    void send(Outgoing message) {
        message.assign(channel);
        sends.put(message.ticket(), message);
        if (message.options().replyWanted()) {
            HandlerId prompt = new HandlerId(HandlerClass.PROMPT, nextPrompt++);
            message.setReplyTo(prompt);
            replies.put(prompt.number(), message);
        }
        // = docs/spec/04-protection.md R4.17
        if (shared.isMarked(message.options()) && !postQuantum) {
            waiting = waiting.isEmpty() ? new ArrayList<>() : waiting;
            waiting.add(message);
        } else {
            outbox.add(message);
        }
    }

    /// Whether there are sends that wait for keys a quantum computer does not break.
    boolean awaitsPostQuantum() {
        return !waiting.isEmpty();
    }

    /// From now on what is sent is sealed under keys that ML-KEM has entered.
    void onPostQuantum() {
        postQuantum = true;
        waiting.forEach(outbox::add);
        waiting = List.of();
    }

    /// The keys of this channel stay what the handshake made them.
    void onClassical() {
        classical = true;
        for (Outgoing message : List.copyOf(waiting)) {
            settle(message, new Outcome.NotSent(CLASSICAL));
        }
    }

    /// Settles a send and forgets it.
    void settle(Outgoing message, Outcome outcome) {
        if (message.isSettled()) {
            return;
        }
        shared.sends().settle(message, outcome);
        if (waiting.contains(message)) {
            waiting.remove(message);
        }
        outbox.cancel(message);
        sends.remove(message.ticket());
        if (message.options().replyWanted()) {
            replies.remove(MessageSegment.handlerOf(message.replyTo()).number());
        }
    }

    /// Settles every send, the oldest first.
    void settleAll(Outcome outcome) {
        for (Outgoing message : inOrder()) {
            settle(message, outcome);
        }
    }

    /// Settles the sends the peer may have seen a part of.
    void settleBegun(Outcome outcome) {
        for (Outgoing message : inOrder()) {
            if (message.hasBegun()) {
                settle(message, outcome);
            }
        }
    }

    /// The channel is open: what was to be done by the time to connect is now to be done by the time to reply.
    void onOpen() {
        for (Outgoing message : inOrder()) {
            shared.sends().setDeadline(message, replyDeadline(message));
        }
    }

    static long replyDeadline(Outgoing message) {
        return message.sentNanos() + message.options().replyTimeoutNanos();
    }

    private List<Outgoing> inOrder() {
        List<Outgoing> all = new ArrayList<>();
        sends.forEach(all::add);
        all.sort(Comparator.comparingLong(Outgoing::ticket));
        return all;
    }

    private void onDelivered(Outgoing message) {
        if (!message.options().replyWanted()) {
            settle(message, new Outcome.Delivered());
        }
    }

    // = docs/spec/07-messages.md R7.13
    /// The peer does not take a message of ours.
    void onRefused(boolean byHandler, long subject, Refusal why) {
        Outgoing message =
                byHandler ? replies.find(MessageSegment.handlerOf(subject).number()) : outbox.find(subject);
        if (message != null) {
            settle(message, new Outcome.Refused(why));
        }
    }

    // ---- in

    HandlerId openSessionHandler() {
        if (sessionHandlers.size() >= Limits.SESSION_HANDLERS_MAX) {
            throw new IllegalStateException(
                    "a channel has at most " + Limits.SESSION_HANDLERS_MAX + " session handlers");
        }
        if (sessionHandlers.isEmpty()) {
            sessionHandlers = new HashSet<>();
        }
        HandlerId handler = new HandlerId(HandlerClass.SESSION, nextSessionHandler++);
        sessionHandlers.add(handler);
        return handler;
    }

    void closeSessionHandler(HandlerId handler) {
        if (sessionHandlers.contains(handler)) {
            sessionHandlers.remove(handler);
        }
    }

    /// Gives back what it holds for messages to come.
    void trim() {
        outbox.trim();
        inbox.trim();
        sends.trim();
        replies.trim();
        if (sessionHandlers.isEmpty()) {
            sessionHandlers = Set.of();
        }
    }

    // = docs/spec/07-messages.md R7.2
    @Override
    public void onMessage(long id, long handlerCode, long replyCode, MemorySegment payload, long charge) {
        HandlerId handler = MessageSegment.handlerOf(handlerCode);
        HandlerId replyTo = replyCode == MessageSegment.NO_REPLY ? null : MessageSegment.handlerOf(replyCode);
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
            shared.events().add(new Event.MessageArrived(channel, handler, replyTo, payload, charge));
        } else {
            inbox.release(charge);
        }
    }

    @Override
    public void onRefuse(long id, Refusal why) {
        outbox.refuseMessage(id, why);
    }

    /// Settles the send that waits at a prompt handler. A reply that comes too late is no reason to complain to the
    /// peer.
    private boolean takeReply(HandlerId handler, @Nullable HandlerId replyTo, MemorySegment payload) {
        Outgoing message = replies.find(handler.number());
        if (message == null) {
            return replyTo == null;
        }
        settle(message, new Outcome.Replied(channel, payload, replyTo));
        return true;
    }
}
