package konce.node.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.nio.ByteBuffer;

/// The memory datagrams are received into: a few direct buffers made once and used in turn. The endpoint keeps nothing
/// of a datagram, so a buffer is free again when its read pass is over.
///
/// - threads: the loop's
final class ReceiveBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
    /// Bytes of the longest thing one read gives: a datagram, or many of one sender glued together (UDP_GRO).
    static final int DATAGRAM_ROOM_BYTES = 65_536;

    /// Reads in one pass before what they said is answered: more delays acknowledgements, fewer costs system calls.
    static final int READS_PER_PASS_MAX = 16;

    private final ByteBuf[] buffers;
    private final boolean manyToACall;
    private final SocketCounters counters;
    private int next;

    /// @param count how many buffers
    /// @param bytes the length of each: [#DATAGRAM_ROOM_BYTES] times the datagrams taken by one system call
    /// @param glued whether the system glues datagrams together
    /// @param counters learns of each read
    ReceiveBuffers(int count, int bytes, boolean glued, SocketCounters counters) {
        super(READS_PER_PASS_MAX);
        this.counters = counters;
        buffers = new ByteBuf[count];
        for (int i = 0; i < count; i++) {
            buffers[i] = glued ? new ReceiveBuffer(bytes) : Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(bytes));
        }
        manyToACall = bytes > DATAGRAM_ROOM_BYTES;
    }

    @Override
    public MaxMessageHandle newHandle() {
        return new TakingTurns();
    }

    /// A buffer nobody reads any more; a fresh one of Netty's only when all are still being read.
    private ByteBuf take(ByteBufAllocator fallback) {
        for (int tried = 0; tried < buffers.length; tried++) {
            ByteBuf buffer = buffers[next];
            next = (next + 1) % buffers.length;
            if (buffer.refCnt() == 1) {
                buffer.retain();
                return buffer instanceof ReceiveBuffer kept ? kept.empty() : buffer.setIndex(0, 0);
            }
        }
        return fallback.directBuffer(buffers[0].capacity());
    }

    private final class TakingTurns extends MaxMessageHandle {
        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return take(allocator);
        }

        @Override
        public int guess() {
            return buffers[0].capacity();
        }

        /// Counted here, where one read is one, however many datagrams Netty makes of it.
        @Override
        public void lastBytesRead(int bytes) {
            super.lastBytesRead(bytes);
            if (bytes > 0) {
                counters.readsDone++;
            }
        }

        /// A read that took fewer datagrams than there was room for has emptied the socket: asking again would
        /// only
        /// cost a system call that says so.
        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return (!manyToACall || lastBytesRead() == attemptedBytesRead()) && super.continueReading(maybeMoreData);
        }
    }
}
