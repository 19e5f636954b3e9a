package konce.protocol.wire;

import java.lang.foreign.MemorySegment;
import konce.protocol.PeerOffence;
import org.jspecify.annotations.Nullable;

/// Takes the frames of a packet that opened, one method for each type, in their order.
///
/// - error: each returns the peer's offence, which ends the packet and the channel, or null
public interface FrameHandler {
    @Nullable
    PeerOffence onPing();

    /// @param ack valid during the call
    @Nullable
    PeerOffence onAck(AckRuns ack);

    /// The peer says how rarely it wants ACKs.
    ///
    /// @param packets how many that ask for an ACK may wait for one
    /// @param delayNanos how long they may
    @Nullable
    PeerOffence onAckRate(int packets, long delayNanos);

    /// @param segment valid during the call
    @Nullable
    PeerOffence onSegment(MessageSegment segment);

    /// @param datagram valid during the call; its id, length and offset mean nothing
    @Nullable
    PeerOffence onDatagram(MessageSegment datagram);

    /// The peer gives a message up.
    ///
    /// @param total the message's length, which it has reserved credit for
    @Nullable
    PeerOffence onCancel(long id, long total);

    /// The peer does not take a message of ours.
    ///
    /// @param byHandler whether `subject` is the code of our reply handler, rather than a message id
    @Nullable
    PeerOffence onRefuse(boolean byHandler, long subject, long code);

    /// The peer asks whether we are where this packet came to.
    @Nullable
    PeerOffence onPathChallenge(long data);

    /// The peer answers what we asked.
    @Nullable
    PeerOffence onPathResponse(long data);

    /// A piece of the client's ML-KEM key, or of the server's ciphertext: `length` bytes at `offset` of the packet.
    ///
    /// Unless it is overridden: nothing here knows of it.
    default @Nullable PeerOffence onEncapsulation(int piece, MemorySegment packet, long offset, int length) {
        return PeerOffence.FRAME_UNKNOWN;
    }

    /// How many packets have come to the peer marked ECT(0), and CE.
    ///
    /// Unless it is overridden: nothing here marks any.
    default @Nullable PeerOffence onEcn(long ect0, long ce) {
        return null;
    }

    /// The peer closes the channel.
    @Nullable
    PeerOffence onClose(int code, String text);
}
