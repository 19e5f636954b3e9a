package konce.node;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import konce.crypto.PublicKey;
import konce.protocol.Event;
import konce.protocol.HandlerId;
import konce.protocol.Outcome;
import konce.protocol.Refusal;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import org.jspecify.annotations.Nullable;

/// A message that has come: one for a handler, or a reply. It may be answered from any thread, also after its handler
/// has returned.
public final class Message {
    private final Node node;
    private final HandlerId handler;
    private final @Nullable HandlerId replyTo;
    private final long channel;
    private final @Nullable PublicKey peer;
    private final long group;
    private final AtomicReference<@Nullable MemorySegment> payload;
    private final AtomicBoolean answered = new AtomicBoolean();

    private Message(
            Node node,
            HandlerId handler,
            @Nullable HandlerId replyTo,
            long channel,
            @Nullable PublicKey peer,
            long group,
            MemorySegment payload) {
        this.node = node;
        this.handler = handler;
        this.replyTo = replyTo;
        this.channel = channel;
        this.peer = peer;
        this.group = group;
        this.payload = new AtomicReference<>(payload);
    }

    static Message arrived(Node node, Event.MessageArrived arrived, @Nullable Peer peer) {
        return new Message(
                node,
                arrived.handler(),
                arrived.replyTo(),
                arrived.channel(),
                peer == null ? null : peer.key(),
                peer == null ? 0 : peer.group(),
                arrived.payload());
    }

    static Message atRest(Node node, Event.PresenceMessage arrived) {
        return new Message(
                node,
                arrived.handler(),
                arrived.replyTo(),
                arrived.presence(),
                arrived.peer(),
                arrived.group(),
                arrived.payload());
    }

    static Message replied(Node node, HandlerId asked, Outcome.Replied replied, @Nullable PublicKey peer) {
        return new Message(node, asked, replied.replyTo(), replied.channel(), peer, 0, replied.payload());
    }

    /// The handler it came to; for a reply, the one that was asked.
    public HandlerId handler() {
        return handler;
    }

    /// The durable key of who sent it, proved; null: it stays anonymous.
    public @Nullable PublicKey peer() {
        return peer;
    }

    /// The number of the private group whose member sent it; 0: it came to this node as from anybody.
    public long group() {
        return group;
    }

    /// The number, in this node, of the channel it came on; negative: of a peer at rest.
    public long channel() {
        return channel;
    }

    /// Its bytes, on the heap, the receiver's own.
    ///
    /// @throws IllegalStateException after [#giveBack]
    public MemorySegment payload() {
        MemorySegment bytes = payload.get();
        if (bytes == null) {
            throw new IllegalStateException("the message's memory was given back");
        }
        return bytes;
    }

    /// Gives the memory of its bytes back, for a later message. Whoever takes many large messages saves the Java
    /// machine
    /// from making and clearing it anew for each. Nothing has to be given back: what is not is garbage in time.
    ///
    /// The caller's promise: nobody uses [#payload], or a part of it, from now on; its bytes become another
    /// message's.
    public void giveBack() {
        MemorySegment bytes = payload.getAndSet(null);
        if (bytes != null) {
            node.driver().executeHere((endpoint, _) -> endpoint.giveBack(bytes));
        }
    }

    /// What the application has attached to the sender's key, fresh from where it is kept; null: nothing, or the
    /// sender
    /// stays anonymous.
    public byte @Nullable [] record() {
        return peer == null ? null : node.records().find(peer);
    }

    /// A copy of its bytes.
    public byte[] bytes() {
        return payload().toArray(ValueLayout.JAVA_BYTE);
    }

    /// Its bytes as UTF-8 text; bytes that are none show as replacement characters.
    public String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /// Whether the sender waits for a reply.
    public boolean replyWanted() {
        return replyTo != null;
    }

    /// Answers it. Once; and where nobody waits it is not sent, as the outcome says. Waits for room as
    /// [Node#send] does.
    ///
    /// @return ends when the sender's node has the whole reply
    public Sending reply(MemorySegment reply) {
        HandlerId target = claimReply();
        return target == null ? new Ended(noReply()) : node.start(sender(), target, reply, SendOptions.ONE_WAY);
    }

    public Sending reply(byte[] reply) {
        return reply(MemorySegment.ofArray(reply));
    }

    public Sending reply(String reply) {
        return reply(reply.getBytes(StandardCharsets.UTF_8));
    }

    /// Answers it, and waits for the answer to the answer.
    ///
    /// @throws SendException when none comes
    public Message replyAndAwait(byte[] reply, SendOptions options) throws SendException {
        HandlerId target = claimReply();
        if (target == null) {
            throw new SendException(noReply());
        }
        return node.request(sender(), target, reply, options);
    }

    /// Tells the sender, if it waits and was not answered, that it is not taken.
    public void refuse(Refusal why) {
        HandlerId target = claimReply();
        if (target != null) {
            node.driver().executeHere((endpoint, nowNanos) -> endpoint.refuse(nowNanos, channel, target, why));
        }
    }

    /// Where to send its sender more.
    public Target sender() {
        return new Target.Channel(channel);
    }

    @Override
    public String toString() {
        MemorySegment bytes = payload.get();
        String size = bytes == null ? "of bytes given back" : "of " + bytes.byteSize() + " bytes";
        return "message " + size + " for " + handler + " on channel " + channel;
    }

    private @Nullable HandlerId claimReply() {
        return replyTo == null || answered.getAndSet(true) ? null : replyTo;
    }

    private Outcome noReply() {
        return new Outcome.NotSent(
                replyTo == null ? "the sender waits for no reply" : "this message was answered already");
    }

    /// A reply that was never begun.
    private record Ended(Outcome end) implements Sending {
        @Override
        public CompletableFuture<Outcome> outcome() {
            return CompletableFuture.completedFuture(end);
        }

        @Override
        public void cancel() {}
    }
}
