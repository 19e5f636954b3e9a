package konce.protocol.path;

/// At what rate packets arrive: each packet remembers how much had arrived when it was sent, and its acknowledgement
/// shows how much has arrived since.
///
/// - unit: bytes, nanoseconds, bytes a nanosecond
/// - source: draft-cheng-iccrg-delivery-rate-estimation; docs/spec/05-paths.md, section 3
final class DeliveryRate {
    /// Longs that a packet remembers.
    static final int STAMP_LONGS = 5;

    private static final int DELIVERED = 0;
    private static final int DELIVERED_NANOS = 1;
    private static final int FIRST_SENT_NANOS = 2;
    private static final int LOST = 3;
    private static final int IN_FLIGHT = 4;

    /// In [#IN_FLIGHT]: the sender had nothing more to send.
    private static final long IDLE = 1;

    /// In [#IN_FLIGHT], below the bytes: the packet is of the background class.
    private static final long BACKGROUND = 2;

    private static final int FLAG_BITS = 2;

    private long delivered;
    private long deliveredNanos;
    private long firstSentNanos;
    private long lost;
    // while not zero: samples of packets sent before so much was delivered say too little
    private long idleUntilDelivered;

    // the sample of the ACK at hand
    private long ackedBytes;
    private long priorDelivered = -1;
    private long priorNanos;
    private long priorLost;
    private long sendNanos;
    private long inFlightAtSend;
    private long newestSentNanos;
    private boolean idle;
    private double rate;

    // of the packet lost last
    private long lossPriorLost;
    private long lossInFlightAtSend;
    private boolean lossIdle;

    DeliveryRate() {}

    /// What class a packet was sent as.
    static boolean isBackground(long[] stamps, int at) {
        return (stamps[at + IN_FLIGHT] & BACKGROUND) != 0;
    }

    /// A packet goes.
    ///
    /// @param inFlight bytes under way, with it
    /// @param first whether nothing else is
    void onSent(long nowNanos, long inFlight, boolean first, boolean background, long[] stamps, int at) {
        if (first) {
            firstSentNanos = nowNanos;
            deliveredNanos = nowNanos;
        }
        stamps[at + DELIVERED] = delivered;
        stamps[at + DELIVERED_NANOS] = deliveredNanos;
        stamps[at + FIRST_SENT_NANOS] = firstSentNanos;
        stamps[at + LOST] = lost;
        stamps[at + IN_FLIGHT] =
                inFlight << FLAG_BITS | (background ? BACKGROUND : 0) | (idleUntilDelivered != 0 ? IDLE : 0);
    }

    /// The sender has nothing more to send, although it might.
    void onIdle(long inFlight) {
        idleUntilDelivered = Math.max(1, delivered + inFlight);
    }

    /// The sender is held back by the path.
    void onBusy() {
        idleUntilDelivered = 0;
    }

    void onAcked(long nowNanos, long sentNanos, long bytes, long[] stamps, int at) {
        delivered += bytes;
        ackedBytes += bytes;
        deliveredNanos = nowNanos;
        if (priorDelivered < 0 || isNewer(sentNanos, stamps[at + DELIVERED])) {
            newestSentNanos = sentNanos;
            priorDelivered = stamps[at + DELIVERED];
            priorNanos = stamps[at + DELIVERED_NANOS];
            sendNanos = sentNanos - stamps[at + FIRST_SENT_NANOS];
            priorLost = stamps[at + LOST];
            inFlightAtSend = stamps[at + IN_FLIGHT] >> FLAG_BITS;
            idle = (stamps[at + IN_FLIGHT] & IDLE) != 0;
            firstSentNanos = sentNanos;
        }
    }

    private boolean isNewer(long sentNanos, long packetDelivered) {
        return packetDelivered > priorDelivered || sentNanos - newestSentNanos > 0;
    }

    void onLost(long bytes, long[] stamps, int at) {
        lost += bytes;
        lossPriorLost = stamps[at + LOST];
        lossInFlightAtSend = stamps[at + IN_FLIGHT] >> FLAG_BITS;
        lossIdle = (stamps[at + IN_FLIGHT] & IDLE) != 0;
    }

    /// Ends what one ACK says.
    ///
    /// @param minRttNanos what comes sooner than this after the packet before says nothing
    void finish(long nowNanos, long minRttNanos) {
        rate = 0;
        if (idleUntilDelivered != 0 && delivered > idleUntilDelivered) {
            idleUntilDelivered = 0;
        }
        if (priorDelivered >= 0) {
            long interval = Math.max(sendNanos, nowNanos - priorNanos);
            rate = interval < minRttNanos || interval <= 0 ? 0 : (double) (delivered - priorDelivered) / interval;
        }
    }

    /// Makes ready for the next ACK.
    void reset() {
        ackedBytes = 0;
        priorDelivered = -1;
        rate = 0;
    }

    /// Bytes that have arrived in all.
    long delivered() {
        return delivered;
    }

    /// Bytes this ACK says have arrived.
    long ackedBytes() {
        return ackedBytes;
    }

    /// Whether the ACK tells anything: [#rate] and those that follow.
    boolean isSample() {
        return priorDelivered >= 0;
    }

    /// Bytes a nanosecond; 0 where nothing can be said.
    double rate() {
        return rate;
    }

    /// How much had arrived when the newest packet acknowledged was sent.
    long priorDelivered() {
        return priorDelivered;
    }

    /// Bytes that arrived between the sending of the newest packet acknowledged and now.
    long deliveredSince() {
        return delivered - priorDelivered;
    }

    /// Bytes that were under way when the newest packet acknowledged was sent, with it.
    long inFlightAtSend() {
        return inFlightAtSend;
    }

    /// Bytes lost since the newest packet acknowledged was sent.
    long lostSince() {
        return lost - priorLost;
    }

    /// Whether the sender had nothing more to send when the newest packet acknowledged was sent: the rate is the
    /// sender's, not the path's.
    boolean isIdle() {
        return idle;
    }

    /// Bytes that were under way when the packet lost last was sent, with it.
    long lossInFlightAtSend() {
        return lossInFlightAtSend;
    }

    /// Bytes lost since the packet lost last was sent, with it.
    long lossSince() {
        return lost - lossPriorLost;
    }

    /// As [#isIdle], of the packet lost last.
    boolean isLossIdle() {
        return lossIdle;
    }
}
