package konce.protocol.endpoint;

import konce.crypto.RandomSource;
import konce.protocol.Address;
import konce.protocol.Limits;
import konce.protocol.wire.FrameType;

/// Where a channel's peer is: takes the hints its packets give, has them proved, and moves the channel's packets there.
///
/// - source: docs/spec/05-paths.md, section 6
final class Whereabouts {
    private final PathValidation validation = new PathValidation();
    private final ChannelPackets packets;
    private final RandomSource random;

    Whereabouts(ChannelPackets packets, RandomSource random) {
        this.packets = packets;
        this.random = random;
    }

    /// A packet opened.
    void onOpened(long nowNanos, Address remote, long bytes, boolean newest) {
        if (!remote.equals(packets.path().remote())) {
            validation.onElsewhere(nowNanos, remote, bytes, newest, random);
        } else if (newest) {
            validation.onStillThere(nowNanos);
        }
    }

    /// The peer asks whether we are where its packet came to.
    void onChallenge(Address remote, long data) {
        validation.onChallenge(remote, data);
    }

    /// The peer answers.
    void onResponse(long nowNanos, Address remote, long data) {
        Address proved = validation.onResponse(remote, data);
        if (proved != null) {
            packets.moveTo(nowNanos, proved, nowNanos - validation.sentNanos());
        }
    }

    /// Fills the next send with a question or an answer.
    boolean transmit(long nowNanos, Transmit out) {
        int bytes = packets.pathPacketBytes();
        Address to = validation.takeResponse(packets.path().remote(), bytes);
        if (to != null) {
            return packets.transmitTo(nowNanos, out, to, FrameType.PATH_RESPONSE, validation.question());
        }
        long timeoutNanos = packets.path().rtt().probeTimeoutNanos(Limits.ACK_DELAY_NANOS_MAX);
        to = validation.takeChallenge(nowNanos, timeoutNanos, bytes);
        return to != null && packets.transmitTo(nowNanos, out, to, FrameType.PATH_CHALLENGE, validation.challenge());
    }

    long nextDeadlineNanos() {
        return validation.nextDeadlineNanos();
    }
}
