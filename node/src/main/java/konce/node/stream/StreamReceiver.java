package konce.node.stream;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import konce.protocol.HandlerId;
import org.jspecify.annotations.Nullable;

/// The receiving half of a stream: chunks come in any order, bytes go out in one.
///
/// - limit: it holds as many bytes as the window it gave, a chunk's overhead included; more is the peer's misuse
/// - source: docs/spec/10-streams.md, section 4
public final class StreamReceiver {
    /// @param bytes owned by the receiver
    /// @param replyTo who waits to hear that it was consumed
    private record Chunk(MemorySegment bytes, HandlerId replyTo) {}

    private final int windowBytes;
    private final Map<Long, Chunk> early = new HashMap<>();
    private final Queue<Chunk> ready = new ArrayDeque<>();
    private final Queue<HandlerId> consumed = new ArrayDeque<>();
    private long nextSequence;
    private long finSequence = Long.MAX_VALUE;
    private @Nullable HandlerId finReplyTo;
    private long costHeld;
    private int offsetInFirst;
    private boolean discarding;
    private boolean finTold;

    /// @param windowBytes what the peer was told it may send before it hears of any
    public StreamReceiver(int windowBytes) {
        this.windowBytes = windowBytes;
    }

    /// Takes a chunk.
    ///
    /// @param bytes kept
    /// @return null, or what the peer did wrong
    public @Nullable StreamReset handleData(long sequence, MemorySegment bytes, HandlerId replyTo) {
        long length = bytes.byteSize();
        // = docs/spec/10-streams.md R10.6
        if (length == 0 || length > StreamLimits.CHUNK_BYTES_MAX) {
            return StreamReset.CHUNK_LENGTH;
        }
        // = docs/spec/10-streams.md R10.9
        if (costHeld + StreamSender.cost((int) length) > windowBytes) {
            return StreamReset.WINDOW_EXCEEDED;
        }
        // = docs/spec/10-streams.md R10.7
        if (sequence < nextSequence || early.containsKey(sequence)) {
            return StreamReset.SEQUENCE_REPEATED;
        }
        // = docs/spec/10-streams.md R10.11
        if (sequence >= finSequence) {
            return StreamReset.DATA_AFTER_FIN;
        }
        costHeld += StreamSender.cost((int) length);
        early.put(sequence, new Chunk(bytes, replyTo));
        putInOrder();
        return null;
    }

    /// Takes the end.
    ///
    /// @param sequence one more than the last chunk's
    /// @return null, or what the peer did wrong
    public @Nullable StreamReset handleFin(long sequence, HandlerId replyTo) {
        if (finReplyTo != null) {
            return StreamReset.SEQUENCE_REPEATED;
        }
        if (sequence < nextSequence || early.keySet().stream().anyMatch(chunk -> chunk >= sequence)) {
            return StreamReset.DATA_AFTER_FIN;
        }
        finSequence = sequence;
        finReplyTo = replyTo;
        putInOrder();
        return null;
    }

    /// Takes bytes out.
    ///
    /// @return how many; 0: none are there yet, or `length` is 0; -1: the end
    public int read(byte[] target, int offset, int length) {
        int done = 0;
        while (done < length) {
            Chunk first = ready.peek();
            if (first == null) {
                break;
            }
            int left = (int) first.bytes.byteSize() - offsetInFirst;
            int now = Math.min(left, length - done);
            MemorySegment.copy(first.bytes, ValueLayout.JAVA_BYTE, offsetInFirst, target, offset + done, now);
            offsetInFirst += now;
            done += now;
            if (now == left) {
                consume();
            }
        }
        return done == 0 && isFinished() ? -1 : done;
    }

    /// Bytes that can be read now.
    public int available() {
        long bytes = -offsetInFirst;
        for (Chunk chunk : ready) {
            bytes += chunk.bytes.byteSize();
        }
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }

    /// From now on nobody reads: everything is consumed as it comes.
    public void discard() {
        discarding = true;
        putInOrder();
    }

    /// Whether the end has come and everything before it was read.
    public boolean isFinished() {
        return ready.isEmpty() && nextSequence == finSequence;
    }

    /// Who is to be told next that what it sent was consumed; null: nobody.
    public @Nullable HandlerId pollConsumed() {
        return consumed.poll();
    }

    private void putInOrder() {
        for (Chunk next = early.remove(nextSequence); next != null; next = early.remove(nextSequence)) {
            ready.add(next);
            nextSequence++;
        }
        while (discarding && !ready.isEmpty()) {
            consume();
        }
        endIfRead();
    }

    private void consume() {
        Chunk chunk = ready.remove();
        offsetInFirst = 0;
        costHeld -= StreamSender.cost((int) chunk.bytes.byteSize());
        consumed.add(chunk.replyTo);
        endIfRead();
    }

    private void endIfRead() {
        if (isFinished() && finReplyTo != null && !finTold) {
            finTold = true;
            consumed.add(finReplyTo);
        }
    }
}
