package konce.bench.peer;

import java.util.Locale;

/// What contestants are compared in.
public enum Discipline {
    /// Many bytes over one connection.
    BULK,
    /// Small requests and their replies over one connection.
    REQUESTS,
    /// New connections, one after another.
    HANDSHAKES,
    /// The time to the first reply over a long path.
    REPLY,
    /// Many connections that do nothing.
    IDLE,
    /// What the packet path leaves on the heap.
    GARBAGE;

    /// As it is typed and shown.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
