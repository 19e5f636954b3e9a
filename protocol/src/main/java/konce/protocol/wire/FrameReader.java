package konce.protocol.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import konce.protocol.Limits;
import konce.protocol.PeerOffence;
import org.jspecify.annotations.Nullable;

/// Reads the frames of a packet and hands each to a [FrameHandler].
///
/// - error: an unknown or malformed frame is the peer's offence; nothing after it is read
/// - source: docs/spec/06-flow.md, section 1
public final class FrameReader {
    private final ByteReader in = new ByteReader();
    private final AckRuns ack = new AckRuns();
    private final MessageSegment segment = new MessageSegment();
    private boolean ackEliciting;
    private boolean acked;

    public FrameReader() {}

    /// Whether the packet last read holds anything that wants an ACK.
    public boolean wasAckEliciting() {
        return ackEliciting;
    }

    // = docs/spec/06-flow.md R6.1
    public @Nullable PeerOffence read(MemorySegment packet, long offset, long length, FrameHandler handler) {
        in.wrap(packet, offset, length);
        ackEliciting = false;
        acked = false;
        PeerOffence offence = null;
        long type = FrameType.PADDING;
        // = docs/spec/06-flow.md R6.14
        while (in.remaining() > 0 && offence == null && type != FrameType.CLOSE) {
            type = in.readVarint();
            ackEliciting |= isAckEliciting(type);
            offence = type <= FrameType.ACK_RATE && type >= 0 ? frame((int) type, handler) : PeerOffence.FRAME_UNKNOWN;
        }
        return offence;
    }

    private @Nullable PeerOffence frame(int type, FrameHandler handler) {
        return switch (type) {
            case FrameType.PADDING -> padding();
            case FrameType.PING -> in.isOk() ? handler.onPing() : PeerOffence.FRAME_MALFORMED;
            case FrameType.ACK -> acknowledgement(handler);
            case FrameType.SEGMENT, FrameType.SEGMENT_FIRST, FrameType.SEGMENT_FIRST_REPLY -> {
                segment.read(in, type);
                yield in.isOk() ? handler.onSegment(segment) : PeerOffence.FRAME_MALFORMED;
            }
            case FrameType.DATAGRAM, FrameType.DATAGRAM_REPLY -> {
                segment.read(in, type);
                yield in.isOk() ? handler.onDatagram(segment) : PeerOffence.FRAME_MALFORMED;
            }
            case FrameType.CANCEL -> {
                long id = in.readVarint(Long.MAX_VALUE);
                long total = in.readVarint(Long.MAX_VALUE);
                yield in.isOk() ? handler.onCancel(id, total) : PeerOffence.FRAME_MALFORMED;
            }
            case FrameType.PATH_CHALLENGE -> {
                long data = in.readLong();
                yield in.isOk() ? handler.onPathChallenge(data) : PeerOffence.FRAME_MALFORMED;
            }
            case FrameType.PATH_RESPONSE -> {
                long data = in.readLong();
                yield in.isOk() ? handler.onPathResponse(data) : PeerOffence.FRAME_MALFORMED;
            }
            case FrameType.ENCAPSULATION -> encapsulation(handler);
            case FrameType.ECN -> {
                long ect0 = in.readVarint(Limits.PACKET_NUMBER_MAX);
                long ce = in.readVarint(Limits.PACKET_NUMBER_MAX);
                yield in.isOk() ? handler.onEcn(ect0, ce) : PeerOffence.FRAME_MALFORMED;
            }
            case FrameType.REFUSE -> refuse(handler);
            case FrameType.ACK_RATE -> ackRate(handler);
            case FrameType.CLOSE -> close(handler);
            default -> PeerOffence.FRAME_UNKNOWN;
        };
    }

    private static boolean isAckEliciting(long type) {
        return type != FrameType.PADDING
                && type != FrameType.ACK
                && type != FrameType.CLOSE
                && type != FrameType.ECN
                && type != FrameType.PATH_CHALLENGE
                && type != FrameType.PATH_RESPONSE;
    }

    private @Nullable PeerOffence padding() {
        in.expectZeros();
        return in.isOk() ? null : PeerOffence.FRAME_MALFORMED;
    }

    // = docs/spec/06-flow.md R6.20
    /// Each ACK costs a walk over everything under way: a packet full of them would cost a hundred.
    private @Nullable PeerOffence acknowledgement(FrameHandler handler) {
        ack.read(in);
        if (acked || !in.isOk()) {
            return PeerOffence.FRAME_MALFORMED;
        }
        acked = true;
        return handler.onAck(ack);
    }

    // = docs/spec/06-flow.md R6.21
    private @Nullable PeerOffence ackRate(FrameHandler handler) {
        int packets = (int) in.readVarint(Limits.ACK_PACKETS_MAX);
        long delayNanos = in.readVarint(Limits.ACK_DELAY_NANOS_MAX / 1_000) * 1_000;
        return in.isOk() && packets > 0 ? handler.onAckRate(packets, delayNanos) : PeerOffence.FRAME_MALFORMED;
    }

    private @Nullable PeerOffence refuse(FrameHandler handler) {
        boolean byHandler = in.readVarint(1) == 1;
        long subject = byHandler ? MessageSegment.readHandler(in) : in.readVarint(Long.MAX_VALUE);
        long code = in.readVarint(Integer.MAX_VALUE);
        return in.isOk() ? handler.onRefuse(byHandler, subject, code) : PeerOffence.FRAME_MALFORMED;
    }

    private @Nullable PeerOffence encapsulation(FrameHandler handler) {
        int piece = (int) in.readVarint(Integer.MAX_VALUE);
        int length = (int) in.readVarint(Limits.ENCAPSULATION_PIECE_BYTES_MAX);
        long at = in.skip(length);
        return in.isOk() ? handler.onEncapsulation(piece, in.segment(), at, length) : PeerOffence.FRAME_MALFORMED;
    }

    private @Nullable PeerOffence close(FrameHandler handler) {
        int code = (int) in.readVarint(Integer.MAX_VALUE);
        int length = (int) in.readVarint(Limits.CLOSE_TEXT_BYTES_MAX);
        long at = in.skip(length);
        if (!in.isOk()) {
            return PeerOffence.FRAME_MALFORMED;
        }
        // the channel ends here: nothing behind it is read
        in.skip(in.remaining());
        return handler.onClose(code, printable(at, length));
    }

    // = docs/spec/06-flow.md R6.15
    /// The peer's words with everything but printable ASCII replaced: they end up in logs and on terminals.
    private String printable(long offset, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            byte next = in.segment().get(ValueLayout.JAVA_BYTE, offset + i);
            text.append(next >= 0x20 && next < 0x7F ? (char) next : '?');
        }
        return text.toString();
    }
}
