package konce.protocol.endpoint;

import java.util.Objects;
import konce.crypto.PublicKey;
import konce.protocol.DropReason;
import konce.protocol.Limits;
import konce.protocol.table.LongMap;
import org.jspecify.annotations.Nullable;

/// Attempts to connect that were accepted lately. A client that gets no answer sends its first message under cookie
/// after
/// cookie; one of those packets, held back on the way, may arrive when the channel of another is long confirmed, or
/// gone.
/// So an attempt is remembered for as long as any of its cookies can be good.
///
/// - shape: numbers by which clients call their attempts, and when each is forgotten, in the order they came
/// - unit: nanoseconds of the endpoint's time
/// - error: full refuses, and grows no further than [Limits#RECENT_ATTEMPTS_MAX]
/// - source: docs/spec/03-handshake.md, section 9
final class RecentAttempts {
    private static final Object KNOWN = new Object();
    private static final int CAPACITY_START = 64;

    private final LongMap<Object> known;
    private long[] attempts = new long[CAPACITY_START];
    private long[] forgetNanos = new long[CAPACITY_START];
    private long oldest;
    private long next;

    /// @param spread any random number
    RecentAttempts(long spread) {
        known = new LongMap<>(spread);
    }

    // = docs/spec/03-handshake.md R3.30
    /// Remembers an attempt, unless it is known. It belongs to the identity it was made under: nobody can use up
    /// another's.
    ///
    /// @param client null: anonymous
    DropReason admit(long nowNanos, long attempt, @Nullable PublicKey client) {
        forget(nowNanos);
        long key = attempt + Objects.hashCode(client);
        if (known.find(key) != null) {
            return DropReason.ALREADY_ACCEPTED;
        }
        if (next - oldest == Limits.RECENT_ATTEMPTS_MAX) {
            return DropReason.BUSY;
        }
        if (next - oldest == attempts.length) {
            grow();
        }
        known.put(key, KNOWN);
        int slot = slot(next++);
        attempts[slot] = key;
        forgetNanos[slot] = nowNanos + Limits.ATTEMPT_NANOS_MAX + Limits.COOKIE_LIFETIME_NANOS;
        return DropReason.NONE;
    }

    private void forget(long nowNanos) {
        while (oldest < next && nowNanos - forgetNanos[slot(oldest)] > 0) {
            known.remove(attempts[slot(oldest++)]);
        }
    }

    private void grow() {
        long[] newAttempts = new long[attempts.length * 2];
        long[] newForgetNanos = new long[attempts.length * 2];
        for (long number = oldest; number < next; number++) {
            int to = (int) number & (newAttempts.length - 1);
            newAttempts[to] = attempts[slot(number)];
            newForgetNanos[to] = forgetNanos[slot(number)];
        }
        attempts = newAttempts;
        forgetNanos = newForgetNanos;
    }

    private int slot(long number) {
        return (int) number & (attempts.length - 1);
    }
}
