package konce.protocol.message;

import java.util.ArrayDeque;
import java.util.Iterator;
import konce.protocol.Limits;
import org.jspecify.annotations.Nullable;

/// What all channels of an endpoint hold of their peers' messages, together: parts, and whole messages that are not
/// done with. Beside it, memory of messages that programs have given back.
///
/// - unit: bytes; at most [Limits#HELD_BYTES_MAX], and [Limits#SPARE_BYTES_MAX] of memory given back
/// - source: docs/spec/06-flow.md, section 4
public final class Held {
    /// What is free divided by this is what one channel may hold.
    static final int SHARES = 8;

    /// Bytes of the smallest memory that is worth keeping.
    private static final int SPARE_BYTES_MIN = Limits.REASSEMBLY_BLOCK_BYTES;

    private long bytes;
    private final ArrayDeque<byte[]> spares = new ArrayDeque<>();
    private int spareBytes;

    public Held() {}

    public long bytes() {
        return bytes;
    }

    long free() {
        return Limits.HELD_BYTES_MAX - bytes;
    }

    // = docs/spec/06-flow.md R6.11
    /// @return false, and nothing is added, when that would be too much
    boolean add(long more) {
        if (bytes + more > Limits.HELD_BYTES_MAX) {
            return false;
        }
        bytes += more;
        return true;
    }

    /// Memory of exactly `length` bytes; what is in it is anything.
    byte[] take(int length) {
        byte[] spare = length >= SPARE_BYTES_MIN && spareBytes >= length ? takeSpare(length) : null;
        return spare != null ? spare : new byte[length];
    }

    private byte @Nullable [] takeSpare(int length) {
        // The last given back first: it may still be in the cache.
        for (Iterator<byte[]> each = spares.descendingIterator(); each.hasNext(); ) {
            byte[] spare = each.next();
            if (spare.length == length) {
                each.remove();
                spareBytes -= length;
                return spare;
            }
        }
        return null;
    }

    /// Nobody uses this memory any more: it may become a later message's.
    public void giveBack(byte[] memory) {
        if (memory.length < SPARE_BYTES_MIN || memory.length > Limits.SPARE_BYTES_MAX) {
            return;
        }
        while (spareBytes + memory.length > Limits.SPARE_BYTES_MAX) {
            spareBytes -= spares.remove().length;
        }
        spares.add(memory);
        spareBytes += memory.length;
    }

    /// Bytes given back and kept.
    int spareBytes() {
        return spareBytes;
    }

    /// So many bytes are held no more.
    public void remove(long less) {
        bytes -= less;
        assert bytes >= 0;
    }
}
