package konce.protocol.message;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import konce.protocol.HandlerId;
import konce.protocol.PeerOffence;
import konce.protocol.SendOptions;
import konce.protocol.flow.SentPackets;
import konce.protocol.wire.AckRuns;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.FrameHandler;
import konce.protocol.wire.FrameReader;
import konce.protocol.wire.MessageSegment;

/// An outbox and the packets it fills, whose fate a test decides; an inbox may take what arrives.
final class Courier implements FrameHandler {
    static final HandlerId HANDLER = HandlerId.wellKnown(7);

    /// A frame as it was sent.
    record Frame(String kind, long id, long offset, int bytes) {}

    final List<Outgoing> delivered = new ArrayList<>();
    final Outbox outbox = new Outbox(12_345, delivered::add);
    final SentPackets sent = new SentPackets();
    /// What the packet last read held.
    final List<Frame> frames = new ArrayList<>();
    private final List<byte[]> packets = new ArrayList<>();
    private final FrameReader reader = new FrameReader();
    private final MemorySegment buffer = Arena.ofAuto().allocate(70_000);
    private final ByteWriter out = new ByteWriter();
    private Inbox inbox;
    private long tickets;

    Courier() {}

    Courier(Inbox inbox) {
        this.inbox = inbox;
    }

    Outgoing add(int bytes, SendOptions options) {
        return add(new byte[bytes], options);
    }

    Outgoing add(byte[] payload, SendOptions options) {
        Outgoing message = new Outgoing(tickets++, HANDLER, MemorySegment.ofArray(payload), options, 0);
        outbox.add(message);
        return message;
    }

    /// Gives a send up, as its channel does.
    void cancel(Outgoing message) {
        message.settle();
        outbox.cancel(message);
    }

    /// Sends a packet of at most `room` bytes of frames.
    ///
    /// @return its number; -1 when there was nothing to send
    long send(int room) {
        boolean due = outbox.hasDue();
        boolean any = outbox.writeFrames(out.wrap(buffer, 0, room), sent);
        if (any != due && room > 100) {
            throw new AssertionError("due " + due + ", but written " + any);
        }
        if (!any) {
            frames.clear();
            return -1;
        }
        packets.add(buffer.asSlice(0, out.position()).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
        long number = sent.next();
        sent.onSent(0, (int) out.position(), true);
        read(number);
        return number;
    }

    private void read(long number) {
        frames.clear();
        Inbox kept = inbox;
        inbox = null;
        handle(number);
        inbox = kept;
    }

    /// The packet reaches the inbox.
    PeerOffence arrive(long number) {
        frames.clear();
        return handle(number);
    }

    private PeerOffence handle(long number) {
        byte[] packet = packets.get((int) number);
        MemorySegment copy = Arena.ofAuto().allocate(packet.length);
        copy.copyFrom(MemorySegment.ofArray(packet));
        return reader.read(copy, 0, packet.length, this);
    }

    void ack(long number) {
        if (sent.isInFlight(number)) {
            sent.onAcked(number, outbox);
            sent.trim();
            outbox.tellDelivered();
        }
    }

    void lose(long number) {
        if (sent.isInFlight(number)) {
            sent.onLost(number, outbox);
            sent.trim();
        }
    }

    @Override
    public PeerOffence onPing() {
        throw new AssertionError("an outbox sends no PING");
    }

    @Override
    public PeerOffence onAck(AckRuns ack) {
        throw new AssertionError("an outbox sends no ACK");
    }

    @Override
    public PeerOffence onAckRate(int packets, long delayNanos) {
        throw new AssertionError("an outbox asks for no ACKs");
    }

    @Override
    public PeerOffence onSegment(MessageSegment segment) {
        String kind = !segment.isFirst() ? "segment" : segment.replyTo() < 0 ? "first" : "first, reply";
        frames.add(new Frame(kind, segment.id(), segment.offset(), segment.dataBytes()));
        return inbox == null ? null : inbox.onSegment(segment);
    }

    @Override
    public PeerOffence onDatagram(MessageSegment datagram) {
        frames.add(new Frame("datagram", -1, 0, datagram.dataBytes()));
        return inbox == null ? null : inbox.onDatagram(datagram);
    }

    @Override
    public PeerOffence onCancel(long id, long total) {
        frames.add(new Frame("cancel", id, 0, (int) total));
        return inbox == null ? null : inbox.onCancel(id, total);
    }

    @Override
    public PeerOffence onRefuse(boolean byHandler, long subject, long code) {
        frames.add(new Frame(byHandler ? "refuse reply" : "refuse", subject, 0, (int) code));
        return null;
    }

    @Override
    public PeerOffence onPathChallenge(long data) {
        return null;
    }

    @Override
    public PeerOffence onPathResponse(long data) {
        return null;
    }

    @Override
    public PeerOffence onClose(int code, String text) {
        throw new AssertionError("an outbox sends no CLOSE");
    }
}
