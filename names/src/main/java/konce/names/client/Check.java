package konce.names.client;

/// What is looked at before an answer is believed, in this order.
///
/// - source: docs/spec/15-light-client.md, section 3
public enum Check {
    /// The answer is about the ledger that the client was started with.
    LEDGER("the checkpoint is of the ledger this client was given"),
    /// The witnesses are those the client knows, or follow from them.
    WITNESS_SET("the witnesses are known, or chosen by those that were"),
    /// Enough of them signed.
    QUORUM("enough witnesses signed the checkpoint"),
    /// Not long ago.
    FRESHNESS("they did so not long ago"),
    /// The client has seen no newer one.
    MONOTONY("this client has believed no newer checkpoint"),
    /// The history goes on from what the client knew.
    HISTORY("the history goes on from where this client was"),
    /// The proof leads to the state root.
    PRESENCE("the proof leads from the entry, or from its absence, to the state root"),
    /// Somebody has the name.
    OWNERSHIP("the name belongs to somebody"),
    /// Its rent is paid.
    EXPIRY("the name's rent is paid"),
    /// The role is held.
    ROLE("the role is held, and was given by the name's owner of today"),
    /// There is a binding for what was asked.
    BINDING("there is a server binding for this name and its owner of today"),
    /// The owner signed it.
    BINDING_SIGNATURE("the owner's key signed the binding"),
    /// It is good for now.
    BINDING_TIME("the binding is good for now"),
    /// The client has seen no newer one.
    BINDING_SEQUENCE("this client has seen no newer binding");

    private final String sentence;

    Check(String sentence) {
        this.sentence = sentence;
    }

    /// What holds when it passes, a line for a person.
    public String sentence() {
        return sentence;
    }

    /// A check that was made.
    ///
    /// @param input what it looked at, in words
    public record Made(Check check, String input, boolean passed) {}
}
