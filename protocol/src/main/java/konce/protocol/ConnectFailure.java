package konce.protocol;

import konce.crypto.PublicKey;

/// Why a channel could not be made.
public sealed interface ConnectFailure {
    /// Nobody answered within the time to connect.
    record NoAnswer() implements ConnectFailure {}

    /// Packets came back, but none that proves the server's key: INIT-ACKs arrived and COOKIE-ECHO stayed
    /// unanswered.
    record NotConfirmed() implements ConnectFailure {}

    /// The server's process ended while the handshake was under way, and another answered: the first message may
    /// have
    /// been taken by the one before, and is not sent again.
    record ServerRestarted() implements ConnectFailure {}

    /// The server runs none of our handshake and session protocols.
    ///
    /// @param offered the server's lists, in words
    record NoCommonProtocol(String offered) implements ConnectFailure {}

    /// The server asks for more work than we are ready to do.
    ///
    /// @param asked expected number of hashes
    /// @param limit what we would do
    record EffortTooHigh(long asked, long limit) implements ConnectFailure {}

    /// A server answers there, but not as that of the private group: the invitation was withdrawn, or never was for
    /// that server.
    record NotInvited() implements ConnectFailure {}

    /// The server has another key now.
    ///
    /// @param newKey the key it showed
    /// @param sequence of its notice; one not above the newest known is an old notice replayed, and must not be
    /// trusted
    /// @param vouched whether the master key we know for this peer signed it; a key that is not vouched for must
    ///   not be trusted
    record KeyChanged(PublicKey newKey, long sequence, boolean vouched) implements ConnectFailure {}

    /// The peer was given no network address.
    record NoAddress() implements ConnectFailure {}

    /// A limit of our own: too many handshakes at once.
    record Busy() implements ConnectFailure {}

    /// The server accepted the handshake and closed at once.
    record Refused(int code, String text) implements ConnectFailure {}
}
