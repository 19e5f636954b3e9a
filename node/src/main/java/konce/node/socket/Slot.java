package konce.node.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import konce.protocol.endpoint.Transmit;

/// Room for one send: memory the endpoint fills and Netty sends from, without a copy between them. It is given back
/// when the system has taken all of it.
final class Slot implements ChannelFutureListener {
    /// Bytes of a slot; what one send can carry, rounded up.
    static final int BYTES = 65_536;

    /// Datagrams one send can be taken apart into (Linux: UDP_MAX_SEGMENTS).
    static final int SEGMENTS_MAX = 64;

    private static final int EIO = -5;
    private static final int EINVAL = -22;

    private final UdpSocket socket;
    private final ByteBuf memory;
    private final Transmit transmit;
    private InetSocketAddress remote = new InetSocketAddress(0);
    private int partsOpen;
    private boolean segmented;
    private boolean resending;

    Slot(UdpSocket socket) {
        this.socket = socket;
        ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES);
        memory = Unpooled.wrappedBuffer(bytes);
        transmit = new Transmit(MemorySegment.ofBuffer(bytes));
    }

    Transmit transmit() {
        return transmit;
    }

    /// Puts the filled transmit on its way, unflushed.
    void send(InetSocketAddress newRemote) {
        remote = newRemote;
        resending = false;
        int datagrams = (transmit.bytes() + transmit.segmentBytes() - 1) / transmit.segmentBytes();
        socket.counters().datagramsSent += datagrams;
        socket.counters().bytesSent += transmit.bytes();
        segmented = datagrams > 1 && datagrams <= SEGMENTS_MAX && socket.segments();
        if (segmented) {
            partsOpen = 1;
            memory.retain().setIndex(0, transmit.bytes());
            write(new SegmentedDatagramPacket(memory, transmit.segmentBytes(), remote));
        } else {
            sendOneByOne(datagrams);
        }
    }

    /// Each datagram in a send of its own.
    private void sendOneByOne(int datagrams) {
        partsOpen = datagrams;
        memory.setIndex(0, transmit.bytes());
        for (int offset = 0; offset < transmit.bytes(); offset += transmit.segmentBytes()) {
            int bytes = Math.min(transmit.segmentBytes(), transmit.bytes() - offset);
            write(new DatagramPacket(memory.retainedSlice(offset, bytes), remote));
        }
    }

    private void write(DatagramPacket packet) {
        socket.counters().sendsDone++;
        Channel channel = socket.channel();
        channel.write(packet).addListener(this);
    }

    @Override
    public void operationComplete(ChannelFuture future) {
        Throwable cause = future.cause();
        if (cause != null && segmented && isOffloadRefused(cause)) {
            resend();
            return;
        }
        if (cause != null) {
            socket.counters().sendFailures++;
        } else if (resending) {
            // One by one it went, together it did not: it is the offload that this path or this machine lacks.
            socket.stopSegmenting();
        }
        partsOpen--;
        if (partsOpen == 0) {
            socket.giveBack(this);
        }
    }

    /// The system took the datagrams back: either it has no segmentation offload for this path after all, or they
    /// are
    /// too long for the interface, which the datagrams' own sends will tell.
    private void resend() {
        segmented = false;
        resending = true;
        sendOneByOne((transmit.bytes() + transmit.segmentBytes() - 1) / transmit.segmentBytes());
        socket.channel().flush();
    }

    private static boolean isOffloadRefused(Throwable cause) {
        return cause instanceof Errors.NativeIoException refused
                && (refused.expectedErr() == EIO || refused.expectedErr() == EINVAL);
    }
}
