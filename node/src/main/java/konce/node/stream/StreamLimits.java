package konce.node.stream;

/// The limits of byte streams, with their units and reasons.
///
/// - source: docs/spec/10-streams.md, section 2
public final class StreamLimits {
    /// Bytes of the longest chunk taken.
    public static final int CHUNK_BYTES_MAX = 256 << 10;

    /// Bytes of the longest chunk sent: long enough that what a message costs does not show, short enough that one
    /// stream's chunk delays another's little.
    public static final int CHUNK_BYTES_SENT_MAX = 64 << 10;

    /// Bytes a chunk costs of the window beside its own: what it costs to remember it, so that many tiny chunks
    /// cost an
    /// attacker as much as they cost us.
    public static final int CHUNK_OVERHEAD_BYTES = 256;

    /// Bytes of the largest window given: a gigabit per second over 32 ms.
    public static final int WINDOW_BYTES_MAX = 4 << 20;

    /// Bytes of the smallest window given.
    public static final int WINDOW_BYTES_MIN = 16 << 10;

    /// Chunks of one stream under way at once: each is a message whose reply is waited for. More are gathered into
    /// longer
    /// ones first.
    public static final int CHUNKS_UNDER_WAY_MAX = 128;

    /// Chunks of one stream gathered here before a writer has to wait.
    public static final int CHUNKS_GATHERED_MAX = 4;

    /// Streams on one channel.
    public static final int STREAMS_PER_CHANNEL_MAX = 512;

    /// Bytes of windows that all streams of a node may be given together; a quarter of the heap, if that is less.
    public static final long WINDOWS_BYTES_MAX = 1L << 30;

    /// A new stream's window is at most this part of what is left of [#WINDOWS_BYTES_MAX].
    public static final int WINDOW_SHARE = 128;

    private StreamLimits() {}
}
