package konce.protocol.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import konce.protocol.Address;
import konce.protocol.CongestionControl;
import konce.protocol.Limits;
import konce.protocol.path.Path;
import konce.protocol.path.Turns;
import konce.protocol.wire.ByteReader;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.FrameType;
import org.junit.jupiter.api.Test;

final class AckRateTest {
    private static final int BYTES = Limits.DATAGRAM_BYTES_BASE;
    private static final long MILLI = 1_000_000L;

    private final long[] stamps = new long[Path.STAMP_LONGS];
    private final Path path =
            new Path(Address.parse("192.0.2.1:413"), BYTES, CongestionControl.CUBIC, 0, 0, new Turns());
    private final AckRate rate = new AckRate();
    private final MemorySegment packet = Arena.ofAuto().allocate(64);

    /// Lets the window grow to about so many packets.
    private void grow(int packets) {
        while (path.windowBytes() < (long) packets * BYTES) {
            long full = path.windowBytes() - path.inFlightBytes();
            path.onSent(0, full, false, stamps, 0);
            path.onAcked(MILLI, 0, full, stamps, 0);
            path.settle(MILLI);
        }
    }

    /// @return packets and delay asked for
    private long[] write() {
        rate.write(new ByteWriter().wrap(packet, 0, 64), path);
        ByteReader in = new ByteReader().wrap(packet, 0, 64);
        assertEquals(FrameType.ACK_RATE, in.readVarint());
        return new long[] {in.readVarint(), in.readVarint() * 1_000};
    }

    /// Goal: nothing is asked while the window is small; then an eighth of it, again each time it has doubled, and
    /// at
    /// once when it has shrunk to half; never more than the limit, nor later than a peer may.
    // = docs/spec/06-flow.md R6.22
    @Test
    void asksForAnEighthOfTheWindow() {
        assertFalse(rate.isDue(path));
        grow(64);
        assertTrue(rate.isDue(path));
        long[] asked = write();
        assertEquals(path.windowBytes() / BYTES / 8, asked[0]);
        assertEquals(Limits.ACK_DELAY_NANOS_MAX, asked[1], "before a round trip is measured");
        assertFalse(rate.isDue(path));
        path.rtt().measure(6 * MILLI, 0, 0);
        grow(16 * Limits.ACK_PACKETS_MAX);
        assertTrue(rate.isDue(path));
        asked = write();
        assertEquals(Limits.ACK_PACKETS_MAX, asked[0]);
        assertEquals(1_500_000, asked[1]);
        path.onPersistentCongestion();
        assertTrue(rate.isDue(path));
        assertEquals(2, write()[0]);
    }

    /// Goal: what was lost is asked again; and a peer that has begun anew knows nothing of it.
    @Test
    void asksAgainWhenItIsLost() {
        grow(64);
        write();
        rate.onLost();
        assertTrue(rate.isDue(path));
        write();
        assertFalse(rate.isDue(path));
        rate.reset();
        assertTrue(rate.isDue(path));
    }
}
