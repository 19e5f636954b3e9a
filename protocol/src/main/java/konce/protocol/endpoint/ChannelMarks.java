package konce.protocol.endpoint;

import konce.protocol.Ecn;
import konce.protocol.flow.EcnMarks;
import konce.protocol.path.Path;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.FrameWriter;
import org.jspecify.annotations.Nullable;

/// A channel's part in explicit congestion notification. A channel that marks nothing, and to which nothing comes
/// marked, holds nothing for it.
///
/// - source: docs/spec/06-flow.md, section 2
final class ChannelMarks {
    private final boolean wanted;
    private @Nullable EcnMarks marks;

    /// @param wanted whether packets are marked where the path lets marks through
    ChannelMarks(boolean wanted) {
        this.wanted = wanted;
        reset();
    }

    /// Packet numbers start over.
    void reset() {
        marks = wanted ? new EcnMarks(true) : null;
    }

    void onPathChanged() {
        if (marks != null) {
            marks.onPathChanged(wanted);
        }
    }

    // ---- out

    boolean isMarking() {
        return marks != null && marks.isMarking();
    }

    /// A packet goes, and leaves marked if [#isMarking] says so.
    ///
    /// @return what its datagram is marked with
    int onSent(long number) {
        if (marks == null || !marks.isMarking()) {
            return Ecn.NOT_ECT;
        }
        marks.onSentMarked(number);
        return Ecn.ECT_0;
    }

    /// Says what came marked, beside an acknowledgement.
    void write(ByteWriter out) {
        if (marks != null && marks.hasReceived() && out.remaining() >= FrameWriter.ECN_BYTES_MAX) {
            FrameWriter.ecn(out, marks.ect0Received(), marks.ceReceived());
        }
    }

    // ---- in

    /// A packet has opened.
    void onReceived(int ecn) {
        if (ecn != Ecn.NOT_ECT) {
            marks = marks == null ? new EcnMarks(false) : marks;
            marks.onReceived(ecn);
        }
    }

    void onAcked(long number, long sentNanos, boolean background) {
        if (marks != null) {
            marks.onAcked(number, sentNanos, background);
        }
    }

    /// The peer says how many marks have come to it.
    void onReported(long nowNanos, long ect0, long ce, Path path) {
        if (marks != null && marks.onReported(ect0, ce)) {
            marks.tell(nowNanos, path);
        }
    }

    /// All of a packet has been read.
    void onRead() {
        if (marks != null) {
            marks.onPacketRead();
        }
    }
}
