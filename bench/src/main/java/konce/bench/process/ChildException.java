package konce.bench.process;

import org.jspecify.annotations.Nullable;

/// A child failed, or does not answer; the message says which, and at what.
public final class ChildException extends Exception {
    private static final long serialVersionUID = 1;

    ChildException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
