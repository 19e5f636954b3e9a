package konce.names.encoding;

/// Bytes that are not an encoding. It never leaves [Decoded#of].
public final class MalformedException extends Exception {
    private static final long serialVersionUID = 1;

    /// @param reason what is wrong, a few words for a person
    public MalformedException(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        String message = getMessage();
        return message == null ? "malformed" : message;
    }
}
