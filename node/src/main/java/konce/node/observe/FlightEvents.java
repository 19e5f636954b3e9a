package konce.node.observe;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/// The events that Java Flight Recorder is told. Their fields are in its tools' words.
final class FlightEvents {
    private static final String KONCE = "Konce";

    private FlightEvents() {}

    /// A channel is open in both directions.
    @Name("konce.ChannelOpened")
    @Label("Channel Opened")
    @Category(KONCE)
    @StackTrace(false)
    static final class ChannelOpened extends Event {
        @Label("Node")
        @Nullable
        String node;

        @Label("Channel")
        long channel;

        @Label("Remote Address")
        @Nullable
        String remote;

        @Label("Initiator")
        @Description("Whether we were the client")
        boolean initiator;

        @Label("Identified")
        @Description("Whether the peer has shown a durable key")
        boolean identified;

        @Label("Session Protocol")
        long sessionProtocol;
    }

    /// A channel is gone.
    @Name("konce.ChannelClosed")
    @Label("Channel Closed")
    @Category(KONCE)
    @StackTrace(false)
    static final class ChannelClosed extends Event {
        @Label("Node")
        @Nullable
        String node;

        @Label("Channel")
        long channel;

        @Label("Reason")
        @Nullable
        String reason;

        @Label("Age")
        @Description("Since it was opened; 0 where that was not recorded")
        @Timespan(Timespan.NANOSECONDS)
        long age;
    }

    /// A handshake has made a channel.
    @Name("konce.Handshake")
    @Label("Handshake")
    @Category(KONCE)
    @StackTrace(false)
    static final class Handshake extends Event {
        @Label("Node")
        @Nullable
        String node;

        @Label("Channel")
        long channel;

        @Label("Initiator")
        boolean initiator;

        @Label("Effort")
        @Description("Expected hashes of its puzzle")
        long effort;

        @Label("Round Trip")
        @Timespan(Timespan.NANOSECONDS)
        long roundTrip;

        @Label("Elapsed")
        @Description("From the first INIT to the first authentic packet of the peer")
        @Timespan(Timespan.NANOSECONDS)
        long elapsed;

        @Label("Packets Sent")
        long packetsSent;
    }

    /// One acknowledgement, or one deadline, has shown that packets are lost.
    @Name("konce.PacketLoss")
    @Label("Packet Loss")
    @Category(KONCE)
    @StackTrace(false)
    static final class PacketLoss extends Event {
        @Label("Node")
        @Nullable
        String node;

        @Label("Channel")
        long channel;

        @Label("Packets")
        long packets;
    }

    /// A message, from its sending to its end.
    @Name("konce.MessageSent")
    @Label("Message Sent")
    @Category(KONCE)
    @StackTrace(false)
    static final class MessageSent extends Event {
        @Label("Node")
        @Nullable
        String node;

        @Label("Handler")
        @Nullable
        String handler;

        @Label("Bytes")
        @DataAmount
        long bytes;

        @Label("Outcome")
        @Nullable
        String outcome;
    }

    /// A message has come.
    @Name("konce.MessageReceived")
    @Label("Message Received")
    @Category(KONCE)
    @StackTrace(false)
    static final class MessageReceived extends Event {
        @Label("Node")
        @Nullable
        String node;

        @Label("Channel")
        @Description("Negative: from a peer at rest")
        long channel;

        @Label("Handler")
        @Nullable
        String handler;

        @Label("Bytes")
        @DataAmount
        long bytes;

        @Label("Reply Wanted")
        boolean replyWanted;
    }

    /// A thread that sends waits for room.
    @Name("konce.BackPressure")
    @Label("Back-Pressure")
    @Category(KONCE)
    static final class BackPressure extends Event {
        @Label("Bytes")
        @DataAmount
        long bytes;
    }

    /// Clients are asked for more work, or for less.
    @Name("konce.Effort")
    @Label("Effort")
    @Category(KONCE)
    @StackTrace(false)
    static final class EffortChange extends Event {
        @Label("Node")
        @Nullable
        String node;

        @Label("Before")
        long before;

        @Label("After")
        long after;
    }
}
