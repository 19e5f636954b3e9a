package konce.crypto;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/// The one slab of memory in which all secrets of a process live: off the Java heap, between guard pages, locked into
/// memory and left out of core dumps where the system allows, wiped slot by slot and as a whole.
///
/// - shape: units of 32 bytes; a secret takes one unit, or two that lie together on a 64-byte boundary. A bit for each
///   unit says free; a second level says which words of 64 units have room. The first 512 bytes are a work bench for
///   hashing secrets ([#beginWork]).
/// - threads: any. A lock covers taking and returning slots and the work bench; reading a secret takes no lock.
/// - [#close] wipes and unmaps everything. Whoever still uses a secret then gets an [IllegalStateException], but a
///   call that is inside libsodium at that very moment would read unmapped memory: stop the threads first.
/// - source: libsodium's `sodium_malloc` and `sodium_mlock`
public final class Vault implements AutoCloseable {
    /// The largest vault, in bytes: 16 M secrets of 64 bytes, far beyond the presences that one process keeps.
    public static final long BYTES_MAX = 1L << 30;

    static final int UNIT_BYTES = 32;
    static final int WORK_BYTES = 512;
    private static final int WORD_UNITS = Long.SIZE;
    private static final long WORD_BYTES = (long) UNIT_BYTES * WORD_UNITS;
    private static final long EVEN_BITS = 0x5555_5555_5555_5555L;

    private final ReentrantLock lock = new ReentrantLock();
    private final long base;
    private final MemorySegment slab;
    private final boolean locked;
    private final long bytesMax;
    private final long[] free;
    private final long[] wordsWithUnit;
    private final long[] wordsWithPair;
    private int secretsLive;
    private volatile boolean closed;

    @SuppressWarnings("restricted")
    private Vault(long bytesMax) {
        this.bytesMax = bytesMax;
        int words = Math.toIntExact((bytesMax + WORD_BYTES - 1) / WORD_BYTES);
        long bytes = WORK_BYTES + words * WORD_BYTES;
        base = Sodium.guardedMalloc(bytes);
        if (base == 0) {
            throw new IllegalStateException("the system gives no " + bytes + " bytes for the vault");
        }
        assert base % 64 == 0 : "sodium_malloc ends at a page's end, so a multiple of 64 starts aligned";
        locked = Sodium.mlock(base, bytes) == 0;
        Sodium.wipe(base, bytes);
        slab = MemorySegment.ofAddress(base).reinterpret(bytes);
        free = new long[words];
        Arrays.fill(free, -1L);
        int summary = (words + Long.SIZE - 1) / Long.SIZE;
        wordsWithUnit = new long[summary];
        wordsWithPair = new long[summary];
        for (int word = 0; word < words; word++) {
            summarise(word);
        }
    }

    /// A vault with room for `bytesMax` bytes of secrets, rounded up to 2 KiB. All of it is taken from the system
    /// now.
    /// - error: [IllegalArgumentException] outside 1 to [#BYTES_MAX]; [IllegalStateException] when the system has
    ///   no memory. A vault that could not be locked is no error: ask [#isLocked].
    public static Vault open(long bytesMax) {
        if (bytesMax < 1 || bytesMax > BYTES_MAX) {
            throw new IllegalArgumentException("a vault has 1 to " + BYTES_MAX + " bytes, not " + bytesMax);
        }
        return new Vault(bytesMax);
    }

    /// Whether the system agreed to keep the vault out of swap. False where RLIMIT_MEMLOCK is too low.
    public boolean isLocked() {
        return locked;
    }

    /// A new secret of `bytes` zero bytes, 1 to 64.
    /// - error: [VaultFullException] when no slot is left; [IllegalStateException] after [#close]
    public Secret secret(int bytes) {
        if (bytes < 1 || bytes > Secret.BYTES_MAX) {
            throw new IllegalArgumentException("a secret has 1 to " + Secret.BYTES_MAX + " bytes, not " + bytes);
        }
        lock.lock();
        try {
            checkOpen();
            int unit = bytes <= UNIT_BYTES ? takeUnit() : takePair();
            secretsLive++;
            return new Secret(this, addressOf(unit), bytes);
        } finally {
            lock.unlock();
        }
    }

    /// How many secrets are in use. After an orderly shutdown: none.
    public int secretsLive() {
        lock.lock();
        try {
            return secretsLive;
        } finally {
            lock.unlock();
        }
    }

    /// Wipes and returns the whole slab. Every secret in it is gone. Closing again does nothing.
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                secretsLive = 0;
                Sodium.wipe(base, slab.byteSize());
                Sodium.guardedFree(base);
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        return closed;
    }

    void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the vault is closed");
        }
    }

    /// A view of a live secret's bytes, for [RandomSource#fill] and for big-endian numbers inside a key.
    MemorySegment view(long address, int bytes) {
        return slab.asSlice(address - base, bytes);
    }

    /// Wipes a slot and takes it back.
    void release(Secret secret) {
        lock.lock();
        try {
            long address = secret.forgetAddress();
            if (address == 0 || closed) {
                return;
            }
            int bits = secret.bytes() <= UNIT_BYTES ? 1 : 3;
            Sodium.wipe(address, (long) UNIT_BYTES * Integer.bitCount(bits));
            int unit = (int) ((address - base - WORK_BYTES) / UNIT_BYTES);
            int word = unit / WORD_UNITS;
            long mask = (long) bits << (unit % WORD_UNITS);
            assert (free[word] & mask) == 0 : "a slot is returned once";
            free[word] |= mask;
            summarise(word);
            secretsLive--;
        } finally {
            lock.unlock();
        }
    }

    /// Takes the work bench, [#WORK_BYTES] of vault memory on a 64-byte boundary, until [#endWork].
    /// - error: [IllegalStateException] after [#close], and then the bench is not taken
    long beginWork() {
        lock.lock();
        if (closed) {
            lock.unlock();
            checkOpen();
        }
        return base;
    }

    /// Wipes the work bench and gives it back.
    void endWork() {
        Sodium.wipe(base, WORK_BYTES);
        lock.unlock();
    }

    private long addressOf(int unit) {
        return base + WORK_BYTES + (long) unit * UNIT_BYTES;
    }

    private int takeUnit() {
        int word = firstWord(wordsWithUnit);
        long pairs = pairs(free[word]);
        long lone = free[word] & ~(pairs | pairs << 1);
        int bit = Long.numberOfTrailingZeros(lone != 0 ? lone : free[word]);
        return take(word, bit, 1L << bit);
    }

    private int takePair() {
        int word = firstWord(wordsWithPair);
        int bit = Long.numberOfTrailingZeros(pairs(free[word]));
        return take(word, bit, 3L << bit);
    }

    private int take(int word, int bit, long mask) {
        assert (free[word] & mask) == mask : "only free units are taken";
        free[word] &= ~mask;
        summarise(word);
        return word * WORD_UNITS + bit;
    }

    private int firstWord(long[] summary) {
        for (int i = 0; i < summary.length; i++) {
            if (summary[i] != 0) {
                return i * Long.SIZE + Long.numberOfTrailingZeros(summary[i]);
            }
        }
        throw new VaultFullException(bytesMax, secretsLive);
    }

    private void summarise(int word) {
        note(wordsWithUnit, word, free[word] != 0);
        note(wordsWithPair, word, pairs(free[word]) != 0);
    }

    private static void note(long[] summary, int word, boolean hasRoom) {
        long bit = 1L << (word % Long.SIZE);
        summary[word / Long.SIZE] = hasRoom ? summary[word / Long.SIZE] | bit : summary[word / Long.SIZE] & ~bit;
    }

    /// The even bits whose odd neighbour is free too.
    private static long pairs(long freeUnits) {
        return freeUnits & (freeUnits >>> 1) & EVEN_BITS;
    }
}
