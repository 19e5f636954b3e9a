package konce.cli.store;

/// What a key of an identity signs. Each purpose has a key of its own, so that no signature is ever taken for
/// another's.
public enum SigningPurpose {
    /// Pays.
    ACCOUNT("konce account 1"),
    /// Owns names, and signs server bindings.
    MASTER("konce master 1"),
    /// Takes a lost name back.
    RECOVERY("konce recovery 1"),
    /// Proposes checkpoints.
    SEQUENCER("konce sequencer 1"),
    /// Countersigns checkpoints.
    WITNESS("konce witness 1");

    private final String label;

    SigningPurpose(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
