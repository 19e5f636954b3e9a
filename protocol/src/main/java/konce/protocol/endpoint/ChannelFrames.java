package konce.protocol.endpoint;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.MemorySegment;
import konce.protocol.Address;
import konce.protocol.PeerOffence;
import konce.protocol.Refusal;
import konce.protocol.wire.AckRuns;
import konce.protocol.wire.FrameHandler;
import konce.protocol.wire.MessageSegment;
import org.jspecify.annotations.Nullable;

/// Hands the frames of a channel's packets to the floors they are for.
///
/// - source: docs/spec/06-flow.md, section 1
final class ChannelFrames implements FrameHandler {
    private final Channel channel;
    private long nowNanos;
    private @Nullable Address remote;

    ChannelFrames(Channel channel) {
        this.channel = channel;
    }

    /// @param newRemote where the frames come from
    ChannelFrames at(long newNowNanos, Address newRemote) {
        nowNanos = newNowNanos;
        remote = newRemote;
        return this;
    }

    @Override
    public @Nullable PeerOffence onPing() {
        return null;
    }

    @Override
    public @Nullable PeerOffence onAck(AckRuns ack) {
        channel.messages().outbox().onCredit(ack.credit());
        return channel.packets().onAck(nowNanos, ack);
    }

    @Override
    public @Nullable PeerOffence onAckRate(int packets, long delayNanos) {
        channel.packets().received().onAckRate(packets, delayNanos);
        return null;
    }

    @Override
    public @Nullable PeerOffence onSegment(MessageSegment segment) {
        channel.keepAlive().onTalk();
        return channel.messages().inbox().onSegment(segment);
    }

    @Override
    public @Nullable PeerOffence onDatagram(MessageSegment datagram) {
        channel.keepAlive().onTalk();
        return channel.messages().inbox().onDatagram(datagram);
    }

    @Override
    public @Nullable PeerOffence onCancel(long id, long total) {
        return channel.messages().inbox().onCancel(id, total);
    }

    @Override
    public @Nullable PeerOffence onRefuse(boolean byHandler, long subject, long code) {
        channel.messages().onRefused(byHandler, subject, Refusal.ofCode(code));
        return null;
    }

    @Override
    public @Nullable PeerOffence onPathChallenge(long data) {
        // = docs/spec/05-paths.md R5.25
        if (channel.isOpen() && !channel.packets().isUnconfirmed()) {
            channel.whereabouts().onChallenge(requireNonNull(remote), data);
        }
        return null;
    }

    @Override
    public @Nullable PeerOffence onPathResponse(long data) {
        if (channel.isOpen()) {
            channel.whereabouts().onResponse(nowNanos, requireNonNull(remote), data);
        }
        return null;
    }

    @Override
    public @Nullable PeerOffence onEncapsulation(int piece, MemorySegment packet, long offset, int length) {
        return channel.packets().renewal().onPiece(piece, packet, offset, length);
    }

    @Override
    public @Nullable PeerOffence onEcn(long ect0, long ce) {
        channel.packets()
                .marks()
                .onReported(nowNanos, ect0, ce, channel.packets().path());
        return null;
    }

    @Override
    public @Nullable PeerOffence onClose(int code, String text) {
        channel.onClosed(code, text);
        return null;
    }
}
