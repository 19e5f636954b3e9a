package konce.simulator.world;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.Consumer;
import konce.crypto.Hasher;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.HandlerId;
import konce.protocol.Outcome;
import konce.simulator.check.PacketType;
import konce.simulator.clock.Timeline;
import org.jspecify.annotations.Nullable;

/// The hash of all that happened: every datagram, with its time and what became of it, and every event. Two runs with
/// one hash were the same run.
///
/// - shape: BLAKE2b-256, shown as its first [#SHOWN_BYTES] bytes in hexadecimal
final class Trace implements AutoCloseable {
    static final int SHOWN_BYTES = 16;
    private static final int HASH_BYTES = 32;

    /// Bytes hashed at a time.
    private static final int PENDING_BYTES = 1 << 15;

    /// Bytes before a datagram's own, at most.
    private static final int HEAD_BYTES = 7 * Long.BYTES;

    /// A datagram that was sent; one that was received has its [DropReason]'s ordinal here.
    private static final int SENT = -1;

    private final Timeline timeline;
    private final Hasher hasher = new Hasher(HASH_BYTES);
    private final MemorySegment pending;
    private final @Nullable Consumer<String> log;
    private int pendingBytes;

    /// @param log who also gets it line by line; null: nobody
    Trace(Timeline timeline, Arena arena, @Nullable Consumer<String> log) {
        this.timeline = timeline;
        pending = arena.allocate(PENDING_BYTES);
        this.log = log;
    }

    void sent(String host, Address remote, byte[] datagram) {
        datagram(SENT, host, remote, datagram);
        if (log != null) {
            log.accept(line(host, "-> " + remote + "  " + PacketType.of(datagram) + ", " + datagram.length + " bytes"));
        }
    }

    void received(String host, Address remote, byte[] datagram, DropReason reason) {
        datagram(reason.ordinal(), host, remote, datagram);
        if (log != null) {
            String fate = reason == DropReason.NONE ? "" : ": " + reason;
            log.accept(line(
                    host, "<- " + remote + "  " + PacketType.of(datagram) + ", " + datagram.length + " bytes" + fate));
        }
    }

    void event(String host, Event event) {
        String shown = show(event);
        text(host, shown);
        if (event instanceof Event.MessageArrived arrived) {
            bytes(arrived.payload().toArray(ValueLayout.JAVA_BYTE));
        }
        note(host, shown);
    }

    /// A line for a person that is not part of the hash.
    void note(String host, String what) {
        if (log != null) {
            log.accept(line(host, what));
        }
    }

    /// The hash. Nothing can be added any more.
    String finish() {
        flush();
        hasher.finish(pending, 0);
        return HexFormat.of().formatHex(pending.asSlice(0, SHOWN_BYTES).toArray(ValueLayout.JAVA_BYTE));
    }

    @Override
    public void close() {
        hasher.close();
    }

    private static String show(Event event) {
        return switch (event) {
            case Event.ChannelOpened _,
                    Event.ChannelClosed _,
                    Event.MemberJoined _,
                    Event.HandshakeTraced _,
                    Event.KeysRenewed _,
                    Event.PresenceMessage _,
                    Event.PresenceChanged _ -> event.toString();
            case Event.MessageArrived arrived ->
                "arrived on " + arrived.channel() + " for " + arrived.handler() + ", "
                        + arrived.payload().byteSize() + " bytes, reply to " + show(arrived.replyTo());
            case Event.MessageSettled(long ticket, Outcome outcome) -> "settled " + ticket + ": " + show(outcome);
            case Event.SecretDerived secret ->
                "secret " + secret.label() + " " + HexFormat.of().formatHex(secret.secret());
        };
    }

    private static String show(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Replied(long channel, MemorySegment payload, HandlerId replyTo) ->
                "Replied on " + channel + ", " + payload.byteSize() + " bytes, reply to " + show(replyTo);
            case Outcome.Delivered _,
                    Outcome.CouldNotConnect _,
                    Outcome.ReplyTooLate _,
                    Outcome.Refused _,
                    Outcome.Cancelled _,
                    Outcome.PeerGone _,
                    Outcome.NotSent _ -> outcome.toString();
        };
    }

    private static String show(@Nullable HandlerId handler) {
        return handler == null ? "nobody" : handler.toString();
    }

    private String line(String host, String what) {
        long nanos = timeline.nowNanos();
        return String.format("%5d.%09d  %-8s %s", nanos / 1_000_000_000L, nanos % 1_000_000_000L, host, what);
    }

    private void datagram(int what, String host, Address remote, byte[] datagram) {
        room(HEAD_BYTES);
        number(timeline.nowNanos());
        number(what);
        number(host.hashCode());
        number(remote.high());
        number(remote.low());
        number(remote.port());
        bytes(datagram);
    }

    private void text(String host, String text) {
        room(HEAD_BYTES);
        number(timeline.nowNanos());
        bytes((host + " " + text).getBytes(StandardCharsets.UTF_8));
    }

    private void bytes(byte[] bytes) {
        room(HEAD_BYTES);
        number(bytes.length);
        int done = 0;
        while (done < bytes.length) {
            room(1);
            int run = (int) Math.min(bytes.length - done, pending.byteSize() - pendingBytes);
            MemorySegment.copy(bytes, done, pending, ValueLayout.JAVA_BYTE, pendingBytes, run);
            pendingBytes += run;
            done += run;
        }
    }

    private void number(long number) {
        pending.set(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN), pendingBytes, number);
        pendingBytes += Long.BYTES;
    }

    /// Hashes what is pending when fewer than these bytes are left.
    private void room(int bytes) {
        if (pending.byteSize() - pendingBytes < bytes) {
            flush();
        }
    }

    private void flush() {
        hasher.update(pending, 0, pendingBytes);
        pendingBytes = 0;
    }
}
