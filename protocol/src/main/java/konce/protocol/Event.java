package konce.protocol;

import java.lang.foreign.MemorySegment;
import konce.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/// What an endpoint tells its driver.
public sealed interface Event {
    /// A channel is open in both directions and the peer has proved its key.
    ///
    /// @param channel its number in this endpoint; never used again
    /// @param peer the peer's durable key; null where it stays anonymous
    /// @param remote where its packets go
    /// @param handshake how it came to be
    record ChannelOpened(long channel, @Nullable PublicKey peer, Address remote, HandshakeSummary handshake)
            implements Event {}

    /// A key has used an invitation for the first time, and is a member of its group from now on.
    ///
    /// @param visit of which group and invitation
    record MemberJoined(GroupVisit visit, PublicKey member) implements Event {}

    /// A channel is gone. Sends that were on it have settled before.
    record ChannelClosed(long channel, CloseReason reason) implements Event {}

    /// A message for a handler. Credit returns to the peer when it is released.
    ///
    /// @param channel the channel it came on
    /// @param handler the handler it is for
    /// @param replyTo where a reply goes; null: none is wanted
    /// @param payload its bytes, on the heap, owned by the receiver of this event
    /// @param credit what `Endpoint.release` gives back; 0: nothing
    record MessageArrived(
            long channel, HandlerId handler, @Nullable HandlerId replyTo, MemorySegment payload, long credit)
            implements Event {}

    /// A message for a durable handler from a peer at rest: no channel is open.
    ///
    /// @param presence its number in this endpoint, negative; a reply goes to it as to a channel
    /// @param peer the peer's durable key
    /// @param remote where it came from
    /// @param group the number of the private group it belongs to; 0: none
    /// @param replyTo where a reply goes; null: none is wanted
    /// @param payload its bytes, on the heap, owned by the receiver of this event
    record PresenceMessage(
            long presence,
            PublicKey peer,
            Address remote,
            long group,
            HandlerId handler,
            @Nullable HandlerId replyTo,
            MemorySegment payload)
            implements Event {}

    /// A peer at rest is kept from now on, or is no more: it has fallen to those that are known by their key alone.
    ///
    /// @param peer its durable key
    /// @param isKept whether a message to or from it needs no handshake
    record PresenceChanged(PublicKey peer, boolean isKept) implements Event {}

    /// A send has ended.
    ///
    /// @param ticket what `Endpoint.send` returned
    record MessageSettled(long ticket, Outcome outcome) implements Event {}

    /// A step of a handshake here as a client: only where the configuration asks for a trace.
    ///
    /// @param atNanos when, in the endpoint's time
    /// @param remote the other side
    /// @param step which
    /// @param bytes the datagram's length; for [HandshakeStep#PUZZLE_SOLVED], hashes tried
    /// @param detail a few words for a person
    record HandshakeTraced(long atNanos, Address remote, HandshakeStep step, long bytes, String detail)
            implements Event {}

    /// A channel's keys are new.
    ///
    /// @param phase what we send under now; the handshake's keys are 0
    /// @param postQuantum whether ML-KEM-768 has entered them
    record KeysRenewed(long channel, long phase, boolean postQuantum) implements Event {}

    /// A traffic secret, for the key log: only where the configuration asks for it.
    ///
    /// @param label which, as `docs/spec/03-handshake.md` names it
    /// @param clientRandom 16 bytes that name the handshake
    /// @param secret its bytes
    record SecretDerived(String label, byte[] clientRandom, byte[] secret) implements Event {}
}
