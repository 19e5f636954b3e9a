package konce.node.observe;

import java.util.HashMap;
import java.util.Map;
import jdk.jfr.Event;
import konce.protocol.Address;
import konce.protocol.HandlerId;
import konce.protocol.HandshakeStep;
import konce.protocol.HandshakeSummary;
import konce.protocol.Observer;
import konce.protocol.Outcome;
import org.jspecify.annotations.Nullable;

/// Counts what a node does, and tells Java Flight Recorder. Where nothing records, that is one look at a flag.
///
/// - threads: [#sending], [#sent] and the room's events any; all else the loop's
public final class Flight implements Observer {
    private final String node;
    // asked whether they are recorded; never committed
    private final FlightEvents.MessageReceived received = new FlightEvents.MessageReceived();
    private final FlightEvents.MessageSent sent = new FlightEvents.MessageSent();
    private final FlightEvents.PacketLoss loss = new FlightEvents.PacketLoss();
    private final FlightEvents.ChannelClosed closed = new FlightEvents.ChannelClosed();
    private final Map<Long, Long> opened = new HashMap<>();
    private long effort;
    private long channelsOpened;
    private long messagesReceived;
    private long messagesSettled;
    private long packetsLost;

    /// @param node where it listens
    public Flight(String node) {
        this.node = node;
    }

    /// Channels that were ever opened.
    public long channelsOpened() {
        return channelsOpened;
    }

    /// Messages that came for handlers and streams.
    public long messagesReceived() {
        return messagesReceived;
    }

    /// Sends that have ended.
    public long messagesSettled() {
        return messagesSettled;
    }

    /// Packets that counted as lost.
    public long packetsLost() {
        return packetsLost;
    }

    /// A send has ended.
    public void settled() {
        messagesSettled++;
    }

    /// A channel is open.
    public void opened(long channel, Address remote, boolean identified, HandshakeSummary summary) {
        channelsOpened++;
        FlightEvents.ChannelOpened event = new FlightEvents.ChannelOpened();
        if (event.shouldCommit()) {
            event.node = node;
            event.channel = channel;
            event.remote = remote.toString();
            event.initiator = summary.initiator();
            event.identified = identified;
            event.sessionProtocol = summary.sessionProtocol();
            event.commit();
        }
        FlightEvents.Handshake handshake = new FlightEvents.Handshake();
        if (handshake.shouldCommit()) {
            handshake.node = node;
            handshake.channel = channel;
            handshake.initiator = summary.initiator();
            handshake.effort = summary.effort();
            handshake.roundTrip = summary.rttNanos();
            handshake.elapsed = summary.elapsedNanos();
            handshake.packetsSent = summary.packetsSent();
            handshake.commit();
        }
        if (closed.isEnabled()) {
            opened.put(channel, System.nanoTime());
        }
    }

    /// A channel is gone.
    ///
    /// @param reason in one word
    public void closed(long channel, String reason) {
        Long since = opened.remove(channel);
        FlightEvents.ChannelClosed event = new FlightEvents.ChannelClosed();
        if (event.shouldCommit()) {
            event.node = node;
            event.channel = channel;
            event.reason = reason;
            event.age = since == null ? 0 : System.nanoTime() - since;
            event.commit();
        }
    }

    /// A message has come for a handler.
    public void received(long channel, HandlerId handler, long bytes, boolean replyWanted) {
        messagesReceived++;
        if (received.isEnabled()) {
            FlightEvents.MessageReceived event = new FlightEvents.MessageReceived();
            event.node = node;
            event.channel = channel;
            event.handler = handler.toString();
            event.bytes = bytes;
            event.replyWanted = replyWanted;
            event.commit();
        }
    }

    /// A message is to be sent.
    ///
    /// @return for [#sent]; null: nobody records it
    public @Nullable Event sending(HandlerId handler, long bytes) {
        if (!sent.isEnabled()) {
            return null;
        }
        FlightEvents.MessageSent event = new FlightEvents.MessageSent();
        event.node = node;
        event.handler = handler.toString();
        event.bytes = bytes;
        event.begin();
        return event;
    }

    /// How a message has ended.
    public static void sent(Event sending, Outcome outcome) {
        if (sending instanceof FlightEvents.MessageSent event) {
            event.end();
            event.outcome = outcome.getClass().getSimpleName();
            event.commit();
        }
    }

    /// Somebody finds no room for what is to be sent.
    ///
    /// @return for [#waited]
    public static Event waiting() {
        FlightEvents.BackPressure event = new FlightEvents.BackPressure();
        event.begin();
        return event;
    }

    /// There was room for it, or its sender goes without.
    public static void waited(Event waiting, long bytes) {
        if (waiting instanceof FlightEvents.BackPressure event && event.shouldCommit()) {
            event.bytes = bytes;
            event.commit();
        }
    }

    /// What is asked of clients now.
    public void effort(long now) {
        if (now != effort) {
            FlightEvents.EffortChange event = new FlightEvents.EffortChange();
            if (event.shouldCommit()) {
                event.node = node;
                event.before = effort;
                event.after = now;
                event.commit();
            }
            effort = now;
        }
    }

    @Override
    public void onLosses(long nowNanos, long channel, long packets) {
        packetsLost += packets;
        if (loss.isEnabled()) {
            FlightEvents.PacketLoss event = new FlightEvents.PacketLoss();
            event.node = node;
            event.channel = channel;
            event.packets = packets;
            event.commit();
        }
    }

    @Override
    public boolean seesPackets() {
        return false;
    }

    @Override
    public void onChannelBegun(long nowNanos, long channel, boolean initiator) {
        // told as opened
    }

    @Override
    public void onHandshake(long nowNanos, long channel, Address remote, HandshakeStep step, long bytes) {
        // told as a whole
    }

    @Override
    public void onPacketSent(long nowNanos, Packet packet) {
        throw new AssertionError("packets are not looked at");
    }

    @Override
    public void onPacketReceived(long nowNanos, Packet packet) {
        throw new AssertionError("packets are not looked at");
    }

    @Override
    public void onPacketLost(long nowNanos, long channel, long number, int bytes) {
        throw new AssertionError("packets are not looked at");
    }

    @Override
    public void onPath(long nowNanos, long channel, PathFigures path) {
        throw new AssertionError("packets are not looked at");
    }

    @Override
    public void onChannelEnded(long channel) {
        // told as closed
    }
}
