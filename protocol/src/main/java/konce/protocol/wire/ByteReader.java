package konce.protocol.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A cursor over received bytes. A read past the end, or of an integer that is not minimal, yields 0 and makes the
/// reader failed for good: the caller reads everything it wants and then asks [#isOk] once.
///
/// - shape: fixed integers are big-endian; variable ones are `(R2.1)` of docs/spec/02-packets.md
/// - error: never throws, never allocates; reused through [#wrap]
public final class ByteReader {
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private MemorySegment bytes = MemorySegment.NULL;
    private long position;
    private long end;
    private boolean failed;

    /// Starts over at `offset`, `length` bytes long.
    public ByteReader wrap(MemorySegment segment, long offset, long length) {
        java.util.Objects.checkFromIndexSize(offset, length, segment.byteSize());
        bytes = segment;
        position = offset;
        end = offset + length;
        failed = false;
        return this;
    }

    public boolean isOk() {
        return !failed;
    }

    /// Where the next read is, as an offset into the segment.
    public long position() {
        return position;
    }

    public long remaining() {
        return end - position;
    }

    public MemorySegment segment() {
        return bytes;
    }

    public int readByte() {
        return take(1) ? bytes.get(ValueLayout.JAVA_BYTE, position - 1) & 0xFF : 0;
    }

    public long readInt() {
        return take(4) ? bytes.get(INT, position - 4) & 0xFFFF_FFFFL : 0;
    }

    public long readLong() {
        return take(8) ? bytes.get(LONG, position - 8) : 0;
    }

    // = docs/spec/02-packets.md R2.1
    /// An unsigned integer of 1 to 10 bytes: seven bits to a byte, the lowest first, the high bit saying that
    /// another byte follows; minimal.
    public long readVarint() {
        if (position < end && !failed) {
            // most are small
            byte only = bytes.get(ValueLayout.JAVA_BYTE, position);
            if (only >= 0) {
                position++;
                return only;
            }
        }
        return readLongVarint();
    }

    private long readLongVarint() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int next = readByte();
            if (shift == 63 && next > 1) {
                break;
            }
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                if (next == 0 && shift > 0) {
                    break;
                }
                return failed ? 0 : value;
            }
        }
        failed = true;
        return 0;
    }

    /// As [#readVarint], and at most `max`; anything else fails.
    public long readVarint(long max) {
        long value = readVarint();
        if (value < 0 || value > max) {
            failed = true;
            return 0;
        }
        return value;
    }

    /// Steps over `length` bytes and returns where they began.
    public long skip(long length) {
        long start = position;
        return take(length) ? start : end;
    }

    /// Marks the input as malformed.
    public void fail() {
        failed = true;
    }

    /// Whether all that is left is zero bytes; fails otherwise.
    public void expectZeros() {
        while (position < end) {
            if (bytes.get(ValueLayout.JAVA_BYTE, position++) != 0) {
                failed = true;
                return;
            }
        }
    }

    private boolean take(long length) {
        if (failed || length < 0 || length > end - position) {
            failed = true;
            return false;
        }
        position += length;
        return true;
    }
}
