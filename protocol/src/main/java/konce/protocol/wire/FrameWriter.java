package konce.protocol.wire;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import konce.protocol.Limits;

/// Writes frames, and says beforehand how long each is at most.
///
/// - source: docs/spec/06-flow.md section 1, docs/spec/07-messages.md section 2
public final class FrameWriter {
    /// Bytes of the longest CANCEL or REFUSE.
    public static final int CONTROL_BYTES_MAX = 1 + 1 + 10 + 10;

    /// Bytes of the longest ACK-RATE.
    public static final int ACK_RATE_BYTES_MAX = 1 + 2 + 2;

    /// Bytes of an ENCAPSULATION beside its data.
    public static final int ENCAPSULATION_OVERHEAD_BYTES = 4;

    /// Bytes of the longest ECN.
    public static final int ECN_BYTES_MAX = 1 + 9 + 9;

    private FrameWriter() {}

    /// Writes how many marks have come.
    public static void ecn(ByteWriter out, long ect0, long ce) {
        out.writeVarint(FrameType.ECN);
        out.writeVarint(ect0);
        out.writeVarint(ce);
    }

    /// Bytes of a SEGMENT before its data, when the data is at most `dataBytes` long.
    public static int segmentHeaderBytes(long id, long total, long offset, long handler, long replyTo, int dataBytes) {
        return 1
                + ByteWriter.varintBytes(id)
                + ByteWriter.varintBytes(total)
                + (offset == 0
                        ? ByteWriter.varintBytes(handler)
                                + (replyTo == MessageSegment.NO_REPLY ? 0 : ByteWriter.varintBytes(replyTo))
                        : ByteWriter.varintBytes(offset))
                + ByteWriter.varintBytes(dataBytes);
    }

    /// Writes what comes before the data of a SEGMENT, its length included.
    public static void segmentHeader(
            ByteWriter out, long id, long total, long offset, long handler, long replyTo, int dataBytes) {
        boolean reply = offset == 0 && replyTo != MessageSegment.NO_REPLY;
        out.writeVarint(
                offset != 0 ? FrameType.SEGMENT : reply ? FrameType.SEGMENT_FIRST_REPLY : FrameType.SEGMENT_FIRST);
        out.writeVarint(id);
        out.writeVarint(total);
        if (offset == 0) {
            out.writeVarint(handler);
            if (reply) {
                out.writeVarint(replyTo);
            }
        } else {
            out.writeVarint(offset);
        }
        out.writeVarint(dataBytes);
    }

    public static int datagramBytes(long handler, long replyTo, long dataBytes) {
        return 1
                + ByteWriter.varintBytes(handler)
                + (replyTo == MessageSegment.NO_REPLY ? 0 : ByteWriter.varintBytes(replyTo))
                + ByteWriter.varintBytes(dataBytes)
                + (int) dataBytes;
    }

    public static void datagram(ByteWriter out, long handler, long replyTo, MemorySegment data) {
        boolean reply = replyTo != MessageSegment.NO_REPLY;
        out.writeVarint(reply ? FrameType.DATAGRAM_REPLY : FrameType.DATAGRAM);
        out.writeVarint(handler);
        if (reply) {
            out.writeVarint(replyTo);
        }
        out.writeVarint(data.byteSize());
        out.writeBytes(data, 0, data.byteSize());
    }

    /// Asks for an ACK no more often than every so many packets, or as late as `delayNanos`, whichever is sooner.
    public static void ackRate(ByteWriter out, int packets, long delayNanos) {
        out.writeVarint(FrameType.ACK_RATE);
        out.writeVarint(packets);
        out.writeVarint(delayNanos / 1_000);
    }

    public static void cancel(ByteWriter out, long id, long total) {
        out.writeVarint(FrameType.CANCEL);
        out.writeVarint(id);
        out.writeVarint(total);
    }

    public static void refuse(ByteWriter out, boolean byHandler, long subject, long code) {
        out.writeVarint(FrameType.REFUSE);
        out.writeVarint(byHandler ? 1 : 0);
        out.writeVarint(subject);
        out.writeVarint(code);
    }

    public static void encapsulation(ByteWriter out, int piece, MemorySegment whole, long offset, int length) {
        out.writeVarint(FrameType.ENCAPSULATION);
        out.writeVarint(piece);
        out.writeVarint(length);
        out.writeBytes(whole, offset, length);
    }

    /// Writes a CLOSE; text past [Limits#CLOSE_TEXT_BYTES_MAX] is cut.
    public static void close(ByteWriter out, int code, String text) {
        byte[] words = text.getBytes(StandardCharsets.US_ASCII);
        int length = Math.min(words.length, Limits.CLOSE_TEXT_BYTES_MAX);
        out.writeVarint(FrameType.CLOSE);
        out.writeVarint(code);
        out.writeVarint(length);
        out.writeBytes(MemorySegment.ofArray(words), 0, length);
    }
}
