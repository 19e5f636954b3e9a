package konce.simulator.plan;

/// What must come of a run. Safety holds always; these are the promises of liveness.
///
/// @param faultNanos how long the network has its faults and attackers; then both end
/// @param settleNanos after that, how long everything may take to settle and every client to get a fresh answer
/// @param allSucceed whether every message that nobody cancelled, closed or refused must succeed, faults or not
/// @param meeting whom clients find
public record Expectations(long faultNanos, long settleNanos, boolean allSucceed, Meeting meeting) {
    public Expectations {
        if (faultNanos < 0 || settleNanos <= 0) {
            throw new IllegalArgumentException(
                    "faults for " + faultNanos + " ns, settled after " + settleNanos + " ns");
        }
        if (allSucceed && !isReachable(meeting)) {
            throw new IllegalArgumentException("nothing can succeed when clients meet " + meeting);
        }
    }

    /// Whether the server can be reached at all.
    public boolean isReachable() {
        return isReachable(meeting);
    }

    private static boolean isReachable(Meeting meeting) {
        return meeting == Meeting.THE_SERVER || meeting == Meeting.A_PRIVATE_GROUP;
    }
}
