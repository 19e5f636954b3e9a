package konce.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Hands the datagrams of one client on to a server and back, and writes them down.
final class RecordingRelay implements AutoCloseable {
    private static final int DATAGRAM_BYTES_MAX = 65_535;
    private static final int LINK_TYPE_RAW = 101;

    private final DatagramSocket front = loopback();
    private final DatagramSocket back = loopback();
    private final InetSocketAddress server;
    private final List<byte[]> frames = new ArrayList<>();
    private volatile SocketAddress client = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    RecordingRelay(int serverPort) {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort);
        Thread.ofVirtual().start(() -> relay(front, back, true));
        Thread.ofVirtual().start(() -> relay(back, front, false));
    }

    private static DatagramSocket loopback() {
        try {
            return new DatagramSocket(0, InetAddress.getLoopbackAddress());
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return front.getLocalPort();
    }

    private void relay(DatagramSocket from, DatagramSocket to, boolean toServer) {
        DatagramPacket packet = new DatagramPacket(new byte[DATAGRAM_BYTES_MAX], DATAGRAM_BYTES_MAX);
        try {
            while (true) {
                packet.setLength(DATAGRAM_BYTES_MAX);
                from.receive(packet);
                byte[] payload = Arrays.copyOf(packet.getData(), packet.getLength());
                if (toServer) {
                    client = packet.getSocketAddress();
                }
                record(payload, toServer);
                to.send(new DatagramPacket(payload, payload.length, toServer ? server : client));
            }
        } catch (IOException e) {
            if (!from.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    synchronized void record(byte[] payload, boolean toServer) {
        int length = 28 + payload.length;
        frames.add(ByteBuffer.allocate(length)
                .put((byte) 0x45)
                .put((byte) 0)
                .putShort((short) length)
                .putInt(0)
                .put((byte) 64)
                .put((byte) 17)
                .putShort((short) 0)
                .put(new byte[] {127, 0, 0, 1, 127, 0, 0, 1})
                .putShort((short) (toServer ? 50_000 : 413))
                .putShort((short) (toServer ? 413 : 50_000))
                .putShort((short) (8 + payload.length))
                .putShort((short) 0)
                .put(payload)
                .array());
    }

    /// Writes what was recorded as a pcap file.
    synchronized void write(Path file) throws IOException {
        ByteBuffer pcap = ByteBuffer.allocate(
                24 + frames.stream().mapToInt(frame -> 16 + frame.length).sum());
        pcap.putInt(0xa1b2c3d4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putInt(0)
                .putInt(0)
                .putInt(DATAGRAM_BYTES_MAX)
                .putInt(LINK_TYPE_RAW);
        for (byte[] frame : frames) {
            pcap.putInt(0).putInt(0).putInt(frame.length).putInt(frame.length).put(frame);
        }
        Files.write(file, pcap.array());
    }

    @Override
    public void close() {
        front.close();
        back.close();
    }
}
