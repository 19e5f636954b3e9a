package konce.simulator.plan;

/// What may happen to a message, each by its chance from 0.0 to 1.0.
///
/// @param replyWanted that its sender waits for a reply
/// @param datagram that it is sent once and never again, in one packet
/// @param unknownHandler that it goes to a handler that does not exist
/// @param cancel that its sender gives it up, at some time before its deadline
/// @param closeChannel that its receiver closes the channel on it
/// @param silence that its receiver never replies, although a reply is wanted
/// @param refuse that its receiver refuses it, although a reply is wanted
/// @param push that its receiver also sends a message of its own back on the channel
/// @param followUp that the reply invites one more message, to a session handler made on the fly, closed after use
/// @param hurry that its deadlines are so short that they may well pass
public record Manners(
        double replyWanted,
        double datagram,
        double unknownHandler,
        double cancel,
        double closeChannel,
        double silence,
        double refuse,
        double push,
        double followUp,
        double hurry) {
    /// Requests that are answered.
    public static final Manners REQUESTS = new Manners(1, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// Requests and one-way messages, follow-ups and pushes; nothing that makes a message fail.
    public static final Manners FRIENDLY = new Manners(0.7, 0, 0, 0, 0, 0, 0, 0.2, 0.2, 0);

    /// Everything an application may do.
    public static final Manners WILD = new Manners(0.7, 0.1, 0.05, 0.1, 0.02, 0.05, 0.05, 0.1, 0.1, 0.1);
}
