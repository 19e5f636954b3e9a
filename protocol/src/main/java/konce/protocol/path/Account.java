package konce.protocol.path;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// What one class of traffic has under way on a path, and may have: a window, a pace, and those who wait for either.
///
/// - unit: bytes, nanoseconds
final class Account {
    private final CongestionController congestion;
    private final Pacer pacer;
    private final RttEstimator rtt;
    private final DeliveryRate delivery = new DeliveryRate();
    private int datagramBytes;
    private final boolean background;
    private final ArrayDeque<Path.Waiter> waiting = new ArrayDeque<>();
    private Path.@Nullable Waiter serving;
    private long inFlight;
    private boolean limited;
    private boolean touched;
    // one ACK may settle many packets: what held the sender back is asked once, before the first of them
    private long ackNanos = Long.MIN_VALUE;
    private boolean ackLimited;

    Account(CongestionController congestion, RttEstimator rtt, int datagramBytes, boolean background, long nowNanos) {
        this.congestion = congestion;
        this.rtt = rtt;
        this.datagramBytes = datagramBytes;
        this.background = background;
        pacer = new Pacer(datagramBytes, nowNanos);
        setPace();
    }

    void setDatagramBytes(int newDatagramBytes) {
        datagramBytes = newDatagramBytes;
        congestion.setDatagramBytes(newDatagramBytes);
        pacer.setDatagramBytes(newDatagramBytes);
    }

    long windowBytes() {
        return congestion.windowBytes();
    }

    /// Bytes a nanosecond.
    double pace() {
        return congestion.pace(rtt.smoothedNanos());
    }

    String phase() {
        return congestion.phase();
    }

    long inFlightBytes() {
        return inFlight;
    }

    boolean hasRoom() {
        return congestion.windowBytes() - inFlight >= datagramBytes;
    }

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    // = docs/spec/05-paths.md R5.2
    long sendable(long nowNanos) {
        if (!hasRoom()) {
            limited = true;
            return 0;
        }
        return Math.min(congestion.windowBytes() - inFlight, pacer.available(nowNanos));
    }

    long readyNanos(long nowNanos) {
        return hasRoom() ? pacer.readyNanos(nowNanos) : Long.MAX_VALUE;
    }

    @SuppressWarnings("ReferenceEquality") // whether it is this very one's turn
    boolean maySend(long nowNanos, Path.Waiter waiter) {
        return (waiting.isEmpty() || serving == waiter) && sendable(nowNanos) >= datagramBytes;
    }

    void onSent(long nowNanos, long bytes, long[] stamps, int at) {
        congestion.onSent(nowNanos, inFlight);
        delivery.onSent(nowNanos, inFlight + bytes, inFlight == 0, background, stamps, at);
        inFlight += bytes;
        pacer.onSent(bytes);
        // near the window's edge the sender is held back by it even if the last packet just fitted
        limited |= !hasRoom();
    }

    void onIdle() {
        if (waiting.isEmpty() && hasRoom()) {
            delivery.onIdle(inFlight);
        }
    }

    void onAcked(long nowNanos, long sentNanos, long bytes, long[] stamps, int at) {
        if (nowNanos != ackNanos) {
            ackNanos = nowNanos;
            ackLimited = limited;
        }
        touched = true;
        delivery.onAcked(nowNanos, sentNanos, bytes, stamps, at);
        congestion.onAcked(nowNanos, sentNanos, bytes, rtt, ackLimited);
        inFlight -= bytes;
        if (inFlight < congestion.windowBytes() / 2) {
            limited = false;
            congestion.onUnlimited(nowNanos);
        }
    }

    void onLost(long nowNanos, long sentNanos, long bytes, long[] stamps, int at) {
        touched = true;
        inFlight -= bytes;
        delivery.onLost(bytes, stamps, at);
        congestion.onLost(nowNanos, sentNanos, bytes, delivery);
    }

    /// Bytes that are lost, and say nothing about congestion.
    void forget(long bytes) {
        inFlight -= bytes;
    }

    void onMarked(long nowNanos, long sentNanos) {
        touched = true;
        congestion.onMarked(nowNanos, sentNanos);
    }

    /// Draws the conclusions of what was told since the last time.
    ///
    /// @return whether there was any
    boolean settle(long nowNanos) {
        if (!touched) {
            return false;
        }
        touched = false;
        delivery.finish(nowNanos, rtt.minNanos());
        congestion.onAckEnd(nowNanos, delivery, rtt, inFlight);
        delivery.reset();
        setPace();
        return true;
    }

    void onPersistentCongestion() {
        congestion.onPersistentCongestion();
        setPace();
    }

    void release(Path.Waiter waiter, long bytesInFlight) {
        inFlight -= bytesInFlight;
        if (waiter.isWaiting(background)) {
            waiter.setWaiting(background, false);
            waiting.remove(waiter);
        }
    }

    boolean await(Path.Waiter waiter) {
        delivery.onBusy();
        if (waiter.isWaiting(background)) {
            return false;
        }
        waiter.setWaiting(background, true);
        waiting.add(waiter);
        return true;
    }

    Path.@Nullable Waiter serve(long nowNanos) {
        serving = null;
        if (!waiting.isEmpty() && sendable(nowNanos) >= datagramBytes) {
            serving = waiting.poll();
            serving.setWaiting(background, false);
        }
        return serving;
    }

    void endServing() {
        serving = null;
    }

    private void setPace() {
        pacer.setPace(pace());
    }
}
