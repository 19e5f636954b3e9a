package konce.simulator.check;

import konce.crypto.PublicKey;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.simulator.clock.Dice;
import org.jspecify.annotations.Nullable;

/// One message of a run, from its plan to its outcome. Its bytes follow from its id, so that no two are alike.
public final class Letter {
    /// Bytes that hold the id, at the start of the payload. Shorter letters go to a handler of their own.
    public static final int ID_BYTES = 8;

    /// What it is for.
    public enum Kind {
        MESSAGE,
        REPLY,
        PUSH,
        FOLLOW_UP,
        PROBE
    }

    /// What its receiver will do with it.
    public enum Fate {
        /// Take it, and reply where a reply is wanted.
        TAKE,
        /// Never reply.
        SILENCE,
        /// Refuse it.
        REFUSE,
        /// Close the channel on it.
        CLOSE,
        /// Never see it: its handler does not exist.
        NO_HANDLER
    }

    /// The keys at both ends of a letter's channel; null: anonymous.
    ///
    /// @param sender the sender's key as the receiver has to see it
    /// @param receiver the receiver's key as the sender knows it
    public record Ends(@Nullable PublicKey sender, @Nullable PublicKey receiver) {
        /// Both anonymous.
        public static final Ends ANONYMOUS = new Ends(null, null);

        /// Those of a letter back.
        public Ends turned() {
            return new Ends(/* sender= */ receiver, /* receiver= */ sender);
        }
    }

    final long id;
    final Kind kind;
    final int sender;
    final int receiver;
    final Fate fate;
    final SendOptions options;
    private final byte[] payload;

    Ends ends = Ends.ANONYMOUS;

    @Nullable
    Letter answers;

    @Nullable
    Letter reply;

    boolean disturbed;
    boolean cancelled;
    boolean connecting;
    long sentNanos = -1;
    int arrivals;
    boolean refused;

    @Nullable
    Outcome outcome;

    Letter(long id, Kind kind, int sender, int receiver, int bytes, Fate fate, SendOptions options) {
        this.id = id;
        this.kind = kind;
        this.sender = sender;
        this.receiver = receiver;
        this.fate = fate;
        this.options = options;
        payload = new byte[bytes];
        new Dice(id).fill(payload);
        for (int i = 0; i < ID_BYTES && bytes >= ID_BYTES; i++) {
            payload[i] = (byte) (id >>> (8 * (ID_BYTES - 1 - i)));
        }
    }

    /// Its bytes. Not to be changed.
    public byte[] payload() {
        return payload;
    }

    public long id() {
        return id;
    }

    public Kind kind() {
        return kind;
    }

    public Fate fate() {
        return fate;
    }

    public SendOptions options() {
        return options;
    }

    public int sender() {
        return sender;
    }

    /// The keys at both ends of the channel it was sent on.
    public Ends ends() {
        return ends;
    }

    public @Nullable Letter reply() {
        return reply;
    }

    public int receiver() {
        return receiver;
    }

    public boolean isSettled() {
        return outcome != null;
    }

    /// Whether its receiver has to tell it by its handler, because it is too short to hold its id.
    public boolean isAnonymous() {
        return payload.length < ID_BYTES;
    }

    @Override
    public String toString() {
        return kind + " " + id + " (host " + sender + " to host " + receiver + ", " + payload.length + " bytes, " + fate
                + (options.replyWanted() ? ", reply wanted" : "") + (options.retransmit() ? "" : ", datagram")
                + (cancelled ? ", cancelled" : "") + ")";
    }
}
