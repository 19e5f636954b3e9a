package konce.node.stream;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import konce.protocol.Limits;
import org.jspecify.annotations.Nullable;

/// What one message of a stream says.
///
/// ```
/// OPEN    1 | version 1 | handler 8 | window 4        request to the acceptor
/// ACCEPT  2 | version 1 | handler 8 | window 4        its reply
/// BIND    3 | handler 8                               request
/// DATA    4 | sequence 8 | bytes 1..256 Ki            request; the reply says they were consumed
/// FIN     5 | sequence 8                              request; the reply says all was consumed
/// RESET   6 | code 1                                  one way
/// PING    7                                           request
/// ```
///
/// - unit: lengths in bytes; numbers are unsigned and big-endian; `handler` is a session handler's number on the
///   channel the message comes on
/// - source: docs/spec/10-streams.md, section 3
public sealed interface StreamRecord {
    /// The version of all this.
    int VERSION = 1;

    /// In OPEN: the opener knows no channel yet, and will BIND.
    long NO_HANDLER = -1;

    /// Bytes before a chunk in DATA.
    int DATA_HEADER_BYTES = 9;

    /// @param handler the opener's handler, or [#NO_HANDLER]
    /// @param window bytes the opener takes before it answers
    record Open(long handler, int window) implements StreamRecord {}

    /// @param handler the acceptor's handler
    /// @param window bytes the acceptor takes before it answers
    record Accept(long handler, int window) implements StreamRecord {}

    /// @param handler the opener's handler
    record Bind(long handler) implements StreamRecord {}

    /// @param bytes a view of the record
    record Data(long sequence, MemorySegment bytes) implements StreamRecord {}

    /// @param sequence one more than the last chunk's
    record Fin(long sequence) implements StreamRecord {}

    record Reset(StreamReset why) implements StreamRecord {}

    record Ping() implements StreamRecord {}

    ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// The record in these bytes; null when there is none.
    // = docs/spec/10-streams.md R10.5
    static @Nullable StreamRecord decode(MemorySegment bytes) {
        long length = bytes.byteSize();
        if (length == 0) {
            return null;
        }
        return switch (bytes.get(ValueLayout.JAVA_BYTE, 0)) {
            case 1 -> hasGreeting(bytes) ? new Open(bytes.get(LONG, 2), bytes.get(INT, 10)) : null;
            case 2 ->
                hasGreeting(bytes) && isHandler(bytes.get(LONG, 2))
                        ? new Accept(bytes.get(LONG, 2), bytes.get(INT, 10))
                        : null;
            case 3 -> length == 9 && isHandler(bytes.get(LONG, 1)) ? new Bind(bytes.get(LONG, 1)) : null;
            case 4 ->
                length >= DATA_HEADER_BYTES ? new Data(bytes.get(LONG, 1), bytes.asSlice(DATA_HEADER_BYTES)) : null;
            case 5 -> length == 9 ? new Fin(bytes.get(LONG, 1)) : null;
            case 6 -> length == 2 ? new Reset(StreamReset.ofCode(bytes.get(ValueLayout.JAVA_BYTE, 1) & 0xFF)) : null;
            case 7 -> length == 1 ? new Ping() : null;
            default -> null;
        };
    }

    /// The record's bytes.
    default MemorySegment encode() {
        return switch (this) {
            case Open open -> greeting(1, open.handler, open.window);
            case Accept accept -> greeting(2, accept.handler, accept.window);
            case Bind bind -> numbered(3, bind.handler);
            case Data data -> {
                MemorySegment bytes =
                        MemorySegment.ofArray(new byte[(int) (DATA_HEADER_BYTES + data.bytes.byteSize())]);
                writeDataHeader(bytes, data.sequence);
                MemorySegment.copy(data.bytes, 0, bytes, DATA_HEADER_BYTES, data.bytes.byteSize());
                yield bytes;
            }
            case Fin fin -> numbered(5, fin.sequence);
            case Reset reset -> MemorySegment.ofArray(new byte[] {6, (byte) reset.why.code()});
            case Ping _ -> MemorySegment.ofArray(new byte[] {7});
        };
    }

    /// Writes what stands before a chunk that is already in place at [#DATA_HEADER_BYTES].
    static void writeDataHeader(MemorySegment record, long sequence) {
        record.set(ValueLayout.JAVA_BYTE, 0, (byte) 4);
        record.set(LONG, 1, sequence);
    }

    private static MemorySegment greeting(int type, long handler, int window) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[14]);
        bytes.set(ValueLayout.JAVA_BYTE, 0, (byte) type);
        bytes.set(ValueLayout.JAVA_BYTE, 1, (byte) VERSION);
        bytes.set(LONG, 2, handler);
        bytes.set(INT, 10, window);
        return bytes;
    }

    private static MemorySegment numbered(int type, long number) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[9]);
        bytes.set(ValueLayout.JAVA_BYTE, 0, (byte) type);
        bytes.set(LONG, 1, number);
        return bytes;
    }

    private static boolean hasGreeting(MemorySegment bytes) {
        if (bytes.byteSize() != 14 || bytes.get(ValueLayout.JAVA_BYTE, 1) != VERSION) {
            return false;
        }
        int window = bytes.get(INT, 10);
        long handler = bytes.get(LONG, 2);
        return window >= StreamLimits.WINDOW_BYTES_MIN
                && window <= StreamLimits.WINDOW_BYTES_MAX
                && (handler == NO_HANDLER || isHandler(handler));
    }

    private static boolean isHandler(long handler) {
        return handler >= 0 && handler <= Limits.HANDLER_NUMBER_MAX;
    }
}
