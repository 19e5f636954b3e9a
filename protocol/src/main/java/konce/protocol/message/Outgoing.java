package konce.protocol.message;

import java.lang.foreign.MemorySegment;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.SendOptions;
import konce.protocol.table.DeadlineHeap;
import konce.protocol.table.RangeSet;
import konce.protocol.wire.MessageSegment;

/// A message on its way out, from the send until it settles.
///
/// - unit: bytes; nanoseconds for its deadline
/// - source: docs/spec/07-messages.md, sections 1 and 4
public final class Outgoing extends DeadlineHeap.Item {
    static final long NO_ID = -1;

    /// [#place] of a message that is in no queue.
    static final int NOT_QUEUED = -1;

    private final long ticket;
    private final long handler;
    private final MemorySegment payload;
    private final SendOptions options;
    private final long sentNanos;
    private final RangeSet acked = new RangeSet();
    private final RangeSet lost = new RangeSet();
    private long channel;
    private long id = NO_ID;
    private long replyTo = MessageSegment.NO_REPLY;
    private long frontier;
    private boolean emptyDue;
    private boolean delivered;
    private boolean settled;
    private long lostBytes;
    private int place = NOT_QUEUED;

    /// @param nowNanos when it was sent
    public Outgoing(long ticket, HandlerId handler, MemorySegment payload, SendOptions options, long nowNanos) {
        this.ticket = ticket;
        this.handler = MessageSegment.codeOf(handler);
        this.payload = payload;
        this.options = options;
        sentNanos = nowNanos;
        emptyDue = payload.byteSize() == 0;
    }

    public long ticket() {
        return ticket;
    }

    public SendOptions options() {
        return options;
    }

    public long sentNanos() {
        return sentNanos;
    }

    /// The channel it goes on.
    public long channel() {
        return channel;
    }

    public void assign(long newChannel) {
        channel = newChannel;
    }

    public MemorySegment payload() {
        return payload;
    }

    /// The code of the prompt handler that waits for its reply, or [MessageSegment#NO_REPLY].
    public long replyTo() {
        return replyTo;
    }

    public void setReplyTo(HandlerId prompt) {
        replyTo = MessageSegment.codeOf(prompt);
    }

    /// Whether the peer's endpoint has all of it.
    public boolean isDelivered() {
        return delivered;
    }

    /// Whether its outcome has been told.
    public boolean isSettled() {
        return settled;
    }

    public void settle() {
        assert !settled : "a send settles once";
        settled = true;
    }

    boolean isDatagram() {
        return !options.retransmit();
    }

    long id() {
        return id;
    }

    public long handler() {
        return handler;
    }

    long length() {
        return payload.byteSize();
    }

    /// What it costs the peer's credit.
    long cost() {
        return length() + Limits.MESSAGE_OVERHEAD_BYTES;
    }

    /// Whether any of it was ever sent on this channel.
    public boolean hasBegun() {
        return id != NO_ID;
    }

    void begin(long newId) {
        id = newId;
    }

    /// Whether anything of it is to be sent now.
    boolean hasDue() {
        return !delivered && (emptyDue || frontier < length() || !lost.isEmpty());
    }

    /// Where the next segment begins: what was lost goes before what is new.
    long dueOffset() {
        return lost.isEmpty() ? frontier : lost.start(0);
    }

    long dueBytes() {
        return lost.isEmpty() ? length() - frontier : lost.end(0) - lost.start(0);
    }

    /// Bytes that are to be sent, for the first time or again.
    long bytesLeft() {
        return length() - frontier + lostBytes;
    }

    void onSegmentSent(long offset, int bytes) {
        emptyDue = false;
        if (bytes > 0) {
            lostBytes -= lost.remove(offset, offset + bytes);
            frontier = Math.max(frontier, offset + bytes);
        }
    }

    /// @return whether that was the last of it
    boolean onSegmentAcked(long offset, int bytes) {
        emptyDue = false;
        if (bytes == length()) {
            // the whole message, as most are: there is nothing to keep account of
            delivered = true;
            return true;
        }
        if (bytes > 0) {
            acked.add(offset, offset + bytes);
            lostBytes -= lost.remove(offset, offset + bytes);
        }
        delivered = acked.containsAll(0, length());
        return delivered;
    }

    void onSegmentLost(long offset, int bytes) {
        if (bytes == 0) {
            emptyDue = !delivered;
            return;
        }
        long end = offset + bytes;
        lostBytes += lost.add(offset, end);
        // what another packet has brought is not lost
        for (int i = 0; i < acked.size() && acked.start(i) < end; i++) {
            if (acked.end(i) > offset) {
                lostBytes -= lost.remove(acked.start(i), acked.end(i));
            }
        }
    }

    /// Where it is in its queue; [#NOT_QUEUED] for nowhere.
    int place() {
        return place;
    }

    void setPlace(int newPlace) {
        place = newPlace;
    }

    boolean isQueued() {
        return place != NOT_QUEUED;
    }

    // = docs/spec/07-messages.md R7.6
    /// Background last, then priority, then fewest bytes left, then oldest.
    static int compare(Outgoing left, Outgoing right) {
        int order = Boolean.compare(left.options.background(), right.options.background());
        if (order == 0) {
            order = Integer.compare(left.options.priority(), right.options.priority());
        }
        if (order == 0) {
            order = Long.compare(left.bytesLeft(), right.bytesLeft());
        }
        return order == 0 ? Long.compare(left.ticket, right.ticket) : order;
    }
}
