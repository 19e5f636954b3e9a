package konce.registry.store;

import java.io.IOException;

/// A log of which a whole record is not what was written. Nothing of it is used: a copy of it is fetched from another
/// registry, or restored.
public final class DamagedLogException extends IOException {
    private static final long serialVersionUID = 1L;

    /// @param message where and what, for the operator
    public DamagedLogException(String message) {
        super(message);
    }
}
