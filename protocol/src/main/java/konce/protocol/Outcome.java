package konce.protocol;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// How a send ended. Every send settles exactly once, at its deadline at the latest.
///
/// - source: docs/spec/07-messages.md, section 4
public sealed interface Outcome {
    /// The peer's endpoint has the whole message; no reply was asked for.
    record Delivered() implements Outcome {}

    /// The reply.
    ///
    /// @param channel the channel it came on
    /// @param payload the reply's bytes, owned by the receiver of this outcome
    /// @param replyTo where an answer to the reply goes, if the peer waits for one
    record Replied(
            long channel, MemorySegment payload, @Nullable HandlerId replyTo) implements Outcome {}

    /// No channel came to be.
    record CouldNotConnect(ConnectFailure why) implements Outcome {}

    /// The deadline passed. The peer may have got the message.
    ///
    /// @param delivered whether the peer's endpoint is known to have the whole message
    record ReplyTooLate(boolean delivered) implements Outcome {}

    /// The peer did not take it.
    record Refused(Refusal why) implements Outcome {}

    /// Cancelled here. The peer may have got it all the same.
    record Cancelled() implements Outcome {}

    /// The channel ended first. The peer may have got it.
    record PeerGone(CloseReason why) implements Outcome {}

    /// The send could not be taken: a limit of our own.
    record NotSent(String why) implements Outcome {}
}
