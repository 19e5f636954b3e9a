package konce.protocol.handshake;

import java.util.ArrayDeque;
import konce.protocol.Limits;
import org.jspecify.annotations.Nullable;

/// INIT-ACKs that a client keeps while it follows another, which may turn out forged.
///
/// - invariant: at most [Limits#INIT_ACK_CANDIDATES_MAX]; one that finds no room is dropped
/// - source: docs/spec/03-handshake.md, section 9
final class SpareCandidates {
    private final ArrayDeque<Candidate> candidates = new ArrayDeque<>();

    SpareCandidates() {}

    // = docs/spec/03-handshake.md R3.25
    void add(Candidate candidate) {
        if (candidates.size() < Limits.INIT_ACK_CANDIDATES_MAX) {
            candidates.add(candidate);
        }
    }

    void remove(Candidate candidate) {
        candidates.remove(candidate);
    }

    /// Takes the oldest that leaves time enough for its cookie; null when there is none.
    @Nullable
    Candidate next(long nowNanos) {
        Candidate next = candidates.poll();
        while (next != null && nowNanos - next.receivedNanos() > Limits.COOKIE_LIFETIME_NANOS / 2) {
            next = candidates.poll();
        }
        return next;
    }

    /// The one that asks for least, if that is less than `effort`. It stays.
    @Nullable
    Candidate cheaperThan(long effort) {
        Candidate cheapest = null;
        long least = effort;
        for (Candidate candidate : candidates) {
            if (candidate.effort() < least) {
                cheapest = candidate;
                least = candidate.effort();
            }
        }
        return cheapest;
    }
}
