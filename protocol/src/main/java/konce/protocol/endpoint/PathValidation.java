package konce.protocol.endpoint;

import konce.crypto.RandomSource;
import konce.protocol.Address;
import org.jspecify.annotations.Nullable;

/// What a channel does about a peer that is heard from a new address: it asks there before it moves, and answers when
/// it
/// is asked. Holds one question of each kind, whatever comes.
///
/// - unit: nanoseconds of the endpoint's time, bytes
/// - error: never throws; what cannot be asked or answered now is dropped
/// - source: docs/spec/05-paths.md, section 6
final class PathValidation {
    /// Challenges sent to one address.
    private static final int CHALLENGES_MAX = 3;

    /// How long an address that did not answer, or that was left again before it did, is not asked once more.
    private static final long REFUSED_NANOS = 10_000_000_000L;

    private static final long NEVER = Long.MAX_VALUE;

    private @Nullable Address candidate;
    private long challenge;
    private long credit;
    private int challenges;
    private long expiryNanos;
    private long nextNanos = NEVER;
    private long sentNanos;
    private @Nullable Address refused;
    private long refusedNanos;
    private @Nullable Address asker;
    private long question;

    PathValidation() {}

    // ---- the peer seems to have moved

    // = docs/spec/05-paths.md R5.18
    /// A packet came from somewhere else than the peer is.
    ///
    /// @param newest whether it is the newest of all: older ones were under way when the peer moved
    void onElsewhere(long nowNanos, Address remote, long bytes, boolean newest, RandomSource random) {
        if (remote.equals(candidate)) {
            credit += bytes;
            nextNanos = challenges == 0 ? nowNanos : nextNanos;
        } else if (newest && candidate == null && !isRefused(nowNanos, remote)) {
            candidate = remote;
            challenge = random.nextLong();
            credit = bytes;
            challenges = 0;
            nextNanos = nowNanos;
            expiryNanos = nowNanos + REFUSED_NANOS;
        }
    }

    // = docs/spec/05-paths.md R5.15
    /// The newest packet came from where the peer is: whoever sent from elsewhere was ahead of it with a copy.
    void onStillThere(long nowNanos) {
        if (candidate != null) {
            refuse(nowNanos);
        }
    }

    private boolean isRefused(long nowNanos, Address remote) {
        return remote.equals(refused) && nowNanos - refusedNanos < REFUSED_NANOS;
    }

    private void refuse(long nowNanos) {
        refused = candidate;
        refusedNanos = nowNanos;
        candidate = null;
        nextNanos = NEVER;
    }

    /// An answer came.
    ///
    /// @return the address that is proved; null: this answers nothing
    @Nullable
    Address onResponse(Address remote, long data) {
        Address proved = candidate;
        if (proved == null || data != challenge || challenges == 0 || !remote.equals(proved)) {
            return null;
        }
        candidate = null;
        nextNanos = NEVER;
        return proved;
    }

    /// When the challenge that was answered had been sent.
    long sentNanos() {
        return sentNanos;
    }

    // = docs/spec/05-paths.md R5.14
    /// Where a challenge has to go now; null: nowhere. Taking it is sending it.
    ///
    /// @param timeoutNanos when to ask again
    /// @param bytes of the packet it goes in
    @Nullable
    Address takeChallenge(long nowNanos, long timeoutNanos, int bytes) {
        if (candidate == null || nowNanos - nextNanos < 0) {
            return null;
        }
        if (challenges == CHALLENGES_MAX || nowNanos - expiryNanos >= 0) {
            refuse(nowNanos);
            return null;
        }
        if (credit < bytes) {
            // goes as soon as more has come from there
            nextNanos = expiryNanos;
            return null;
        }
        credit -= bytes;
        challenges++;
        sentNanos = nowNanos;
        nextNanos = nowNanos + (timeoutNanos << (challenges - 1));
        return candidate;
    }

    long challenge() {
        return challenge;
    }

    // ---- the peer asks whether we are there

    // = docs/spec/05-paths.md R5.16
    /// The peer asks. The newest question replaces one that is not answered yet.
    void onChallenge(Address remote, long data) {
        asker = remote;
        question = data;
    }

    /// Where the answer has to go; null: nobody asked. Taking it is sending it.
    ///
    /// @param proved where the peer is
    /// @param bytes of the packet it goes in
    @Nullable
    Address takeResponse(Address proved, int bytes) {
        Address to = asker;
        asker = null;
        if (to == null || to.equals(proved)) {
            return to;
        }
        if (!to.equals(candidate) || credit < bytes) {
            return null;
        }
        credit -= bytes;
        return to;
    }

    long question() {
        return question;
    }

    /// When there is something to send.
    long nextDeadlineNanos() {
        return candidate == null ? NEVER : nextNanos;
    }
}
