package konce.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import konce.protocol.Seeds;
import org.junit.jupiter.api.Test;

/// Numbers of which only the low bits travel.
final class WindowedIntegerTest {
    private final MemorySegment bytes = MemorySegment.ofArray(new byte[WindowedInteger.GROUPS_MAX]);

    /// What a number of `groups` groups is on the other side, where `lowest` is the lowest number still
    /// acceptable.
    private long transfer(long number, int groups, long lowest) {
        ByteWriter out = new ByteWriter().wrap(bytes, 0, groups);
        WindowedInteger.write(out, number, groups);
        assertEquals(groups, out.position());
        assertEquals(groups, groupsOnTheWire(), "the width is read off the bytes");
        return WindowedInteger.decode(DataHeader.wireNumber(bytes, 0, groups), groups, lowest);
    }

    private int groupsOnTheWire() {
        int groups = 1;
        while (bytes.get(java.lang.foreign.ValueLayout.JAVA_BYTE, groups - 1L) < 0) {
            groups++;
        }
        return groups;
    }

    /// Goal: a number comes back at every width, near every edge of its window, wherever the window lies.
    // = docs/spec/02-packets.md R2.2
    @Test
    void aNumberComesBackNearEveryEdge() {
        for (int groups = 1; groups <= WindowedInteger.GROUPS_MAX; groups++) {
            long window = WindowedInteger.mask(groups) + 1;
            for (int bit = 0; bit < 50; bit++) {
                for (long near = -2; near <= 2; near++) {
                    long lowest = Math.max(0, (1L << bit) + near);
                    for (long distance : new long[] {0, 1, 2, window / 2 - 1, window / 2, window - 2, window - 1}) {
                        long number = lowest + distance;
                        assertEquals(number, transfer(number, groups, lowest), number + " from " + lowest);
                    }
                }
            }
        }
    }

    /// Goal: the window is the whole window: one number further, and it is taken for the lowest. So the
    /// sender has to keep well inside.
    @Test
    void oneNumberPastTheWindowIsTakenForTheLowest() {
        for (int groups = 1; groups <= WindowedInteger.GROUPS_MAX; groups++) {
            long window = WindowedInteger.mask(groups) + 1;
            assertEquals(1_000, transfer(1_000 + window, groups, 1_000));
        }
    }

    /// Goal: late numbers decode as long as the window begins at the lowest number still acceptable;
    /// measured from the newest they would not.
    // = docs/spec/02-packets.md R2.2
    @Test
    void lateNumbersDecodeFromTheLowestAcceptable() {
        long newest = 100_000;
        for (long late = newest - 63; late <= newest; late++) {
            assertEquals(late, transfer(late, 1, newest - 63));
            if (late < newest) {
                assertNotEquals(late, WindowedInteger.decode(late & 0x7F, 1, newest), "measured from the newest");
            }
        }
    }

    /// Goal: the window is at least 32 times the span in use, at the least width that gives that.
    // = docs/spec/02-packets.md R2.3
    @Test
    void theWindowIs32TimesTheSpan() {
        for (long span = 0; span < 1L << 43; span = span < 70_000 ? span + 1 : span * 2 - span / 7) {
            int groups = WindowedInteger.groups(span);
            assertTrue(WindowedInteger.mask(groups) + 1 >= 32 * span, "span " + span);
            assertTrue(
                    groups == 1 || WindowedInteger.mask(groups - 1) + 1 < 32 * span, "no wider than needed: " + span);
        }
        assertEquals(1, WindowedInteger.groups(0));
        assertEquals(1, WindowedInteger.groups(4));
        assertEquals(2, WindowedInteger.groups(5));
        assertEquals(WindowedInteger.GROUPS_MAX, WindowedInteger.groups(1L << 48));
    }

    /// Goal: leading zero groups have a meaning. A minimal encoding would be ambiguous: one byte string
    /// for two numbers, to the same receiver at the same moment.
    @Test
    void aMinimalEncodingWouldBeAmbiguous() {
        long lowest = 10_000;
        long near = 10_117; // 5 in its low seven bits
        long far = 16_389; // 5 in its low fourteen bits
        assertEquals(near, transfer(near, 1, lowest));
        assertEquals(far, transfer(far, 2, lowest));
        ByteWriter out = new ByteWriter().wrap(bytes, 0, bytes.byteSize());
        out.writeVarint(near & WindowedInteger.mask(1));
        long minimalBytes = out.position();
        long minimalFirst = bytes.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0);
        out.wrap(bytes, 0, bytes.byteSize());
        out.writeVarint(far & WindowedInteger.mask(2));
        assertEquals(minimalBytes, out.position(), "minimally, both are one byte");
        assertEquals(minimalFirst, bytes.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0), "the same byte");
    }

    /// Goal: whatever the network does within the span in use, the receiver recovers every number.
    /// Method: a sender that picks its width by the rule, a network that delays packets at random, and a
    /// receiver that takes half a window behind its newest as the lowest acceptable.
    // = docs/spec/02-packets.md R2.2
    // = docs/spec/02-packets.md R2.3
    @Test
    void senderAndReceiverAgreeUnderReordering() {
        Random random = Seeds.random("WindowedInteger", 3);
        for (int span = 1; span < 5_000; span = span * 3 + 1) {
            long newest = 1L << random.nextInt(40);
            long oldest = newest;
            for (int i = 0; i < 20_000; i++) {
                long number = Math.max(oldest, newest + 1 - random.nextInt(span));
                int groups = WindowedInteger.groups(newest + 1 - oldest);
                long lowest = Math.max(0, newest + 1 - (WindowedInteger.mask(groups) + 1) / 2);
                assertEquals(number, transfer(number, groups, lowest), "newest " + newest + ", oldest " + oldest);
                newest = Math.max(newest, number);
                oldest = Math.max(oldest, newest + 1 - span);
            }
        }
    }
}
