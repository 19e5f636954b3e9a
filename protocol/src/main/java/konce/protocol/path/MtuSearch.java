package konce.protocol.path;

import konce.protocol.Limits;

/// Finds the largest datagram a path carries, by probes whose loss harms nobody, and notices when it carries less.
///
/// It begins with [Limits#DATAGRAM_BYTES_BASE]. The first size tried is all that the interface takes; then the sizes of
/// usual links; then halves of what is left.
///
/// - unit: bytes of UDP payload, nanoseconds
/// - error: never throws
/// - source: RFC 8899; docs/spec/05-paths.md, section 5
public final class MtuSearch {
    /// Probes of one size that may be lost before it counts as too large (RFC 8899 MAX_PROBES).
    static final int PROBES_MAX = 3;

    /// Sizes closer together than this are not worth another probe.
    static final int STEP_BYTES = 16;

    /// How long a probe is waited for when nothing is heard of it: the channel that sent it has ended.
    static final long PROBE_NANOS_MAX = 3_000_000_000L;

    /// When to search once more, as the path may have become better (RFC 8899 PMTU_RAISE_TIMER).
    static final long RAISE_NANOS = 600_000_000_000L;

    /// Packets above the base lost in a row, and none so large arriving that was sent later, before the path is
    /// thought
    /// to have shrunk.
    static final int SUSPICIONS_MAX = 8;

    /// What is left of usual links: jumbo frames and Ethernet, each by IPv4 and IPv6; what tunnels leave.
    private static final int[] USUAL = {8_972, 8_952, 1_472, 1_452, 1_400};

    private final int limit;
    private int proven;
    private int refused;
    private int probing;
    private int probesLost;
    private long probeNanos;
    private long searchedNanos;
    private boolean wanted;
    private long fullNanos = Long.MIN_VALUE;
    private int suspicions;
    private long suspectBytes;

    /// @param limit what the interface and the operator let pass; below the base, the base is used all the same
    MtuSearch(int limit) {
        this.limit = Math.max(limit, Limits.DATAGRAM_BYTES_BASE);
        proven = Limits.DATAGRAM_BYTES_BASE;
        refused = this.limit + 1;
    }

    /// The largest datagram to send now.
    int bytes() {
        return proven;
    }

    /// There is more to send than one datagram holds: larger ones would help.
    void want() {
        wanted = true;
    }

    // = docs/spec/05-paths.md R5.20
    /// The size of the probe to send now; 0 for none.
    int probeBytes(long nowNanos) {
        if (!wanted || (probing > 0 && nowNanos - probeNanos < PROBE_NANOS_MAX)) {
            return 0;
        }
        if (isSearched()) {
            if (refused > limit || nowNanos - searchedNanos < RAISE_NANOS) {
                return 0;
            }
            refused = limit + 1;
        }
        return next();
    }

    private boolean isSearched() {
        return proven == limit || (refused <= limit && refused - proven <= STEP_BYTES);
    }

    private int next() {
        if (refused > limit) {
            return limit;
        }
        for (int usual : USUAL) {
            if (usual > proven && usual < refused) {
                return usual;
            }
        }
        return (proven + refused) / 2;
    }

    /// A probe of `bytes` was sent.
    void onProbeSent(long nowNanos, int bytes) {
        probing = bytes;
        probeNanos = nowNanos;
        wanted = false;
    }

    /// A packet has arrived.
    ///
    /// @return whether [#bytes] is another now
    boolean onAcked(long nowNanos, long sentNanos, long bytes) {
        if (bytes == probing && bytes > proven) {
            proven = probing;
            probing = 0;
            probesLost = 0;
            fullNanos = sentNanos;
            suspicions = 0;
            searchedNanos = nowNanos;
            return true;
        }
        if (bytes >= proven) {
            fullNanos = Math.max(fullNanos, sentNanos);
            suspicions = 0;
        } else if (suspicions > 0 && bytes >= suspectBytes) {
            suspicions = 0;
        }
        return false;
    }

    // = docs/spec/05-paths.md R5.21
    /// Whether the loss of a packet so large says nothing about congestion: a probe, or sent before the path was
    /// found to have shrunk.
    boolean isBeyond(long bytes) {
        return bytes > proven;
    }

    /// A packet is lost.
    ///
    /// @return whether [#bytes] is another now
    boolean onLost(long nowNanos, long sentNanos, long bytes) {
        if (bytes == probing && bytes > proven) {
            probesLost++;
            if (probesLost == PROBES_MAX) {
                probesLost = 0;
                refused = probing;
                searchedNanos = nowNanos;
            }
            probing = 0;
            return false;
        }
        if (bytes <= Limits.DATAGRAM_BYTES_BASE || bytes > proven || sentNanos <= fullNanos) {
            return false;
        }
        suspectBytes = suspicions == 0 ? bytes : Math.min(suspectBytes, bytes);
        suspicions++;
        return suspicions >= SUSPICIONS_MAX && fallBack();
    }

    // = docs/spec/05-paths.md R5.22
    /// Two probe timeouts have passed in a row, so perhaps nothing so large arrives any more.
    ///
    /// @return whether [#bytes] is another now
    boolean onSilence() {
        return proven > Limits.DATAGRAM_BYTES_BASE && fallBack();
    }

    /// Starts over from the base. What was proven before is tried again like any other size.
    private boolean fallBack() {
        proven = Limits.DATAGRAM_BYTES_BASE;
        refused = limit + 1;
        probing = 0;
        probesLost = 0;
        suspicions = 0;
        return true;
    }
}
