package konce.protocol.endpoint;

import konce.crypto.PublicKey;
import konce.protocol.Address;
import konce.protocol.path.Path;
import org.jspecify.annotations.Nullable;

/// Live figures of one channel.
///
/// @param channel its number in this endpoint
/// @param peer the peer's durable key; null where it is anonymous
/// @param remote where its packets go
/// @param initiator whether we were the client
/// @param sessionProtocol the session protocol's number
/// @param ageNanos since it opened
/// @param idleNanos since something authentic came in
/// @param smoothedRttNanos RFC 9002 smoothed_rtt
/// @param minRttNanos RFC 9002 min_rtt
/// @param congestionWindowBytes what may be in flight
/// @param inFlightBytes what is
/// @param datagramBytes the largest datagram this path is sent
/// @param bytesSent datagram bytes sent
/// @param bytesReceived datagram bytes received that were authentic
/// @param packetsSent packets sent
/// @param packetsReceived authentic packets received
/// @param packetsLost packets declared lost
/// @param messagesSent messages the peer has wholly acknowledged
/// @param messagesReceived messages handed up
/// @param sendsOpen sends on it that have not settled
public record ChannelStatus(
        long channel,
        @Nullable PublicKey peer,
        Address remote,
        boolean initiator,
        long sessionProtocol,
        long ageNanos,
        long idleNanos,
        long smoothedRttNanos,
        long minRttNanos,
        long congestionWindowBytes,
        long inFlightBytes,
        int datagramBytes,
        long bytesSent,
        long bytesReceived,
        long packetsSent,
        long packetsReceived,
        long packetsLost,
        long messagesSent,
        long messagesReceived,
        int sendsOpen,
        long keyPhase,
        boolean postQuantum) {

    static ChannelStatus of(Channel channel, boolean initiator, long ageNanos, long idleNanos) {
        ChannelPackets packets = channel.packets();
        ChannelMessages messages = channel.messages();
        Path path = packets.path();
        return new ChannelStatus(
                channel.number(),
                channel.peer(),
                path.remote(),
                initiator,
                packets.protocol().number(),
                ageNanos,
                idleNanos,
                path.rtt().smoothedNanos(),
                path.rtt().minNanos(),
                path.windowBytes(),
                path.inFlightBytes(),
                path.datagramBytes(),
                packets.bytesSent(),
                packets.bytesReceived(),
                packets.sent().next(),
                packets.packetsReceived(),
                packets.recovery().packetsLost(),
                messages.outbox().messagesDelivered(),
                messages.inbox().messagesReceived(),
                messages.sendsOpen(),
                packets.keys().phase(),
                packets.keys().isPostQuantum());
    }
}
