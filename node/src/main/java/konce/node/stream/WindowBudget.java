package konce.node.stream;

/// The memory that all streams of a node may hold together, handed out as windows. The more is given, the smaller the
/// next window: the first streams are quick, the last ones still work, and nobody holds more than was set aside for it.
///
/// - unit: bytes
/// - source: docs/spec/10-streams.md, section 2
public final class WindowBudget {
    private final long bytesMax;
    private long bytesGiven;

    /// @param heapBytes how large the heap may grow
    public WindowBudget(long heapBytes) {
        bytesMax = Math.min(StreamLimits.WINDOWS_BYTES_MAX, heapBytes / 4);
    }

    /// Sets a window aside.
    ///
    /// @return its bytes; 0 when not even the least is left
    // = docs/spec/10-streams.md (R10.4) MUST NOT give a window that, with all others it has given, exceeds its limit
    public int reserve() {
        long share = (bytesMax - bytesGiven) / StreamLimits.WINDOW_SHARE;
        int window = Math.clamp(share, StreamLimits.WINDOW_BYTES_MIN, StreamLimits.WINDOW_BYTES_MAX);
        if (bytesGiven + window > bytesMax) {
            return 0;
        }
        bytesGiven += window;
        return window;
    }

    /// Takes a window back.
    public void release(int window) {
        bytesGiven -= window;
        assert bytesGiven >= 0 : "given back more than was given";
    }
}
