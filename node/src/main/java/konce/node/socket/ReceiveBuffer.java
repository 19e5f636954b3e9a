package konce.node.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import konce.protocol.Address;

/// Memory one read fills: with a datagram, or with many of one sender and one size that the system has glued together
/// (UDP_GRO).
///
/// Netty takes apart what is glued into a buffer and a packet object for each datagram. This buffer lets it make one of
/// all, and hands the datagrams on as views that it keeps: where sizes repeat, they cost no new object.
///
/// - threads: the loop's
final class ReceiveBuffer extends UnpooledDirectByteBuf {
    private final MemorySegment memory;
    private final MemorySegment[] views = new MemorySegment[Slot.SEGMENTS_MAX];
    private int viewsMade;
    private int viewBytes;
    private MemorySegment tail = MemorySegment.NULL;
    private long tailOffset;
    private int gluedBytes;

    ReceiveBuffer(int bytes) {
        super(UnpooledByteBufAllocator.DEFAULT, ByteBuffer.allocateDirect(bytes), bytes);
        memory = MemorySegment.ofBuffer(nioBuffer(0, bytes));
    }

    /// Empties it for the next read.
    ReceiveBuffer empty() {
        gluedBytes = 0;
        setIndex(0, 0);
        return this;
    }

    /// What a read gave: this buffer, which nobody else reads.
    @Override
    public ByteBuf retainedSlice(int index, int length) {
        setIndex(index, index + length);
        return retain();
    }

    /// Netty cuts off the first of many glued datagrams: `length` is the size of each, and one packet object of all
    /// is
    /// enough.
    @Override
    public ByteBuf readRetainedSlice(int length) {
        gluedBytes = length;
        readerIndex(writerIndex());
        return retain();
    }

    /// Hands each datagram to `receiver`, in order.
    ///
    /// @return how many there were
    int deliver(Address remote, UdpSocket.Receiver receiver) {
        int bytes = writerIndex();
        if (gluedBytes == 0 || gluedBytes >= bytes) {
            receiver.handleDatagram(remote, tail(0, bytes));
            return 1;
        }
        if (gluedBytes != viewBytes) {
            viewBytes = gluedBytes;
            viewsMade = 0;
        }
        int count = 0;
        for (int offset = 0; offset < bytes; offset += viewBytes) {
            int length = Math.min(viewBytes, bytes - offset);
            boolean kept = length == viewBytes && count < views.length;
            receiver.handleDatagram(remote, kept ? view(count) : tail(offset, length));
            count++;
        }
        return count;
    }

    private MemorySegment view(int index) {
        while (viewsMade <= index) {
            views[viewsMade] = memory.asSlice((long) viewsMade * viewBytes, viewBytes);
            viewsMade++;
        }
        return views[index];
    }

    private MemorySegment tail(long offset, int length) {
        if (tailOffset != offset || tail.byteSize() != length) {
            tail = memory.asSlice(offset, length);
            tailOffset = offset;
        }
        return tail;
    }
}
