package konce.cli;

import konce.protocol.HandlerId;

/// The well-known handler numbers that the command serves and asks.
final class WellKnown {
    /// Answers with what it was sent. For [PingCommand].
    static final HandlerId ECHO = HandlerId.wellKnown(1);

    /// Takes byte streams and joins them to a TCP service. For [ConnectCommand].
    static final HandlerId STREAMS = HandlerId.wellKnown(2);

    /// Files: docs/spec/11-files.md. For [CopyCommand] and [ListCommand].
    static final HandlerId FILES = HandlerId.wellKnown(3);

    /// Texts for the person at the terminal. For [SendCommand].
    static final HandlerId TEXT = HandlerId.wellKnown(4);

    private WellKnown() {}
}
