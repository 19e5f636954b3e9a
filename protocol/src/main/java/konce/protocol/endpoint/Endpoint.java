package konce.protocol.endpoint;

import java.lang.foreign.MemorySegment;
import konce.crypto.RandomSource;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.HandlerId;
import konce.protocol.Refusal;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import org.jspecify.annotations.Nullable;

/// All protocol state behind one UDP socket. It is told the time and given randomness; it owns no socket, clock or
/// thread, and one thread at a time may call it.
///
/// Its methods are of four kinds. A. Inputs from the network and the clock, named `handle…`. B. Commands of the
/// application: [#send], [#cancel], [#release], [#refuse], [#openHandler], [#closeHandler], [#closeChannel]. C. Outputs,
/// named `poll…`, and [#nextDeadlineNanos]. D. Plain questions.
///
/// After every call of kind A or B the driver drains it: [#pollJob] until null, [#pollEvent] until null,
/// [#pollTransmit] until false, then [#nextDeadlineNanos].
///
/// - unit: every `nowNanos` is the driver's steady time in nanoseconds; it never goes backwards
/// - error: a peer's doing never throws; a caller's mistake throws an unchecked exception with the values in it
public final class Endpoint implements AutoCloseable {
    /// [#nextDeadlineNanos] when there is none.
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /// @param vault where its secrets live; not closed by it
    public Endpoint(EndpointConfig config, Vault vault, RandomSource random, long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /// Takes a datagram.
    ///
    /// @param datagram native memory; may be overwritten by decryption; not kept after the call
    /// @return [DropReason#NONE], or why it was dropped
    public DropReason handleDatagram(long nowNanos, Address remote, MemorySegment datagram) {
        throw new UnsupportedOperationException();
    }

    /// Does what is due. Harmless when nothing is.
    public void handleDeadline(long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /// Takes a job back that has run.
    public void handleJob(long nowNanos, Job job) {
        throw new UnsupportedOperationException();
    }

    /// Sends a message.
    ///
    /// @param payload its bytes; must not change until the send has settled
    /// @return the ticket its [Event.MessageSettled] will carry, always exactly one, also when it could not be sent
    public long send(long nowNanos, Target target, HandlerId handler, MemorySegment payload, SendOptions options) {
        throw new UnsupportedOperationException();
    }

    /// Gives a send up: it settles as cancelled, unless it already has settled.
    public void cancel(long nowNanos, long ticket) {
        throw new UnsupportedOperationException();
    }

    /// Says that a message that arrived is done with: its credit goes back to the peer. Once per message.
    public void release(long nowNanos, long channel, long credit) {
        throw new UnsupportedOperationException();
    }

    /// Tells the peer that its message, which waits for a reply at `replyTo`, is not taken.
    public void refuse(long nowNanos, long channel, HandlerId replyTo, Refusal why) {
        throw new UnsupportedOperationException();
    }

    /// Lets messages for a durable handler in, from any channel. Messages for others are refused.
    public void openHandler(HandlerId handler) {
        throw new UnsupportedOperationException();
    }

    /// Makes a session handler on a channel.
    ///
    /// @return its number, to be told to the peer
    public HandlerId openSessionHandler(long channel) {
        throw new UnsupportedOperationException();
    }

    /// Closes a durable handler (any channel), or with a channel a session handler.
    public void closeHandler(long channel, HandlerId handler) {
        throw new UnsupportedOperationException();
    }

    /// Closes a channel in order: a CLOSE is sent, open sends settle as [konce.protocol.Outcome.PeerGone].
    public void closeChannel(long nowNanos, long channel, int code, String text) {
        throw new UnsupportedOperationException();
    }

    /// Fills the next send.
    ///
    /// @return false when there is nothing to send now
    public boolean pollTransmit(long nowNanos, Transmit out) {
        throw new UnsupportedOperationException();
    }

    /// The next event; null when there is none.
    public @Nullable Event pollEvent() {
        throw new UnsupportedOperationException();
    }

    /// The next job to run; null when there is none.
    public @Nullable Job pollJob() {
        throw new UnsupportedOperationException();
    }

    /// When [#handleDeadline] or [#pollTransmit] has work next; [#NO_DEADLINE] for never.
    public long nextDeadlineNanos() {
        throw new UnsupportedOperationException();
    }

    /// How many datagrams were dropped for this reason.
    public long dropped(DropReason reason) {
        throw new UnsupportedOperationException();
    }

    /// Live figures of every channel, for `konce show`.
    public java.util.List<ChannelStatus> channels(long nowNanos) {
        throw new UnsupportedOperationException();
    }

    /// Wipes every secret. Sends that are open do not settle; say goodbye with [#closeChannel] first.
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
