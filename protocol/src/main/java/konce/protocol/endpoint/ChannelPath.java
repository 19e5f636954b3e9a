package konce.protocol.endpoint;

import static java.util.Objects.requireNonNull;

import konce.protocol.Address;
import konce.protocol.flow.LossRecovery;
import konce.protocol.flow.SentPackets;
import konce.protocol.path.Path;
import org.jspecify.annotations.Nullable;

/// A channel on its path, which it may share with others: when it may send there, and how it goes to another.
///
/// - unit: nanoseconds of the endpoint's time
/// - source: docs/spec/05-paths.md
final class ChannelPath {
    private final Shared shared;
    private final Path.Waiter waiter;
    private @Nullable Path path;
    private boolean leftAccount;

    /// @param waiter who waits when the path lets nothing go
    ChannelPath(Shared shared, Path.Waiter waiter) {
        this.shared = shared;
        this.waiter = waiter;
    }

    Path path() {
        return requireNonNull(path, "an open channel has a path");
    }

    /// @param joined counts the channel already
    void enter(Path joined) {
        path = joined;
        leftAccount = false;
    }

    /// Whether congestion control lets data go, and there is any. Where it does not, the channel waits its turn.
    ///
    /// @param due whether there is any
    /// @param background whether only what yields to everything else is
    boolean maySend(long nowNanos, boolean due, boolean background) {
        Path here = path();
        if (!due || background) {
            here.onIdle(false);
        }
        if (due && here.maySend(nowNanos, waiter, background)) {
            return true;
        }
        if (due) {
            here.await(nowNanos, waiter, background);
        } else {
            here.onIdle(true);
        }
        return false;
    }

    // = docs/spec/05-paths.md R5.13
    /// The peer is somewhere else, and has proved it.
    ///
    /// @param rttNanos how long that took
    void moveTo(long nowNanos, Address to, long rttNanos, SentPackets sent, LossRecovery recovery) {
        if (!shared.follow(path(), to)) {
            change(shared.joinPath(to, nowNanos), rttNanos, sent, recovery);
        }
        recovery.onPathProved();
    }

    /// Goes on by another path.
    ///
    /// @param joined counts the channel already
    /// @param rttNanos what its round trip may be
    void change(Path joined, long rttNanos, SentPackets sent, LossRecovery recovery) {
        leave(sent, recovery);
        enter(joined);
        joined.rtt().guess(rttNanos);
        recovery.onPathChanged();
    }

    /// What is in flight will not be acknowledged any more: it is not to hold others back.
    void leaveAccount(SentPackets sent, LossRecovery recovery) {
        if (!leftAccount) {
            leftAccount = true;
            long first = recovery.firstOnPath();
            path().release(waiter, sent.bytesInFlightFrom(first, false), sent.bytesInFlightFrom(first, true));
        }
    }

    /// Leaves the path, if there is one.
    void leave(SentPackets sent, LossRecovery recovery) {
        if (path != null) {
            leaveAccount(sent, recovery);
            shared.leavePath(path);
            path = null;
        }
    }
}
