package konce.bench.peer;

/// What a packet leaves behind on the heap, on its way from one side to the other.
public interface Garbage {
    /// Moves many packets through both sides.
    Left measure();

    /// What was left.
    ///
    /// @param packets sent and received
    /// @param bytes allocated by both sides together
    record Left(long packets, long bytes) {
        Left plus(Left other) {
            return new Left(packets + other.packets, bytes + other.bytes);
        }
    }
}
