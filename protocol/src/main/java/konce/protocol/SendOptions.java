package konce.protocol;

/// How a message is to be sent.
///
/// @param connectTimeoutNanos time a new channel may take
/// @param replyTimeoutNanos time from the send to the reply; with `replyWanted` false, to the delivery
/// @param idleNanos time the channel may idle afterwards; the smaller of both sides' asks holds
/// @param priority 0 (first) to [Limits#PRIORITY_MAX] (last)
/// @param background yields to everything else
/// @param retransmit false for a datagram: one packet, sent once
/// @param replyWanted whether a prompt handler is made for a reply
/// @param keepAlive whether the channel stays reachable from now on, also through translators
/// @param postQuantum waits until the channel's keys are safe from quantum computers; settles as NotSent where one side
///   has turned that off
public record SendOptions(
        long connectTimeoutNanos,
        long replyTimeoutNanos,
        long idleNanos,
        int priority,
        boolean background,
        boolean retransmit,
        boolean replyWanted,
        boolean keepAlive,
        boolean postQuantum) {

    private static final long SECOND = 1_000_000_000L;

    /// Ten seconds to connect, thirty to reply, a minute of idling, middle priority.
    public static final SendOptions REQUEST = new SendOptions(
            10 * SECOND, 30 * SECOND, 60 * SECOND, Limits.PRIORITY_DEFAULT, false, true, true, false, false);

    /// As [#REQUEST], but the outcome is the delivery.
    public static final SendOptions ONE_WAY = new SendOptions(
            10 * SECOND, 30 * SECOND, 60 * SECOND, Limits.PRIORITY_DEFAULT, false, true, false, false, false);

    public SendOptions {
        if (connectTimeoutNanos <= 0 || replyTimeoutNanos <= 0 || idleNanos <= 0) {
            throw new IllegalArgumentException("timeouts are positive: connect " + connectTimeoutNanos + ", reply "
                    + replyTimeoutNanos + ", idle " + idleNanos);
        }
        if (connectTimeoutNanos > Limits.TIMEOUT_NANOS_MAX
                || replyTimeoutNanos > Limits.TIMEOUT_NANOS_MAX
                || idleNanos > Limits.TIMEOUT_NANOS_MAX) {
            throw new IllegalArgumentException("timeouts are at most " + Limits.TIMEOUT_NANOS_MAX + " ns");
        }
        if (priority < 0 || priority > Limits.PRIORITY_MAX) {
            throw new IllegalArgumentException("priority " + priority + " is not in 0.." + Limits.PRIORITY_MAX);
        }
    }

    public SendOptions withConnectTimeout(long nanos) {
        return new SendOptions(
                nanos,
                replyTimeoutNanos,
                idleNanos,
                priority,
                background,
                retransmit,
                replyWanted,
                keepAlive,
                postQuantum);
    }

    public SendOptions withReplyTimeout(long nanos) {
        return new SendOptions(
                connectTimeoutNanos,
                nanos,
                idleNanos,
                priority,
                background,
                retransmit,
                replyWanted,
                keepAlive,
                postQuantum);
    }

    public SendOptions withIdle(long nanos) {
        return new SendOptions(
                connectTimeoutNanos,
                replyTimeoutNanos,
                nanos,
                priority,
                background,
                retransmit,
                replyWanted,
                keepAlive,
                postQuantum);
    }

    public SendOptions withPriority(int newPriority) {
        return new SendOptions(
                connectTimeoutNanos,
                replyTimeoutNanos,
                idleNanos,
                newPriority,
                background,
                retransmit,
                replyWanted,
                keepAlive,
                postQuantum);
    }

    public SendOptions withBackground() {
        return new SendOptions(
                connectTimeoutNanos,
                replyTimeoutNanos,
                idleNanos,
                priority,
                true,
                retransmit,
                replyWanted,
                keepAlive,
                postQuantum);
    }

    /// A datagram: one packet, sent once.
    public SendOptions withoutRetransmit() {
        return new SendOptions(
                connectTimeoutNanos,
                replyTimeoutNanos,
                idleNanos,
                priority,
                background,
                false,
                replyWanted,
                keepAlive,
                postQuantum);
    }

    /// The channel stays reachable: it says something every 25 seconds of silence, and does not idle away.
    public SendOptions withKeepAlive() {
        return new SendOptions(
                connectTimeoutNanos,
                replyTimeoutNanos,
                idleNanos,
                priority,
                background,
                retransmit,
                replyWanted,
                true,
                postQuantum);
    }

    /// Nothing of it leaves before the channel's keys are safe from quantum computers.
    public SendOptions withPostQuantum() {
        return new SendOptions(
                connectTimeoutNanos,
                replyTimeoutNanos,
                idleNanos,
                priority,
                background,
                retransmit,
                replyWanted,
                keepAlive,
                true);
    }
}
