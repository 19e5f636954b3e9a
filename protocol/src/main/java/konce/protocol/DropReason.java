package konce.protocol;

/// What became of a datagram that nobody in particular is to blame for. Counted, silent, without allocation.
///
/// - source: docs/spec/04-protection.md
public enum DropReason {
    /// Not dropped.
    NONE,
    /// No bytes at all.
    EMPTY,
    /// Shorter than any packet of its type, or longer than [Limits#DATAGRAM_BYTES_MAX].
    BAD_LENGTH,
    /// The first byte names no packet type, or one this endpoint does not take (an INIT at a client).
    UNKNOWN_TYPE,
    /// A field is malformed: an over-long integer, a reserved bit, a list past its limit.
    MALFORMED,
    /// The channel id, or the client random, is of no channel or handshake here.
    UNKNOWN_CHANNEL,
    /// The cookie's sequence number was not issued lately.
    SEQUENCE_NOT_RECENT,
    /// The cookie was already used for a channel: a copy of a COOKIE-ECHO.
    ALREADY_ACCEPTED,
    /// The revealed bits are not those of that sequence number: blind garbage.
    REVEALED_BITS_WRONG,
    /// The cookie was issued by us to another address, or with other parameters, or not by us.
    COOKIE_WRONG,
    /// The cookie's lifetime is over.
    COOKIE_EXPIRED,
    /// The transient key it was made for is no longer held.
    TRANSIENT_KEY_GONE,
    /// The effort claimed is below what was asked.
    EFFORT_TOO_LOW,
    /// The effort was what its cookie asked, but its address has since become a burden, and far more is asked of it
    /// now.
    WORK_TOO_LATE,
    /// The solution does not meet the effort.
    SOLUTION_WRONG,
    /// Everything was right, but the queue was full of others who had done more.
    OUTBID,
    /// A queue or table is at its limit: work is refused, never queued without bound.
    BUSY,
    /// An element is not canonical or is the identity.
    BAD_ELEMENT,
    /// The packet does not open under the keys it names.
    NOT_AUTHENTIC,
    /// The packet number was seen before.
    REPLAYED,
    /// Well-formed, but of no use any more: a second INIT-ACK, a late COOKIE-ACK, an agreement that waited too
    /// long.
    STALE;

    private static final DropReason[] ALL = values();

    /// How many reasons there are: the size of a counter table.
    public static final int COUNT = ALL.length;

    /// The reason with this ordinal.
    public static DropReason of(int ordinal) {
        return ALL[ordinal];
    }
}
