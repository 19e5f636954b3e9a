package konce.names;

/// A petname that cannot be, or a petname book that cannot be read.
///
/// - error: a mistake of whoever typed the name or edited the book; the message says which and where
public final class PetnameException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    PetnameException(String message) {
        super(message);
    }

    PetnameException(String message, Throwable cause) {
        super(message, cause);
    }
}
