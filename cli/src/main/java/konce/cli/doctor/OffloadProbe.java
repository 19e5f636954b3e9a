package konce.cli.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import konce.node.Node;
import konce.node.NodeStatistics;
import konce.node.SendException;
import konce.protocol.HandlerId;
import konce.protocol.SendOptions;

/// Two nodes that talk over loopback in datagrams as the internet carries them, to see how many of these the system
/// takes and gives at a time.
final class OffloadProbe {
    /// Datagrams to a system call above which there is offload: without it there is one.
    static final double PER_CALL_MIN = 1.5;

    private static final HandlerId HANDLER = HandlerId.wellKnown(1);
    private static final int MESSAGE_BYTES = 1 << 20;
    private static final int MESSAGES = 4;
    private static final int DATAGRAM_BYTES = 1_440;

    private OffloadProbe() {}

    /// What was measured.
    record Offload(double datagramsPerSend, double datagramsPerRead, int receiveBufferBytes, int sendBufferBytes) {}

    /// @throws IOException when no socket can be opened, or nothing arrives
    static Offload measure() throws IOException {
        InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Node server = Node.builder()
                        .server(true)
                        .listen(free)
                        .datagramBytesMax(DATAGRAM_BYTES)
                        .open();
                Node client = Node.builder()
                        .listen(free)
                        .datagramBytesMax(DATAGRAM_BYTES)
                        .open()) {
            server.handle(HANDLER, message -> message.reply(new byte[0]));
            for (int i = 0; i < MESSAGES; i++) {
                client.request(server.target(), HANDLER, new byte[MESSAGE_BYTES], SendOptions.REQUEST);
            }
            NodeStatistics sent = client.statistics();
            NodeStatistics received = server.statistics();
            return new Offload(
                    (double) sent.datagramsSent() / Math.max(1, sent.sendsDone()),
                    (double) received.datagramsReceived() / Math.max(1, received.readsDone()),
                    received.receiveBufferBytes(),
                    sent.sendBufferBytes());
        } catch (SendException e) {
            throw new IOException("nothing passes over this machine's loopback: " + e.getMessage(), e);
        }
    }
}
