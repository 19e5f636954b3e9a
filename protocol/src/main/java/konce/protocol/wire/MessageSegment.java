package konce.protocol.wire;

import java.lang.foreign.MemorySegment;
import konce.protocol.HandlerClass;
import konce.protocol.HandlerId;
import konce.protocol.Limits;

/// One SEGMENT or DATAGRAM frame: a view over the packet it came in, valid while that packet is being handled.
///
/// - shape: varints message id, message length, offset (absent in a first segment, where it is 0), handler and, if a
///   reply is wanted, reply handler (first segments only), length of the data; then the data. A handler is its number
///   times four plus its class
/// - error: [#read] fails its reader; never allocates
/// - source: docs/spec/07-messages.md, section 2
public final class MessageSegment {
    /// [#replyTo] when no reply is wanted.
    public static final long NO_REPLY = -1;

    private static final long HANDLER_CODE_MAX = (Limits.HANDLER_NUMBER_MAX << 2) | 2;

    private long id;
    private long total;
    private long offset;
    private boolean first;
    private long handler;
    private long replyTo;
    private MemorySegment bytes = MemorySegment.NULL;
    private long dataOffset;
    private int dataBytes;

    public MessageSegment() {}

    public long id() {
        return id;
    }

    /// Bytes of the whole message; not yet checked against any limit.
    public long total() {
        return total;
    }

    public long offset() {
        return offset;
    }

    /// Whether handler and replyTo are known.
    public boolean isFirst() {
        return first;
    }

    /// The handler's code, for [#handlerOf].
    public long handler() {
        return handler;
    }

    /// The reply handler's code, or [#NO_REPLY].
    public long replyTo() {
        return replyTo;
    }

    public MemorySegment bytes() {
        return bytes;
    }

    public long dataOffset() {
        return dataOffset;
    }

    public int dataBytes() {
        return dataBytes;
    }

    /// The code of a handler on the wire.
    public static long codeOf(HandlerId handler) {
        return (handler.number() << 2) | handler.handlerClass().code();
    }

    public static HandlerId handlerOf(long code) {
        return new HandlerId(HandlerClass.ofCode((int) (code & 3)), code >>> 2);
    }

    void read(ByteReader in, int type) {
        boolean datagram = type == FrameType.DATAGRAM || type == FrameType.DATAGRAM_REPLY;
        boolean wantsReply = type == FrameType.SEGMENT_FIRST_REPLY || type == FrameType.DATAGRAM_REPLY;
        first = type != FrameType.SEGMENT;
        id = datagram ? 0 : in.readVarint(Long.MAX_VALUE);
        total = datagram ? 0 : in.readVarint(Long.MAX_VALUE);
        offset = first ? 0 : in.readVarint(Long.MAX_VALUE);
        handler = first ? readHandler(in) : 0;
        replyTo = wantsReply ? readHandler(in) : NO_REPLY;
        dataBytes = (int) in.readVarint(Limits.DATAGRAM_BYTES_MAX);
        dataOffset = in.skip(dataBytes);
        bytes = in.segment();
        if (datagram) {
            total = dataBytes;
        }
    }

    // = docs/spec/07-messages.md R7.15
    static long readHandler(ByteReader in) {
        long code = in.readVarint(HANDLER_CODE_MAX);
        if ((code & 3) == 3) {
            in.fail();
        }
        return code;
    }
}
