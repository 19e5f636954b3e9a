package konce.protocol.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/// A cursor over bytes to be sent. Callers make sure of the room first: a write past the end is our mistake and throws.
///
/// - shape: as [ByteReader]
/// - error: [IndexOutOfBoundsException] past the end; never allocates
public final class ByteWriter {
    private MemorySegment bytes = MemorySegment.NULL;
    private long position;
    private long end;

    public ByteWriter wrap(MemorySegment segment, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, segment.byteSize());
        bytes = segment;
        position = offset;
        end = offset + length;
        return this;
    }

    public long position() {
        return position;
    }

    public long remaining() {
        return end - position;
    }

    public MemorySegment segment() {
        return bytes;
    }

    public void writeByte(int value) {
        bytes.set(ValueLayout.JAVA_BYTE, advance(1), (byte) value);
    }

    public void writeInt(long value) {
        assert value >>> 32 == 0 : value;
        bytes.set(ByteReader.INT, advance(4), (int) value);
    }

    public void writeLong(long value) {
        bytes.set(ByteReader.LONG, advance(8), value);
    }

    public void writeVarint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            writeByte((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        writeByte((int) rest);
    }

    public void writeBytes(MemorySegment source, long offset, long length) {
        MemorySegment.copy(source, offset, bytes, advance(length), length);
    }

    public void writeZeros(long length) {
        long at = advance(length);
        bytes.asSlice(at, length).fill((byte) 0);
    }

    /// Leaves room to be filled later, and returns where it begins.
    public long skip(long length) {
        return advance(length);
    }

    /// Bytes that [#writeVarint] would write, 1 to 10.
    public static int varintBytes(long value) {
        return value == 0 ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
    }

    private long advance(long length) {
        long at = position;
        if (length < 0 || length > end - at) {
            throw new IndexOutOfBoundsException(length + " bytes at " + at + ", end " + end);
        }
        position = at + length;
        return at;
    }
}
