package konce.protocol.handshake;

/// How far a [ClientHandshake] is, and what it needs for the next step.
sealed interface ClientState {
    /// INITs go out.
    record AwaitInitAck() implements ClientState {}

    /// The group operations for one INIT-ACK are under way.
    record Agreeing(ClientAgreement agreement) implements ClientState {}

    /// Its puzzle is being worked on.
    record Solving(ClientAgreement agreement, PuzzleShare.Board board) implements ClientState {}

    /// COOKIE-ECHO goes out.
    ///
    /// @param tries how often it went
    record AwaitCookieAck(ClientAgreement agreement, KeySchedule schedule, int tries) implements ClientState {}

    /// It has succeeded, or nobody wants it any more.
    record Ended() implements ClientState {}
}
