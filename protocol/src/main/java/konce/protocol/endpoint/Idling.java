package konce.protocol.endpoint;

import konce.protocol.Limits;
import konce.protocol.SendOptions;

/// How long a channel has been silent, and what follows from that: a PING, rest without buffers, the end.
///
/// - unit: nanoseconds of the endpoint's time
/// - source: docs/spec/06-flow.md, section 5
final class Idling {
    /// A channel that has been silent for so long gives its buffers back.
    static final long REST_NANOS = 1_000_000_000L;

    private static final int IDLE_GRACE_PROBES = 3;
    private static final long NEVER = Long.MAX_VALUE;

    private final ChannelPackets packets;
    private final ChannelMessages messages;
    private final boolean initiator;
    private final KeepAlive keepAlive;
    private long idleNanos;
    private long peerIdleNanos = Limits.TIMEOUT_NANOS_MAX;
    private long heardNanos;
    private boolean resting;

    Idling(ChannelPackets packets, ChannelMessages messages, boolean initiator, EndpointConfig config, long nowNanos) {
        this.packets = packets;
        this.messages = messages;
        this.initiator = initiator;
        keepAlive = new KeepAlive(config.keepAliveNanos());
        idleNanos = config.idleNanos();
        heardNanos = nowNanos;
    }

    KeepAlive keepAlive() {
        return keepAlive;
    }

    /// What we tell the peer.
    long ownNanos() {
        return idleNanos;
    }

    void setPeerNanos(long nanos) {
        peerIdleNanos = nanos;
    }

    /// Something authentic came.
    void onHeard(long nowNanos) {
        heardNanos = nowNanos;
        resting = false;
    }

    /// Something goes.
    void onSpoken() {
        resting = false;
    }

    long heardNanos() {
        return heardNanos;
    }

    /// A send asks for what it needs.
    void onSend(SendOptions options) {
        keepAlive.onTalk();
        keepAlive.ask(options.keepAlive());
        idleNanos = Math.max(idleNanos, options.idleNanos());
    }

    /// When the channel has been idle for long enough. Whoever made it goes first, so that nobody sends on a
    /// channel that the other side has just given up. While something is in flight the peer is not idle but slow,
    /// or gone.
    long endNanos() {
        if (!packets.sent().isEmpty()) {
            return Math.max(heardNanos + limitNanos(), packets.recovery().goneNanos());
        }
        return heardNanos + limitNanos() + (initiator ? 0 : IDLE_GRACE_PROBES * packets.probeTimeoutNanos());
    }

    private long limitNanos() {
        long limit = Math.min(idleNanos, peerIdleNanos);
        return packets.isUnconfirmed() ? Math.max(limit, Limits.UNACKNOWLEDGED_NANOS_MAX) : limit;
    }

    /// When to show the peer that we are here.
    long pingNanos() {
        if (!packets.sent().isEmpty()) {
            return NEVER;
        }
        boolean waits = messages.sendsOpen() > 0 || messages.inbox().messagesPartial() > 0;
        return keepAlive.dueNanos(spokenNanos(), waits, packets.probeTimeoutNanos(), limitNanos());
    }

    private long spokenNanos() {
        return Math.max(heardNanos, packets.sent().newestSentNanos());
    }

    private long restNanos() {
        return resting ? NEVER : spokenNanos() + REST_NANOS;
    }

    /// Gives the buffers back when they have not been needed for long.
    void mayRest(long nowNanos) {
        if (resting || nowNanos - restNanos() < 0) {
            return;
        }
        resting = true;
        if (packets.sent().isEmpty() && messages.sendsOpen() == 0) {
            packets.trim();
            messages.trim();
        }
    }

    /// When any of this is due.
    long nextNanos() {
        return Math.min(restNanos(), Math.min(endNanos(), pingNanos()));
    }
}
