package konce.protocol.message;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Messages with something to send, what goes next first: a binary heap in which every message knows its
/// place, so that giving one up costs O(log n) however many wait.
///
/// - error: never throws; at most as many as an endpoint has sends open
/// - source: docs/spec/07-messages.md, section 3
final class MessageQueue {
    private static final int CAPACITY_START = 16;
    private static final @Nullable Outgoing[] NONE = new Outgoing[0];

    private @Nullable Outgoing[] messages = NONE;
    private int size;

    MessageQueue() {}

    /// What goes next; null when nothing is to go.
    @Nullable
    Outgoing first() {
        return size == 0 ? null : messages[0];
    }

    /// Puts a message in that is in no queue.
    void add(Outgoing message) {
        assert !message.isQueued();
        if (size == messages.length) {
            messages = Arrays.copyOf(messages, Math.max(CAPACITY_START, size * 2));
        }
        siftUp(message, size++);
    }

    /// Gives back what it holds for messages to come, if it has none.
    void trim() {
        if (size == 0) {
            messages = NONE;
        }
    }

    /// Takes a message of this queue out.
    @SuppressWarnings("ReferenceEquality") // whether the last is this very message
    void remove(Outgoing message) {
        int hole = message.place();
        assert at(hole) == message;
        message.setPlace(Outgoing.NOT_QUEUED);
        Outgoing last = at(--size);
        messages[size] = null;
        if (last != message) {
            last.setPlace(hole);
            messages[hole] = last;
            update(last);
        }
    }

    /// Moves a message of this queue to where it belongs now.
    void update(Outgoing message) {
        int place = message.place();
        siftDown(message, place);
        if (message.place() == place) {
            siftUp(message, place);
        }
    }

    private void siftUp(Outgoing message, int from) {
        int i = from;
        while (i > 0) {
            Outgoing above = at((i - 1) >>> 1);
            if (Outgoing.compare(above, message) <= 0) {
                break;
            }
            put(above, i);
            i = (i - 1) >>> 1;
        }
        put(message, i);
    }

    private void siftDown(Outgoing message, int from) {
        int i = from;
        for (int child = 2 * i + 1; child < size; child = 2 * i + 1) {
            if (child + 1 < size && Outgoing.compare(at(child + 1), at(child)) < 0) {
                child++;
            }
            Outgoing below = at(child);
            if (Outgoing.compare(message, below) <= 0) {
                break;
            }
            put(below, i);
            i = child;
        }
        put(message, i);
    }

    private void put(Outgoing message, int place) {
        messages[place] = message;
        message.setPlace(place);
    }

    private Outgoing at(int place) {
        return Objects.requireNonNull(messages[place]);
    }
}
