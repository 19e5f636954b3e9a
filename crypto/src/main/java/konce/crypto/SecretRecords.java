package konce.crypto;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// Many small records of one size that hold secrets: off the Java heap, between guard pages, locked into memory and
/// left
/// out of core dumps where the system allows, wiped one by one and as a whole. What a [Vault] is for single secrets.
///
/// - shape: slabs of [#SLAB_RECORDS] records, taken from the system when they are needed
/// - threads: one owner
/// - error: [IndexOutOfBoundsException] for a place outside a record, [IllegalStateException] once closed
/// - source: libsodium's `sodium_malloc` and `sodium_mlock`
public final class SecretRecords implements AutoCloseable {
    /// Records in a slab.
    public static final int SLAB_RECORDS = 4_096;

    private final int recordBytes;
    private final int countMax;
    private final List<MemorySegment> slabs = new ArrayList<>();
    private int[] free = new int[SLAB_RECORDS];
    private int freeCount;
    private int live;
    private boolean locked = true;
    private boolean closed;

    /// @param recordBytes bytes of a record
    /// @param countMax the most records
    public SecretRecords(int recordBytes, int countMax) {
        if (recordBytes < 1 || countMax < 1) {
            throw new IllegalArgumentException(countMax + " records of " + recordBytes + " bytes");
        }
        this.recordBytes = recordBytes;
        this.countMax = countMax;
    }

    /// Takes a record of zeros.
    ///
    /// @return its number; -1 when all are taken, or the system gives no memory
    public int take() {
        checkOpen();
        if (freeCount == 0 && !grow()) {
            return -1;
        }
        live++;
        return free[--freeCount];
    }

    /// Wipes a record and takes it back.
    public void release(int record) {
        MemorySegment slab = slab(record);
        Sodium.wipe(slab.address() + at(record, 0, recordBytes), recordBytes);
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, 2 * free.length);
        }
        free[freeCount++] = record;
        live--;
    }

    /// Records there is memory for, taken or not: a number below is a place that may be looked at.
    public int capacity() {
        return slabs.size() * SLAB_RECORDS;
    }

    /// Records taken and not released.
    public int live() {
        return live;
    }

    /// Whether the system keeps all of it out of swap. False where RLIMIT_MEMLOCK is too low.
    public boolean isLocked() {
        return locked;
    }

    public long getLong(int record, int offset) {
        return slab(record).get(Raw.LONG_BIG, at(record, offset, Long.BYTES));
    }

    public void setLong(int record, int offset, long value) {
        slab(record).set(Raw.LONG_BIG, at(record, offset, Long.BYTES), value);
    }

    /// Copies a secret in.
    public void put(int record, int offset, Secret secret) {
        MemorySegment.copy(secret.view(), 0, slab(record), at(record, offset, secret.bytes()), secret.bytes());
    }

    /// A copy of a secret, in a vault.
    /// - error: [VaultFullException]
    public Secret copy(Vault vault, int record, int offset, int bytes) {
        return Secret.copyOf(vault, slab(record), at(record, offset, bytes), bytes);
    }

    /// Copies a public key in.
    public void put(int record, int offset, PublicKey key) {
        key.writeTo(slab(record), at(record, offset, PublicKey.BYTES));
    }

    /// Whether this public key was put there.
    public boolean holds(int record, int offset, PublicKey key) {
        boolean same = true;
        for (int word = 0; word < PublicKey.BYTES / Long.BYTES; word++) {
            same &= getLong(record, offset + word * Long.BYTES) == key.word(word);
        }
        return same;
    }

    /// The public key that was put there.
    public PublicKey key(int record, int offset) {
        PublicKey key = PublicKey.decode(slab(record), at(record, offset, PublicKey.BYTES));
        return Objects.requireNonNull(key, "no key was put there");
    }

    /// Wipes and returns everything. Closing again does nothing.
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            for (MemorySegment slab : slabs) {
                Sodium.wipe(slab.address(), slab.byteSize());
                Sodium.guardedFree(slab.address());
            }
            slabs.clear();
        }
    }

    @SuppressWarnings("restricted")
    private boolean grow() {
        int first = slabs.size() * SLAB_RECORDS;
        int count = Math.min(SLAB_RECORDS, countMax - first);
        long bytes = (long) SLAB_RECORDS * recordBytes;
        long address = count <= 0 ? 0 : Sodium.guardedMalloc(bytes);
        if (address == 0) {
            return false;
        }
        locked &= Sodium.mlock(address, bytes) == 0;
        Sodium.wipe(address, bytes);
        slabs.add(MemorySegment.ofAddress(address).reinterpret(bytes));
        for (int i = count - 1; i >= 0; i--) {
            free[freeCount++] = first + i;
        }
        return true;
    }

    private MemorySegment slab(int record) {
        checkOpen();
        return slabs.get(record / SLAB_RECORDS);
    }

    private long at(int record, int offset, int bytes) {
        Objects.checkFromIndexSize(offset, bytes, recordBytes);
        return (long) (record % SLAB_RECORDS) * recordBytes + offset;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the records are closed");
        }
    }
}
