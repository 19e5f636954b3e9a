package konce.node.observe;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import konce.protocol.Address;
import konce.protocol.HandshakeStep;
import konce.protocol.Observer;
import konce.protocol.dissect.FrameJson;
import org.jspecify.annotations.Nullable;

/// Writes a qlog file for each channel of a node into a directory, as qvis opens them. They say who talks with whom,
/// when and how much; nothing of what messages hold, and no keys.
///
/// - shape: `EPOCHMILLIS-PID-client-CHANNEL.sqlog`, mode 0600
/// - threads: the loop's; [#close] any, after the loop has ended
/// - limits: [#TRACES_MAX] at a time, [QlogTrace#FILE_BYTES_MAX] a file, and 4 MiB that wait for the disk; what goes
///   beyond is left out, and counted in the file by `konce:events_dropped`
public final class QlogFolder implements Observer, AutoCloseable {
    /// Channels that are traced at a time. Full: a new one is not.
    static final int TRACES_MAX = 1_000;

    private static final Address NOWHERE = Address.of(new byte[4], 0);

    private final QlogWriter writer;
    private final FrameJson frames = new FrameJson();
    private final StringBuilder data = new StringBuilder(512);
    private final Map<Long, QlogTrace> traces = new HashMap<>();
    private Address local = NOWHERE;
    private long lastNanos = System.nanoTime();

    /// @throws IOException when there is no such directory, and it cannot be made
    public QlogFolder(Path directory) throws IOException {
        writer = new QlogWriter(directory);
        writer.start();
    }

    /// Where the node listens.
    public void listensAt(Address address) {
        local = address;
    }

    @Override
    public boolean seesPackets() {
        return true;
    }

    @Override
    public void onChannelBegun(long nowNanos, long channel, boolean initiator) {
        if (traces.size() >= TRACES_MAX) {
            return;
        }
        lastNanos = nowNanos;
        long epochMillis = System.currentTimeMillis();
        String role = initiator ? "client" : "server";
        long pid = ProcessHandle.current().pid();
        String file = epochMillis + "-" + pid + "-" + role + "-" + channel + ".sqlog";
        String title = "konce " + role + ", channel " + channel;
        traces.put(channel, new QlogTrace(writer, file, initiator, nowNanos, epochMillis, title));
    }

    @Override
    public void onHandshake(long nowNanos, long channel, Address remote, HandshakeStep step, long bytes) {
        QlogTrace trace = trace(nowNanos, channel);
        if (trace == null) {
            return;
        }
        switch (step) {
            case INIT_SENT -> {
                trace.started(nowNanos, local, remote);
                handshakePacket(trace, "sent", "initial", bytes);
                trace.state(nowNanos, "handshake");
            }
            case INIT_ACK_RECEIVED -> handshakePacket(trace, "received", "retry", bytes);
            case COOKIE_ECHO_SENT -> handshakePacket(trace, "sent", "0RTT", bytes);
            case PUZZLE_SOLVED -> trace.event(nowNanos, "konce:puzzle_solved", "{\"hashes\":" + bytes + "}");
            case KEYS_AGREED -> trace.event(nowNanos, "konce:keys_agreed", "{}");
            case COOKIE_ACK_RECEIVED -> trace.state(nowNanos, "active"); // the packet itself is shown as received
        }
    }

    private void handshakePacket(QlogTrace trace, String direction, String type, long bytes) {
        trace.event(
                lastNanos,
                "transport:packet_" + direction,
                "{\"header\":{\"packet_type\":\"" + type + "\",\"packet_number\":0},\"raw\":{\"length\":" + bytes
                        + "},\"frames\":[]}");
    }

    @Override
    public void onPacketSent(long nowNanos, Packet packet) {
        packet(nowNanos, "transport:packet_sent", packet);
    }

    @Override
    public void onPacketReceived(long nowNanos, Packet packet) {
        packet(nowNanos, "transport:packet_received", packet);
        QlogTrace trace = traces.get(packet.channel());
        if (trace != null && packet.kind() == Kind.DATA) {
            trace.state(nowNanos, "active");
        }
    }

    private void packet(long nowNanos, String name, Packet packet) {
        QlogTrace trace = trace(nowNanos, packet.channel());
        if (trace == null) {
            return;
        }
        String type = switch (packet.kind()) {
            case COOKIE_ECHO -> "0RTT";
            case COOKIE_ACK -> "handshake";
            case DATA -> "1RTT";
        };
        data.setLength(0);
        data.append("{\"header\":{\"packet_type\":\"").append(type).append("\",\"packet_number\":");
        data.append(packet.number()).append("},\"raw\":{\"length\":").append(packet.bytes());
        data.append("},\"frames\":");
        frames.append(data, packet.buffer(), packet.framesOffset(), packet.framesBytes());
        trace.event(nowNanos, name, data.append('}'));
    }

    @Override
    public void onPacketLost(long nowNanos, long channel, long number, int bytes) {
        QlogTrace trace = trace(nowNanos, channel);
        if (trace != null) {
            trace.event(
                    nowNanos,
                    "recovery:packet_lost",
                    "{\"header\":{\"packet_type\":\"1RTT\",\"packet_number\":" + number + "},\"raw\":{\"length\":"
                            + bytes + "}}");
        }
    }

    @Override
    public void onPath(long nowNanos, long channel, PathFigures path) {
        QlogTrace trace = trace(nowNanos, channel);
        if (trace != null) {
            trace.started(nowNanos, local, path.remote());
            trace.path(nowNanos, path);
        }
    }

    @Override
    public void onLosses(long nowNanos, long channel, long packets) {
        // each is shown by itself
    }

    @Override
    public void onChannelEnded(long channel) {
        QlogTrace trace = traces.remove(channel);
        if (trace != null) {
            trace.end(lastNanos);
        }
    }

    private @Nullable QlogTrace trace(long nowNanos, long channel) {
        lastNanos = nowNanos;
        return traces.get(channel);
    }

    /// Writes what there is, two seconds at most.
    @Override
    public void close() {
        List.copyOf(traces.keySet()).forEach(this::onChannelEnded);
        writer.close();
    }
}
