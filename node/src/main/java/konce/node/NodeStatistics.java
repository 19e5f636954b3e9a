package konce.node;

import java.util.EnumMap;
import java.util.Map;
import konce.node.socket.SocketCounters;
import konce.protocol.DropReason;
import konce.protocol.endpoint.Endpoint;

/// What a node has done since it opened.
///
/// @param uptimeNanos since it opened
/// @param datagramsReceived each counted alone, also where one read gave many
/// @param bytesReceived their bytes, without IP and UDP headers
/// @param readsDone reads that gave something
/// @param datagramsSent each counted alone, also where one send carried many
/// @param bytesSent their bytes
/// @param sendsDone sends made
/// @param sendFailures sends the system refused
/// @param readFailures reads the system refused
/// @param drops datagrams dropped, by reason; reasons that never occurred are missing
/// @param channels channels open
/// @param jobsFinished agreements and puzzle shares done
/// @param handlersRunning message and stream handlers that have not returned
/// @param streamsOpen byte streams open
/// @param eventsLost events that listeners were too slow for
/// @param receiveBufferBytes what the system gives the socket for datagrams not yet read
/// @param sendBufferBytes what the system gives the socket for datagrams not yet sent
/// @param effort the work asked of clients, in expected hashes
/// @param presences peers kept between channels
/// @param channelsOpened channels that were ever opened
/// @param messagesReceived messages that came for handlers and streams
/// @param messagesSettled sends that have ended
/// @param packetsLost packets that counted as lost
public record NodeStatistics(
        long uptimeNanos,
        long datagramsReceived,
        long bytesReceived,
        long readsDone,
        long datagramsSent,
        long bytesSent,
        long sendsDone,
        long sendFailures,
        long readFailures,
        Map<DropReason, Long> drops,
        int channels,
        long jobsFinished,
        int handlersRunning,
        int streamsOpen,
        long eventsLost,
        int receiveBufferBytes,
        int sendBufferBytes,
        long effort,
        int presences,
        long channelsOpened,
        long messagesReceived,
        long messagesSettled,
        long packetsLost) {
    public NodeStatistics {
        drops = Map.copyOf(drops);
    }

    /// Those of a node now. On its loop.
    static NodeStatistics of(Endpoint endpoint, EndpointDriver driver, EventRouter router, long uptimeNanos) {
        SocketCounters socket = driver.socket().counters();
        Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            long count = reason == DropReason.NONE ? 0 : endpoint.dropped(reason);
            if (count > 0) {
                drops.put(reason, count);
            }
        }
        return new NodeStatistics(
                uptimeNanos,
                socket.datagramsReceived(),
                socket.bytesReceived(),
                socket.readsDone(),
                socket.datagramsSent(),
                socket.bytesSent(),
                socket.sendsDone(),
                socket.sendFailures(),
                socket.readFailures(),
                drops,
                router.channels(),
                driver.jobs().finished(),
                router.handlersRunning(),
                router.streams().count(),
                router.dispatcher().lost(),
                driver.socket().receiveBufferBytes(),
                driver.socket().sendBufferBytes(),
                endpoint.effort(),
                endpoint.atRest().count(),
                router.flight().channelsOpened(),
                router.flight().messagesReceived(),
                router.flight().messagesSettled(),
                router.flight().packetsLost());
    }
}
