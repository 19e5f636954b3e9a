package konce.node.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.lang.foreign.MemorySegment;
import konce.protocol.Address;

/// Takes apart what the system has glued together: one read may give many datagrams of one sender and one size.
final class Segments {
    private Segments() {}

    /// Hands each datagram in `packet` to `receiver`, in order.
    ///
    /// @return how many there were
    static int deliver(DatagramPacket packet, Address remote, UdpSocket.Receiver receiver) {
        ByteBuf content = packet.content();
        int bytes = content.readableBytes();
        int segmentBytes = packet instanceof SegmentedDatagramPacket segmented ? segmented.segmentSize() : bytes;
        MemorySegment all = MemorySegment.ofBuffer(content.nioBuffer());
        if (segmentBytes <= 0 || segmentBytes >= bytes) {
            receiver.handleDatagram(remote, all);
            return 1;
        }
        int count = 0;
        for (int offset = 0; offset < bytes; offset += segmentBytes) {
            receiver.handleDatagram(remote, all.asSlice(offset, Math.min(segmentBytes, bytes - offset)));
            count++;
        }
        return count;
    }
}
