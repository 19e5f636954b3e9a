package konce.protocol.message;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import konce.protocol.Limits;
import konce.protocol.PeerOffence;
import konce.protocol.Refusal;
import konce.protocol.table.LongMap;
import konce.protocol.table.RangeSet;
import konce.protocol.wire.MessageSegment;
import org.jspecify.annotations.Nullable;

/// What one channel receives: segments become messages, each handed up once.
///
/// A message is charged to the credit given, all of it, when its first segment comes, whichever that is; the charge
/// goes back when the handler is done with it. So what a peer can make us hold is bounded by the credit.
///
/// - unit: bytes
/// - source: docs/spec/06-flow.md section 4, docs/spec/07-messages.md sections 2 and 3
public final class Inbox {
    /// Takes whole messages.
    public interface Receiver {
        /// @param id the message's id, or -1 for a datagram
        /// @param charge what [Inbox#release] gives back when it is done with
        void onMessage(long id, long handler, long replyTo, MemorySegment payload, long charge);

        /// A message is not taken: it is too large, or too much is held already.
        void onRefuse(long id, Refusal why);
    }

    /// How many times the window given at the start it may become.
    private static final int WINDOW_GROWTH_MAX = 4;

    /// Round trips whose messages a window holds.
    private static final int ROUNDS_PER_WINDOW = 2;

    private final Receiver receiver;
    private final Held held;
    private final int messageBytesMax;
    private final long windowMax;
    private long window;
    private final LongMap<Incoming> partial;
    private final RangeSet completed = new RangeSet();
    private long floor;
    private long granted;
    private long advertised;
    private long charged;
    private long messagesReceived;
    private long heldHere;
    private long released;
    private long measuredReleased;
    private long measuredNanos;

    /// @param window bytes of credit given at the start and restored as messages are released
    /// @param held what all channels hold together
    /// @param spread any random number
    public Inbox(int messageBytesMax, long window, Held held, long spread, Receiver receiver) {
        this.held = held;
        this.messageBytesMax = messageBytesMax;
        this.window = window;
        windowMax = WINDOW_GROWTH_MAX * window;
        this.receiver = receiver;
        partial = new LongMap<>(spread);
        granted = window;
        advertised = window;
    }

    public long messagesReceived() {
        return messagesReceived;
    }

    /// Messages that have begun and are not whole.
    public int messagesPartial() {
        return partial.size();
    }

    /// Credit given since the channel opened, to be put into an ACK.
    public long granted() {
        return granted;
    }

    /// An ACK that carries [#granted] is on its way.
    public void onAdvertised() {
        advertised = granted;
    }

    // = docs/spec/06-flow.md R6.7
    /// Whether the peer may be waiting for credit that it has not been told of.
    public boolean mustAdvertise() {
        long untold = granted - advertised;
        long largest = (long) messageBytesMax + Limits.MESSAGE_OVERHEAD_BYTES;
        return untold >= window / 4 || (untold > 0 && advertised - charged < largest);
    }

    // = docs/spec/06-flow.md R6.23
    /// Widens the window where it is less than what is released in two round trips: then it is the credit that
    /// holds
    /// the peer back. To be called before [#granted].
    public void tune(long nowNanos, long rttNanos) {
        long news = released - measuredReleased;
        if (news < window / 2) {
            return;
        }
        double perNano = news / (double) Math.max(1, nowNanos - measuredNanos);
        measuredReleased = released;
        measuredNanos = nowNanos;
        long wanted = (long) (ROUNDS_PER_WINDOW * rttNanos * perNano);
        long wider = Math.min(wanted, Math.min(windowMax, held.free() / (2 * Held.SHARES)));
        if (wider > window) {
            granted += wider - window;
            window = wider;
        }
    }

    /// A message is done with.
    public void release(long charge) {
        if (charge > 0) {
            letGo(charge - Limits.MESSAGE_OVERHEAD_BYTES);
            restore(charge);
        }
    }

    // = docs/spec/06-flow.md R6.11
    /// The emptier the endpoint, the more one channel may hold; so however many fill it, the next gets some.
    private boolean hold(long bytes) {
        boolean fair = heldHere == 0 || heldHere + bytes <= held.free() / Held.SHARES;
        if (!fair || !held.add(bytes)) {
            return false;
        }
        heldHere += bytes;
        return true;
    }

    private void letGo(long bytes) {
        heldHere -= bytes;
        held.remove(bytes);
    }

    private void restore(long charge) {
        granted += charge;
        released += charge;
        assert granted <= charged + window : "more credit given back than was taken";
    }

    /// Takes a segment.
    public @Nullable PeerOffence onSegment(MessageSegment segment) {
        long id = segment.id();
        if (id < floor || completed.contains(id)) {
            return null;
        }
        if (id - floor >= Limits.MESSAGES_OPEN_MAX) {
            // = docs/spec/07-messages.md R7.12
            return PeerOffence.MESSAGE_ID_OUT_OF_WINDOW;
        }
        long total = segment.total();
        Incoming message = partial.find(id);
        if (message != null && message.total() != total) {
            return PeerOffence.MESSAGE_HEADER_CHANGED;
        }
        if (message == null && total > messageBytesMax) {
            return refuse(id, total);
        }
        if (segment.offset() > total || segment.dataBytes() > total - segment.offset()) {
            return PeerOffence.SEGMENT_OUT_OF_BOUNDS;
        }
        if (message == null) {
            PeerOffence offence = charge(total);
            if (offence != null) {
                return offence;
            }
            if (segment.isFirst() && segment.dataBytes() == total) {
                if (hold(total)) {
                    deliver(id, segment.handler(), segment.replyTo(), copy(segment), total);
                } else {
                    giveUp(id, total);
                }
                return null;
            }
            message = new Incoming((int) total, held, segment);
            partial.put(id, message);
        }
        return addTo(message, segment);
    }

    private @Nullable PeerOffence addTo(Incoming message, MessageSegment segment) {
        long id = segment.id();
        long bytes = message.bytesFor(segment);
        if (!hold(bytes)) {
            partial.remove(id);
            letGo(message.heldBytes());
            giveUp(id, message.total());
            return null;
        }
        PeerOffence offence = message.add(segment, bytes);
        if (offence == null && message.isWhole()) {
            partial.remove(id);
            deliver(id, message.handler(), message.replyTo(), message.assemble(), message.total());
        }
        return offence;
    }

    /// A message that there is no memory for: refused, and its credit goes back.
    private void giveUp(long id, long total) {
        complete(id);
        restore(total + Limits.MESSAGE_OVERHEAD_BYTES);
        receiver.onRefuse(id, Refusal.BUSY);
    }

    /// Gives back what it holds for messages to come.
    public void trim() {
        partial.trim();
        completed.trim();
    }

    /// The channel ends: what it held in part is held no more.
    public void end() {
        partial.forEach(message -> letGo(message.heldBytes()));
        partial.clear();
    }

    /// Takes a datagram.
    public @Nullable PeerOffence onDatagram(MessageSegment datagram) {
        messagesReceived++;
        receiver.onMessage(-1, datagram.handler(), datagram.replyTo(), copy(datagram), 0);
        return null;
    }

    // = docs/spec/07-messages.md R7.5
    /// The peer gives a message up.
    public @Nullable PeerOffence onCancel(long id, long total) {
        if (id < floor || completed.contains(id)) {
            return null;
        }
        if (id - floor >= Limits.MESSAGES_OPEN_MAX) {
            return PeerOffence.MESSAGE_ID_OUT_OF_WINDOW;
        }
        Incoming message = partial.find(id);
        if (message == null && total > messageBytesMax) {
            return refuse(id, total);
        }
        if (message != null && message.total() != total) {
            return PeerOffence.MESSAGE_HEADER_CHANGED;
        }
        PeerOffence offence = message == null ? charge(total) : null;
        if (offence == null) {
            if (message != null) {
                partial.remove(id);
                letGo(message.heldBytes());
            }
            complete(id);
            restore(total + Limits.MESSAGE_OVERHEAD_BYTES);
        }
        return offence;
    }

    // = docs/spec/07-messages.md R7.4
    /// A first message may be sent before the peer knows what we take; so its size is no offence, only refused.
    private @Nullable PeerOffence refuse(long id, long total) {
        if (total > Limits.MESSAGE_BYTES_MAX) {
            return PeerOffence.MESSAGE_TOO_LARGE;
        }
        long cost = total + Limits.MESSAGE_OVERHEAD_BYTES;
        charged += cost;
        granted += cost;
        complete(id);
        receiver.onRefuse(id, Refusal.TOO_LARGE);
        return null;
    }

    // = docs/spec/06-flow.md R6.13
    private @Nullable PeerOffence charge(long total) {
        long cost = total + Limits.MESSAGE_OVERHEAD_BYTES;
        if (charged + cost > granted) {
            return PeerOffence.CREDIT_EXCEEDED;
        }
        charged += cost;
        return null;
    }

    private void deliver(long id, long handler, long replyTo, MemorySegment payload, long total) {
        complete(id);
        messagesReceived++;
        receiver.onMessage(id, handler, replyTo, payload, total + Limits.MESSAGE_OVERHEAD_BYTES);
    }

    // = docs/spec/07-messages.md R7.1
    private void complete(long id) {
        completed.add(id, id + 1);
        if (completed.start(0) == floor) {
            floor = completed.end(0);
            completed.removeLowest();
        }
    }

    private static MemorySegment copy(MessageSegment segment) {
        byte[] bytes = new byte[segment.dataBytes()];
        MemorySegment.copy(segment.bytes(), ValueLayout.JAVA_BYTE, segment.dataOffset(), bytes, 0, bytes.length);
        return MemorySegment.ofArray(bytes);
    }
}
