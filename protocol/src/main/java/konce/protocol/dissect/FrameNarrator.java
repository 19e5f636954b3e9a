package konce.protocol.dissect;

import java.lang.foreign.MemorySegment;
import java.util.List;
import konce.protocol.PeerOffence;
import konce.protocol.Refusal;
import konce.protocol.wire.AckRuns;
import konce.protocol.wire.FrameHandler;
import konce.protocol.wire.MessageSegment;
import org.jspecify.annotations.Nullable;

/// Says each frame in words.
final class FrameNarrator implements FrameHandler {
    private static final int DATA_BYTES_SHOWN = 48;

    private final List<Field> fields;
    private final long base;

    /// @param base where the packet begins in the datagram
    FrameNarrator(List<Field> fields, long base) {
        this.fields = fields;
        this.base = base;
    }

    @Override
    public @Nullable PeerOffence onPing() {
        return say("PING", "");
    }

    @Override
    public @Nullable PeerOffence onAck(AckRuns ack) {
        StringBuilder runs = new StringBuilder();
        for (int i = 0; i < ack.size(); i++) {
            runs.append(i == 0 ? "" : ", ").append(ack.start(i));
            if (ack.end(i) - 1 > ack.start(i)) {
                runs.append("..").append(ack.end(i) - 1);
            }
        }
        return say(
                "ACK",
                "received " + runs + "; delay " + ack.delayNanos() / 1_000 + " us; credit " + ack.credit() + " bytes");
    }

    @Override
    public @Nullable PeerOffence onAckRate(int packets, long delayNanos) {
        return say("ACK-RATE", "every " + packets + " packets, or after " + delayNanos / 1_000 + " us");
    }

    @Override
    public @Nullable PeerOffence onSegment(MessageSegment segment) {
        String to = segment.isFirst() ? " to " + MessageSegment.handlerOf(segment.handler()) + replyTo(segment) : "";
        String part = "bytes " + segment.offset() + " to " + (segment.offset() + segment.dataBytes()) + " of "
                + segment.total();
        return data("SEGMENT", "message " + segment.id() + to + ", " + part, segment);
    }

    @Override
    public @Nullable PeerOffence onDatagram(MessageSegment datagram) {
        String to = MessageSegment.handlerOf(datagram.handler()) + replyTo(datagram);
        return data("DATAGRAM", "to " + to + ", " + datagram.dataBytes() + " bytes", datagram);
    }

    @Override
    public @Nullable PeerOffence onCancel(long id, long total) {
        return say("CANCEL", "message " + id + " of " + total + " bytes");
    }

    @Override
    public @Nullable PeerOffence onRefuse(boolean byHandler, long subject, long code) {
        String what =
                byHandler ? "the message that waits at " + MessageSegment.handlerOf(subject) : "message " + subject;
        return say("REFUSE", what + ": " + Refusal.ofCode(code) + " (" + code + ")");
    }

    @Override
    public @Nullable PeerOffence onPathChallenge(long data) {
        return say("PATH_CHALLENGE", Long.toHexString(data));
    }

    @Override
    public @Nullable PeerOffence onPathResponse(long data) {
        return say("PATH_RESPONSE", Long.toHexString(data));
    }

    @Override
    public @Nullable PeerOffence onEncapsulation(int piece, MemorySegment packet, long offset, int length) {
        return say("ENCAPSULATION", "piece " + piece + ", " + length + " bytes");
    }

    @Override
    public @Nullable PeerOffence onEcn(long ect0, long ce) {
        return say("ECN", ect0 + " packets came with ECT(0), " + ce + " with CE");
    }

    @Override
    public @Nullable PeerOffence onClose(int code, String text) {
        return say("CLOSE", "code " + code + (text.isEmpty() ? "" : ", \"" + text + "\""));
    }

    private static String replyTo(MessageSegment segment) {
        return segment.replyTo() == MessageSegment.NO_REPLY
                ? ""
                : ", reply to " + MessageSegment.handlerOf(segment.replyTo());
    }

    private @Nullable PeerOffence data(String name, String value, MessageSegment segment) {
        say(name, value);
        if (segment.dataBytes() > 0) {
            int shown = Math.min(segment.dataBytes(), DATA_BYTES_SHOWN);
            String text = Words.text(segment.bytes(), segment.dataOffset(), shown)
                    + (shown < segment.dataBytes() ? "..." : "");
            fields.add(new Field(3, base + segment.dataOffset(), segment.dataBytes(), "data", text));
        }
        return null;
    }

    private @Nullable PeerOffence say(String name, String value) {
        fields.add(new Field(2, base, 0, name, value));
        return null;
    }
}
