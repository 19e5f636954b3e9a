package konce.protocol.message;

import konce.protocol.Limits;

/// What all channels of an endpoint hold of their peers' messages, together: parts, and whole messages that are not
/// done with.
///
/// - unit: bytes; at most [Limits#HELD_BYTES_MAX]
/// - source: docs/spec/06-flow.md, section 4
public final class Held {
    /// What is free divided by this is what one channel may hold.
    static final int SHARES = 8;

    private long bytes;

    public Held() {}

    public long bytes() {
        return bytes;
    }

    long free() {
        return Limits.HELD_BYTES_MAX - bytes;
    }

    // = docs/spec/06-flow.md R6.11
    /// @return false, and nothing is added, when that would be too much
    boolean add(long more) {
        if (bytes + more > Limits.HELD_BYTES_MAX) {
            return false;
        }
        bytes += more;
        return true;
    }

    /// So many bytes are held no more.
    public void remove(long less) {
        bytes -= less;
        assert bytes >= 0;
    }
}
