package konce.protocol.handshake;

import java.util.Arrays;
import konce.protocol.Address;
import konce.protocol.Limits;
import konce.protocol.table.SipHash;

/// How much each address prefix has burdened this server lately: IPv4 by /32 and /24, IPv6 by /64, /56 and /48. Burdens
/// fade by themselves. A prefix within its allowance is asked for no more than others; beyond it, for as much more as
/// the
/// square of how often it has used its allowance up.
///
/// Only what an address has proved to want is charged to it: a cookie that came back and was worked for. What could
/// have
/// been sent in its name by others is charged to nobody.
///
/// - shape: [Limits#STANDING_ENTRIES_MAX] entries of 16 bytes in sets of four, picked by a keyed hash; the least burden
/// of
///   a set goes when another comes
/// - unit: burden in agreements, halved every [Limits#STANDING_HALF_LIFE_NANOS]
/// - error: never throws, never allocates after construction
/// - source: docs/spec/03-handshake.md, section 12
final class AddressStanding {
    private static final int WAYS = 4;
    private static final int SET_MASK = Limits.STANDING_ENTRIES_MAX / WAYS - 1;
    private static final int TICK_BITS = 26;
    private static final double DECAY_PER_TICK = Math.log(2) * (1L << TICK_BITS) / Limits.STANDING_HALF_LIFE_NANOS;

    /// What counts as one prefix, and what it may cost before it is asked for more.
    private enum Level {
        IPV4_32(32, 96 + 32, 1),
        IPV4_24(24, 96 + 24, 4),
        IPV6_64(64, 64, 1),
        IPV6_56(56, 56, 2),
        IPV6_48(48, 48, 4);

        private static final Level[] IPV4 = {IPV4_32, IPV4_24};
        private static final Level[] IPV6 = {IPV6_64, IPV6_56, IPV6_48};

        private final long highMask;
        private final long lowMask;
        private final long salt;
        private final double allowance;

        /// @param number tells prefixes of different lengths apart
        Level(int number, int bits, int allowances) {
            highMask = bits >= 64 ? -1L : -1L << (64 - bits);
            lowMask = bits <= 64 ? 0 : bits == 128 ? -1L : -1L << (128 - bits);
            salt = (long) number << 32;
            allowance = (double) allowances * Limits.STANDING_ALLOWANCE;
        }

        static Level[] of(Address address) {
            return address.isIpv4() ? IPV4 : IPV6;
        }
    }

    private final SipHash hash;
    private final long beganNanos;
    private final long[] tags = new long[Limits.STANDING_ENTRIES_MAX];
    private final float[] burdens = new float[Limits.STANDING_ENTRIES_MAX];
    private final int[] ticks = new int[Limits.STANDING_ENTRIES_MAX];
    private boolean used;

    /// @param hash with a key of this process
    AddressStanding(SipHash hash, long nowNanos) {
        this.hash = hash;
        beganNanos = nowNanos;
    }

    // = docs/spec/03-handshake.md R3.42
    /// By how much more than others an address is asked for: at least 1.
    double factor(long nowNanos, Address address) {
        if (!used) {
            return 1;
        }
        double most = 1;
        for (Level level : Level.of(address)) {
            double ratio = burden(nowNanos, tag(address, level)) / level.allowance;
            most = Math.max(most, ratio * ratio);
        }
        return most;
    }

    /// Adds to what an address has cost. Negative: takes some of it back.
    void charge(long nowNanos, Address address, double amount) {
        used = true;
        for (Level level : Level.of(address)) {
            add(nowNanos, tag(address, level), amount);
        }
    }

    /// Forgets everything.
    void clear() {
        Arrays.fill(tags, 0);
        Arrays.fill(burdens, 0);
        used = false;
    }

    private long tag(Address address, Level level) {
        long tag = hash.of(address.high() & level.highMask, (address.low() & level.lowMask) ^ level.salt);
        return tag == 0 ? 1 : tag;
    }

    private double burden(long nowNanos, long tag) {
        int set = set(tag);
        for (int i = set; i < set + WAYS; i++) {
            if (tags[i] == tag) {
                return now(nowNanos, i);
            }
        }
        return 0;
    }

    private void add(long nowNanos, long tag, double amount) {
        int set = set(tag);
        int place = set;
        for (int i = set; i < set + WAYS; i++) {
            if (tags[i] == tag) {
                put(nowNanos, i, tag, Math.max(0, now(nowNanos, i) + amount));
                return;
            }
            if (now(nowNanos, i) < now(nowNanos, place)) {
                place = i;
            }
        }
        put(nowNanos, place, tag, Math.max(0, amount));
    }

    private void put(long nowNanos, int i, long tag, double burden) {
        tags[i] = tag;
        burdens[i] = (float) burden;
        ticks[i] = tick(nowNanos);
    }

    private double now(long nowNanos, int i) {
        return burdens[i] <= 0 ? 0 : burdens[i] * Math.exp(-DECAY_PER_TICK * (tick(nowNanos) - ticks[i]));
    }

    /// Time in steps that wrap after four years.
    private int tick(long nowNanos) {
        return (int) ((nowNanos - beganNanos) >> TICK_BITS);
    }

    private static int set(long tag) {
        return ((int) (tag >>> 20) & SET_MASK) * WAYS;
    }
}
