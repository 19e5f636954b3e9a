package konce.protocol.message;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import konce.protocol.Limits;
import konce.protocol.Refusal;
import konce.protocol.flow.SentContents;
import konce.protocol.flow.SentPackets;
import konce.protocol.table.LongMap;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.FrameWriter;
import org.jspecify.annotations.Nullable;

/// What one channel has to send: which message goes next, how far each is, what has to go again.
///
/// A message begins only when the peer's credit covers all of it, so every message that has begun can end; and only
/// while fewer than [Limits#MESSAGES_OPEN_MAX] ids are open.
///
/// - unit: bytes
/// - source: docs/spec/06-flow.md section 4, docs/spec/07-messages.md section 3
public final class Outbox implements SentContents {
    private static final int SEGMENT = 1;
    private static final int DATAGRAM = 2;
    private static final int CONTROL = 3;

    /// Data a segment carries at least, unless the message ends with less: smaller scraps are not worth their
    /// header.
    private static final int SCRAP_BYTES = 64;

    /// Nothing of a message is shorter: type, handler and length of an empty datagram.
    private static final int FRAME_BYTES_MIN = 3;

    private final Consumer<Outgoing> onDelivered;
    private final MessageQueue waiting = new MessageQueue();
    private final MessageQueue begun = new MessageQueue();
    private final LongMap<Outgoing> open;
    private final LongMap<Outgoing> delivered;
    private final LongMap<Outgoing> datagrams;
    private final Controls controls = new Controls();
    /// Given up, but no place among the controls yet; at most one for each id that is open.
    private ArrayDeque<Outgoing> toCancel = new ArrayDeque<>(0);

    private ArrayDeque<Outgoing> toTell = new ArrayDeque<>(0);
    private long nextId;
    private long oldestOpen;
    private long creditLimit;
    private long creditUsed;
    private long messagesDelivered;

    /// @param spread any random number
    /// @param onDelivered told by [#tellDelivered], once for each message that has wholly arrived
    public Outbox(long spread, Consumer<Outgoing> onDelivered) {
        this.onDelivered = onDelivered;
        open = new LongMap<>(spread);
        delivered = new LongMap<>(spread);
        datagrams = new LongMap<>(spread);
    }

    /// Takes a message.
    public void add(Outgoing message) {
        waiting.add(message);
    }

    // = docs/spec/06-flow.md R6.6
    /// The peer lets this many bytes of messages begin, counted since the channel opened. Less than before means
    /// nothing: packets overtake each other.
    public void onCredit(long newLimit) {
        creditLimit = Math.max(creditLimit, newLimit);
    }

    public long messagesDelivered() {
        return messagesDelivered;
    }

    /// Whether [#writeFrames] would write anything.
    public boolean hasDue() {
        return controls.hasDue() || nextMessage() != null;
    }

    /// Whether what [#writeFrames] would write is all of the background class.
    public boolean isBackgroundDue() {
        Outgoing next = controls.hasDue() ? null : nextMessage();
        return next != null && next.options().background();
    }

    /// Gives a message up that has settled. What has begun is taken back from the peer.
    public void cancel(Outgoing message) {
        if (message.isQueued()) {
            (message.hasBegun() ? begun : waiting).remove(message);
        }
        if (message.isDatagram()) {
            datagrams.remove(message.ticket());
        } else if (message.isDelivered()) {
            delivered.remove(message.id());
        } else if (message.hasBegun()) {
            toCancel.add(message);
            sayCancelled();
        }
    }

    // = docs/spec/07-messages.md R7.5
    private void sayCancelled() {
        for (Outgoing message = toCancel.peek(); message != null; message = toCancel.peek()) {
            // what has arrived in the meantime needs no CANCEL
            if (open.find(message.id()) != null && !controls.cancel(message.id(), message.length())) {
                return;
            }
            toCancel.poll();
        }
    }

    /// Tells the peer that a message of its is not taken. Dropped when too many such are under way.
    public void refuseMessage(long id, Refusal why) {
        controls.refuseMessage(id, why.code());
    }

    /// Tells the peer that its message that waits at `replyTo` is not taken.
    public void refuseReply(long replyTo, Refusal why) {
        controls.refuseReply(replyTo, why.code());
    }

    /// The message with this id, if it has not settled.
    public @Nullable Outgoing find(long id) {
        Outgoing message = open.find(id);
        return message == null ? delivered.find(id) : message;
    }

    // ---- writing

    /// Fills the rest of a packet: messages of the background class share none with others.
    ///
    /// @param sent learns what the packet carries
    /// @return whether anything was written
    public boolean writeFrames(ByteWriter out, SentPackets sent) {
        long start = out.position();
        for (long control = controls.writeNext(out); control >= 0; control = controls.writeNext(out)) {
            sent.add(CONTROL, control, 0, 0);
        }
        Outgoing message = nextMessage();
        boolean background =
                out.position() == start && message != null && message.options().background();
        while (message != null
                && message.options().background() == background
                && out.remaining() >= FRAME_BYTES_MIN
                && writeSegment(message, out, sent)) {
            message = nextMessage();
        }
        return out.position() > start;
    }

    private @Nullable Outgoing nextMessage() {
        Outgoing running = begun.first();
        Outgoing fresh = waiting.first();
        if (fresh != null && (running == null || Outgoing.compare(fresh, running) < 0) && mayBegin(fresh)) {
            return fresh;
        }
        return running;
    }

    // = docs/spec/07-messages.md R7.7
    private boolean mayBegin(Outgoing message) {
        return message.isDatagram() || (hasCredit(message) && nextId - oldestOpen < Limits.MESSAGES_OPEN_MAX);
    }

    // = docs/spec/06-flow.md R6.10
    /// Before the peer has said what credit it gives: one message of any size, which it may refuse, or several that
    /// the least credit of all covers.
    private boolean hasCredit(Outgoing message) {
        return creditLimit == 0
                ? creditUsed == 0 || creditUsed + message.cost() <= Limits.CREDIT_BYTES_MIN
                : creditUsed + message.cost() <= creditLimit;
    }

    private boolean writeSegment(Outgoing message, ByteWriter out, SentPackets sent) {
        if (message.isDatagram()) {
            return writeDatagram(message, out, sent);
        }
        long id = message.hasBegun() ? message.id() : nextId;
        long offset = message.dueOffset();
        int due = (int) Math.min(message.dueBytes(), Limits.DATAGRAM_BYTES_MAX);
        int header =
                FrameWriter.segmentHeaderBytes(id, message.length(), offset, message.handler(), message.replyTo(), due);
        int bytes = (int) Math.min(due, out.remaining() - header);
        if (bytes < Math.min(due, SCRAP_BYTES)) {
            return false;
        }
        if (!message.hasBegun()) {
            begin(message);
        }
        FrameWriter.segmentHeader(out, id, message.length(), offset, message.handler(), message.replyTo(), bytes);
        out.writeBytes(message.payload(), offset, bytes);
        message.onSegmentSent(offset, bytes);
        queue(message);
        sent.add(SEGMENT, id, offset, bytes);
        return true;
    }

    private void begin(Outgoing message) {
        waiting.remove(message);
        message.begin(nextId++);
        creditUsed += message.cost();
        open.put(message.id(), message);
        begun.add(message);
    }

    /// Puts a message that has begun where it belongs now.
    private void queue(Outgoing message) {
        boolean due = !message.isSettled() && message.hasDue();
        if (!message.isQueued() && due) {
            begun.add(message);
        } else if (message.isQueued() && due) {
            begun.update(message);
        } else if (message.isQueued()) {
            begun.remove(message);
        }
    }

    private boolean writeDatagram(Outgoing message, ByteWriter out, SentPackets sent) {
        if (FrameWriter.datagramBytes(message.handler(), message.replyTo(), message.length()) > out.remaining()) {
            return false;
        }
        waiting.remove(message);
        message.begin(0);
        message.onSegmentSent(0, (int) message.length());
        FrameWriter.datagram(out, message.handler(), message.replyTo(), message.payload());
        datagrams.put(message.ticket(), message);
        sent.add(DATAGRAM, message.ticket(), 0, 0);
        return true;
    }

    /// Gives back what it holds for messages to come, where it has none.
    public void trim() {
        waiting.trim();
        begun.trim();
        open.trim();
        delivered.trim();
        datagrams.trim();
        controls.trim();
        if (toCancel.isEmpty()) {
            toCancel = new ArrayDeque<>(0);
        }
        if (toTell.isEmpty()) {
            toTell = new ArrayDeque<>(0);
        }
    }

    // ---- what became of it

    @Override
    public void onAcked(int kind, long subject, long offset, int length) {
        switch (kind) {
            case SEGMENT -> {
                Outgoing message = open.find(subject);
                if (message != null) {
                    onSegmentAcked(message, offset, length);
                }
            }
            case DATAGRAM -> {
                Outgoing message = datagrams.remove(subject);
                if (message != null && !message.isSettled()) {
                    message.onSegmentAcked(0, (int) message.length());
                    toTell.add(message);
                }
            }
            case CONTROL -> {
                long cancelled = controls.onAcked(subject);
                if (cancelled >= 0) {
                    forget(cancelled);
                }
                sayCancelled();
            }
            default -> throw new AssertionError(kind);
        }
    }

    @Override
    public void onLost(int kind, long subject, long offset, int length) {
        switch (kind) {
            case SEGMENT -> {
                Outgoing message = open.find(subject);
                if (message != null && !message.isSettled()) {
                    message.onSegmentLost(offset, length);
                    queue(message);
                }
            }
            // = docs/spec/07-messages.md R7.8
            case DATAGRAM -> datagrams.remove(subject);
            case CONTROL -> controls.onLost(subject);
            default -> throw new AssertionError(kind);
        }
    }

    @Override
    public void onProbed(int kind, long subject, long offset, int length) {
        if (kind != DATAGRAM) {
            onLost(kind, subject, offset, length);
        }
    }

    // = docs/spec/07-messages.md R7.13
    /// Tells of what has arrived. To be called after all frames of a packet: a REFUSE behind the ACK goes first.
    public void tellDelivered() {
        for (Outgoing message = toTell.poll(); message != null; message = toTell.poll()) {
            if (!message.isSettled()) {
                onDelivered.accept(message);
            }
        }
    }

    private void onSegmentAcked(Outgoing message, long offset, int length) {
        long left = message.bytesLeft();
        boolean whole = message.onSegmentAcked(offset, length);
        if (whole || message.bytesLeft() != left) {
            queue(message);
        }
        if (whole) {
            forget(message.id());
            messagesDelivered++;
            if (!message.isSettled()) {
                delivered.put(message.id(), message);
                toTell.add(message);
            }
        }
    }

    private void forget(long id) {
        open.remove(id);
        while (oldestOpen < nextId && open.find(oldestOpen) == null) {
            oldestOpen++;
        }
    }
}
