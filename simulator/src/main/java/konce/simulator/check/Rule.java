package konce.simulator.check;

/// What every run has to keep. The sentence says what a violation means.
public enum Rule {
    /// Safety: more bytes went to an address that had not proved itself than came from it.
    AMPLIFICATION,
    /// Safety: two different packets were sealed under one key and packet number.
    NONCE_REPEATED,
    /// Safety: a packet was sealed under a key that the key log does not have.
    UNREADABLE,
    /// Safety: one message was handed up twice.
    DELIVERED_TWICE,
    /// Safety: a message was handed up that nobody sent, or with other bytes.
    ALTERED,
    /// Safety: a message was handed up at the wrong host, or as from a peer that did not send it.
    WRONG_PEER,
    /// Safety: a message for a handler that does not exist was handed up.
    WRONG_HANDLER,
    /// Safety: a send settled twice, or settled without having been made.
    SETTLED_TWICE,
    /// Safety: a send settled after its deadline.
    SETTLED_LATE,
    /// Safety: an outcome says what did not happen.
    OUTCOME_UNTRUE,
    /// Safety: a channel's event came before its opening or after its closing, or its number came twice.
    EVENT_OUT_OF_ORDER,
    /// Safety: a channel closed while sends on it were open.
    CLOSED_WITH_OPEN_SENDS,
    /// Safety: an endpoint closed a channel for an offence, although all endpoints are honest.
    BLAMED_THE_HONEST,
    /// Safety: an endpoint sent to an address nobody gave it.
    STRAY,
    /// Safety: what a client's channels are called gives away that two addresses are its.
    LINKED,
    /// Safety: forged or copied packets cost an endpoint group operations.
    WORK,
    /// Safety: a table or queue of an endpoint grew beyond what its peers can justify.
    MEMORY,
    /// Safety: an endpoint woke over and over without time passing, or sent without end.
    RAN_AWAY,
    /// Safety: an endpoint threw.
    THREW,
    /// Liveness: a send never settled.
    NOT_SETTLED,
    /// Liveness: a message that nothing stood in the way of did not succeed.
    DID_NOT_SUCCEED,
    /// Liveness: after the faults had ended a client got no fresh answer in time.
    NO_RECOVERY,
    /// Liveness: channels that nobody uses did not end, or endpoints without channels kept sending.
    NOT_QUIET,
    /// The simulator itself: the same seed gave two different runs.
    NOT_DETERMINISTIC
}
