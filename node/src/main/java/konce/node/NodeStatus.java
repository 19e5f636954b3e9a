package konce.node;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konce.crypto.PublicKey;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.endpoint.ChannelStatus;
import org.jspecify.annotations.Nullable;

/// A node as another process sees it: what `konce show` shows.
///
/// @param pid the process it is in
/// @param role what the program calls it: `serve`, `echo`, …
/// @param atMillis when this was, in milliseconds since 1970, by the machine's clock
/// @param publicKey the node's durable key
/// @param localAddress where its socket is bound
/// @param transport how it reaches the system, for people
/// @param statistics what it has done
/// @param channels its channels, [StatusPublisher#CHANNELS_MAX] at most
public record NodeStatus(
        long pid,
        String role,
        long atMillis,
        PublicKey publicKey,
        Address localAddress,
        String transport,
        NodeStatistics statistics,
        List<ChannelStatus> channels) {
    /// The version of the JSON text. Other versions are not read.
    private static final long FORMAT = 2;

    private static final HexFormat HEX = HexFormat.of();

    public NodeStatus {
        channels = List.copyOf(channels);
    }

    /// What a node is now.
    static NodeStatus of(Node node, String role, long atMillis) {
        InetSocketAddress bound = node.localAddress();
        List<ChannelStatus> channels = node.channels();
        return new NodeStatus(
                ProcessHandle.current().pid(),
                role,
                atMillis,
                node.publicKey(),
                Address.of(bound.getAddress().getAddress(), bound.getPort()),
                node.transportName(),
                node.statistics(),
                channels.subList(0, Math.min(channels.size(), StatusPublisher.CHANNELS_MAX)));
    }

    String toJson() {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("format", FORMAT);
        out.put("pid", pid);
        out.put("role", role);
        out.put("atMillis", atMillis);
        out.put("publicKey", HEX.formatHex(publicKey.toBytes()));
        out.put("localAddress", localAddress.toString());
        out.put("transport", transport);
        out.put("statistics", statisticsToJson(statistics));
        out.put("channels", channels.stream().map(NodeStatus::channelToJson).toList());
        return Json.write(out);
    }

    /// @throws IllegalArgumentException when the text is no status of this version, and why
    static NodeStatus ofJson(String text) {
        Fields fields = new Fields(Json.read(text));
        if (fields.number("format") != FORMAT) {
            throw new IllegalArgumentException("a status of format " + fields.number("format"));
        }
        List<ChannelStatus> channels = new ArrayList<>();
        for (Object channel : fields.list("channels")) {
            channels.add(channelOfJson(new Fields(channel)));
        }
        return new NodeStatus(
                fields.number("pid"),
                fields.text("role"),
                fields.number("atMillis"),
                key(fields.text("publicKey")),
                Address.parse(fields.text("localAddress")),
                fields.text("transport"),
                statisticsOfJson(new Fields(fields.value("statistics"))),
                channels);
    }

    private static Map<String, @Nullable Object> statisticsToJson(NodeStatistics s) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("uptimeNanos", s.uptimeNanos());
        out.put("datagramsReceived", s.datagramsReceived());
        out.put("bytesReceived", s.bytesReceived());
        out.put("readsDone", s.readsDone());
        out.put("datagramsSent", s.datagramsSent());
        out.put("bytesSent", s.bytesSent());
        out.put("sendsDone", s.sendsDone());
        out.put("sendFailures", s.sendFailures());
        out.put("readFailures", s.readFailures());
        out.put("drops", s.drops());
        out.put("channels", s.channels());
        out.put("jobsFinished", s.jobsFinished());
        out.put("handlersRunning", s.handlersRunning());
        out.put("streamsOpen", s.streamsOpen());
        out.put("eventsLost", s.eventsLost());
        out.put("receiveBufferBytes", s.receiveBufferBytes());
        out.put("sendBufferBytes", s.sendBufferBytes());
        out.put("effort", s.effort());
        out.put("presences", s.presences());
        out.put("channelsOpened", s.channelsOpened());
        out.put("messagesReceived", s.messagesReceived());
        out.put("messagesSettled", s.messagesSettled());
        out.put("packetsLost", s.packetsLost());
        return out;
    }

    private static NodeStatistics statisticsOfJson(Fields in) {
        Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
        Fields dropFields = new Fields(in.value("drops"));
        for (DropReason reason : DropReason.values()) {
            if (dropFields.value(reason.name()) != null) {
                drops.put(reason, dropFields.number(reason.name()));
            }
        }
        return new NodeStatistics(
                in.number("uptimeNanos"),
                in.number("datagramsReceived"),
                in.number("bytesReceived"),
                in.number("readsDone"),
                in.number("datagramsSent"),
                in.number("bytesSent"),
                in.number("sendsDone"),
                in.number("sendFailures"),
                in.number("readFailures"),
                drops,
                in.small("channels"),
                in.number("jobsFinished"),
                in.small("handlersRunning"),
                in.small("streamsOpen"),
                in.number("eventsLost"),
                in.small("receiveBufferBytes"),
                in.small("sendBufferBytes"),
                in.number("effort"),
                in.small("presences"),
                in.number("channelsOpened"),
                in.number("messagesReceived"),
                in.number("messagesSettled"),
                in.number("packetsLost"));
    }

    private static Map<String, @Nullable Object> channelToJson(ChannelStatus c) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        PublicKey peer = c.peer();
        out.put("channel", c.channel());
        out.put("peer", peer == null ? null : HEX.formatHex(peer.toBytes()));
        out.put("remote", c.remote().toString());
        out.put("initiator", c.initiator() ? 1 : 0);
        out.put("sessionProtocol", c.sessionProtocol());
        out.put("ageNanos", c.ageNanos());
        out.put("idleNanos", c.idleNanos());
        out.put("smoothedRttNanos", c.smoothedRttNanos());
        out.put("minRttNanos", c.minRttNanos());
        out.put("congestionWindowBytes", c.congestionWindowBytes());
        out.put("inFlightBytes", c.inFlightBytes());
        out.put("datagramBytes", c.datagramBytes());
        out.put("bytesSent", c.bytesSent());
        out.put("bytesReceived", c.bytesReceived());
        out.put("packetsSent", c.packetsSent());
        out.put("packetsReceived", c.packetsReceived());
        out.put("packetsLost", c.packetsLost());
        out.put("messagesSent", c.messagesSent());
        out.put("messagesReceived", c.messagesReceived());
        out.put("sendsOpen", c.sendsOpen());
        out.put("keyPhase", c.keyPhase());
        out.put("postQuantum", c.postQuantum() ? 1 : 0);
        return out;
    }

    private static ChannelStatus channelOfJson(Fields in) {
        return new ChannelStatus(
                in.number("channel"),
                in.value("peer") == null ? null : key(in.text("peer")),
                Address.parse(in.text("remote")),
                in.number("initiator") != 0,
                in.number("sessionProtocol"),
                in.number("ageNanos"),
                in.number("idleNanos"),
                in.number("smoothedRttNanos"),
                in.number("minRttNanos"),
                in.number("congestionWindowBytes"),
                in.number("inFlightBytes"),
                in.small("datagramBytes"),
                in.number("bytesSent"),
                in.number("bytesReceived"),
                in.number("packetsSent"),
                in.number("packetsReceived"),
                in.number("packetsLost"),
                in.number("messagesSent"),
                in.number("messagesReceived"),
                in.small("sendsOpen"),
                in.number("keyPhase"),
                in.number("postQuantum") != 0);
    }

    private static PublicKey key(String hex) {
        PublicKey key = PublicKey.decode(HEX.parseHex(hex));
        if (key == null) {
            throw new IllegalArgumentException("'" + hex + "' is no key");
        }
        return key;
    }

    /// The fields of a JSON object, with what they must be.
    private static final class Fields {
        private final Map<?, ?> map;

        Fields(@Nullable Object value) {
            if (!(value instanceof Map<?, ?> fields)) {
                throw new IllegalArgumentException("an object was expected");
            }
            map = fields;
        }

        @Nullable
        Object value(String name) {
            return map.get(name);
        }

        long number(String name) {
            if (map.get(name) instanceof Long number) {
                return number;
            }
            throw new IllegalArgumentException("no number '" + name + "'");
        }

        int small(String name) {
            return Math.clamp(number(name), Integer.MIN_VALUE, Integer.MAX_VALUE);
        }

        String text(String name) {
            if (map.get(name) instanceof String text) {
                return text;
            }
            throw new IllegalArgumentException("no text '" + name + "'");
        }

        List<?> list(String name) {
            if (map.get(name) instanceof List<?> list) {
                return list;
            }
            throw new IllegalArgumentException("no list '" + name + "'");
        }
    }
}
