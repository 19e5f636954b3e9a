package konce.names;

/// A text that is no address, and where it stops being one.
///
/// - error: thrown by [KonceAddress#parse] only; a mistake of whoever typed or pasted the text
public final class AddressSyntaxException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int index;

    /// @param index the offending character's place in the text, from 0; the text's length where something is
    /// missing
    /// @param reason what is wrong, a clause without a full stop
    AddressSyntaxException(int index, String reason) {
        super(reason);
        this.index = index;
    }

    /// For an error found at one character: the message starts with the character's number as people count, from 1.
    static AddressSyntaxException at(int index, String reason) {
        return new AddressSyntaxException(index, "character " + (index + 1) + ": " + reason);
    }

    /// The offending character's place in the text, from 0; the text's length where something is missing at its
    /// end.
    public int index() {
        return index;
    }
}
