package konce.node.stream;

/// Why a stream ended out of order.
///
/// - source: docs/spec/10-streams.md, section 6
public enum StreamReset {
    /// The program at one end gave it up.
    ABORTED(1, "aborted by the program that used it"),
    /// The handler at one end failed.
    HANDLER_FAILED(2, "the program that served it failed"),
    /// The other direction was not finished in time after a close.
    LINGERED(3, "not finished in time after it was closed"),
    /// The acceptor never heard where to send.
    NOT_BOUND(4, "opened but never taken up"),
    /// A record that is none, or that has no place where it came.
    RECORD_MALFORMED(0x10, "a malformed record"),
    /// More bytes under way than the window allows.
    WINDOW_EXCEEDED(0x11, "more bytes than the window allows"),
    /// A sequence number that was used before.
    SEQUENCE_REPEATED(0x12, "a sequence number twice"),
    /// A chunk behind the end.
    DATA_AFTER_FIN(0x13, "data after the end"),
    /// A chunk that is empty or too long.
    CHUNK_LENGTH(0x14, "a chunk that is empty or too long"),
    /// A code this version does not know.
    OTHER(0, "for a reason this version does not know");

    private final int code;
    private final String words;

    StreamReset(int code, String words) {
        this.code = code;
        this.words = words;
    }

    /// The code a RESET carries.
    public int code() {
        return code;
    }

    /// The reason, for people.
    public String words() {
        return words;
    }

    /// Whether it says that the other side broke a rule.
    public boolean isMisuse() {
        return code >= RECORD_MALFORMED.code;
    }

    public static StreamReset ofCode(int code) {
        for (StreamReset reset : values()) {
            if (reset.code == code) {
                return reset;
            }
        }
        return OTHER;
    }
}
