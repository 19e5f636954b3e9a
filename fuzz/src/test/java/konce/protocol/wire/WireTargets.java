package konce.protocol.wire;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import konce.fuzz.Target;
import konce.protocol.PeerOffence;
import konce.protocol.table.RangeSet;

/// Packets and frames. What is read well and written again, is the same bytes.
public final class WireTargets {
    private final MemorySegment written = Arena.ofAuto().allocate(2 * Target.INPUT_BYTES_MAX);
    private final FrameReader frames = new FrameReader();
    private final MemorySegment packet = Arena.ofAuto().allocate(Target.INPUT_BYTES_MAX + 16);
    private final Rewriter rewriter = new Rewriter();
    private final ProtocolOffer offer = new ProtocolOffer();
    private final CookieEcho echo = new CookieEcho();

    private WireTargets() {}

    /// All of them.
    public static List<Target> all() {
        WireTargets targets = new WireTargets();
        return List.of(
                new Target("frames", targets::frames),
                new Target("init", targets::init),
                new Target("init-ack", targets::initAck),
                new Target("cookie-echo", targets::cookieEcho),
                new Target("data-header", targets::dataHeader),
                new Target("protocol-offer", targets::protocolOffer),
                new Target("settings", targets::settings));
    }

    private ByteReader reader(byte[] input) {
        MemorySegment.copy(input, 0, packet, ValueLayout.JAVA_BYTE, 0, input.length);
        return new ByteReader().wrap(packet, 0, input.length);
    }

    private ByteWriter writer() {
        return new ByteWriter().wrap(written, 0, written.byteSize());
    }

    private void checkWritten(byte[] input, int from, long to, ByteWriter out) {
        Target.checkSame(
                Arrays.copyOfRange(input, from, (int) to),
                written.asSlice(0, out.position()).toArray(ValueLayout.JAVA_BYTE));
    }

    private void frames(byte[] input) {
        reader(input);
        rewriter.out.wrap(written, 0, written.byteSize());
        rewriter.closed = false;
        PeerOffence offence = frames.read(packet, 0, input.length, rewriter);
        if (offence == null && !rewriter.closed) {
            int end = input.length;
            byte[] found = written.asSlice(0, rewriter.out.position()).toArray(ValueLayout.JAVA_BYTE);
            // padding is the only frame that leaves nothing behind, and it is the last
            while (end > found.length && input[end - 1] == 0) {
                end--;
            }
            Target.checkSame(Arrays.copyOf(input, end), found);
        }
    }

    private void init(byte[] input) {
        ByteReader in = reader(input);
        int bytes = Init.read(in, offer);
        Target.check(
                !in.isOk() || (bytes >= 3 && Init.OFFER + bytes <= input.length), "an offer of " + bytes + " bytes");
    }

    private void initAck(byte[] input) {
        ByteReader in = reader(input);
        long tag = InitAck.read(in, offer);
        if (in.isOk()) {
            ByteReader there = new ByteReader().wrap(packet, tag, ProcessTag.BYTES);
            ByteWriter out = writer();
            ProcessTag.read(there).write(out);
            Target.check(there.isOk(), "the process tag is not whole");
            byte[] same = Arrays.copyOfRange(input, (int) tag, (int) tag + ProcessTag.BYTES);
            checkWritten(same, 0, same.length, out);
        }
    }

    private void cookieEcho(byte[] input) {
        ByteReader in = reader(input);
        echo.read(in);
        if (in.isOk()) {
            Target.check(
                    echo.boxOffset() + CookieEcho.BOX_BYTES == echo.earlyOffset()
                            && echo.earlyOffset() + CookieEcho.TAG_BYTES <= input.length
                            && echo.negotiationBytes() > 0,
                    "parts that do not fit");
        }
    }

    private void dataHeader(byte[] input) {
        if (input.length < 8 + DataHeader.DATA_NUMBER + 8) {
            return;
        }
        reader(input);
        long mask = packet.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
        MemorySegment header = packet.asSlice(8, input.length - 8L);
        byte[] before = header.toArray(ValueLayout.JAVA_BYTE);
        int groups = DataHeader.unmask(header, 0, DataHeader.DATA_NUMBER, mask);
        if (groups > 0) {
            long wire = DataHeader.wireNumber(header, DataHeader.DATA_NUMBER, groups);
            Target.check(WindowedInteger.decode(wire, groups, 1L << 40) >= 0, "a negative packet number");
            DataHeader.mask(header, 0, DataHeader.DATA_NUMBER, groups, mask);
            Target.checkSame(before, header.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private void protocolOffer(byte[] input) {
        ByteReader in = reader(input);
        offer.read(in);
        if (in.isOk()) {
            ByteWriter out = writer();
            offer.write(out);
            Target.check(out.position() == offer.encodedBytes(), "its length is not the one it says");
            checkWritten(input, 0, in.position(), out);
        }
    }

    private void settings(byte[] input) {
        ByteReader in = reader(input);
        Settings settings = Settings.read(in);
        if (in.isOk()) {
            ByteWriter out = writer();
            settings.write(out);
            checkWritten(input, 0, in.position(), out);
        }
    }

    /// Writes each frame again.
    private static final class Rewriter implements FrameHandler {
        private final ByteWriter out = new ByteWriter();
        private boolean closed;

        @Override
        public PeerOffence onPing() {
            out.writeVarint(FrameType.PING);
            return null;
        }

        @Override
        public PeerOffence onAck(AckRuns ack) {
            RangeSet received = new RangeSet();
            for (int i = ack.size() - 1; i >= 0; i--) {
                received.add(ack.start(i), ack.end(i));
            }
            AckRuns.write(out, received, ack.delayNanos(), ack.credit(), ack.size());
            return null;
        }

        @Override
        public PeerOffence onAckRate(int packets, long delayNanos) {
            FrameWriter.ackRate(out, packets, delayNanos);
            return null;
        }

        @Override
        public PeerOffence onSegment(MessageSegment segment) {
            FrameWriter.segmentHeader(
                    out,
                    segment.id(),
                    segment.total(),
                    segment.isFirst() ? 0 : segment.offset(),
                    segment.handler(),
                    segment.replyTo(),
                    segment.dataBytes());
            out.writeBytes(segment.bytes(), segment.dataOffset(), segment.dataBytes());
            return segment.isFirst() || segment.offset() > 0 ? null : PeerOffence.FRAME_MALFORMED;
        }

        @Override
        public PeerOffence onDatagram(MessageSegment datagram) {
            FrameWriter.datagram(
                    out,
                    datagram.handler(),
                    datagram.replyTo(),
                    datagram.bytes().asSlice(datagram.dataOffset(), datagram.dataBytes()));
            return null;
        }

        @Override
        public PeerOffence onCancel(long id, long total) {
            FrameWriter.cancel(out, id, total);
            return null;
        }

        @Override
        public PeerOffence onRefuse(boolean byHandler, long subject, long code) {
            FrameWriter.refuse(out, byHandler, subject, code);
            return null;
        }

        @Override
        public PeerOffence onPathChallenge(long data) {
            out.writeVarint(FrameType.PATH_CHALLENGE);
            out.writeLong(data);
            return null;
        }

        @Override
        public PeerOffence onPathResponse(long data) {
            out.writeVarint(FrameType.PATH_RESPONSE);
            out.writeLong(data);
            return null;
        }

        @Override
        public PeerOffence onEncapsulation(int piece, MemorySegment in, long offset, int length) {
            out.writeVarint(FrameType.ENCAPSULATION);
            out.writeVarint(piece);
            out.writeVarint(length);
            out.writeBytes(in, offset, length);
            return null;
        }

        @Override
        public PeerOffence onEcn(long ect0, long ce) {
            out.writeVarint(FrameType.ECN);
            out.writeVarint(ect0);
            out.writeVarint(ce);
            return null;
        }

        @Override
        public PeerOffence onClose(int code, String text) {
            closed = true;
            return null;
        }
    }
}
