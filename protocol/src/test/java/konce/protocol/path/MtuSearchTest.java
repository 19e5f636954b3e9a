package konce.protocol.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import konce.protocol.Address;
import konce.protocol.CongestionControl;
import konce.protocol.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The search for the largest datagram that passes, against paths of every width.
final class MtuSearchTest {
    private static final long MILLI = 1_000_000L;
    private static final int BASE = Limits.DATAGRAM_BYTES_BASE;

    private long nowNanos = 1_000 * MILLI;
    private int probes;

    /// Probes until the search says nothing more, over a path that carries `mtu` bytes.
    private void search(MtuSearch search, int mtu) {
        search.want();
        for (int bytes = search.probeBytes(nowNanos); bytes > 0; bytes = search.probeBytes(nowNanos)) {
            probes++;
            assertTrue(bytes > search.bytes(), "a probe is larger than what is known to pass");
            search.onProbeSent(nowNanos, bytes);
            search.want();
            assertEquals(0, search.probeBytes(nowNanos), "one probe at a time");
            long sentNanos = nowNanos;
            nowNanos += 10 * MILLI;
            if (bytes <= mtu) {
                assertTrue(search.onAcked(nowNanos, sentNanos, bytes));
                assertEquals(bytes, search.bytes());
            } else {
                assertTrue(search.isBeyond(bytes));
                assertFalse(search.onLost(nowNanos, sentNanos, bytes));
            }
        }
    }

    /// Goal: whatever a path carries is found to within a few bytes; what interfaces take, at once; and a path that
    /// carries less costs few probes.
    // = docs/spec/05-paths.md R5.20
    @ParameterizedTest
    @CsvSource({
        "65507,65507,1", "8972,8972,1", "1472,1472,1", "1200,9000,0", "1440,65507,1",
        "65507,1472,40", "65507,1200,40", "8972,1432,25", "8972,4000,40", "1472,1372,20"
    })
    void findsWhatPasses(int limit, int mtu, int probesMax) {
        MtuSearch search = new MtuSearch(limit);
        assertEquals(BASE, search.bytes());
        search(search, mtu);
        int best = Math.min(limit, mtu);
        assertTrue(search.bytes() <= best && search.bytes() + MtuSearch.STEP_BYTES > best, search.bytes() + " bytes");
        assertTrue(probes <= probesMax, probes + " probes");
    }

    /// Goal: nothing is probed that nobody needs, and nothing more once the search is over, until the path may have
    /// become better.
    // = docs/spec/05-paths.md R5.20
    @Test
    void probesWhenItHelps() {
        MtuSearch search = new MtuSearch(9_000);
        assertEquals(0, search.probeBytes(nowNanos), "one datagram was enough so far");
        search(search, 1_500);
        int found = search.bytes();
        search(search, 9_000);
        assertEquals(found, search.bytes());
        nowNanos += MtuSearch.RAISE_NANOS;
        search(search, 9_000);
        assertEquals(9_000, search.bytes());
    }

    /// Goal: a probe nothing is heard of, because its channel has ended, does not end the search.
    @Test
    void goesOnWithoutNews() {
        MtuSearch search = new MtuSearch(9_000);
        search.want();
        search.onProbeSent(nowNanos, search.probeBytes(nowNanos));
        search.want();
        assertEquals(0, search.probeBytes(nowNanos + MtuSearch.PROBE_NANOS_MAX - 1));
        assertEquals(9_000, search.probeBytes(nowNanos + MtuSearch.PROBE_NANOS_MAX));
    }

    /// Goal: a path that carries less than before is noticed by what is lost, and losses for other reasons are not
    /// taken for that. Method: the same losses, with and without a packet as large, sent later, that arrived.
    // = docs/spec/05-paths.md R5.22
    @Test
    void noticesAShrunkPath() {
        MtuSearch search = new MtuSearch(9_000);
        search(search, 9_000);
        for (int i = 0; i < 10 * MtuSearch.SUSPICIONS_MAX; i++) {
            long sentNanos = ++nowNanos;
            search.onAcked(nowNanos, sentNanos, 9_000);
            assertFalse(search.onLost(nowNanos, sentNanos - 1, 9_000), "one as large came through later");
            assertFalse(search.onLost(nowNanos, sentNanos + 1, BASE), "this one was not large");
        }
        for (int i = 0; i < MtuSearch.SUSPICIONS_MAX - 1; i++) {
            assertFalse(search.onLost(nowNanos, ++nowNanos, 9_000));
            search.onAcked(nowNanos, nowNanos, BASE);
        }
        assertTrue(search.onLost(nowNanos, ++nowNanos, 9_000));
        assertEquals(BASE, search.bytes());
        search(search, 1_400);
        assertEquals(1_400, search.bytes());
    }

    /// Goal: a path on which nothing passes any more falls back, too.
    // = docs/spec/05-paths.md R5.22
    @Test
    void fallsBackInSilence() {
        MtuSearch search = new MtuSearch(9_000);
        assertFalse(search.onSilence(), "there is nothing less than the base");
        search(search, 9_000);
        assertTrue(search.onSilence());
        assertEquals(BASE, search.bytes());
    }

    /// Goal: a lost probe does not shrink the window, and once one has passed the path sends so much at once.
    // = docs/spec/05-paths.md R5.21
    @Test
    void aLostProbeIsNoCongestion() {
        long[] stamps = new long[Path.STAMP_LONGS];
        Path path = new Path(Address.parse("192.0.2.1:413"), 9_000, CongestionControl.CUBIC, 0, nowNanos, new Turns());
        long window = path.windowBytes();
        path.wantLargerDatagrams();
        int bytes = path.mtuProbeBytes(nowNanos);
        assertEquals(9_000, bytes);
        path.onSent(nowNanos, bytes, false, stamps, 0);
        path.onMtuProbeSent(nowNanos, bytes);
        path.onLost(nowNanos + MILLI, nowNanos, bytes, stamps, 0);
        assertEquals(window, path.windowBytes());
        assertEquals(0, path.inFlightBytes());
        assertEquals(BASE, path.datagramBytes());
        path.onSent(nowNanos, bytes, false, stamps, 0);
        path.onMtuProbeSent(nowNanos, bytes);
        path.onAcked(nowNanos + MILLI, nowNanos, bytes, stamps, 0);
        assertEquals(bytes, path.datagramBytes());
        assertTrue(path.windowBytes() >= 2L * bytes);
        path.onSent(nowNanos, bytes, false, stamps, 0);
        path.onLost(nowNanos + 3 * MILLI, nowNanos + 2 * MILLI, bytes, stamps, 0);
        assertTrue(path.windowBytes() < window + bytes, "what is lost of the size that passes is congestion");
    }
}
