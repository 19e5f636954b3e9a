package konce.protocol.flow;

/// Learns what became of the things a packet carried. Things are sent again, packets never are.
public interface SentContents {
    /// A packet counts as lost; of its things it is told after this.
    default void onPacketLost(long nowNanos, long number, int bytes) {}

    /// A packet that asked for it is acknowledged; of its things it is told after this.
    default void onPacketAcked(long number, long sentNanos, boolean background) {}

    /// A thing has arrived.
    ///
    /// @param kind which kind of thing, as the owner numbers them
    /// @param subject which one
    /// @param offset where in it
    /// @param length how much of it
    void onAcked(int kind, long subject, long offset, int length);

    /// A thing is to be sent again: its packet was lost.
    void onLost(int kind, long subject, long offset, int length);

    /// A thing is to be sent again, if it is of a kind that ever is: its packet may be lost.
    void onProbed(int kind, long subject, long offset, int length);
}
