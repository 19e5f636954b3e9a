package konce.cli.store;

/// Something on disk is not as it should be, or not there. The message says what to do.
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean mistake;

    private StoreException(String message, boolean mistake) {
        super(message);
        this.mistake = mistake;
    }

    /// The user's mistake: a wrong passphrase, a name that is taken.
    static StoreException mistake(String message) {
        return new StoreException(message, true);
    }

    /// Damage nobody asked for.
    static StoreException damage(String message) {
        return new StoreException(message, false);
    }

    /// Whether the user can mend it by asking otherwise.
    public boolean isMistake() {
        return mistake;
    }
}
