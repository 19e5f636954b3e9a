package konce.protocol.wire;

import konce.protocol.Limits;
import konce.protocol.table.RangeSet;

/// What one ACK says: the newest packet received and, before it, runs received and runs missing in turn.
///
/// - shape: varints newest, delay in microseconds, credit, further pairs n, first run − 1, then n times (missing − 1,
///   received − 1), going down from the newest
/// - error: [#read] fails its reader for a run below packet 0; never allocates
/// - source: docs/spec/06-flow.md, section 2
public final class AckRuns {
    private final long[] starts = new long[Limits.ACK_RUNS_MAX];
    private final long[] ends = new long[Limits.ACK_RUNS_MAX];
    private int size;
    private long delayNanos;
    private long credit;

    public AckRuns() {}

    /// Runs received, newest first.
    public int size() {
        return size;
    }

    /// The first packet of run `i`.
    public long start(int i) {
        return starts[i];
    }

    /// The packet after the last of run `i`.
    public long end(int i) {
        return ends[i];
    }

    public long newest() {
        return ends[0] - 1;
    }

    /// How long the newest packet waited for this ACK, as the peer says.
    public long delayNanos() {
        return delayNanos;
    }

    /// Bytes of messages that may have begun since the channel opened.
    public long credit() {
        return credit;
    }

    public void read(ByteReader in) {
        long newest = in.readVarint(Limits.PACKET_NUMBER_MAX);
        delayNanos = in.readVarint(Limits.TIMEOUT_NANOS_MAX / 1_000) * 1_000;
        credit = in.readVarint(Long.MAX_VALUE);
        int pairs = (int) in.readVarint(Limits.ACK_RUNS_MAX - 1L);
        long end = newest + 1;
        long start = end - in.readVarint(Limits.PACKET_NUMBER_MAX) - 1;
        size = 0;
        put(in, start, end);
        for (int i = 0; i < pairs && in.isOk(); i++) {
            end = start - in.readVarint(Limits.PACKET_NUMBER_MAX) - 1;
            start = end - in.readVarint(Limits.PACKET_NUMBER_MAX) - 1;
            put(in, start, end);
        }
    }

    private void put(ByteReader in, long start, long end) {
        if (start < 0 || end <= start) {
            in.fail();
        } else {
            starts[size] = start;
            ends[size++] = end;
        }
    }

    /// Bytes [#write] needs at most for as many runs.
    public static int bytesMax(int runs) {
        return 1 + 4 * 10 + runs * 2 * 7;
    }

    // = docs/spec/06-flow.md R6.3
    /// Writes an ACK frame of the newest runs of `received` that fit; at least the newest.
    public static void write(ByteWriter out, RangeSet received, long delayNanos, long credit, int runsMax) {
        int top = received.size() - 1;
        int runs = Math.min(received.size(), runsMax);
        out.writeVarint(FrameType.ACK);
        out.writeVarint(received.end(top) - 1);
        out.writeVarint(delayNanos / 1_000);
        out.writeVarint(credit);
        out.writeVarint(runs - 1);
        out.writeVarint(received.end(top) - received.start(top) - 1);
        for (int i = top - 1; i > top - runs; i--) {
            out.writeVarint(received.start(i + 1) - received.end(i) - 1);
            out.writeVarint(received.end(i) - received.start(i) - 1);
        }
    }
}
