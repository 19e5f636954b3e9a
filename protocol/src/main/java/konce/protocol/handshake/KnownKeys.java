package konce.protocol.handshake;

import konce.crypto.PublicKey;
import konce.crypto.RandomSource;
import konce.crypto.SequenceCipher;
import konce.protocol.Limits;
import konce.protocol.table.SipHash;
import konce.protocol.wire.Ticket;

/// The durable keys this process has met, each with a standing of its own: what it has cost lately, and which of the
/// tickets it was given it has used. By its ticket a client is known when it comes again, before it shows who it is.
///
/// Only a key that has been proved is met, so nobody is charged, and nobody known, by what others send. A ticket is
/// good
/// once, in this process, for the key it was given to.
///
/// - shape: [Limits#KNOWN_KEYS_MAX] entries of 28 bytes in sets of four, picked by a keyed hash; the one met longest
/// ago
///   goes when another comes
/// - unit: nanoseconds of the endpoint's time; burden in agreements, halved every [Limits#STANDING_HALF_LIFE_NANOS]
/// - error: never throws on input, never allocates but for the ticket it gives
/// - source: docs/spec/03-handshake.md, section 13
final class KnownKeys {
    /// No key that is known.
    static final int NOBODY = -1;

    /// Tickets of one key that may be out: it may have several channels, on several machines.
    static final int TICKETS = Integer.SIZE;

    private static final int WAYS = 4;
    private static final int SETS = Limits.KNOWN_KEYS_MAX / WAYS;
    private static final int INDEX_BITS = 16;
    private static final int SERIAL_BITS = 16;
    private static final double HALVES_PER_NANO = 1.0 / Limits.STANDING_HALF_LIFE_NANOS;

    private final SequenceCipher cipher;
    private final SipHash tagHash;
    private final SipHash proofHash;
    private final long[] tags = new long[Limits.KNOWN_KEYS_MAX];
    private final long[] metNanos = new long[Limits.KNOWN_KEYS_MAX];
    private final float[] burdens = new float[Limits.KNOWN_KEYS_MAX];
    private final int[] serials = new int[Limits.KNOWN_KEYS_MAX];
    private final int[] used = new int[Limits.KNOWN_KEYS_MAX];

    /// @param random for the keys of this process
    KnownKeys(RandomSource random) {
        cipher = new SequenceCipher(random);
        tagHash = new SipHash(random.nextLong(), random.nextLong());
        proofHash = new SipHash(random.nextLong(), random.nextLong());
    }

    // = docs/spec/03-handshake.md R3.50
    /// A key has been proved, and its work done: it is known from now on.
    ///
    /// @return by what it is known when it comes again
    Ticket meet(long nowNanos, PublicKey key) {
        long tag = tag(key);
        int entry = place(nowNanos, tag);
        if (tags[entry] != tag) {
            tags[entry] = tag;
            burdens[entry] = 0;
            serials[entry] = 0;
            used[entry] = -1;
        }
        decay(nowNanos, entry);
        burdens[entry] += 1;
        int serial = ++serials[entry];
        used[entry] = used[entry] << 1;
        long handle =
                cipher.encrypt((tag << (INDEX_BITS + SERIAL_BITS)) | ((long) entry << SERIAL_BITS) | (serial & 0xFFFF));
        return new Ticket(handle, proofHash.of(handle, 0));
    }

    // = docs/spec/03-handshake.md R3.51
    /// The entry that a ticket is of; [#NOBODY]: none that holds.
    int find(long nowNanos, long handle, long proof) {
        if (proof != proofHash.of(handle, 0)) {
            return NOBODY;
        }
        long plain = cipher.decrypt(handle);
        int entry = (int) (plain >>> SERIAL_BITS) & 0xFFFF;
        int age = (serials[entry] - (int) plain) & 0xFFFF;
        boolean same = (int) tags[entry] == (int) (plain >>> (INDEX_BITS + SERIAL_BITS));
        boolean holds = same && age < TICKETS && ((used[entry] >>> age) & 1) == 0;
        return holds && nowNanos - metNanos[entry] < Limits.KNOWN_NANOS ? entry : NOBODY;
    }

    /// A ticket that holds is used.
    ///
    /// @return what [#isOf] asks for
    long use(int entry, long handle) {
        int age = (serials[entry] - (int) cipher.decrypt(handle)) & 0xFFFF;
        used[entry] |= 1 << age;
        return tags[entry];
    }

    /// Whether the key that was shown is the one whose ticket was.
    boolean isOf(long tag, PublicKey key) {
        return tag == tag(key);
    }

    // = docs/spec/03-handshake.md R3.52
    /// By how much more than other known keys this one is asked for, for what it has cost: at least 1.
    double factor(long nowNanos, int entry) {
        double ratio = burden(nowNanos, entry) / Limits.KNOWN_ALLOWANCE;
        return Math.max(1, ratio * ratio);
    }

    /// A key that broke a rule is a stranger again.
    void forget(PublicKey key) {
        long tag = tag(key);
        int set = set(tag);
        for (int i = set; i < set + WAYS; i++) {
            if (tags[i] == tag) {
                tags[i] = 0;
            }
        }
    }

    private double burden(long nowNanos, int entry) {
        return burdens[entry] * Math.pow(2, -HALVES_PER_NANO * (nowNanos - metNanos[entry]));
    }

    private void decay(long nowNanos, int entry) {
        burdens[entry] = (float) burden(nowNanos, entry);
        metNanos[entry] = nowNanos;
    }

    /// Where a key is, or may be put.
    private int place(long nowNanos, long tag) {
        int set = set(tag);
        int place = set;
        for (int i = set; i < set + WAYS; i++) {
            if (tags[i] == tag) {
                return i;
            }
            boolean free = tags[i] == 0;
            if (free || (tags[place] != 0 && nowNanos - metNanos[i] > nowNanos - metNanos[place])) {
                place = i;
            }
        }
        return place;
    }

    private long tag(PublicKey key) {
        long tag = tagHash.of(key.word(0) ^ key.word(2), key.word(1) ^ key.word(3));
        return tag == 0 ? 1 : tag;
    }

    private static int set(long tag) {
        return (int) (tag >>> 40) % SETS * WAYS;
    }
}
