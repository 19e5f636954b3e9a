package konce.protocol.flow;

import konce.protocol.Limits;
import konce.protocol.PeerOffence;
import konce.protocol.path.Path;
import konce.protocol.path.RttEstimator;
import konce.protocol.wire.AckRuns;
import org.jspecify.annotations.Nullable;

/// Decides from acknowledgements and time what is lost, and when to probe.
///
/// - unit: nanoseconds
/// - source: RFC 9002 section 6; docs/spec/06-flow.md, section 3
public final class LossRecovery {
    private static final int PACKET_THRESHOLD = 3;
    private static final int PERSISTENT_PROBES = 3;
    private static final int SILENT_PROBES = 2;
    private static final int BACKOFF_MAX = 10;

    /// Probes do not come more rarely than this, unless the round trip is long: within
    /// [Limits#UNACKNOWLEDGED_NANOS_MAX] a peer behind a very bad link must get several chances to answer.
    private static final long PROBE_NANOS_MAX = 3_000_000_000L;

    private final SentPackets sent;
    private final SentContents owner;
    private long largestAcked = -1;
    private long lossNanos = Long.MAX_VALUE;
    private int probes;
    private long oldestUnansweredNanos = Long.MAX_VALUE;
    private long packetsLost;
    private boolean probeDue;
    private long firstOnPath;

    /// @param owner told what became of the things that packets carried
    public LossRecovery(SentPackets sent, SentContents owner) {
        this.sent = sent;
        this.owner = owner;
    }

    public long packetsLost() {
        return packetsLost;
    }

    /// The newest number the peer has acknowledged; -1 for none.
    public long largestAcked() {
        return largestAcked;
    }

    /// Takes an ACK.
    public @Nullable PeerOffence onAck(long nowNanos, AckRuns ack, Path path) {
        // = docs/spec/06-flow.md R6.12
        if (ack.newest() >= sent.next()) {
            return PeerOffence.ACK_OF_UNSENT_PACKET;
        }
        // the early payload is packet 0 and has no size: when it was sent the handshake knows, and has measured
        boolean newestIsNew =
                sent.isInFlight(ack.newest()) && sent.bytes(ack.newest()) > 0 && ack.newest() >= firstOnPath;
        long newestSentNanos = newestIsNew ? sent.sentNanos(ack.newest()) : 0;
        int packetsBefore = sent.packetsInFlight();
        for (int i = 0; i < ack.size(); i++) {
            PeerOffence offence = onRun(nowNanos, ack.start(i), ack.end(i), path);
            if (offence != null) {
                return offence;
            }
        }
        largestAcked = Math.max(largestAcked, ack.newest());
        if (newestIsNew) {
            path.rtt().measure(nowNanos - newestSentNanos, ack.delayNanos(), Limits.ACK_DELAY_NANOS_MAX);
        }
        if (sent.packetsInFlight() < packetsBefore) {
            probes = 0;
            oldestUnansweredNanos = Long.MAX_VALUE;
        }
        detectLosses(nowNanos, path);
        path.settle(nowNanos);
        return null;
    }

    private @Nullable PeerOffence onRun(long nowNanos, long start, long end, Path path) {
        for (long number = Math.max(start, sent.oldest()); number < end; number++) {
            if (sent.isInFlight(number)) {
                onAcked(nowNanos, number, path);
                sent.onAcked(number, owner);
            } else if (sent.isSkipped(number)) {
                // = docs/spec/06-flow.md R6.5
                return PeerOffence.ACK_OF_UNSENT_PACKET;
            }
        }
        return null;
    }

    // = docs/spec/05-paths.md R5.12
    private void onAcked(long nowNanos, long number, Path path) {
        if (number >= firstOnPath && sent.bytes(number) > 0) {
            long sentNanos = sent.sentNanos(number);
            int at = sent.stampAt(number);
            owner.onPacketAcked(number, sentNanos, Path.isBackground(sent.stamps(), at));
            path.onAcked(nowNanos, sentNanos, sent.bytes(number), sent.stamps(), at);
        }
    }

    private void onLost(long nowNanos, long number, Path path) {
        if (number >= firstOnPath && sent.bytes(number) > 0) {
            path.onLost(nowNanos, sent.sentNanos(number), sent.bytes(number), sent.stamps(), sent.stampAt(number));
        }
    }

    /// What was sent before went another way: it says nothing about the path there is now, and most of it is lost.
    public void onPathChanged() {
        firstOnPath = sent.next();
    }

    /// Packets reach the peer again: what went nowhere is found out at once.
    public void onPathProved() {
        probes = 0;
        if (!sent.isEmpty()) {
            probeDue = true;
            sent.reportProbed(owner);
        }
    }

    /// The first packet of the path there is now.
    public long firstOnPath() {
        return firstOnPath;
    }

    // = docs/spec/06-flow.md R6.4
    private void detectLosses(long nowNanos, Path path) {
        lossNanos = Long.MAX_VALUE;
        long delay = path.rtt().lossDelayNanos();
        for (long number = sent.oldest(); number < largestAcked; number++) {
            if (!sent.isInFlight(number)) {
                continue;
            }
            long sentNanos = sent.sentNanos(number);
            if (number + PACKET_THRESHOLD <= largestAcked || nowNanos - sentNanos >= delay) {
                packetsLost++;
                owner.onPacketLost(nowNanos, number, sent.bytes(number));
                onLost(nowNanos, number, path);
                sent.onLost(number, owner);
            } else {
                lossNanos = Math.min(lossNanos, sentNanos + delay);
            }
        }
        sent.trim();
    }

    /// A packet that wants an acknowledgement was sent.
    public void onSent(long nowNanos) {
        if (oldestUnansweredNanos == Long.MAX_VALUE) {
            oldestUnansweredNanos = nowNanos;
        }
    }

    /// When [#handleDeadline] has work next; [Long#MAX_VALUE] for never.
    public long nextDeadlineNanos(RttEstimator rtt) {
        if (sent.isEmpty()) {
            return Long.MAX_VALUE;
        }
        return lossNanos != Long.MAX_VALUE ? lossNanos : probeNanos(rtt);
    }

    private long probeNanos(RttEstimator rtt) {
        long base = rtt.probeTimeoutNanos(Limits.ACK_DELAY_NANOS_MAX);
        long timeout = Math.min(base << Math.min(probes, BACKOFF_MAX), PROBE_NANOS_MAX);
        return sent.newestSentNanos() + Math.max(base, timeout);
    }

    /// Declares what is due as lost, or asks for a probe.
    public void handleDeadline(long nowNanos, Path path) {
        if (sent.isEmpty()) {
            return;
        }
        if (lossNanos != Long.MAX_VALUE) {
            if (nowNanos - lossNanos >= 0) {
                detectLosses(nowNanos, path);
                path.settle(nowNanos);
            }
        } else if (nowNanos - probeNanos(path.rtt()) >= 0) {
            probe(path);
        }
    }

    // = docs/spec/06-flow.md R6.16
    private void probe(Path path) {
        probes++;
        probeDue = true;
        sent.reportProbed(owner);
        if (probes == SILENT_PROBES) {
            path.onSilence();
        }
        if (probes == PERSISTENT_PROBES) {
            path.onPersistentCongestion();
        }
    }

    /// Whether a packet has to go although the window is full; asking clears it.
    public boolean takeProbe() {
        boolean due = probeDue;
        probeDue = false;
        return due;
    }

    public boolean isProbeDue() {
        return probeDue;
    }

    // = docs/spec/06-flow.md R6.18
    /// Whether data has gone unacknowledged for so long that the peer counts as gone.
    public boolean isPeerGone(long nowNanos) {
        return goneNanos() != Long.MAX_VALUE && nowNanos - goneNanos() >= 0;
    }

    /// When [#isPeerGone] will say so.
    public long goneNanos() {
        return sent.isEmpty() || oldestUnansweredNanos == Long.MAX_VALUE
                ? Long.MAX_VALUE
                : oldestUnansweredNanos + Limits.UNACKNOWLEDGED_NANOS_MAX;
    }
}
