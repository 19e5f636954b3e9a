package konce.protocol.handshake;

import konce.crypto.PublicKey;
import konce.protocol.ConnectFailure;
import org.jspecify.annotations.Nullable;

/// What an attempt to connect has heard against it, and from when on that counts. Nothing a server says is believed
/// before a COOKIE-ACK opens, so bad news only counts when nothing better has come for a while.
///
/// - unit: nanoseconds of the endpoint's time
/// - source: docs/spec/03-handshake.md, section 9
final class BadNews {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long MILLI = 1_000_000L;

    /// How long something better has to come.
    private static final long GRACE_NANOS = 1_000 * MILLI;

    /// INITs that must bring the same kind of bad news, and nothing better, before it is believed.
    private static final int UNPROVEN_INITS_MIN = 4;

    /// INITs that are told apart, at most.
    private static final int INITS = 16;

    /// Nor before the true answer could come from far away: who makes it up may be near.
    private static final long UNPROVEN_NANOS_MIN = 900 * MILLI;

    private final long beganNanos;
    private @Nullable ConnectFailure heard;
    private long failNanos = NEVER;
    private boolean vouchedFor;
    private int unprovenInits;

    /// @param beganNanos when the attempt did
    BadNews(long beganNanos) {
        this.beganNanos = beganNanos;
    }

    /// The worst so far; null: none.
    @Nullable
    ConnectFailure heard() {
        return heard;
    }

    /// Takes what the server is known to have said, or what is our own doing.
    void hear(long nowNanos, ConnectFailure news) {
        if (heard == null) {
            heard = news;
            failNanos = nowNanos + GRACE_NANOS;
        } else if (news instanceof ConnectFailure.KeyChanged(PublicKey _, long _, boolean vouched) && vouched) {
            heard = news;
        }
    }

    /// Takes what anybody on the path could have made up, or what a damaged packet said. It counts only when
    /// several
    /// INITs in a row brought nothing better.
    ///
    /// @param init which of them brought it
    /// @return whether it counts, now or soon; if not, more of them are to be sent
    boolean hearUnproven(long nowNanos, int init, ConnectFailure news) {
        unprovenInits |= 1 << (init % INITS);
        if (Integer.bitCount(unprovenInits) < UNPROVEN_INITS_MIN) {
            return false;
        }
        if (heard == null) {
            heard = news;
            failNanos = Math.max(nowNanos, beganNanos + UNPROVEN_NANOS_MIN);
        }
        return true;
    }

    /// What was heard has been vouched for.
    void believe(long nowNanos) {
        vouchedFor = true;
        failNanos = nowNanos;
    }

    /// An answer came that an attempt can go on with.
    void onBetter() {
        unprovenInits = 0;
    }

    /// The server is asked again: something better has its time once more.
    void waitLonger(long nowNanos) {
        if (heard != null) {
            failNanos = nowNanos + GRACE_NANOS;
        }
    }

    /// When [#failure] becomes certain.
    ///
    /// @param asking whether nothing better is being tried
    long dueNanos(boolean asking) {
        return vouchedFor || asking ? failNanos : NEVER;
    }

    /// What went wrong, if it is certain by now.
    @Nullable
    ConnectFailure failure(long nowNanos, boolean asking) {
        long due = dueNanos(asking);
        return due != NEVER && nowNanos - due >= 0 ? heard : null;
    }
}
