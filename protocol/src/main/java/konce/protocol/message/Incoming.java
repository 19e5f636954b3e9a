package konce.protocol.message;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import konce.protocol.Limits;
import konce.protocol.PeerOffence;
import konce.protocol.table.RangeSet;
import konce.protocol.wire.MessageSegment;
import org.jspecify.annotations.Nullable;

/// A message being put together. Memory comes as its bytes do: at first a block for each that something arrives for,
/// and
/// the whole once an eighth is there, so that most bytes are copied once. A large length alone costs nothing.
///
/// - unit: bytes
/// - error: more than [Limits#GAPS_PER_MESSAGE_MAX] gaps are the peer's offence
/// - source: docs/spec/07-messages.md, section 3
final class Incoming {
    private static final int BLOCK = Limits.REASSEMBLY_BLOCK_BYTES;

    /// The whole is taken when this many times what has arrived would fill it.
    private static final int WHOLE_FACTOR = 8;

    private static final byte[] NONE = {};

    private final int total;
    private final Held held;
    private final byte[] @Nullable [] blocks;
    private final RangeSet received = new RangeSet();
    private byte[] whole = NONE;
    private long receivedBytes;
    private long heldBytes;
    private boolean headerKnown;
    private long handler;
    private long replyTo = MessageSegment.NO_REPLY;

    /// @param held where memory comes from
    /// @param first its first segment to come
    Incoming(int total, Held held, MessageSegment first) {
        this.total = total;
        this.held = held;
        blocks = new byte[needsWhole(first) ? 0 : (total + BLOCK - 1) / BLOCK][];
    }

    int total() {
        return total;
    }

    long handler() {
        return handler;
    }

    long replyTo() {
        return replyTo;
    }

    boolean isWhole() {
        return headerKnown && (total == 0 || received.containsAll(0, total));
    }

    /// Bytes of memory it holds.
    long heldBytes() {
        return heldBytes;
    }

    /// Bytes of more memory that a segment, which lies within the message, needs.
    long bytesFor(MessageSegment segment) {
        if (whole.length > 0 || segment.dataBytes() == 0) {
            return 0;
        }
        if (needsWhole(segment)) {
            return total - heldBytes;
        }
        long bytes = 0;
        int last = (int) ((segment.offset() + segment.dataBytes() - 1) / BLOCK);
        for (int i = (int) (segment.offset() / BLOCK); i <= last; i++) {
            bytes += blocks[i] == null ? blockBytes(i) : 0;
        }
        return bytes;
    }

    // = docs/spec/07-messages.md R7.11
    private boolean needsWhole(MessageSegment segment) {
        return total <= BLOCK || WHOLE_FACTOR * (receivedBytes + segment.dataBytes()) >= total;
    }

    /// @param newBytes what [#bytesFor] said
    @Nullable
    PeerOffence add(MessageSegment segment, long newBytes) {
        heldBytes += newBytes;
        if (headerDiffers(segment)) {
            // = docs/spec/07-messages.md R7.9
            return PeerOffence.MESSAGE_HEADER_CHANGED;
        }
        if (segment.isFirst()) {
            headerKnown = true;
            handler = segment.handler();
            replyTo = segment.replyTo();
        }
        long offset = segment.offset();
        int bytes = segment.dataBytes();
        if (bytes > 0) {
            if (whole.length == 0 && needsWhole(segment)) {
                gather();
            }
            long news = received.add(offset, offset + bytes);
            receivedBytes += news;
            if (news > 0) {
                store(segment, (int) offset, bytes);
            }
        }
        // = docs/spec/07-messages.md R7.10
        return received.size() > Limits.GAPS_PER_MESSAGE_MAX ? PeerOffence.SEGMENTS_TOO_SCATTERED : null;
    }

    private boolean headerDiffers(MessageSegment segment) {
        return segment.isFirst() && headerKnown && (segment.handler() != handler || segment.replyTo() != replyTo);
    }

    private void store(MessageSegment segment, int offset, int bytes) {
        if (whole.length > 0) {
            copy(segment, 0, whole, offset, bytes);
            return;
        }
        int done = 0;
        while (done < bytes) {
            int at = offset + done;
            int inBlock = at % BLOCK;
            int length = Math.min(bytes - done, BLOCK - inBlock);
            copy(segment, done, block(at / BLOCK), inBlock, length);
            done += length;
        }
    }

    private static void copy(MessageSegment segment, int from, byte[] to, int at, int length) {
        MemorySegment.copy(segment.bytes(), ValueLayout.JAVA_BYTE, segment.dataOffset() + from, to, at, length);
    }

    /// Takes memory for the whole, and puts into it what has come.
    private void gather() {
        whole = held.take(total);
        for (int i = 0; i < blocks.length; i++) {
            byte[] block = blocks[i];
            if (block != null) {
                System.arraycopy(block, 0, whole, i * BLOCK, block.length);
                held.giveBack(block);
                blocks[i] = null;
            }
        }
    }

    private byte[] block(int index) {
        byte[] block = blocks[index];
        if (block == null) {
            block = held.take(blockBytes(index));
            blocks[index] = block;
        }
        return block;
    }

    private int blockBytes(int index) {
        return Math.min(BLOCK, total - index * BLOCK);
    }

    /// The whole message, once [#isWhole].
    MemorySegment assemble() {
        return MemorySegment.ofArray(whole);
    }
}
