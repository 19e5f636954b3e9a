package konce.protocol.path;

/// Sends as much as the pipe holds, at the rate at which it drains, and now and then asks whether it has become wider
/// or shorter. Losses tell how much is too much only where there are many of them: a path that loses one packet in a
/// hundred by chance is used in full.
///
/// - unit: bytes, nanoseconds, bytes a nanosecond
/// - source: draft-ietf-ccwg-bbr (BBR version 3); docs/spec/05-paths.md, section 3
final class PipeController implements CongestionController {
    /// What it is doing.
    private enum Phase {
        /// Doubles each round until the bandwidth grows no more.
        STARTUP("startup"),
        /// Lets the queue of the startup go.
        DRAIN("drain"),
        /// Sends less than arrives, so that others find room.
        DOWN("probe_down"),
        /// Sends what arrives.
        CRUISE("probe_cruise"),
        /// Fills the pipe before it asks for more.
        REFILL("probe_refill"),
        /// Asks for more.
        UP("probe_up"),
        /// Lets the pipe run half empty to measure its round trip.
        PROBE_RTT("probe_rtt");

        private final String word;

        Phase(String word) {
            this.word = word;
        }
    }

    /// What acknowledgements are about, while the sender probes for bandwidth.
    private enum Feedback {
        NONE,
        /// A probe has begun; nothing of it is acknowledged.
        AWAITED,
        /// Of a probe.
        COMING,
        /// A probe has ended; the rest of it is acknowledged now.
        ENDING
    }

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private static final double STARTUP_PACING_GAIN = 2.77;
    private static final double DRAIN_PACING_GAIN = 1 / 2.885;
    private static final double DOWN_PACING_GAIN = 0.9;
    private static final double UP_PACING_GAIN = 1.25;
    private static final double WINDOW_GAIN = 2.0;
    private static final double UP_WINDOW_GAIN = 2.25;
    private static final double PROBE_RTT_GAIN = 0.5;
    private static final double PACING_MARGIN = 0.99;
    private static final double FULL_GROWTH = 1.25;
    private static final int FULL_ROUNDS = 3;
    private static final double LOSS_THRESHOLD = 0.02;
    private static final int STARTUP_LOSSES = 6;
    private static final double BETA = 0.7;
    private static final double HEADROOM = 0.15;
    private static final int MINIMUM_PACKETS = 4;
    private static final long PROBE_RTT_NANOS = 200 * MILLI;
    private static final long PROBE_WAIT_NANOS = 2 * SECOND;
    private static final long COEXISTENCE_ROUNDS_MAX = 63;
    private static final int SLOPE_MAX = 30;

    private int datagramBytes;
    private final PipeModel model = new PipeModel();
    private Phase phase = Phase.STARTUP;
    private Feedback feedback = Feedback.NONE;
    private long window;
    private double pace;
    private double pacingGain = STARTUP_PACING_GAIN;
    private double windowGain = WINDOW_GAIN;
    private long chance;

    private boolean full;
    private double fullBandwidth;
    private int fullRounds;
    private boolean fullNow;

    // what losses have taught: what is too much under way, for long and for the moment
    private long inFlightHigh = NO_LIMIT;
    private long inFlightLow = NO_LIMIT;
    private double bandwidthLow = Double.MAX_VALUE;
    private double bandwidthLatest;
    private long inFlightLatest;
    private long lossRoundEndsDelivered;
    private boolean lossRoundStart;
    private long lossesInRound;
    private long lostInRound;
    private long deliveredBeforeRound;
    private boolean markedInRound;
    private long markedNanos;
    private boolean marked;

    private long phaseNanos;
    private long probeWaitNanos;
    private long probedRound;
    private boolean probeSamples;
    private long upAcked;
    private int upRounds;
    private boolean limited;
    private long windowBefore;
    private long probeRttEndNanos;
    private boolean probeRttRoundDone;
    private boolean restarting;

    /// @param chance any number: paths that share a bottleneck are not to probe in step
    PipeController(int datagramBytes, long chance) {
        this.datagramBytes = datagramBytes;
        this.chance = chance;
        window = CongestionController.initialWindow(datagramBytes);
    }

    PipeModel model() {
        return model;
    }

    @Override
    public void setDatagramBytes(int newDatagramBytes) {
        datagramBytes = newDatagramBytes;
        window = Math.max(window, minimumBytes());
    }

    @Override
    public String phase() {
        return phase.word;
    }

    @Override
    public long windowBytes() {
        return window;
    }

    @Override
    public double pace(long smoothedRttNanos) {
        // where half of all packets are lost what arrives is half of what is sent, again and again: it has to end
        double least = (double) minimumBytes() / Math.max(1, smoothedRttNanos);
        return pace > 0 ? Math.max(pace, least) : STARTUP_PACING_GAIN * window / Math.max(1, smoothedRttNanos);
    }

    @Override
    public void onSent(long nowNanos, long inFlight) {
        if (inFlight == 0 && !limited && model.bandwidth() > 0) {
            restarting = true;
            model.restart(nowNanos);
            if (isProbingBandwidth()) {
                pace = PACING_MARGIN * bandwidth();
            }
        }
    }

    @Override
    public void onAcked(long nowNanos, long sentNanos, long bytes, RttEstimator rtt, boolean windowLimited) {
        limited = windowLimited;
    }

    @Override
    public void onUnlimited(long nowNanos) {
        limited = false;
    }

    @Override
    public void onAckEnd(long nowNanos, DeliveryRate delivery, RttEstimator rtt, long inFlight) {
        boolean probeRttDue = delivery.isSample() && updateModel(nowNanos, delivery, rtt);
        if (delivery.isSample()) {
            checkFull(delivery);
            if (phase == Phase.STARTUP && full) {
                enter(Phase.DRAIN, DRAIN_PACING_GAIN, WINDOW_GAIN);
            }
            if (phase == Phase.DRAIN && inFlight <= model.bytes(bandwidth(), 1.0)) {
                startDown(nowNanos, delivery);
            }
            if (full) {
                adaptUpperBound(delivery);
                updateCycle(nowNanos, delivery, inFlight);
            }
            checkProbeRtt(nowNanos, delivery, inFlight, probeRttDue);
            if (lossRoundStart) {
                bandwidthLatest = delivery.rate();
                inFlightLatest = delivery.deliveredSince();
            }
            restarting = false;
        }
        setPace();
        setWindow(delivery);
    }

    private double bandwidth() {
        return Math.min(model.bandwidth(), bandwidthLow);
    }

    private boolean updateModel(long nowNanos, DeliveryRate delivery, RttEstimator rtt) {
        bandwidthLatest = Math.max(bandwidthLatest, delivery.rate());
        inFlightLatest = Math.max(inFlightLatest, delivery.deliveredSince());
        lossRoundStart = delivery.priorDelivered() >= lossRoundEndsDelivered;
        model.update(nowNanos, delivery, rtt, window);
        boolean due = model.isProbeRttDue();
        if (lossRoundStart) {
            lossRoundEndsDelivered = delivery.delivered();
            checkStartupLosses(delivery);
            adaptLowerBounds(delivery);
            lossesInRound = 0;
            lostInRound = 0;
            markedInRound = false;
            deliveredBeforeRound = delivery.delivered();
        }
        return due;
    }

    // ---- the end of the startup

    private void checkFull(DeliveryRate delivery) {
        if (fullNow || !model.isRoundStart() || delivery.isIdle()) {
            return;
        }
        if (delivery.rate() >= fullBandwidth * FULL_GROWTH) {
            resetFull(delivery.rate());
            return;
        }
        fullNow = ++fullRounds >= FULL_ROUNDS;
        full |= fullNow;
    }

    private void resetFull(double atBandwidth) {
        fullBandwidth = atBandwidth;
        fullRounds = 0;
        fullNow = false;
    }

    private void checkStartupLosses(DeliveryRate delivery) {
        if (!full && lossesInRound >= STARTUP_LOSSES && isLossy(delivery)) {
            full = true;
            inFlightHigh = Math.max(model.bytes(model.bandwidth(), 1.0), inFlightLatest);
        }
    }

    /// Whether more was lost in this round than chance explains.
    private boolean isLossy(DeliveryRate delivery) {
        long sent = delivery.delivered() - deliveredBeforeRound + lostInRound;
        return lostInRound > LOSS_THRESHOLD * sent;
    }

    // ---- losses

    // = docs/spec/05-paths.md R5.9
    @Override
    public void onLost(long nowNanos, long sentNanos, long bytes, DeliveryRate delivery) {
        if (lossesInRound == 0 && !markedInRound) {
            lossRoundEndsDelivered = delivery.delivered();
            deliveredBeforeRound = delivery.delivered();
        }
        lossesInRound++;
        lostInRound += bytes;
        long inFlight = delivery.lossInFlightAtSend();
        if (probeSamples && delivery.lossSince() > LOSS_THRESHOLD * inFlight) {
            long before = inFlight - bytes;
            double fitted = (LOSS_THRESHOLD * before - (delivery.lossSince() - bytes)) / (1 - LOSS_THRESHOLD);
            onTooMuch(nowNanos, delivery, before + (long) fitted);
        }
    }

    // = docs/spec/05-paths.md R5.10
    @Override
    public void onMarked(long nowNanos, long sentNanos) {
        if (marked && sentNanos - markedNanos <= 0) {
            return;
        }
        marked = true;
        markedNanos = nowNanos;
        markedInRound = true;
        if (phase == Phase.STARTUP && !full) {
            full = true;
            inFlightHigh = Math.max(model.bytes(model.bandwidth(), 1.0), inFlightLatest);
        } else if (probeSamples) {
            // what was probed for is more than the path wants to hold
            probeSamples = false;
            inFlightHigh =
                    (long) (BETA * Math.min(model.bytes(bandwidth(), WINDOW_GAIN), Math.min(window, inFlightHigh)));
        }
    }

    private void onTooMuch(long nowNanos, DeliveryRate delivery, long inFlight) {
        probeSamples = false;
        if (!delivery.isLossIdle()) {
            inFlightHigh = Math.max(inFlight, (long) (BETA * Math.min(model.bytes(bandwidth(), 1.0), window)));
        }
        if (phase == Phase.UP) {
            startDown(nowNanos, delivery);
        }
    }

    private void adaptLowerBounds(DeliveryRate delivery) {
        boolean probing = phase == Phase.STARTUP || phase == Phase.REFILL || phase == Phase.UP;
        if (probing || !(markedInRound || (lossesInRound > 0 && isLossy(delivery)))) {
            return;
        }
        double bandwidthBefore = bandwidthLow == Double.MAX_VALUE ? model.bandwidth() : bandwidthLow;
        long inFlightBefore = inFlightLow == NO_LIMIT ? window : inFlightLow;
        bandwidthLow = Math.max(bandwidthLatest, BETA * bandwidthBefore);
        inFlightLow = Math.max(inFlightLatest, (long) (BETA * inFlightBefore));
    }

    private void resetLowerBounds() {
        bandwidthLow = Double.MAX_VALUE;
        inFlightLow = NO_LIMIT;
    }

    // = docs/spec/05-paths.md R5.3
    @Override
    public void onPersistentCongestion() {
        window = minimumBytes();
    }

    // ---- probing for bandwidth

    private boolean isProbingBandwidth() {
        return switch (phase) {
            case DOWN, CRUISE, REFILL, UP -> true;
            case STARTUP, DRAIN, PROBE_RTT -> false;
        };
    }

    private void adaptUpperBound(DeliveryRate delivery) {
        if (feedback == Feedback.AWAITED && model.isRoundStart()) {
            feedback = Feedback.COMING;
        } else if (feedback == Feedback.ENDING && model.isRoundStart()) {
            probeSamples = false;
            feedback = Feedback.NONE;
            if (isProbingBandwidth() && !delivery.isIdle()) {
                model.advance();
            }
        }
        if (inFlightHigh == NO_LIMIT || delivery.lostSince() > LOSS_THRESHOLD * delivery.inFlightAtSend()) {
            return;
        }
        inFlightHigh = Math.max(inFlightHigh, delivery.inFlightAtSend());
        if (phase == Phase.UP && limited && window >= inFlightHigh) {
            raise(delivery.ackedBytes());
        }
    }

    /// Raises what may be under way, by twice as much each round.
    private void raise(long ackedBytes) {
        upAcked += ackedBytes;
        long growth = (long) datagramBytes << upRounds;
        long step = Math.max(datagramBytes, window / Math.max(1, growth / datagramBytes));
        while (upAcked >= step) {
            upAcked -= step;
            inFlightHigh = Math.min(inFlightHigh + datagramBytes, WINDOW_BYTES_MAX);
        }
        if (model.isRoundStart()) {
            upRounds = Math.min(upRounds + 1, SLOPE_MAX);
        }
    }

    private void updateCycle(long nowNanos, DeliveryRate delivery, long inFlight) {
        switch (phase) {
            case DOWN -> {
                if (!isTimeToProbe(nowNanos, delivery)
                        && inFlight <= withHeadroom()
                        && inFlight <= model.bytes(model.bandwidth(), 1.0)) {
                    enter(Phase.CRUISE, 1.0, WINDOW_GAIN);
                }
            }
            case CRUISE -> isTimeToProbe(nowNanos, delivery);
            case REFILL -> {
                if (model.isRoundStart()) {
                    startUp(nowNanos, delivery);
                }
            }
            case UP -> {
                if (isTimeToGoDown(nowNanos, delivery, inFlight)) {
                    startDown(nowNanos, delivery);
                }
            }
            case STARTUP, DRAIN, PROBE_RTT -> {}
        }
    }

    private boolean isTimeToProbe(long nowNanos, DeliveryRate delivery) {
        long pipePackets = Math.min(model.bytes(bandwidth(), 1.0), window) / datagramBytes;
        long rounds = Math.min(pipePackets, COEXISTENCE_ROUNDS_MAX);
        boolean due = nowNanos - phaseNanos > probeWaitNanos || model.rounds() - probedRound >= rounds;
        if (due) {
            startRefill(delivery);
        }
        return due;
    }

    private boolean isTimeToGoDown(long nowNanos, DeliveryRate delivery, long inFlight) {
        if (limited && window >= inFlightHigh) {
            // held back by what losses have taught, not by the pipe
            resetFull(delivery.rate());
        }
        long elapsed = nowNanos - phaseNanos;
        boolean piled = elapsed > model.minRttNanos() && inFlight > model.bytes(model.bandwidth(), UP_PACING_GAIN);
        return fullNow || piled || markedInRound;
    }

    private void startDown(long nowNanos, DeliveryRate delivery) {
        lossesInRound = 0;
        lostInRound = 0;
        markedInRound = false;
        bandwidthLatest = 0;
        inFlightLatest = 0;
        chance = chance * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
        probedRound = model.rounds() - (chance >>> 63);
        probeWaitNanos = PROBE_WAIT_NANOS + (chance >>> 33) % SECOND;
        feedback = Feedback.ENDING;
        model.startRound(delivery);
        enter(Phase.DOWN, DOWN_PACING_GAIN, WINDOW_GAIN);
        phaseNanos = nowNanos;
    }

    private void startRefill(DeliveryRate delivery) {
        resetLowerBounds();
        upRounds = 0;
        upAcked = 0;
        feedback = Feedback.NONE;
        model.startRound(delivery);
        enter(Phase.REFILL, 1.0, WINDOW_GAIN);
    }

    private void startUp(long nowNanos, DeliveryRate delivery) {
        probeSamples = true;
        feedback = Feedback.AWAITED;
        model.startRound(delivery);
        resetFull(delivery.rate());
        enter(Phase.UP, UP_PACING_GAIN, UP_WINDOW_GAIN);
        phaseNanos = nowNanos;
    }

    private void enter(Phase next, double newPacingGain, double newWindowGain) {
        phase = next;
        pacingGain = newPacingGain;
        windowGain = newWindowGain;
    }

    // ---- probing for the round trip

    private void checkProbeRtt(long nowNanos, DeliveryRate delivery, long inFlight, boolean due) {
        if (phase != Phase.PROBE_RTT && due && !restarting) {
            windowBefore = window;
            feedback = Feedback.ENDING;
            probeRttEndNanos = 0;
            model.startRound(delivery);
            enter(Phase.PROBE_RTT, 1.0, PROBE_RTT_GAIN);
        }
        if (phase != Phase.PROBE_RTT) {
            return;
        }
        delivery.onIdle(inFlight);
        if (probeRttEndNanos == 0) {
            if (inFlight <= probeRttWindow()) {
                probeRttEndNanos = nowNanos + PROBE_RTT_NANOS;
                probeRttRoundDone = false;
                model.startRound(delivery);
            }
            return;
        }
        probeRttRoundDone |= model.isRoundStart();
        if (probeRttRoundDone && nowNanos - probeRttEndNanos >= 0) {
            endProbeRtt(nowNanos, delivery);
        }
    }

    private void endProbeRtt(long nowNanos, DeliveryRate delivery) {
        model.onProbedRtt(nowNanos);
        window = Math.max(window, windowBefore);
        resetLowerBounds();
        if (full) {
            startDown(nowNanos, delivery);
            enter(Phase.CRUISE, 1.0, WINDOW_GAIN);
        } else {
            enter(Phase.STARTUP, STARTUP_PACING_GAIN, WINDOW_GAIN);
        }
    }

    // ---- what follows for the sender

    private void setPace() {
        double next = pacingGain * bandwidth() * PACING_MARGIN;
        if (next > 0 && (full || next > pace)) {
            pace = next;
        }
    }

    private void setWindow(DeliveryRate delivery) {
        long acked = delivery.ackedBytes();
        long most = model.bytes(bandwidth(), windowGain) + model.lumpBytes() + 3L * quantum();
        if (full) {
            window = Math.min(window + acked, most);
        } else if (window < most || delivery.delivered() < CongestionController.initialWindow(datagramBytes)) {
            window += acked;
        }
        long cap = switch (phase) {
            case STARTUP, DRAIN -> NO_LIMIT;
            case DOWN, REFILL, UP -> inFlightHigh;
            case CRUISE -> withHeadroom();
            case PROBE_RTT -> Math.min(withHeadroom(), probeRttWindow());
        };
        window = Math.min(window, Math.min(cap, inFlightLow));
        window = Math.min(Math.max(window, minimumBytes()), WINDOW_BYTES_MAX);
    }

    /// What leaves in one go: a millisecond of it.
    private long quantum() {
        return Math.min(Math.max(2L * datagramBytes, (long) (pace * MILLI)), 1 << 16);
    }

    private long withHeadroom() {
        return inFlightHigh == NO_LIMIT
                ? NO_LIMIT
                : Math.max(inFlightHigh - Math.max(datagramBytes, (long) (HEADROOM * inFlightHigh)), minimumBytes());
    }

    private long probeRttWindow() {
        return Math.max(model.bytes(bandwidth(), PROBE_RTT_GAIN), minimumBytes());
    }

    private long minimumBytes() {
        return (long) MINIMUM_PACKETS * datagramBytes;
    }
}
