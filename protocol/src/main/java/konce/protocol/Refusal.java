package konce.protocol;

/// Why a peer did not take a message. The channel lives on.
///
/// - source: docs/spec/07-messages.md, section 5
public enum Refusal {
    /// No such handler, or no longer.
    NO_SUCH_HANDLER(1),
    /// The handler takes only smaller messages.
    TOO_LARGE(2),
    /// The peer is at a limit of its own.
    BUSY(3),
    /// The peer does not allow this to us.
    NOT_ALLOWED(4),
    /// The handler failed.
    HANDLER_FAILED(5),
    /// A code this version does not know.
    OTHER(0);

    private final int code;

    Refusal(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static Refusal ofCode(long code) {
        for (Refusal refusal : values()) {
            if (refusal.code == code) {
                return refusal;
            }
        }
        return OTHER;
    }
}
