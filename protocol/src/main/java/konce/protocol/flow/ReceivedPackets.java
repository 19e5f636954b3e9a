package konce.protocol.flow;

import konce.protocol.Limits;
import konce.protocol.table.RangeSet;
import konce.protocol.wire.AckRuns;
import konce.protocol.wire.ByteWriter;

/// Which packets have come, for telling repeats and for acknowledging.
///
/// - unit: nanoseconds
/// - error: memory is bounded by [Limits#RECEIVED_RUNS_MAX] runs; below the oldest kept everything counts as a repeat
/// - source: docs/spec/06-flow.md, section 2
public final class ReceivedPackets {
    private static final int ACK_EVERY_PACKETS = 2;

    private final RangeSet received = new RangeSet();
    private long floor;
    private long newestNanos;
    private int ackPackets = ACK_EVERY_PACKETS;
    private long ackDelayNanos = Limits.ACK_DELAY_NANOS_MAX;
    private int unacknowledged;
    private boolean immediate;
    private long ackDueNanos = Long.MAX_VALUE;

    public ReceivedPackets() {}

    // = docs/spec/02-packets.md R2.2
    /// The lowest number still acceptable, to decode a number of `groups` groups: half its window behind the
    /// newest.
    public long lowestAcceptable(int groups) {
        return received.isEmpty() ? floor : Math.max(floor, newest() + 1 - (1L << (7 * groups - 1)));
    }

    /// Whether a packet number was not seen before.
    public boolean isNew(long number) {
        return number >= floor && !received.contains(number);
    }

    /// Whether a packet number is higher than any that came.
    public boolean isNewest(long number) {
        return received.isEmpty() || number > newest();
    }

    // = docs/spec/04-protection.md R4.5
    /// Remembers a packet that has opened.
    public void onReceived(long nowNanos, long number) {
        boolean inOrder = received.isEmpty() || number == newest() + 1;
        if (received.isEmpty() || number > newest()) {
            newestNanos = nowNanos;
        }
        received.add(number, number + 1);
        if (!inOrder) {
            immediate = true;
        }
        if (received.size() > Limits.RECEIVED_RUNS_MAX) {
            floor = received.end(0);
            received.removeLowest();
        }
    }

    // = docs/spec/06-flow.md R6.21
    /// The peer wants an ACK for so many packets, or after so long.
    public void onAckRate(int packets, long delayNanos) {
        ackPackets = packets;
        ackDelayNanos = Math.min(delayNanos, Limits.ACK_DELAY_NANOS_MAX);
    }

    // = docs/spec/06-flow.md R6.2
    /// The packet just remembered wants an acknowledgement.
    public void onAckEliciting(long nowNanos) {
        unacknowledged++;
        if (unacknowledged >= ackPackets || immediate) {
            ackDueNanos = nowNanos;
        } else {
            ackDueNanos = Math.min(ackDueNanos, nowNanos + ackDelayNanos);
        }
    }

    /// Gives back what it holds for gaps to come.
    public void trim() {
        received.trim();
    }

    /// When an ACK has to go; [Long#MAX_VALUE] for never.
    public long ackDueNanos() {
        return ackDueNanos;
    }

    /// Whether there is anything an ACK could say.
    public boolean hasAny() {
        return !received.isEmpty();
    }

    /// Whether an ACK would say something the peer waits for.
    public boolean hasUnacknowledged() {
        return unacknowledged > 0;
    }

    /// Writes an ACK of as many runs as fit, and considers everything acknowledged.
    public void writeAck(long nowNanos, ByteWriter out, long credit) {
        long room = out.remaining();
        int runs = 1;
        while (runs < Limits.ACK_RUNS_MAX && AckRuns.bytesMax(runs + 1) <= room) {
            runs++;
        }
        AckRuns.write(out, received, Math.max(0, nowNanos - newestNanos), credit, runs);
        unacknowledged = 0;
        immediate = false;
        ackDueNanos = Long.MAX_VALUE;
    }

    private long newest() {
        return received.end(received.size() - 1) - 1;
    }
}
