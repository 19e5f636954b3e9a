package konce.protocol.path;

/// What is believed of the pipe: its bandwidth, its round trip, and how sure that is. The bandwidth is the best that
/// was
/// measured lately; what was measured while the sender had nothing to send may raise it and never lowers it. That
/// acknowledgements come in lumps, and how large these are, is its uncertainty: so much more may be under way.
///
/// - unit: bytes, nanoseconds, bytes a nanosecond
/// - source: draft-ietf-ccwg-bbr sections 5.5.1 to 5.5.9; docs/spec/05-paths.md, section 3
final class PipeModel {
    private static final long SECOND = 1_000_000_000L;

    /// How long a round trip that was measured is believed to be the path's own.
    private static final long MIN_RTT_NANOS = 10 * SECOND;

    /// After how long without a round trip as short as that the queue is let run dry to measure it again.
    private static final long PROBE_RTT_NANOS = 5 * SECOND;

    /// Rounds in which lumps of acknowledgements are remembered.
    private static final int LUMP_ROUNDS = 10;

    // the best of this cycle of probing, and of the one before
    private double bandwidthNow;
    private double bandwidthBefore;

    private long minRtt = Long.MAX_VALUE;
    private long minRttNanos;
    private long probeRtt = Long.MAX_VALUE;
    private long probeRttNanos;
    private boolean probeRttDue;

    private long epochNanos;
    private long epochBytes;
    private long lump;
    private long lumpBefore;
    private long lumpRound;

    private long roundEndsDelivered;
    private long rounds;
    private boolean roundStart;

    PipeModel() {}

    /// Takes what an ACK says.
    ///
    /// @param windowBytes that the sender was allowed
    void update(long nowNanos, DeliveryRate delivery, RttEstimator rtt, long windowBytes) {
        roundStart = delivery.isSample() && delivery.priorDelivered() >= roundEndsDelivered;
        if (roundStart) {
            startRound(delivery);
            rounds++;
        }
        // = docs/spec/05-paths.md R5.8
        if (delivery.rate() > 0 && (delivery.rate() >= bandwidth() || !delivery.isIdle())) {
            bandwidthNow = Math.max(bandwidthNow, delivery.rate());
        }
        updateLump(nowNanos, delivery.ackedBytes(), windowBytes);
        updateMinRtt(nowNanos, rtt);
    }

    /// A round ends when what is sent from now on arrives.
    void startRound(DeliveryRate delivery) {
        roundEndsDelivered = delivery.delivered();
    }

    boolean isRoundStart() {
        return roundStart;
    }

    long rounds() {
        return rounds;
    }

    /// A cycle of probing is over: what was measured before the last one is forgotten.
    void advance() {
        if (bandwidthNow > 0) {
            bandwidthBefore = bandwidthNow;
            bandwidthNow = 0;
        }
    }

    /// Bytes a nanosecond; 0 before anything was measured.
    double bandwidth() {
        return Math.max(bandwidthNow, bandwidthBefore);
    }

    /// The round trip without a queue; [Long#MAX_VALUE] before one was measured.
    long minRttNanos() {
        return minRtt;
    }

    /// Bytes that fill the pipe `gain` times at a bandwidth; 0: not known yet.
    long bytes(double atBandwidth, double gain) {
        return minRtt == Long.MAX_VALUE ? 0 : (long) Math.ceil(atBandwidth * minRtt * gain);
    }

    /// Bytes that acknowledgements came in lumps beyond what bandwidth explains.
    long lumpBytes() {
        return Math.max(lump, lumpBefore);
    }

    /// Whether it is time to let the queue run dry.
    boolean isProbeRttDue() {
        return probeRttDue;
    }

    /// The queue has run dry: what was measured meanwhile is the path's round trip.
    void onProbedRtt(long nowNanos) {
        probeRttNanos = nowNanos;
        probeRttDue = false;
    }

    /// After silence a lump is no lump.
    void restart(long nowNanos) {
        epochNanos = nowNanos;
        epochBytes = 0;
    }

    private void updateMinRtt(long nowNanos, RttEstimator rtt) {
        long sample = rtt.latestNanos();
        probeRttDue = probeRtt != Long.MAX_VALUE && nowNanos - probeRttNanos > PROBE_RTT_NANOS;
        if (sample < probeRtt || probeRttDue) {
            probeRtt = sample;
            probeRttNanos = nowNanos;
        }
        if (probeRtt < minRtt || nowNanos - minRttNanos > MIN_RTT_NANOS) {
            minRtt = probeRtt;
            minRttNanos = probeRttNanos;
        }
    }

    private void updateLump(long nowNanos, long ackedBytes, long windowBytes) {
        double expected = bandwidth() * (nowNanos - epochNanos);
        if (epochBytes <= expected) {
            epochBytes = 0;
            epochNanos = nowNanos;
            expected = 0;
        }
        epochBytes += ackedBytes;
        if (rounds - lumpRound >= LUMP_ROUNDS) {
            lumpRound = rounds;
            lumpBefore = lump;
            lump = 0;
        }
        lump = Math.max(lump, Math.min((long) (epochBytes - expected), windowBytes));
    }
}
