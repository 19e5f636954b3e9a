package konce.protocol.handshake;

import konce.protocol.ServerLoad;

/// How much work to ask of everybody. It rises while those wait who have done what is asked now, by as much as more of
/// them come than can be served, and falls again when nobody waits. Looked at once a second.
///
/// Told of those alone whose address is no burden: a prefix that is asked for more than others does not make others
/// pay. A *bid* is what one of them has done, and [#STEP] on top.
///
/// - unit: expected hashes; nanoseconds of the endpoint's time
/// - invariant: floor <= [#effort] <= ceiling
/// - error: never throws, never allocates
/// - source: docs/spec/03-handshake.md, section 12, after Tor's proposal 327
final class EffortController {
    static final long PERIOD_NANOS = 1_000_000_000L;

    /// Waiting as long as this is being in a queue: longer than the allowance of one prefix takes, which may come
    /// at
    /// once, and shorter than what a person notices.
    static final long QUEUE_NANOS = 100_000_000L;

    /// The first step up, in hashes: about as long on one core of a client as an agreement takes on one of ours.
    static final long STEP = 1_024;

    private static final double RISE_MIN = 1.25;
    private static final double RISE_MAX = 4;
    private static final double BUSY = 0.9;
    private static final double CALM = 0.75;
    private static final int PERIODS_MAX = 64;

    private final ServerLoad load;
    private long effort;
    private long periodEndNanos;
    private long arrived;
    private long handled;
    private long handledBids;
    private long busyNanos;
    private boolean waited;
    private boolean turnedAway;

    EffortController(ServerLoad load, long nowNanos) {
        this.load = load;
        effort = load.effortFloor();
        periodEndNanos = nowNanos + PERIOD_NANOS;
    }

    /// What is asked of whoever burdens nobody.
    long effort() {
        return effort;
    }

    /// What everybody has to bid: the effort, and a step.
    long going() {
        return effort + STEP;
    }

    /// Somebody is let in.
    void onArrived(long bid) {
        arrived += bid >= going() ? 1 : 0;
    }

    /// An agreement is handed out.
    ///
    /// @param waitedNanos since it came
    void onHandled(long bid, long waitedNanos) {
        handled++;
        handledBids += bid;
        waited |= bid >= going() && waitedNanos >= QUEUE_NANOS;
    }

    /// An agreement has run.
    ///
    /// @param nanos since it was handed out
    void onFinished(long nanos) {
        busyNanos += nanos;
    }

    /// Somebody who bid this was turned away, for want of room or because it took too long.
    void onTurnedAway(long bid) {
        turnedAway |= bid >= going();
    }

    // = docs/spec/03-handshake.md R3.40
    /// Looks back on each period that is over.
    ///
    /// @param waiting how many wait now
    void tick(long nowNanos, int waiting) {
        for (int i = 0; nowNanos - periodEndNanos >= 0; i++) {
            if (i == PERIODS_MAX) {
                effort = load.effortFloor();
                periodEndNanos = nowNanos + PERIOD_NANOS;
                return;
            }
            endPeriod(waiting);
            periodEndNanos += PERIOD_NANOS;
        }
    }

    private void endPeriod(int waiting) {
        double busy = (double) busyNanos / PERIOD_NANOS / load.agreementJobs();
        boolean queue = waited || (busy >= BUSY && waiting > 0);
        if (turnedAway || queue) {
            double rise = Math.clamp((double) arrived / Math.max(1, handled), RISE_MIN, RISE_MAX);
            long mean = handled == 0 ? 0 : handledBids / handled - STEP;
            raiseTo(Math.max(Math.max((long) (effort * rise), effort + STEP), mean));
        } else if (waiting == 0 && busy < CALM) {
            long lower = effort * 2 / 3;
            effort = Math.max(lower < STEP / 2 ? 0 : lower, load.effortFloor());
        }
        arrived = 0;
        handled = 0;
        handledBids = 0;
        busyNanos = 0;
        waited = false;
        turnedAway = false;
    }

    private void raiseTo(long higher) {
        effort = Math.min(higher, load.effortCeiling());
    }
}
