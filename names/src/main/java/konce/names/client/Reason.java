package konce.names.client;

/// Why a client believes an answer not, or believes that there is nothing to find.
public enum Reason {
    /// The bytes are cut short, or no answer at all.
    MALFORMED(Check.LEDGER, "the answer is damaged or cut short"),
    /// Another ledger's.
    OTHER_LEDGER(Check.LEDGER, "the answer is of another ledger"),
    /// Witnesses the client does not know.
    UNKNOWN_WITNESSES(Check.WITNESS_SET, "the answer names witnesses that those this client knows did not choose"),
    /// Too few witnesses signed.
    SHORT_OF_QUORUM(Check.QUORUM, "too few witnesses signed"),
    /// Two checkpoints of one height: somebody shows two histories.
    FORK(Check.HISTORY, "two histories are being shown; what this client believes is not in this one"),
    /// The signatures are too old.
    STALE(Check.FRESHNESS, "the answer is too old"),
    /// The signatures are from the future.
    CLOCK_BEHIND(Check.FRESHNESS, "the witnesses signed later than it is here: this machine's clock is behind"),
    /// The client has believed a newer checkpoint.
    ROLLBACK(Check.MONOTONY, "this client has believed a newer checkpoint already"),
    /// The proof does not lead to the root.
    BAD_PROOF(Check.PRESENCE, "the proof does not fit the checkpoint"),
    /// Proven: nobody has the name, or nobody ever had the role.
    UNKNOWN(Check.OWNERSHIP, "nobody has this name"),
    /// Proven: the rent has ended.
    EXPIRED(Check.EXPIRY, "the name has expired"),
    /// Proven: the role was taken back, or an earlier owner gave it.
    REVOKED(Check.ROLE, "the role was taken back, or was given by an earlier owner of the name"),
    /// Nobody has a binding.
    NO_BINDING(Check.BINDING, "the owner has said no server"),
    /// The binding is of another name, or of an earlier owner.
    OTHER_BINDING(Check.BINDING, "the server binding is of another name or of an earlier owner"),
    /// The owner did not sign it.
    BINDING_FORGED(Check.BINDING_SIGNATURE, "the owner's key did not sign the server binding"),
    /// Good for later only.
    BINDING_NOT_YET(Check.BINDING_TIME, "the server binding is not good yet"),
    /// No longer good.
    BINDING_EXPIRED(Check.BINDING_TIME, "the server binding is no longer good"),
    /// The client has seen a newer one.
    BINDING_REPLAYED(Check.BINDING_SEQUENCE, "an old server binding was replayed");

    private final Check check;
    private final String sentence;

    Reason(Check check, String sentence) {
        this.check = check;
        this.sentence = sentence;
    }

    /// The check that did not pass.
    public Check check() {
        return check;
    }

    /// A line for a person.
    public String sentence() {
        return sentence;
    }
}
