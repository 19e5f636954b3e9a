package konce.bench.peer;

/// Makes new connections, with everything agreed on anew: no session is resumed.
public interface Connections {
    /// Connects and sends a request of [Requests#REQUEST_BYTES]. Both sides have finished the handshake when its
    /// reply
    /// is there.
    ///
    /// @param keep whether the connection stays open; else it is closed after the reply
    void open(boolean keep, Requests.Reply reply);
}
