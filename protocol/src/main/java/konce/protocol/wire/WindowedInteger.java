package konce.protocol.wire;

/// The windowed integer: of a number that only grows, the low seven, fourteen, ... bits.
///
/// - shape: `groups` bytes of seven bits each, lowest first, the high bit saying that another byte follows. Its width
///   is part of its meaning, so leading zero groups stay
/// - source: docs/spec/02-packets.md, section 2
public final class WindowedInteger {
    /// Groups a packet number may have on the wire: a window of 2^49.
    public static final int GROUPS_MAX = 7;

    /// How many times the span in use the window has to be.
    private static final long SPARE_FACTOR = 32;

    private WindowedInteger() {}

    // = docs/spec/02-packets.md R2.3
    /// Groups for a number when the numbers in use span `span`: the window is at least 32 times as wide.
    public static int groups(long span) {
        assert span >= 0 : span;
        long window = Math.max(1, span) * SPARE_FACTOR;
        int groups = 1;
        while (groups < GROUPS_MAX && 1L << (7 * groups) < window) {
            groups++;
        }
        return groups;
    }

    public static long mask(int groups) {
        return (1L << (7 * groups)) - 1;
    }

    // = docs/spec/02-packets.md R2.2
    /// The number whose low bits are `wire`, at or after the lowest number still acceptable.
    ///
    /// @param lowest the LOWEST number still acceptable; a recent one would make late numbers decode wrong
    public static long decode(long wire, int groups, long lowest) {
        return ((wire - lowest) & mask(groups)) + lowest;
    }

    /// Writes `groups` groups of `number`.
    public static void write(ByteWriter out, long number, int groups) {
        for (int i = 0; i < groups; i++) {
            int group = (int) (number >>> (7 * i)) & 0x7F;
            out.writeByte(i + 1 < groups ? group | 0x80 : group);
        }
    }
}
