package konce.protocol;

import java.lang.foreign.MemorySegment;

/// Sees what an endpoint does, packet by packet, as it happens. For logs of the traffic; nothing depends on it.
///
/// - threads: called on the endpoint's; it must be quick, and must not call the endpoint back
/// - unit: nanoseconds of the endpoint's time, which never goes backwards
/// - cost: none where there is no observer; with one, what it does itself
public interface Observer {
    /// What a packet of a channel is.
    enum Kind {
        COOKIE_ECHO,
        COOKIE_ACK,
        DATA
    }

    /// A packet, in the clear. Valid during the call.
    interface Packet {
        /// The channel's number in this endpoint.
        long channel();

        Kind kind();

        long number();

        /// Bytes of the whole packet.
        int bytes();

        /// Where its frames are.
        MemorySegment buffer();

        long framesOffset();

        long framesBytes();
    }

    /// What is known of the path that a channel takes. Valid during the call.
    interface PathFigures {
        /// Where it leads.
        Address remote();

        long latestRttNanos();

        long smoothedRttNanos();

        long minRttNanos();

        long rttVariationNanos();

        /// Bytes that may be under way.
        long windowBytes();

        /// Bytes that are.
        long inFlightBytes();

        /// Bytes a second that pacing lets go.
        double paceBytesPerSecond();

        /// The largest datagram it is sent.
        int datagramBytes();

        /// What congestion control is doing, in one word.
        String phase();
    }

    /// Whether it wants to see each packet, and what each ACK changes, and not only what is rare.
    boolean seesPackets();

    /// A channel begins: as a client, before its first INIT; as a server, with the COOKIE-ECHO that is accepted.
    void onChannelBegun(long nowNanos, long channel, boolean initiator);

    /// A step of a handshake here as a client.
    ///
    /// @param bytes the packet's length; for a solved puzzle, hashes tried
    void onHandshake(long nowNanos, long channel, Address remote, HandshakeStep step, long bytes);

    /// A packet is about to be sealed, and leaves next. Only where it [#seesPackets].
    void onPacketSent(long nowNanos, Packet packet);

    /// A packet has opened. Only where it [#seesPackets].
    void onPacketReceived(long nowNanos, Packet packet);

    /// A packet counts as lost. Only where it [#seesPackets].
    void onPacketLost(long nowNanos, long channel, long number, int bytes);

    /// An ACK, or time, has changed something. Only where it [#seesPackets].
    void onPath(long nowNanos, long channel, PathFigures path);

    /// One ACK, or one deadline, has shown that packets are lost.
    ///
    /// @param packets how many
    void onLosses(long nowNanos, long channel, long packets);

    /// A channel has ended. It begins no more.
    void onChannelEnded(long channel);
}
