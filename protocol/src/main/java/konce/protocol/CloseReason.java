package konce.protocol;

/// Why a channel ended.
public sealed interface CloseReason {
    /// The application here, or the endpoint's own shutdown, closed it.
    record Local() implements CloseReason {}

    /// The peer closed it and said so.
    ///
    /// @param code 0 for an orderly close, a [PeerOffence] code where the peer blames us
    /// @param text the peer's words, already made printable, at most [Limits#CLOSE_TEXT_BYTES_MAX] bytes
    record Remote(int code, String text) implements CloseReason {}

    /// The peer broke a rule.
    record Offence(PeerOffence offence) implements CloseReason {}

    /// Nothing was heard from the peer for the idle time.
    record Idle() implements CloseReason {}

    /// Data was not acknowledged for [Limits#UNACKNOWLEDGED_NANOS_MAX].
    record PeerGone() implements CloseReason {}

    /// The keys have sealed [Limits#PACKETS_PER_KEY_MAX] packets, and the peer did not follow into the next key
    /// phase; or
    /// [Limits#PACKET_NUMBER_MAX] packets were sent.
    record KeysExhausted() implements CloseReason {}
}
