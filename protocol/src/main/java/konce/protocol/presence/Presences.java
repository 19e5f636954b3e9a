package konce.protocol.presence;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import konce.crypto.Kdf;
import konce.crypto.PacketKey;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretAccess;
import konce.crypto.Suite;
import konce.crypto.Vault;
import konce.crypto.VaultFullException;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.HandlerClass;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.Refusal;
import konce.protocol.SendOptions;
import konce.protocol.table.DeadlineHeap;
import konce.protocol.table.LongMap;
import konce.protocol.wire.ByteReader;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.DataHeader;
import konce.protocol.wire.PacketType;
import konce.protocol.wire.WindowedInteger;
import org.jspecify.annotations.Nullable;

/// The active presences of an endpoint, and what goes on between them: a message that fits into one packet, one at a
/// time,
/// and its reply. For anything else a channel is made.
///
/// A presence comes of a handshake, when both sides have proved their keys, and stays when the channel is gone. It is
/// at
/// rest nearly always, so its packet keys are made for each packet and wiped after it.
///
/// - unit: nanoseconds of the endpoint's time
/// - error: a peer's doing never throws
/// - source: docs/spec/08-presence.md
public final class Presences implements AutoCloseable {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int SECRET_BYTES = 32;
    private static final int ID_BYTES = 16;

    /// Groups of a packet number: it is not known what the peer has received, so the window is wide.
    private static final int GROUPS = 4;

    private static final int HEADER_BYTES = DataHeader.DATA_NUMBER + GROUPS;
    private static final long RETRY_NANOS = 333_000_000L;
    /// How often some are looked at, and how many: a million in a minute.
    private static final long SWEEP_NANOS = 250_000_000L;

    private static final int SWEEP_RECORDS = 4_096;
    private static final int SWEEP_FALLS_MAX = 1_024;
    private static final long RETRY_NANOS_MAX = 2_664_000_000L;

    /// A message of ours that waits for its answer.
    private static final class Sending extends DeadlineHeap.Item {
        private final long presence;
        private final long ticket;
        private final PresenceBody body;
        private final long sentNanos;
        private final long endNanos;
        private long waitNanos = RETRY_NANOS;
        private boolean sentTwice;

        Sending(long presence, long ticket, PresenceBody body, long sentNanos, long endNanos) {
            this.sentNanos = sentNanos;
            this.presence = presence;
            this.ticket = ticket;
            this.body = body;
            this.endNanos = endNanos;
        }
    }

    private record Waiting(long presence, PresenceBody body) {}

    private final long idleNanos;
    private final Vault vault;
    private final PresenceTable table;
    private final Queue<Event> events;
    private final Set<HandlerId> handlers;
    private final LongMap<Sending> sends;
    private final LongMap<PresenceBody> replies;
    private final ArrayDeque<Long> repliesKept = new ArrayDeque<>();
    private final DeadlineHeap<Sending> deadlines = new DeadlineHeap<>();
    private final ArrayDeque<Waiting> due = new ArrayDeque<>();
    private final ByteReader in = new ByteReader();
    private final ByteWriter out = new ByteWriter();
    private @Nullable Address polled;
    private long sweepNanos = DeadlineHeap.NONE;

    /// What it has of its endpoint.
    ///
    /// @param vault where packet keys are made
    /// @param events for the driver
    /// @param handlers the durable handlers that are open
    /// @param spread any random number
    public record Surroundings(Vault vault, Queue<Event> events, Set<HandlerId> handlers, long spread) {}

    /// @param countMax the most presences, up to [Limits#PRESENCES_MAX]
    /// @param newIdleNanos how long one may be silent; 0: for ever, while there is room
    public Presences(int countMax, long newIdleNanos, Surroundings around) {
        if (countMax < 1 || countMax > Limits.PRESENCES_MAX) {
            throw new IllegalArgumentException(countMax + " presences are not in 1.." + Limits.PRESENCES_MAX);
        }
        idleNanos = newIdleNanos;
        vault = around.vault();
        events = around.events();
        handlers = around.handlers();
        table = new PresenceTable(countMax, around.spread());
        sends = new LongMap<>(around.spread());
        replies = new LongMap<>(around.spread());
    }

    // = docs/spec/08-presence.md R8.1
    /// Remembers a peer with whom a handshake has agreed on `seed`, in place of what was known of it.
    ///
    /// @param owner which of our identities it belongs to
    /// @param seed 32 bytes; not closed
    /// @param initiator whether we were the client
    /// @return whether there was room
    public boolean remember(long nowNanos, PublicKey peer, long owner, Address remote, Secret seed, boolean initiator) {
        try (Secret client = derive("presence client", seed, SECRET_BYTES);
                Secret server = derive("presence server", seed, SECRET_BYTES);
                Secret ids = derive("presence ids", seed, ID_BYTES);
                Arena arena = Arena.ofConfined()) {
            MemorySegment both = arena.allocate(ID_BYTES);
            ids.copyTo(both, 0, SecretAccess.grant("ids are seen on the wire"));
            // negative, so that the application can tell them from channels
            long clientId = both.get(LONG, 0) | Long.MIN_VALUE;
            long serverId = both.get(LONG, Long.BYTES) | Long.MIN_VALUE;
            PresenceTable.Keys keys = initiator
                    ? new PresenceTable.Keys(clientId, serverId, client, server)
                    : new PresenceTable.Keys(serverId, clientId, server, client);
            boolean kept = table.add(nowNanos, peer, owner, remote, keys) >= 0;
            PublicKey evicted = table.takeEvicted();
            if (evicted != null) {
                events.add(new Event.PresenceChanged(evicted, false));
            }
            if (kept) {
                events.add(new Event.PresenceChanged(peer, true));
                sweepNanos = idleNanos > 0 && sweepNanos == DeadlineHeap.NONE ? nowNanos + SWEEP_NANOS : sweepNanos;
            }
            return kept;
        } catch (VaultFullException e) {
            return false;
        }
    }

    private Secret derive(String label, Secret seed, int bytes) {
        return Kdf.derive(vault, label, bytes, seed, MemorySegment.NULL);
    }

    /// The owner of a server's presences.
    ///
    /// @param group the private group that they are of; 0: none
    public static long ownerOf(long group) {
        return group << 1;
    }

    /// The owner of a client's presences under an identity.
    public static long ownerOf(PublicKey identity) {
        return identity.word(0) | 1;
    }

    private static long groupOf(long owner) {
        return (owner & 1) == 0 ? owner >>> 1 : 0;
    }

    public int size() {
        return table.size();
    }

    /// Whether the system keeps their secrets out of swap.
    public boolean isLocked() {
        return table.isLocked();
    }

    /// The presence of a peer; 0: there is none.
    public long find(PublicKey peer, long owner) {
        int record = table.find(peer, owner);
        return record < 0 ? 0 : table.localId(record);
    }

    /// Where a peer was last heard; null: the presence is gone.
    public @Nullable Address remote(long presence) {
        int record = table.findById(presence);
        return record < 0 ? null : table.remote(record);
    }

    /// Forgets a peer.
    public void forget(PublicKey peer, long owner) {
        int record = table.find(peer, owner);
        if (record >= 0) {
            Sending sending = sends.find(table.localId(record));
            if (sending != null) {
                settle(sending, new Outcome.Cancelled());
            }
            remove(record);
        }
    }

    private void remove(int record) {
        replies.remove(table.localId(record));
        events.add(new Event.PresenceChanged(table.peer(record), false));
        table.remove(record);
    }

    // ---- messages out

    // = docs/spec/08-presence.md R8.3
    /// Whether a message can go to this presence now: it fits into a packet, and no other is under way.
    public boolean canSend(long presence, HandlerId handler, long payloadBytes) {
        return handler.handlerClass() == HandlerClass.DURABLE
                && payloadBytes <= Limits.PRESENCE_PAYLOAD_BYTES_MAX
                && sends.size() < Limits.PRESENCE_SENDS_MAX
                && table.findById(presence) >= 0
                && sends.find(presence) == null;
    }

    /// Sends a message that [#canSend].
    public void send(
            long nowNanos, long ticket, long presence, HandlerId handler, MemorySegment payload, SendOptions options) {
        int record = table.findById(presence);
        long number = table.takeMessageOut(record);
        PresenceBody body = PresenceBody.message(number, handler, options.replyWanted(), payload);
        Sending sending = new Sending(presence, ticket, body, nowNanos, nowNanos + options.replyTimeoutNanos());
        sends.put(presence, sending);
        due.add(new Waiting(presence, body));
        deadlines.set(sending, Math.min(nowNanos + sending.waitNanos, sending.endNanos));
    }

    /// Answers a message, once.
    ///
    /// @param number of the message
    /// @return why not; null: it is on its way
    public @Nullable Outcome reply(long presence, long number, MemorySegment payload) {
        if (payload.byteSize() > Limits.PRESENCE_PAYLOAD_BYTES_MAX) {
            answer(presence, PresenceBody.refused(number, Refusal.OTHER));
            return new Outcome.NotSent("a reply of " + payload.byteSize() + " bytes to a peer at rest; at most "
                    + Limits.PRESENCE_PAYLOAD_BYTES_MAX);
        }
        byte[] copy = payload.toArray(ValueLayout.JAVA_BYTE);
        answer(presence, PresenceBody.reply(number, MemorySegment.ofArray(copy)));
        return table.findById(presence) < 0 ? new Outcome.NotSent("the peer was forgotten") : new Outcome.Delivered();
    }

    /// Does not take a message.
    public void refuse(long presence, long number, Refusal why) {
        answer(presence, PresenceBody.refused(number, why));
    }

    private void answer(long presence, PresenceBody body) {
        int record = table.findById(presence);
        if (record < 0 || table.messageIn(record) != body.number()) {
            return;
        }
        if (repliesKept.size() >= Limits.PRESENCE_REPLIES_MAX) {
            replies.remove(repliesKept.remove());
        }
        replies.put(presence, body);
        repliesKept.add(presence);
        queue(presence, body);
    }

    private void queue(long presence, PresenceBody body) {
        if (due.size() < Limits.PRESENCE_SENDS_MAX) {
            due.add(new Waiting(presence, body));
        }
    }

    /// Writes the next packet.
    ///
    /// @param buffer at least a base datagram
    /// @return its bytes; 0: there is none
    public int poll(MemorySegment buffer) {
        for (Waiting next = due.poll(); next != null; next = due.poll()) {
            int record = table.findById(next.presence());
            if (record >= 0) {
                polled = table.remote(record);
                return write(record, next.body(), buffer);
            }
        }
        return 0;
    }

    /// Where the packet goes that was polled last.
    public Address polledRemote() {
        return requireNonNull(polled);
    }

    // = docs/spec/08-presence.md R8.2
    private int write(int record, PresenceBody body, MemorySegment buffer) {
        try (Secret secret = table.sendSecret(vault, record);
                PacketKey key = PacketKey.derive(vault, Suite.XCHACHA20_POLY1305, secret)) {
            long number = table.takeNumber(record);
            out.wrap(buffer, 0, Limits.DATAGRAM_BYTES_BASE);
            out.writeByte(PacketType.DATA);
            out.writeLong(table.remoteId(record));
            WindowedInteger.write(out, number, GROUPS);
            body.write(out);
            int bodyBytes = (int) out.position() - HEADER_BYTES;
            key.seal(buffer, 0, HEADER_BYTES, bodyBytes, number);
            int bytes = HEADER_BYTES + bodyBytes + key.tagBytes();
            long mask = key.headerMask(buffer, bytes - (long) DataHeader.SAMPLE_BYTES);
            DataHeader.mask(buffer, 0, DataHeader.DATA_NUMBER, GROUPS, mask);
            return bytes;
        } catch (VaultFullException e) {
            return 0;
        }
    }

    // ---- packets in

    /// Takes a DATA packet whose channel id is of no channel.
    public DropReason handlePacket(long nowNanos, Address remote, MemorySegment packet) {
        if (packet.byteSize() < HEADER_BYTES + DataHeader.SAMPLE_BYTES) {
            return DropReason.BAD_LENGTH;
        }
        int record = table.findById(packet.get(LONG, DataHeader.CHANNEL_ID));
        if (record < 0) {
            return DropReason.UNKNOWN_CHANNEL;
        }
        try (Secret secret = table.receiveSecret(vault, record);
                PacketKey key = PacketKey.derive(vault, Suite.XCHACHA20_POLY1305, secret)) {
            return open(nowNanos, remote, packet, record, key);
        } catch (VaultFullException e) {
            return DropReason.BUSY;
        }
    }

    // = docs/spec/08-presence.md R8.4
    private DropReason open(long nowNanos, Address remote, MemorySegment packet, int record, PacketKey key) {
        int size = (int) packet.byteSize();
        long mask = key.headerMask(packet, size - (long) DataHeader.SAMPLE_BYTES);
        int groups = DataHeader.unmask(packet, 0, DataHeader.DATA_NUMBER, mask);
        int body = HEADER_BYTES;
        if (groups != GROUPS || size - body < key.tagBytes()) {
            return DropReason.NOT_AUTHENTIC;
        }
        long newest = table.newestReceived(record);
        long lowest = Math.max(0, newest - Long.SIZE);
        long wire = DataHeader.wireNumber(packet, DataHeader.DATA_NUMBER, GROUPS);
        long number = WindowedInteger.decode(wire, GROUPS, lowest);
        if (!key.open(packet, 0, body, size - body, number)) {
            return DropReason.NOT_AUTHENTIC;
        }
        if (!table.receive(record, number)) {
            return DropReason.REPLAYED;
        }
        PresenceBody said = PresenceBody.read(in.wrap(packet, body, size - (long) body - key.tagBytes()));
        if (!in.isOk()) {
            return DropReason.MALFORMED;
        }
        table.hear(nowNanos, record);
        // = docs/spec/08-presence.md R8.5
        if (number > newest) {
            table.move(record, remote);
        }
        return handle(record, remote, said);
    }

    private DropReason handle(int record, Address remote, PresenceBody said) {
        long presence = table.localId(record);
        if (said.kind() == PresenceBody.Kind.MESSAGE) {
            return handleMessage(record, presence, remote, said);
        }
        Sending sending = sends.find(presence);
        if (sending == null || sending.body.number() != said.number()) {
            return DropReason.STALE;
        }
        settle(
                sending,
                switch (said.kind()) {
                    case MESSAGE, TAKEN ->
                        sending.body.replyWanted() ? new Outcome.ReplyTooLate(true) : new Outcome.Delivered();
                    case REPLY -> new Outcome.Replied(presence, said.payload(), null);
                    case REFUSED -> new Outcome.Refused(said.why());
                });
        return DropReason.NONE;
    }

    private DropReason handleMessage(int record, long presence, Address remote, PresenceBody said) {
        long newest = table.messageIn(record);
        if (said.number() < newest) {
            return DropReason.STALE;
        }
        if (said.number() == newest) {
            repeatAnswer(presence, said);
            return DropReason.NONE;
        }
        table.setMessageIn(record, said.number());
        replies.remove(presence);
        if (!handlers.contains(said.handler())) {
            answer(presence, PresenceBody.refused(said.number(), Refusal.NO_SUCH_HANDLER));
            return DropReason.NONE;
        }
        HandlerId replyTo = said.replyWanted() ? new HandlerId(HandlerClass.PROMPT, said.number()) : null;
        if (replyTo == null) {
            answer(presence, PresenceBody.taken(said.number()));
        }
        events.add(new Event.PresenceMessage(
                presence,
                table.peer(record),
                remote,
                groupOf(table.owner(record)),
                said.handler(),
                replyTo,
                said.payload()));
        return DropReason.NONE;
    }

    /// A message that comes again has lost its answer, or come before there was one. While its handler thinks,
    /// silence
    /// says so.
    private void repeatAnswer(long presence, PresenceBody said) {
        PresenceBody kept = replies.find(presence);
        if (kept != null && kept.number() == said.number()) {
            queue(presence, kept);
        }
    }

    // ---- time

    /// When [#handleDeadline] has work next.
    public long nextDeadlineNanos() {
        return due.isEmpty() ? Math.min(deadlines.nextNanos(), sweepNanos) : 0;
    }

    /// Repeats what has no answer, and gives up what has none in time.
    public void handleDeadline(long nowNanos) {
        for (Sending late = deadlines.pollDue(nowNanos); late != null; late = deadlines.pollDue(nowNanos)) {
            if (nowNanos - late.endNanos >= 0) {
                settle(late, new Outcome.ReplyTooLate(false));
                forgetSilent(late);
            } else {
                due.add(new Waiting(late.presence, late.body));
                late.sentTwice = true;
                late.waitNanos = Math.min(2 * late.waitNanos, RETRY_NANOS_MAX);
                deadlines.set(late, Math.min(nowNanos + late.waitNanos, late.endNanos));
            }
        }
        if (sweepNanos != DeadlineHeap.NONE && nowNanos - sweepNanos >= 0) {
            sweep(nowNanos);
            sweepNanos = table.size() == 0 ? DeadlineHeap.NONE : nowNanos + SWEEP_NANOS;
        }
    }

    // = docs/spec/08-presence.md R8.8
    /// Lets some of the silent fall, none of which waits for an answer.
    private void sweep(long nowNanos) {
        for (int i = 0; i < SWEEP_FALLS_MAX; i++) {
            int record = table.sweep(nowNanos, idleNanos, SWEEP_RECORDS);
            if (record < 0) {
                return;
            }
            if (sends.find(table.localId(record)) == null) {
                remove(record);
            }
        }
    }

    // = docs/spec/08-presence.md R8.7
    /// A peer that has not said a word since the message was sent may have forgotten us: the next takes a channel.
    private void forgetSilent(Sending late) {
        int record = table.findById(late.presence);
        if (record >= 0 && late.sentTwice && table.heardNanos(record) - late.sentNanos < 0) {
            remove(record);
        }
    }

    /// Gives a message up.
    ///
    /// @return whether it was one of a presence
    public boolean cancel(long ticket) {
        Sending[] found = new Sending[1];
        sends.forEach(sending -> {
            if (sending.ticket == ticket) {
                found[0] = sending;
            }
        });
        if (found[0] != null) {
            settle(found[0], new Outcome.Cancelled());
        }
        return found[0] != null;
    }

    private void settle(Sending sending, Outcome outcome) {
        sends.remove(sending.presence);
        deadlines.set(sending, DeadlineHeap.NONE);
        events.add(new Event.MessageSettled(sending.ticket, outcome));
    }

    @Override
    public void close() {
        table.close();
    }
}
