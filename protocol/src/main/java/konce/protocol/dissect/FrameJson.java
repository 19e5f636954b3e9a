package konce.protocol.dissect;

import java.lang.foreign.MemorySegment;
import konce.protocol.PeerOffence;
import konce.protocol.wire.AckRuns;
import konce.protocol.wire.FrameHandler;
import konce.protocol.wire.FrameReader;
import konce.protocol.wire.MessageSegment;
import org.jspecify.annotations.Nullable;

/// Says the frames of a packet in JSON, by the names of QUIC's frames where one does the same, so that tools for QUIC's
/// logs show them. What messages hold is not said.
///
/// - shape: a JSON array of objects with `frame_type`; a segment of a message is a piece of a `stream` whose id is the
///   message's
/// - threads: one
/// - source: draft-ietf-quic-qlog-quic-events
public final class FrameJson {
    private static final double NANOS_PER_MILLI = 1e6;

    private final FrameReader reader = new FrameReader();

    public FrameJson() {}

    /// Appends the frames of a packet.
    public void append(StringBuilder out, MemorySegment packet, long offset, long length) {
        out.append('[');
        int start = out.length();
        PeerOffence offence = reader.read(packet, offset, length, new Writer(out, start));
        if (offence != null) {
            begin(out, start, "unknown")
                    .append(",\"konce_offence\":\"")
                    .append(offence)
                    .append("\"}");
        }
        out.append(']');
    }

    private static StringBuilder begin(StringBuilder out, int start, String type) {
        return out.append(out.length() == start ? "" : ",")
                .append("{\"frame_type\":\"")
                .append(type)
                .append('"');
    }

    /// @param start where in `out` the array's first element begins
    private record Writer(StringBuilder out, int start) implements FrameHandler {
        private StringBuilder begin(String type) {
            return FrameJson.begin(out, start, type);
        }

        private @Nullable PeerOffence end() {
            out.append('}');
            return null;
        }

        @Override
        public @Nullable PeerOffence onPing() {
            begin("ping");
            return end();
        }

        @Override
        public @Nullable PeerOffence onAck(AckRuns ack) {
            begin("ack").append(",\"ack_delay\":").append(ack.delayNanos() / NANOS_PER_MILLI);
            out.append(",\"acked_ranges\":[");
            for (int i = 0; i < ack.size(); i++) {
                out.append(i == 0 ? "[" : ",[").append(ack.start(i));
                out.append(',').append(ack.end(i) - 1).append(']');
            }
            out.append("],\"konce_credit\":").append(ack.credit());
            return end();
        }

        @Override
        public @Nullable PeerOffence onAckRate(int packets, long delayNanos) {
            begin("unknown").append(",\"konce_type\":\"ack_rate\",\"packets\":").append(packets);
            out.append(",\"ack_delay\":").append(delayNanos / NANOS_PER_MILLI);
            return end();
        }

        @Override
        public @Nullable PeerOffence onSegment(MessageSegment segment) {
            begin("stream").append(",\"stream_id\":").append(segment.id());
            out.append(",\"offset\":").append(segment.offset());
            out.append(",\"length\":").append(segment.dataBytes());
            boolean last = segment.offset() + segment.dataBytes() == segment.total();
            out.append(",\"fin\":").append(last);
            if (segment.isFirst()) {
                to(segment);
            }
            return end();
        }

        @Override
        public @Nullable PeerOffence onDatagram(MessageSegment datagram) {
            begin("datagram").append(",\"length\":").append(datagram.dataBytes());
            to(datagram);
            return end();
        }

        private void to(MessageSegment segment) {
            out.append(",\"konce_handler\":\"").append(MessageSegment.handlerOf(segment.handler()));
            out.append("\",\"konce_reply_wanted\":").append(segment.replyTo() != MessageSegment.NO_REPLY);
        }

        @Override
        public @Nullable PeerOffence onEncapsulation(int piece, MemorySegment packet, long offset, int length) {
            begin("crypto").append(",\"konce_piece\":").append(piece);
            out.append(",\"length\":").append(length);
            return end();
        }

        @Override
        public @Nullable PeerOffence onEcn(long ect0, long ce) {
            begin("unknown").append(",\"konce_type\":\"ecn\",\"ect0\":").append(ect0);
            out.append(",\"ce\":").append(ce);
            return end();
        }

        @Override
        public @Nullable PeerOffence onCancel(long id, long total) {
            begin("reset_stream").append(",\"stream_id\":").append(id);
            out.append(",\"error_code\":0,\"final_size\":").append(total);
            return end();
        }

        @Override
        public @Nullable PeerOffence onRefuse(boolean byHandler, long subject, long code) {
            begin("stop_sending").append(byHandler ? ",\"konce_handler\":\"" : ",\"stream_id\":");
            if (byHandler) {
                out.append(MessageSegment.handlerOf(subject)).append('"');
            } else {
                out.append(subject);
            }
            out.append(",\"error_code\":").append(code);
            return end();
        }

        @Override
        public @Nullable PeerOffence onPathChallenge(long data) {
            begin("path_challenge")
                    .append(",\"data\":\"")
                    .append(Long.toHexString(data))
                    .append('"');
            return end();
        }

        @Override
        public @Nullable PeerOffence onPathResponse(long data) {
            begin("path_response")
                    .append(",\"data\":\"")
                    .append(Long.toHexString(data))
                    .append('"');
            return end();
        }

        @Override
        public @Nullable PeerOffence onClose(int code, String text) {
            begin("connection_close")
                    .append(",\"error_space\":\"application\",\"error_code\":")
                    .append(code);
            out.append(",\"reason\":\"");
            // printable ASCII by now
            text.chars()
                    .forEach(c -> out.append(c == '"' || c == '\\' ? "\\" : "").append((char) c));
            out.append('"');
            return end();
        }
    }
}
