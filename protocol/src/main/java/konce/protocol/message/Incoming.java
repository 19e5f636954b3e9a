package konce.protocol.message;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import konce.protocol.Limits;
import konce.protocol.PeerOffence;
import konce.protocol.table.RangeSet;
import konce.protocol.wire.MessageSegment;
import org.jspecify.annotations.Nullable;

/// A message being put together, in blocks that are allocated when something for them arrives: a large length alone
/// costs nothing.
///
/// - unit: bytes
/// - error: more than [Limits#GAPS_PER_MESSAGE_MAX] gaps are the peer's offence
/// - source: docs/spec/07-messages.md, section 3
final class Incoming {
    private static final int BLOCK = Limits.REASSEMBLY_BLOCK_BYTES;

    private final int total;
    private final byte[] @Nullable [] blocks;
    private final RangeSet received = new RangeSet();
    private long heldBytes;
    private boolean headerKnown;
    private long handler;
    private long replyTo = MessageSegment.NO_REPLY;

    Incoming(int total) {
        this.total = total;
        blocks = new byte[(total + BLOCK - 1) / BLOCK][];
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

    /// Bytes it holds: its blocks.
    long heldBytes() {
        return heldBytes;
    }

    /// Bytes of new blocks that a segment, which lies within the message, needs.
    long bytesFor(MessageSegment segment) {
        long bytes = 0;
        if (segment.dataBytes() > 0) {
            int last = (int) ((segment.offset() + segment.dataBytes() - 1) / BLOCK);
            for (int i = (int) (segment.offset() / BLOCK); i <= last; i++) {
                bytes += blocks[i] == null ? blockBytes(i) : 0;
            }
        }
        return bytes;
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
        if (bytes > 0 && received.add(offset, offset + bytes) > 0) {
            store(segment, (int) offset, bytes);
        }
        // = docs/spec/07-messages.md R7.10
        return received.size() > Limits.GAPS_PER_MESSAGE_MAX ? PeerOffence.SEGMENTS_TOO_SCATTERED : null;
    }

    private boolean headerDiffers(MessageSegment segment) {
        return segment.isFirst() && headerKnown && (segment.handler() != handler || segment.replyTo() != replyTo);
    }

    private void store(MessageSegment segment, int offset, int bytes) {
        int done = 0;
        while (done < bytes) {
            int at = offset + done;
            int inBlock = at % BLOCK;
            int length = Math.min(bytes - done, BLOCK - inBlock);
            MemorySegment.copy(
                    segment.bytes(),
                    ValueLayout.JAVA_BYTE,
                    segment.dataOffset() + done,
                    block(at / BLOCK),
                    inBlock,
                    length);
            done += length;
        }
    }

    // = docs/spec/07-messages.md R7.11
    private byte[] block(int index) {
        byte[] block = blocks[index];
        if (block == null) {
            block = new byte[blockBytes(index)];
            blocks[index] = block;
        }
        return block;
    }

    private int blockBytes(int index) {
        return Math.min(BLOCK, total - index * BLOCK);
    }

    /// The whole message, once [#isWhole].
    MemorySegment assemble() {
        if (blocks.length == 1) {
            return MemorySegment.ofArray(block(0));
        }
        byte[] whole = new byte[total];
        for (int i = 0; i < blocks.length; i++) {
            byte[] block = block(i);
            System.arraycopy(block, 0, whole, i * BLOCK, block.length);
        }
        return MemorySegment.ofArray(whole);
    }
}
