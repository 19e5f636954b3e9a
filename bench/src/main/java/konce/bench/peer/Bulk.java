package konce.bench.peer;

/// Moves many bytes over one connection, from the client to the server.
public interface Bulk {
    /// Bytes of a block: what is confirmed at once.
    int BLOCK_BYTES = 1 << 20;

    /// Sends blocks until the deadline, and waits until the other program has confirmed the last.
    ///
    /// @param deadlineNanos of [System#nanoTime]
    Moved moveUntil(long deadlineNanos) throws Exception;

    /// What was moved.
    ///
    /// @param bytes that the other program has got
    /// @param nanos from the first byte to the last confirmation
    record Moved(long bytes, long nanos) {}
}
