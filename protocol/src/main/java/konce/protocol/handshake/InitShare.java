package konce.protocol.handshake;

import konce.protocol.Address;
import konce.protocol.Limits;
import konce.protocol.table.SipHash;

/// Which INITs are answered when more come than a server can answer: of each address prefix (IPv4 /24, IPv6 /48) as
/// many
/// as of any other. The others cost a look at a table, so that the socket is read before it overflows, where the honest
/// would be lost with the rest.
///
/// In each window a prefix has an allowance. It halves when more were answered than [Limits#INITS_PER_WINDOW], and
/// doubles
/// again when it was less than half of that. In peace there is none.
///
/// An address in an INIT is not proven: who floods under the prefix of others takes their share away, as it would by
/// filling the socket. Nothing is charged to them, and the next window knows nothing of it.
///
/// - shape: [Limits#INIT_PREFIXES_MAX] counters, picked by a keyed hash; prefixes that meet in one share it
/// - error: never throws, never allocates after construction
/// - source: docs/spec/03-handshake.md, section 12
final class InitShare {
    private static final int MASK = Limits.INIT_PREFIXES_MAX - 1;
    /// Halvings until one of each prefix is answered in a window.
    private static final int FULL_HALVINGS = 31 - Integer.numberOfLeadingZeros(Limits.INITS_PER_WINDOW);

    /// One in 32 windows is the least.
    private static final int HALVINGS_MAX = FULL_HALVINGS + 5;

    private static final int COUNT_BITS = 16;
    private static final int COUNT_MASK = (1 << COUNT_BITS) - 1;
    private static final long IPV4_24 = -1L << 8;
    private static final long IPV6_48 = -1L << 16;

    private final SipHash hash;
    /// The window's low bits above, what it has seen below.
    private final int[] counts = new int[Limits.INIT_PREFIXES_MAX];
    private long windowEndNanos;
    private int window = 1;
    private int answered;
    /// How often the allowance has been halved, of [Limits#INITS_PER_WINDOW]; 0: there is none.
    private int halvings;

    /// @param hash with a key of this process
    InitShare(SipHash hash, long nowNanos) {
        this.hash = hash;
        windowEndNanos = nowNanos + Limits.INIT_WINDOW_NANOS;
    }

    // = docs/spec/03-handshake.md R3.60
    /// Whether an INIT from there is answered now.
    boolean admits(long nowNanos, Address remote) {
        if (nowNanos - windowEndNanos >= 0) {
            endWindow(nowNanos);
        }
        long hashed = hashOf(remote);
        int slot = (int) hashed & MASK;
        int count = counts[slot] >>> COUNT_BITS == window ? counts[slot] & COUNT_MASK : 0;
        if (halvings > 0 && (count >= allowance() || !isTurnOf((int) (hashed >>> 32)))) {
            return false;
        }
        counts[slot] = (window << COUNT_BITS) | Math.min(count + 1, COUNT_MASK);
        answered++;
        return true;
    }

    /// How many of one prefix are answered in a window where any are; in peace, more than any window has.
    int allowance() {
        return halvings == 0 ? Integer.MAX_VALUE : Math.max(1, Limits.INITS_PER_WINDOW >> halvings);
    }

    /// Where less than one of each prefix may be answered in a window, each has its windows.
    private boolean isTurnOf(int hashed) {
        int below = halvings - FULL_HALVINGS;
        return below <= 0 || ((hashed + window) & ((1 << below) - 1)) == 0;
    }

    private long hashOf(Address remote) {
        return remote.isIpv4() ? hash.of(remote.high(), remote.low() & IPV4_24) : hash.of(remote.high() & IPV6_48, 0);
    }

    private void endWindow(long nowNanos) {
        boolean next = nowNanos - windowEndNanos < Limits.INIT_WINDOW_NANOS;
        if (answered > Limits.INITS_PER_WINDOW) {
            halvings = Math.min(HALVINGS_MAX, halvings + 1);
        } else if (!next || answered < Limits.INITS_PER_WINDOW / 2) {
            halvings = Math.max(0, halvings - 1);
        }
        answered = 0;
        // never 0, which counters that nobody has used show
        window = (window % COUNT_MASK) + 1;
        windowEndNanos = (next ? windowEndNanos : nowNanos) + Limits.INIT_WINDOW_NANOS;
    }
}
