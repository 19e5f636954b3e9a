package konce.crypto;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteOrder;
import java.util.Objects;

/// The only door from segments to raw addresses. A wrong address is memory corruption, so every one is made here.
///
/// - error: [IndexOutOfBoundsException] for an offset or length outside the segment; [IllegalArgumentException] for a
///   segment on the Java heap or, where it is written, a read-only one; [IllegalStateException] for a closed one;
///   [WrongThreadException] for one confined to another thread. All of them are the caller's mistakes.
/// - unit: bytes
final class Raw {
    static final ValueLayout.OfLong LONG_BIG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfLong LONG_LITTLE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Raw() {}

    /// The address of `length` readable bytes at `offset`.
    static long in(MemorySegment segment, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, segment.byteSize());
        if (!segment.isNative()) {
            if (length == 0) {
                return 0;
            }
            throw new IllegalArgumentException("a segment on the Java heap cannot be given to libsodium");
        }
        if (!segment.scope().isAlive()) {
            throw new IllegalStateException("the segment is already closed");
        }
        if (!segment.isAccessibleBy(Thread.currentThread())) {
            throw new WrongThreadException("the segment is confined to another thread");
        }
        return segment.address() + offset;
    }

    /// The address of `length` writable bytes at `offset`.
    static long out(MemorySegment segment, long offset, long length) {
        if (segment.isReadOnly()) {
            throw new IllegalArgumentException("the segment is read-only");
        }
        return in(segment, offset, length);
    }

    /// Keeps a segment's memory from being collected until here: called after each call that was given its address.
    @SuppressWarnings("ReachabilityFenceUsage") // libsodium does not throw, so no `finally` is needed
    static void keep(Object held) {
        Reference.reachabilityFence(held);
    }
}
