package konce.protocol.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import konce.protocol.Seeds;
import konce.protocol.SendOptions;
import org.junit.jupiter.api.Test;

/// The queue of messages, against [TreeSet].
final class MessageQueueTest {
    /// Goal: what goes next is always first, whatever is added, taken out and moved. Method: the same
    /// random operations on a TreeSet that removes and adds anew.
    @Test
    void whatGoesNextIsFirst() {
        Random random = Seeds.random("MessageQueue", 20);
        MemorySegment payload = MemorySegment.ofArray(new byte[100_000]);
        MessageQueue queue = new MessageQueue();
        TreeSet<Outgoing> model = new TreeSet<>(Outgoing::compare);
        List<Outgoing> messages = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            SendOptions options = SendOptions.ONE_WAY.withPriority(random.nextInt(2));
            options = random.nextInt(4) == 0 ? options.withBackground() : options;
            messages.add(new Outgoing(i, Courier.HANDLER, payload.asSlice(0, random.nextInt(100_001)), options, 0));
        }
        for (int i = 0; i < 50_000; i++) {
            Outgoing message = messages.get(random.nextInt(messages.size()));
            assertEquals(model.contains(message), message.isQueued());
            if (!message.isQueued()) {
                model.add(message);
                queue.add(message);
            } else if (random.nextInt(4) == 0) {
                model.remove(message);
                queue.remove(message);
            } else {
                model.remove(message);
                change(message, random);
                model.add(message);
                queue.update(message);
            }
            assertSame(model.isEmpty() ? null : model.first(), queue.first());
        }
        while (!model.isEmpty()) {
            assertSame(model.pollFirst(), queue.first());
            queue.remove(queue.first());
        }
        assertSame(null, queue.first());
    }

    /// Sends, loses or acknowledges some of it.
    private static void change(Outgoing message, Random random) {
        int length = (int) message.length();
        if (length == 0) {
            return;
        }
        int offset = random.nextInt(length);
        int bytes = 1 + random.nextInt(length - offset);
        switch (random.nextInt(4)) {
            case 0 -> message.onSegmentLost(offset, bytes);
            case 1 -> message.onSegmentAcked(offset, 1 + random.nextInt(Math.min(bytes, 50)));
            default -> message.onSegmentSent(message.dueOffset(), (int) Math.min(bytes, message.dueBytes()));
        }
    }
}
