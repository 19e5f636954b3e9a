package konce.protocol.flow;

import konce.protocol.Ecn;
import konce.protocol.path.Path;

/// The marks of one channel: counts those that come, and finds out whether its own get through to the peer before it
/// relies on them.
///
/// - error: never throws; counts that cannot be true end the marking on this path
/// - source: RFC 9000 section 13.4; docs/spec/06-flow.md, section 2
public final class EcnMarks {
    /// Packets marked to try the path out.
    private static final int TEST_PACKETS = 10;

    /// How far it is with the path.
    private enum State {
        /// Nothing is marked.
        OFF,
        /// The first packets are marked.
        TESTING,
        /// They were; the answer is awaited.
        AWAITING,
        /// All are marked.
        CAPABLE
    }

    private static final long NONE = Long.MAX_VALUE;

    private long ect0Received;
    private long ceReceived;

    private State state;
    /// Marked are the packets of the test, from the first up to and without the second number, and all from the
    /// third
    /// on.
    private long testFrom = NONE;
    private long testTo = NONE;
    private long markedFrom = NONE;
    private int tested;
    private long sentMarked;
    private long ackedMarked;
    private long reported;
    private long reportedCe;
    private long ect0Before;
    private boolean reportOwed;
    private long newestAckedNanos;
    private boolean newestAckedBackground;

    /// @param mark whether packets are to be marked where the path lets marks through
    public EcnMarks(boolean mark) {
        state = mark ? State.TESTING : State.OFF;
    }

    // ---- what comes

    /// A packet that was not seen before has opened.
    public void onReceived(int ecn) {
        if (ecn == Ecn.ECT_0) {
            ect0Received++;
        } else if (ecn == Ecn.CE) {
            ceReceived++;
        }
    }

    /// Whether there is anything to report.
    public boolean hasReceived() {
        return ect0Received + ceReceived > 0;
    }

    public long ect0Received() {
        return ect0Received;
    }

    public long ceReceived() {
        return ceReceived;
    }

    // ---- what goes

    /// Whether what is sent now is marked ECT(0).
    public boolean isMarking() {
        return state == State.TESTING || state == State.CAPABLE;
    }

    /// Whether marks are known to get through.
    public boolean isCapable() {
        return state == State.CAPABLE;
    }

    /// A packet was sent, marked.
    public void onSentMarked(long number) {
        sentMarked++;
        if (state == State.TESTING) {
            testFrom = Math.min(testFrom, number);
            testTo = number + 1;
            tested++;
            if (tested >= TEST_PACKETS) {
                state = State.AWAITING;
            }
        } else {
            markedFrom = Math.min(markedFrom, number);
        }
    }

    private boolean wasMarked(long number) {
        return (number >= testFrom && number < testTo) || number >= markedFrom;
    }

    /// A packet that asked for an acknowledgement has arrived.
    public void onAcked(long number, long sentNanos, boolean background) {
        if (state != State.OFF && wasMarked(number)) {
            ackedMarked++;
            reportOwed = true;
            newestAckedNanos = sentNanos;
            newestAckedBackground = background;
        }
    }

    // = docs/spec/06-flow.md R6.25
    /// The peer says how many marks have come to it.
    ///
    /// @return whether there is congestion among them that was not reported before: to be told with [#tell]
    public boolean onReported(long ect0, long ce) {
        reportOwed = false;
        if (state == State.OFF || ect0 + ce < reported || ce < reportedCe) {
            // reports overtake each other
            return false;
        }
        reported = ect0 + ce;
        if (reported < ackedMarked || reported > sentMarked) {
            state = State.OFF;
            return false;
        }
        boolean congested = ce > reportedCe;
        reportedCe = ce;
        if (state == State.AWAITING && ackedMarked > 0) {
            judge(ect0);
        }
        return congested;
    }

    /// Ends the test: one mark that arrived as it was sent is enough; where all have become CE that is somebody's
    /// way
    /// with every packet.
    private void judge(long ect0) {
        if (ect0 > ect0Before) {
            state = State.CAPABLE;
        } else if (ackedMarked >= tested) {
            state = State.OFF;
        }
    }

    /// Tells a path that its network has marked packets.
    public void tell(long nowNanos, Path path) {
        path.onMarked(nowNanos, newestAckedNanos, newestAckedBackground);
        path.settle(nowNanos);
    }

    // = docs/spec/06-flow.md R6.26
    /// All of a packet has been read: if it acknowledged marked packets and did not report marks, somebody takes
    /// them
    /// away.
    public void onPacketRead() {
        if (reportOwed) {
            state = State.OFF;
        }
    }

    /// Another path: it is tried out anew, also where the last let nothing through.
    ///
    /// @param mark whether packets are to be marked
    public void onPathChanged(boolean mark) {
        state = mark ? State.TESTING : State.OFF;
        testFrom = NONE;
        testTo = NONE;
        markedFrom = NONE;
        tested = 0;
        ect0Before = reported - reportedCe;
        // what went the other way may still be reported, or not
        ackedMarked = 0;
        reportOwed = false;
    }
}
