package konce.cli;

import java.util.HashMap;
import java.util.Map;
import konce.node.NodeStatus;
import konce.protocol.endpoint.ChannelStatus;
import org.jspecify.annotations.Nullable;

/// What goes through nodes a second, by what they said earlier and what they say now.
final class StatusRates {
    /// Nodes remembered: as many as are ever read.
    private static final int NODES_MAX = 1_000;

    private static final double NANOS_PER_SECOND = 1e9;

    /// A node, as long as it lives.
    private record Key(long pid, String publicKey, String role) {}

    /// What it said last, and what that meant.
    private record Seen(NodeStatus status, @Nullable Rates rates) {}

    private Map<Key, Seen> seen = new HashMap<>();

    /// @param packetsIn authentic ones on a channel, all datagrams of a node
    /// @param lost packets declared lost
    record Flow(double packetsIn, double packetsOut, double bytesIn, double bytesOut, double lost) {
        /// The part of what is sent that is lost.
        double lossPart() {
            return packetsOut > 0 ? Math.min(1, lost / packetsOut) : 0;
        }
    }

    /// A second's traffic.
    ///
    /// @param seconds the time it was taken over
    /// @param total of the node
    /// @param channels of those that were there before
    record Rates(double seconds, Flow total, Map<Long, Flow> channels) {}

    /// Takes what nodes say now, and forgets those that say nothing any more.
    void update(Iterable<NodeStatus> nodes) {
        Map<Key, Seen> next = new HashMap<>();
        for (NodeStatus node : nodes) {
            if (next.size() < NODES_MAX) {
                Seen before = seen.get(key(node));
                next.put(key(node), before == null ? new Seen(node, null) : follow(before, node));
            }
        }
        seen = next;
    }

    /// The rates of a node; null: it has said something once only.
    @Nullable
    Rates of(NodeStatus node) {
        Seen known = seen.get(key(node));
        return known == null ? null : known.rates;
    }

    private static Key key(NodeStatus node) {
        return new Key(node.pid(), node.publicKey().toString(), node.role());
    }

    /* A node says something new each second: in between, what it meant last stands. */
    private static Seen follow(Seen before, NodeStatus now) {
        double nanos =
                now.statistics().uptimeNanos() - before.status.statistics().uptimeNanos();
        return nanos <= 0 ? before : new Seen(now, rates(before.status, now, nanos / NANOS_PER_SECOND));
    }

    private static Rates rates(NodeStatus before, NodeStatus now, double seconds) {
        Map<Long, ChannelStatus> earlier = new HashMap<>();
        before.channels().forEach(channel -> earlier.put(channel.channel(), channel));
        Map<Long, Flow> channels = new HashMap<>();
        double lost = 0;
        for (ChannelStatus channel : now.channels()) {
            ChannelStatus old = earlier.get(channel.channel());
            if (old != null) {
                Flow flow = flow(old, channel, seconds);
                channels.put(channel.channel(), flow);
                lost += flow.lost;
            }
        }
        var then = before.statistics();
        var statistics = now.statistics();
        Flow total = new Flow(
                (statistics.datagramsReceived() - then.datagramsReceived()) / seconds,
                (statistics.datagramsSent() - then.datagramsSent()) / seconds,
                (statistics.bytesReceived() - then.bytesReceived()) / seconds,
                (statistics.bytesSent() - then.bytesSent()) / seconds,
                lost);
        return new Rates(seconds, total, channels);
    }

    private static Flow flow(ChannelStatus before, ChannelStatus now, double seconds) {
        return new Flow(
                (now.packetsReceived() - before.packetsReceived()) / seconds,
                (now.packetsSent() - before.packetsSent()) / seconds,
                (now.bytesReceived() - before.bytesReceived()) / seconds,
                (now.bytesSent() - before.bytesSent()) / seconds,
                (now.packetsLost() - before.packetsLost()) / seconds);
    }
}
