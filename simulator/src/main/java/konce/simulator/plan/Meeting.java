package konce.simulator.plan;

/// Whom clients find at the address they were given.
public enum Meeting {
    /// The server they want.
    THE_SERVER,
    /// Another server: every send has to fail, and nothing may be believed of it.
    AN_IMPOSTOR,
    /// The server they want, under a new key that its master key vouches for: every send has to fail and say so.
    A_CHANGED_KEY,
    /// The server they want, with which they have no session protocol in common: every send has to fail and say so.
    NO_COMMON_PROTOCOL,
    /// The server they want, asking for more work than they do: every send has to fail and say so.
    TOO_MUCH_WORK,
    /// The server of a private group, with an invitation that it does not know: every send has to fail and say so.
    NOT_INVITED,
    /// A private group's server: those with an invitation meet the group, the last client has none and meets the
    /// server like everybody.
    A_PRIVATE_GROUP
}
