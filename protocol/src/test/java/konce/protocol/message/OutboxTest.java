package konce.protocol.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import konce.protocol.Limits;
import konce.protocol.Refusal;
import konce.protocol.SendOptions;
import org.junit.jupiter.api.Test;

/// What goes next, what goes again, and what is taken back.
final class OutboxTest {
    private static final SendOptions ONE_WAY = SendOptions.ONE_WAY;
    private static final int ROOM = 1_100;

    private final Courier courier = new Courier();
    private final Outbox outbox = courier.outbox;

    private void grantPlenty() {
        outbox.onCredit(1L << 40);
    }

    /// The ids in the order in which they finish when nothing is lost.
    private List<Long> finishingOrder() {
        List<Long> order = new ArrayList<>();
        for (long packet = courier.send(ROOM); packet >= 0; packet = courier.send(ROOM)) {
            courier.ack(packet);
        }
        courier.delivered.forEach(message -> order.add(message.ticket()));
        return order;
    }

    /// Goal: background last, then priority, then the fewest bytes, then the oldest; whatever the order
    /// of the sends.
    // = docs/spec/07-messages.md R7.6
    @Test
    void whatGoesNextIsChosenByUrgencyThenLength() {
        grantPlenty();
        courier.add(10, ONE_WAY.withBackground().withPriority(0));
        courier.add(50_000, ONE_WAY);
        courier.add(5_000, ONE_WAY);
        courier.add(5_000, ONE_WAY);
        courier.add(100, ONE_WAY.withPriority(Limits.PRIORITY_MAX));
        courier.add(90_000, ONE_WAY.withPriority(0));
        courier.add(0, ONE_WAY);
        assertEquals(List.of(5L, 6L, 2L, 3L, 1L, 4L, 0L), finishingOrder());
    }

    /// Goal: a message is ranked by what is left of it, not by what it once was: one of which little is
    /// left is not overtaken by a middling new one.
    // = docs/spec/07-messages.md R7.6
    @Test
    void rankedByWhatIsLeft() {
        grantPlenty();
        courier.add(100_000, ONE_WAY);
        for (int i = 0; i < 80; i++) {
            courier.ack(courier.send(ROOM));
        }
        courier.add(50_000, ONE_WAY);
        assertEquals(List.of(0L, 1L), finishingOrder(), "about 13,000 bytes are left of the first");
    }

    /// Goal: what was lost counts as left again.
    // = docs/spec/07-messages.md R7.6
    @Test
    void lostBytesCountAsLeft() {
        grantPlenty();
        courier.add(100_000, ONE_WAY);
        List<Long> packets = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            packets.add(courier.send(ROOM));
        }
        packets.forEach(courier::lose);
        courier.add(50_000, ONE_WAY);
        assertEquals(List.of(1L, 0L), finishingOrder());
    }

    /// Goal: a message begins only when the credit covers all of it; what has begun goes on; more credit
    /// lets the next begin; less than before means nothing.
    // = docs/spec/07-messages.md R7.7
    // = docs/spec/06-flow.md R6.6
    @Test
    void creditHoldsBackOnlyWhatHasNotBegun() {
        long cost = 10_000 + Limits.MESSAGE_OVERHEAD_BYTES;
        outbox.onCredit(2 * cost - 1);
        courier.add(10_000, ONE_WAY);
        courier.add(10_000, ONE_WAY);
        assertEquals(List.of(0L), finishingOrder());
        assertFalse(outbox.hasDue());
        outbox.onCredit(cost);
        assertFalse(outbox.hasDue(), "less than before");
        outbox.onCredit(2 * cost);
        assertTrue(outbox.hasDue());
        assertEquals(List.of(0L, 1L), finishingOrder());
    }

    /// Goal: before any credit is known one message may begin, or several that every receiver takes.
    // = docs/spec/06-flow.md R6.10
    @Test
    void withoutCreditOneMessageBegins() {
        courier.add(1 << 20, ONE_WAY.withPriority(0));
        courier.add(10, ONE_WAY);
        for (int i = 0; i < 2_000; i++) {
            courier.send(ROOM);
            courier.frames.forEach(frame -> assertEquals(0, frame.id()));
        }
        Courier small = new Courier();
        long each = Limits.CREDIT_BYTES_MIN / 10 - Limits.MESSAGE_OVERHEAD_BYTES;
        for (int i = 0; i < 20; i++) {
            small.add((int) each, ONE_WAY);
        }
        for (long packet = small.send(ROOM); packet >= 0; packet = small.send(ROOM)) {
            small.ack(packet);
        }
        assertEquals(10, small.delivered.size());
    }

    /// Goal: at most 16,384 ids are open at once; the oldest has to settle at the peer before the window
    /// moves.
    // = docs/spec/07-messages.md R7.7
    @Test
    void theWindowOfIdsIsBounded() {
        grantPlenty();
        for (int i = 0; i < Limits.MESSAGES_OPEN_MAX + 10; i++) {
            courier.add(0, ONE_WAY);
        }
        List<Long> packets = new ArrayList<>();
        Set<Long> ids = new HashSet<>();
        for (long packet = courier.send(ROOM); packet >= 0; packet = courier.send(ROOM)) {
            packets.add(packet);
            courier.frames.forEach(frame -> ids.add(frame.id()));
        }
        assertEquals(Limits.MESSAGES_OPEN_MAX, ids.size());
        packets.subList(1, packets.size()).forEach(courier::ack);
        assertFalse(outbox.hasDue(), "the oldest is still open");
        courier.ack(packets.getFirst());
        assertTrue(outbox.hasDue());
        courier.send(ROOM);
        assertEquals(Limits.MESSAGES_OPEN_MAX + 9, courier.frames.getLast().id());
    }

    /// Goal: what was lost goes again, in pieces of any size, until all has arrived; what has arrived
    /// never goes again.
    @Test
    void onlyWhatWasLostGoesAgain() {
        grantPlenty();
        Outgoing message = courier.add(20_000, ONE_WAY);
        List<Long> packets = new ArrayList<>();
        for (long packet = courier.send(ROOM); packet >= 0; packet = courier.send(ROOM)) {
            packets.add(packet);
        }
        for (int i = 0; i < packets.size(); i++) {
            if (i == 0 || i == 3 || i == 4 || i == packets.size() - 1) {
                courier.lose(packets.get(i));
            } else {
                courier.ack(packets.get(i));
            }
        }
        long again = 0;
        for (long packet = courier.send(700); packet >= 0; packet = courier.send(700)) {
            for (Courier.Frame frame : courier.frames) {
                again += frame.bytes();
                assertEquals(frame.offset() == 0 ? "first" : "segment", frame.kind(), "the first says for whom");
            }
            courier.ack(packet);
        }
        assertTrue(again > 3_000 && again < 4_400, again + " bytes again");
        assertTrue(message.isDelivered());
        assertEquals(1, outbox.messagesDelivered());
    }

    /// Goal: a copy that a probe sent and the packet it copied may both arrive, in any order, and the
    /// message settles once.
    @Test
    void aProbeAndItsOriginalSettleAMessageOnce() {
        grantPlenty();
        courier.add(500, ONE_WAY);
        courier.add(0, ONE_WAY);
        long original = courier.send(ROOM);
        courier.sent.reportProbed(outbox);
        long probe = courier.send(ROOM);
        assertEquals(2, courier.frames.size(), "the probe carries both");
        courier.ack(probe);
        courier.ack(original);
        assertEquals(2, courier.delivered.size());
        assertFalse(outbox.hasDue());

        courier.add(500, ONE_WAY);
        long second = courier.send(ROOM);
        courier.sent.reportProbed(outbox);
        courier.ack(second);
        assertFalse(outbox.hasDue(), "it arrived before the probe went");
        assertEquals(3, courier.delivered.size());
    }

    /// Goal: a message given up before it began leaves nothing; one under way is taken back until that
    /// has arrived; one that has arrived is left alone.
    // = docs/spec/07-messages.md R7.5
    @Test
    void givingUpBeforeDuringAndAfter() {
        grantPlenty();
        Outgoing before = courier.add(100, ONE_WAY);
        courier.cancel(before);
        assertFalse(outbox.hasDue());

        Outgoing during = courier.add(5_000, ONE_WAY);
        long first = courier.send(ROOM);
        courier.cancel(during);
        long cancel = courier.send(ROOM);
        assertEquals(List.of(new Courier.Frame("cancel", 0, 0, 5_000)), courier.frames);
        courier.lose(cancel);
        courier.lose(first);
        cancel = courier.send(ROOM);
        assertEquals(
                List.of(new Courier.Frame("cancel", 0, 0, 5_000)), courier.frames, "again, and nothing of the rest");
        courier.ack(cancel);
        assertFalse(outbox.hasDue());
        assertNull(outbox.find(0));

        Outgoing after = courier.add(10, SendOptions.REQUEST);
        courier.ack(courier.send(ROOM));
        assertTrue(after.isDelivered());
        assertSame(after, outbox.find(1));
        courier.cancel(after);
        assertFalse(outbox.hasDue());
        assertNull(outbox.find(1));
    }

    /// Goal: however many messages under way are given up at once, each is taken back, its id is free
    /// again and the credit returns. With one of more than 1,024 CANCELs forgotten its id would stay open
    /// for ever, and with it the window of ids.
    // = docs/spec/07-messages.md R7.5
    @Test
    void everyMessageGivenUpIsTakenBack() {
        grantPlenty();
        int count = 3 * Limits.CONTROLS_MAX;
        List<Outgoing> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(courier.add(20, ONE_WAY));
        }
        List<Long> packets = new ArrayList<>();
        for (long packet = courier.send(ROOM); packet >= 0; packet = courier.send(ROOM)) {
            packets.add(packet);
        }
        messages.forEach(courier::cancel);
        packets.forEach(courier::lose);
        Set<Long> taken = new HashSet<>();
        for (long packet = courier.send(ROOM); packet >= 0; packet = courier.send(ROOM)) {
            courier.frames.forEach(frame -> assertTrue(frame.kind().equals("cancel") && taken.add(frame.id())));
            courier.ack(packet);
        }
        assertEquals(count, taken.size());
        for (int i = 0; i < Limits.MESSAGES_OPEN_MAX; i++) {
            courier.add(0, ONE_WAY);
        }
        assertEquals(Limits.MESSAGES_OPEN_MAX, finishingOrder().size(), "all ids are free again");
    }

    /// Goal: refusals beyond the limit are dropped, cancels are not, and nothing grows.
    @Test
    void refusalsBeyondTheLimitAreDropped() {
        grantPlenty();
        courier.add(5_000, ONE_WAY);
        Outgoing message = courier.add(9_000, ONE_WAY);
        courier.send(ROOM);
        for (int i = 0; i < 2 * Limits.CONTROLS_MAX; i++) {
            outbox.refuseMessage(i, Refusal.BUSY);
            outbox.refuseReply(4L * i, Refusal.BUSY);
        }
        long refused = 0;
        long cancelled = 0;
        for (long packet = courier.send(ROOM); packet >= 0; packet = courier.send(ROOM)) {
            for (Courier.Frame frame : courier.frames) {
                refused += frame.kind().startsWith("refuse") ? 1 : 0;
                cancelled += frame.kind().equals("cancel") ? 1 : 0;
            }
            if (!message.isSettled() && message.hasBegun()) {
                courier.cancel(message);
            }
            courier.ack(packet);
        }
        assertEquals(Limits.CONTROLS_MAX, refused);
        assertEquals(1, cancelled);
    }

    /// Goal: a datagram goes once, alone or with others; one that does not fit into the rest of a packet
    /// waits for the next; one that is lost is not sent again.
    // = docs/spec/07-messages.md R7.8
    @Test
    void aDatagramGoesOnce() {
        courier.add(600, ONE_WAY.withoutRetransmit());
        courier.add(700, ONE_WAY.withoutRetransmit());
        long first = courier.send(ROOM);
        assertEquals(List.of(new Courier.Frame("datagram", -1, 0, 600)), courier.frames);
        long second = courier.send(ROOM);
        assertEquals(List.of(new Courier.Frame("datagram", -1, 0, 700)), courier.frames);
        courier.lose(second);
        courier.ack(first);
        assertEquals(-1, courier.send(ROOM));
        assertEquals(1, courier.delivered.size());
        assertEquals(0, courier.delivered.getFirst().ticket());
    }

    /// Goal: a probe is no loss: a datagram whose packet arrives after a probe for it was sent has
    /// arrived.
    // = docs/spec/06-flow.md R6.16
    @Test
    void aDatagramThatArrivesAfterAProbeHasArrived() {
        courier.add(600, ONE_WAY.withoutRetransmit());
        long packet = courier.send(ROOM);
        courier.sent.reportProbed(outbox);
        assertFalse(outbox.hasDue(), "not a second time");
        courier.ack(packet);
        assertEquals(1, courier.delivered.size());
    }
}
