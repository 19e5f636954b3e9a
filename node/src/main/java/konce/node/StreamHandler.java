package konce.node;

/// Code that serves byte streams others open. Each stream has a thread to itself, which may block.
@FunctionalInterface
public interface StreamHandler {
    /// Serves a stream. When it returns, the stream is closed in order.
    ///
    /// @param peer who opened it
    /// @throws Exception anything: the stream is aborted
    void handle(ByteStream stream, Peer peer) throws Exception;
}
