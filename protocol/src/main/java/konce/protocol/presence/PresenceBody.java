package konce.protocol.presence;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import konce.protocol.HandlerClass;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.Refusal;
import konce.protocol.wire.ByteReader;
import konce.protocol.wire.ByteWriter;

/// What a packet of a presence says.
///
/// ```text
///  0  kind, 1
///  1  message number, 8     counted by whoever sent the message
///  9  durable handler, 8    MESSAGE alone
/// 17  reply wanted, 1       MESSAGE alone: 1 or 0
///  ..  payload, to the end  of a REFUSED, the code of its reason
/// ```
///
/// - source: docs/spec/08-presence.md, section 3
///
/// @param number of the message that this is, or is about
/// @param handler where a MESSAGE goes
/// @param payload on the heap, the owner's
record PresenceBody(Kind kind, long number, HandlerId handler, boolean replyWanted, MemorySegment payload) {
    /// Bytes before the payload of the longest.
    static final int OVERHEAD_BYTES = 18;

    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);
    private static final HandlerId NO_HANDLER = HandlerId.wellKnown(0);

    enum Kind {
        /// A message for a handler.
        MESSAGE,
        /// Its reply.
        REPLY,
        /// It was taken; there is no reply, or it is gone.
        TAKEN,
        /// There is no such handler, or it does not take it.
        REFUSED;

        private static final Kind[] ALL = values();
    }

    static PresenceBody message(long number, HandlerId handler, boolean replyWanted, MemorySegment payload) {
        return new PresenceBody(Kind.MESSAGE, number, handler, replyWanted, payload);
    }

    static PresenceBody reply(long number, MemorySegment payload) {
        return new PresenceBody(Kind.REPLY, number, NO_HANDLER, false, payload);
    }

    static PresenceBody taken(long number) {
        return new PresenceBody(Kind.TAKEN, number, NO_HANDLER, false, NOTHING);
    }

    static PresenceBody refused(long number, Refusal why) {
        MemorySegment code = MemorySegment.ofArray(new byte[] {(byte) why.code()});
        return new PresenceBody(Kind.REFUSED, number, NO_HANDLER, false, code);
    }

    /// Why a message was REFUSED.
    Refusal why() {
        return Refusal.ofCode(payload.get(ValueLayout.JAVA_BYTE, 0));
    }

    void write(ByteWriter out) {
        out.writeByte(kind.ordinal());
        out.writeLong(number);
        if (kind == Kind.MESSAGE) {
            out.writeLong(handler.number());
            out.writeByte(replyWanted ? 1 : 0);
        }
        out.writeBytes(payload, 0, payload.byteSize());
    }

    /// Reads one; with the reader failed it means nothing.
    static PresenceBody read(ByteReader in) {
        int code = in.readByte();
        long number = in.readLong();
        if (!in.isOk() || code < 0 || code >= Kind.ALL.length || number <= 0) {
            in.fail();
            return taken(0);
        }
        Kind kind = Kind.ALL[code];
        HandlerId handler = NO_HANDLER;
        boolean replyWanted = false;
        if (kind == Kind.MESSAGE) {
            long durable = in.readLong();
            int wanted = in.readByte();
            replyWanted = wanted == 1;
            if (in.isOk() && wanted >> 1 == 0 && durable >= 0 && durable <= Limits.HANDLER_NUMBER_MAX) {
                handler = new HandlerId(HandlerClass.DURABLE, durable);
            } else {
                in.fail();
            }
        }
        long bytes = in.isOk() ? in.remaining() : 0;
        if ((kind == Kind.TAKEN && bytes > 0) || (kind == Kind.REFUSED && bytes != 1)) {
            in.fail();
        }
        MemorySegment payload = MemorySegment.ofArray(new byte[(int) bytes]);
        payload.copyFrom(in.segment().asSlice(in.position(), bytes));
        return new PresenceBody(kind, number, handler, replyWanted, payload);
    }
}
