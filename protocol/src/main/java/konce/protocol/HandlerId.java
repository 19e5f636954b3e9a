package konce.protocol;

/// Where a message is going inside a peer: a handler's class and its number in that class.
///
/// @param handlerClass how long the handler lives
/// @param number 0 to [Limits#HANDLER_NUMBER_MAX]
public record HandlerId(HandlerClass handlerClass, long number) {
    public HandlerId {
        if (number < 0 || number > Limits.HANDLER_NUMBER_MAX) {
            throw new IllegalArgumentException(
                    "handler number " + number + " is not in 0.." + Limits.HANDLER_NUMBER_MAX);
        }
    }

    /// A number applications have agreed on, as they agree on ports.
    public static HandlerId wellKnown(int number) {
        if (number < 0 || number >= Limits.WELL_KNOWN_HANDLERS) {
            throw new IllegalArgumentException(
                    "a well-known handler number is in 0.." + (Limits.WELL_KNOWN_HANDLERS - 1) + ", not " + number);
        }
        return new HandlerId(HandlerClass.DURABLE, number);
    }

    @Override
    public String toString() {
        return switch (handlerClass) {
            case PROMPT -> "prompt/" + number;
            case SESSION -> "session/" + number;
            case DURABLE -> "durable/" + number;
        };
    }
}
