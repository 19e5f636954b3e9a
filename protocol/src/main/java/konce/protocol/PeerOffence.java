package konce.protocol;

/// What an authenticated peer did wrong. Each closes the channel, with its code and the section it breaks.
///
/// - source: docs/spec/06-flow.md, docs/spec/07-messages.md
public enum PeerOffence {
    FRAME_UNKNOWN(0x10, "06-flow.md, section 1"),
    FRAME_MALFORMED(0x11, "06-flow.md, section 1"),
    ACK_OF_UNSENT_PACKET(0x12, "06-flow.md, section 2"),
    CREDIT_EXCEEDED(0x13, "06-flow.md, section 4"),
    MESSAGE_TOO_LARGE(0x14, "07-messages.md, section 2"),
    MESSAGE_ID_OUT_OF_WINDOW(0x15, "07-messages.md, section 2"),
    MESSAGE_HEADER_CHANGED(0x16, "07-messages.md, section 2"),
    SEGMENT_OUT_OF_BOUNDS(0x17, "07-messages.md, section 2"),
    SEGMENTS_TOO_SCATTERED(0x18, "07-messages.md, section 3"),
    AUTHENTICATION_FAILURES(0x19, "04-protection.md, section 4");

    private final int code;
    private final String section;

    PeerOffence(int code, String section) {
        this.code = code;
        this.section = section;
    }

    /// The code a CLOSE frame carries.
    public int code() {
        return code;
    }

    /// Where docs/spec says what the peer had to do.
    public String section() {
        return section;
    }
}
