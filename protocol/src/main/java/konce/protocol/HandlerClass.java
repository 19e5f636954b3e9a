package konce.protocol;

/// The lifetime of a handler number. Each class has a numbering of its own.
///
/// - source: docs/spec/07-messages.md
public enum HandlerClass {
    /// Made for one reply; gone when it has arrived or its deadline has passed.
    PROMPT,
    /// Lives as long as the channel it was made on.
    SESSION,
    /// Outlives channels and restarts. Numbers below [Limits#WELL_KNOWN_HANDLERS] are agreed on by applications,
    /// like ports.
    DURABLE;

    private static final HandlerClass[] BY_CODE = values();

    /// The class of this wire code, 0..2.
    public static HandlerClass ofCode(int code) {
        return BY_CODE[code];
    }

    public int code() {
        return ordinal();
    }
}
