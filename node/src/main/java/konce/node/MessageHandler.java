package konce.node;

/// Code that takes messages. Each message has a thread to itself, which may block: mostly a
/// virtual one, else one that is kept ready for messages that come alone.
@FunctionalInterface
public interface MessageHandler {
    /// Takes a message. When it returns, the sender may send as much again.
    ///
    /// @throws Exception anything: the sender, if it waits for a reply and has none yet, is told
    ///     [konce.protocol.Refusal#HANDLER_FAILED]
    void handle(Message message) throws Exception;
}
