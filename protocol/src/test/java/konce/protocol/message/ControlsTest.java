package konce.protocol.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import konce.protocol.Limits;
import konce.protocol.Seeds;
import konce.protocol.wire.ByteReader;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.FrameType;
import konce.protocol.wire.FrameWriter;
import org.junit.jupiter.api.Test;

/// The ring of small frames, against a list.
final class ControlsTest {
    private final Controls controls = new Controls();
    private final MemorySegment bytes = MemorySegment.ofArray(new byte[64]);
    private final ByteWriter out = new ByteWriter();

    /// A frame, as the model sees it.
    private static final class Entry {
        private final boolean cancel;
        private final long subject;
        private boolean due = true;

        private Entry(boolean cancel, long subject) {
            this.cancel = cancel;
            this.subject = subject;
        }
    }

    /// Writes the next frame, and checks that it is what `expected` says.
    private long write(Entry expected) {
        long number = controls.writeNext(out.wrap(bytes, 0, 64));
        if (expected == null) {
            assertEquals(-1, number);
            return -1;
        }
        ByteReader in = new ByteReader().wrap(bytes, 0, out.position());
        assertEquals(expected.cancel ? FrameType.CANCEL : FrameType.REFUSE, in.readVarint());
        if (!expected.cancel) {
            in.readVarint();
        }
        assertEquals(expected.subject, in.readVarint());
        return number;
    }

    /// Goal: what is put in is written until it is acknowledged, the oldest first, and forgotten then;
    /// what is lost is written again. Method: random operations on the ring and on a sorted map.
    @Test
    void writtenUntilAcknowledged() {
        Random random = Seeds.random("Controls", 23);
        TreeMap<Long, Entry> model = new TreeMap<>();
        long next = 0;
        for (int i = 0; i < 200_000; i++) {
            List<Long> numbers = i % 50 == 0 ? new ArrayList<>(model.keySet()) : List.of();
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    boolean room = model.isEmpty() || next - model.firstKey() < Limits.CONTROLS_MAX;
                    boolean cancel = random.nextBoolean();
                    boolean taken = cancel ? controls.cancel(i, 5) : controls.refuseMessage(i, 1);
                    assertEquals(room, taken);
                    if (taken) {
                        model.put(next++, new Entry(cancel, i));
                    }
                }
                case 2 -> {
                    Entry due = model.values().stream()
                            .filter(entry -> entry.due)
                            .findFirst()
                            .orElse(null);
                    assertEquals(due != null, controls.hasDue());
                    long number = write(due);
                    if (due != null) {
                        assertEquals(due, model.get(number));
                        due.due = false;
                    }
                }
                default -> {
                    long number = numbers.isEmpty()
                            ? Math.max(0, next - 1 - random.nextInt(20))
                            : numbers.get(random.nextInt(numbers.size()));
                    if (number < next) {
                        settle(model, number, random.nextBoolean());
                    }
                }
            }
        }
    }

    private void settle(Map<Long, Entry> model, long number, boolean acked) {
        Entry entry = model.get(number);
        if (acked) {
            model.remove(number);
            assertEquals(entry != null && entry.cancel ? entry.subject : -1, controls.onAcked(number));
        } else {
            controls.onLost(number);
            if (entry != null) {
                entry.due = true;
            }
        }
    }

    /// Goal: at most 1,024 are kept; full refuses, and what leaves makes room.
    @Test
    void fullRefuses() {
        for (int i = 0; i < Limits.CONTROLS_MAX; i++) {
            assertEquals(true, controls.cancel(i, 1));
        }
        assertEquals(false, controls.cancel(9, 1));
        assertEquals(false, controls.refuseReply(9, 1));
        long first = controls.writeNext(out.wrap(bytes, 0, 64));
        assertEquals(0, controls.onAcked(first));
        assertEquals(true, controls.refuseReply(9, 1));
    }

    /// Goal: a frame that may not fit is not begun.
    @Test
    void noFrameIsCutShort() {
        controls.cancel(Long.MAX_VALUE, Long.MAX_VALUE);
        for (int room = 0; room < FrameWriter.CONTROL_BYTES_MAX; room++) {
            assertEquals(-1, controls.writeNext(out.wrap(bytes, 0, room)));
            assertEquals(0, out.position());
        }
        assertEquals(0, controls.writeNext(out.wrap(bytes, 0, FrameWriter.CONTROL_BYTES_MAX)));
    }
}
