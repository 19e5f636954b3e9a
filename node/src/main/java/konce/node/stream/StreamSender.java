package konce.node.stream;

/// The sending half of a stream: which number the next chunk gets, and whether the peer's window has room for it.
///
/// - source: docs/spec/10-streams.md, section 4
public final class StreamSender {
    private final int windowBytes;
    private long nextSequence;
    private long costUnderWay;
    private boolean finSent;
    private boolean finConsumed;

    /// @param windowBytes what the peer takes before it answers
    public StreamSender(int windowBytes) {
        if (windowBytes < StreamLimits.WINDOW_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "a window of " + windowBytes + " bytes is below the least, " + StreamLimits.WINDOW_BYTES_MIN);
        }
        this.windowBytes = windowBytes;
    }

    /// Bytes a chunk should have at most, so that a few fit the window.
    public int chunkBytesMax() {
        return Math.min(StreamLimits.CHUNK_BYTES_SENT_MAX, windowBytes / 4);
    }

    /// Whether a chunk of this many bytes may be sent now.
    // = docs/spec/10-streams.md R10.8
    public boolean hasRoomFor(int bytes) {
        return costUnderWay + cost(bytes) <= windowBytes;
    }

    /// Sends a chunk.
    ///
    /// @return its sequence number
    public long sendChunk(int bytes) {
        if (finSent || bytes <= 0 || !hasRoomFor(bytes)) {
            throw new IllegalStateException(
                    "a chunk of " + bytes + " bytes, with " + costUnderWay + " of " + windowBytes + " under way");
        }
        costUnderWay += cost(bytes);
        return nextSequence++;
    }

    /// The peer has consumed a chunk of this many bytes.
    public void handleConsumed(int bytes) {
        costUnderWay -= cost(bytes);
        assert costUnderWay >= 0;
    }

    /// Sends the end.
    ///
    /// @return its sequence number
    public long sendFin() {
        if (finSent) {
            throw new IllegalStateException("a stream ends once");
        }
        finSent = true;
        return nextSequence;
    }

    public void handleFinConsumed() {
        finConsumed = true;
    }

    public boolean isFinSent() {
        return finSent;
    }

    /// Whether the peer has consumed everything, the end included.
    public boolean isFinished() {
        return finConsumed;
    }

    static int cost(int bytes) {
        return bytes + StreamLimits.CHUNK_OVERHEAD_BYTES;
    }
}
