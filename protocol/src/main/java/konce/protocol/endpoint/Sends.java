package konce.protocol.endpoint;

import java.util.ArrayDeque;
import konce.protocol.Event;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.message.Outgoing;
import konce.protocol.table.DeadlineHeap;
import konce.protocol.table.LongMap;
import org.jspecify.annotations.Nullable;

/// Every send of an endpoint that has not settled, and the deadlines by which each will.
///
/// - invariant: each ticket settles exactly once (R7.3)
/// - source: docs/spec/07-messages.md, section 4
final class Sends {
    private final ArrayDeque<Event> events;
    private final LongMap<Outgoing> open;
    private final DeadlineHeap<Outgoing> deadlines = new DeadlineHeap<>();
    private long nextTicket = 1;
    private long bytes;

    Sends(ArrayDeque<Event> events, long spread) {
        this.events = events;
        open = new LongMap<>(spread);
    }

    long nextTicket() {
        return nextTicket++;
    }

    /// Why another send of `payloadBytes` cannot be taken; null when it can.
    @Nullable
    String refusal(long payloadBytes) {
        if (payloadBytes > Limits.MESSAGE_BYTES_MAX) {
            return "a message of " + payloadBytes + " bytes; at most " + Limits.MESSAGE_BYTES_MAX;
        }
        if (open.size() >= Limits.SENDS_OPEN_MAX) {
            return Limits.SENDS_OPEN_MAX + " sends have not settled yet";
        }
        if (bytes + payloadBytes > Limits.SENDS_OPEN_BYTES_MAX) {
            return "sends of " + bytes + " bytes have not settled yet; at most " + Limits.SENDS_OPEN_BYTES_MAX;
        }
        return null;
    }

    void add(Outgoing message, long deadlineNanos) {
        open.put(message.ticket(), message);
        bytes += message.payload().byteSize();
        deadlines.set(message, deadlineNanos);
    }

    @Nullable
    Outgoing find(long ticket) {
        return open.find(ticket);
    }

    void setDeadline(Outgoing message, long deadlineNanos) {
        deadlines.set(message, deadlineNanos);
    }

    long nextDeadlineNanos() {
        return deadlines.nextNanos();
    }

    @Nullable
    Outgoing pollDue(long nowNanos) {
        return deadlines.pollDue(nowNanos);
    }

    // = docs/spec/07-messages.md R7.3
    /// Tells the outcome. The caller has taken the message off its channel.
    void settle(Outgoing message, Outcome outcome) {
        message.settle();
        open.remove(message.ticket());
        bytes -= message.payload().byteSize();
        deadlines.set(message, DeadlineHeap.NONE);
        events.add(new Event.MessageSettled(message.ticket(), outcome));
    }

    /// Settles a send that was never taken.
    void refuse(long ticket, Outcome why) {
        events.add(new Event.MessageSettled(ticket, why));
    }
}
