package konce.protocol.handshake;

import konce.protocol.Limits;

/// Which cookies have been used, until they expire by themselves. A fixed table: the low bits of the sequence number
/// pick a bucket of four, and a hit moves to its front, so that a million copies of one packet cost one comparison
/// each.
///
/// - shape: [Limits#ACCEPTED_SEQUENCES_MAX] entries of 16 bytes
/// - invariant: a cookie is used once, whatever came of its packet: else one solution would buy group operations
///   without end (R3.6)
/// - error: full means that the cookie is refused; nothing grows
/// - source: docs/spec/03-handshake.md, section 5
final class AcceptedSequences {
    private static final int WAYS = 4;
    private static final int BUCKET_MASK = Limits.ACCEPTED_SEQUENCES_MAX / WAYS - 1;

    private final long[] sequences = new long[Limits.ACCEPTED_SEQUENCES_MAX];
    private final long[] expiries = new long[Limits.ACCEPTED_SEQUENCES_MAX];
    private final boolean[] taken = new boolean[Limits.ACCEPTED_SEQUENCES_MAX];

    AcceptedSequences() {}

    boolean contains(long sequence) {
        int bucket = bucket(sequence);
        for (int i = bucket; i < bucket + WAYS; i++) {
            if (sequences[i] == sequence && taken[i]) {
                swap(i, bucket);
                return true;
            }
        }
        return false;
    }

    /// Remembers a sequence number until `expiryNanos`.
    ///
    /// @return false when its bucket is full of others that have not expired
    boolean add(long nowNanos, long sequence, long expiryNanos) {
        int bucket = bucket(sequence);
        for (int i = bucket; i < bucket + WAYS; i++) {
            if (!taken[i] || expiries[i] - nowNanos < 0) {
                sequences[i] = sequence;
                expiries[i] = expiryNanos;
                taken[i] = true;
                return true;
            }
        }
        return false;
    }

    private void swap(int i, int j) {
        long sequence = sequences[i];
        long expiry = expiries[i];
        boolean isTaken = taken[i];
        sequences[i] = sequences[j];
        expiries[i] = expiries[j];
        taken[i] = taken[j];
        sequences[j] = sequence;
        expiries[j] = expiry;
        taken[j] = isTaken;
    }

    private static int bucket(long sequence) {
        return ((int) sequence & BUCKET_MASK) * WAYS;
    }
}
