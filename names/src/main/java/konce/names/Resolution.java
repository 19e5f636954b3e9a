package konce.names;

/// What a text turned out to be.
public sealed interface Resolution {
    /// A peer.
    record Found(KonceAddress address, Source source) implements Resolution {}

    /// No peer.
    ///
    /// @param reason why, and what to do about it: a line for a person
    record NotFound(String reason) implements Resolution {}

    /// Who said that the text stands for this peer.
    enum Source {
        /// The user's own book.
        PETNAME,
        /// Nobody: the text is the address.
        ADDRESS
    }
}
