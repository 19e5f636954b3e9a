package konce.node;

/// Code that takes messages. Each message gets a virtual thread of its own, so it may block.
@FunctionalInterface
public interface MessageHandler {
    /// Takes a message. When it returns, the sender may send as much again.
    ///
    /// @throws Exception anything: the sender, if it waits for a reply and has none yet, is told
    ///     [konce.protocol.Refusal#HANDLER_FAILED]
    void handle(Message message) throws Exception;
}
