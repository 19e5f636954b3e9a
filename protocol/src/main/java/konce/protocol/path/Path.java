package konce.protocol.path;

import java.util.ArrayDeque;
import konce.protocol.Address;
import org.jspecify.annotations.Nullable;

/// One pair of network addresses. All channels between the two share it: round trip, congestion window, pacing.
///
/// - unit: bytes, nanoseconds
/// - source: docs/spec/05-paths.md
public final class Path {
    private final Address remote;
    private final RttEstimator rtt = new RttEstimator();
    private final int datagramBytes;
    private final CubicController congestion;
    private final Pacer pacer;
    private long inFlight;
    private boolean limited;
    // one ACK may settle many packets: what held the sender back is asked once, before the first of them
    private long ackNanos = Long.MIN_VALUE;
    private boolean ackLimited;
    private int channels;
    private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
    private final ArrayDeque<Path> woken;
    private boolean isWoken;

    /// Somebody whom a full window stopped.
    public interface Waiter {
        /// Whether it is in the queue.
        boolean isWaiting();

        void setWaiting(boolean waiting);
    }

    /// @param datagramBytes the largest datagram sent on it
    /// @param woken where it puts itself when somebody waits and the window has room again
    public Path(Address remote, int datagramBytes, long nowNanos, ArrayDeque<Path> woken) {
        this.remote = remote;
        this.woken = woken;
        this.datagramBytes = datagramBytes;
        congestion = new CubicController(datagramBytes);
        pacer = new Pacer(datagramBytes, nowNanos);
        setPace();
    }

    public Address remote() {
        return remote;
    }

    public RttEstimator rtt() {
        return rtt;
    }

    public int datagramBytes() {
        return datagramBytes;
    }

    public long windowBytes() {
        return congestion.windowBytes();
    }

    public long inFlightBytes() {
        return inFlight;
    }

    /// Counts a channel in.
    public void join() {
        channels++;
    }

    /// Counts a channel out, with what it still had in flight.
    ///
    /// @return whether it was the last
    public boolean leave(long bytesInFlight) {
        inFlight -= bytesInFlight;
        wake();
        return --channels == 0;
    }

    //= docs/spec/05-paths.md R5.2
    /// Bytes that congestion window and pacing let go now; negative or less than a datagram: none.
    public long sendable(long nowNanos) {
        long room = congestion.windowBytes() - inFlight;
        if (room < datagramBytes) {
            limited = true;
            return 0;
        }
        return Math.min(room, pacer.available(nowNanos));
    }

    /// When pacing lets the next datagram go; [Long#MAX_VALUE] while the window is full, as only an ACK ends that.
    public long readyNanos(long nowNanos) {
        return congestion.windowBytes() - inFlight < datagramBytes ? Long.MAX_VALUE : pacer.readyNanos(nowNanos);
    }

    /// A packet that counts as in flight was sent.
    public void onSent(long bytes) {
        inFlight += bytes;
        pacer.onSent(bytes);
        // near the window's edge the sender is held back by it even if the last packet just fitted
        limited |= congestion.windowBytes() - inFlight < datagramBytes;
    }

    public void onAcked(long nowNanos, long sentNanos, long bytes) {
        if (nowNanos != ackNanos) {
            ackNanos = nowNanos;
            ackLimited = limited;
        }
        congestion.onAcked(nowNanos, sentNanos, bytes, rtt.smoothedNanos(), ackLimited);
        inFlight -= bytes;
        if (inFlight < congestion.windowBytes() / 2) {
            limited = false;
            congestion.pause(nowNanos);
        }
        setPace();
        wake();
    }

    public void onLost(long nowNanos, long sentNanos, long bytes) {
        inFlight -= bytes;
        congestion.onLost(nowNanos, sentNanos);
        setPace();
        wake();
    }

    public void onPersistentCongestion() {
        congestion.onPersistentCongestion();
        setPace();
    }

    /// Has somebody told when the window has room again.
    public void await(Waiter waiter) {
        if (!waiter.isWaiting()) {
            waiter.setWaiting(true);
            waiting.add(waiter);
        }
    }

    /// The next that waits; null when there is none.
    public @Nullable Waiter pollWaiter() {
        isWoken = false;
        Waiter waiter = waiting.poll();
        if (waiter != null) {
            waiter.setWaiting(false);
        }
        return waiter;
    }

    private void wake() {
        if (!isWoken && !waiting.isEmpty() && congestion.windowBytes() - inFlight >= datagramBytes) {
            isWoken = true;
            woken.add(this);
        }
    }

    private void setPace() {
        pacer.setRate(congestion.windowBytes(), rtt.smoothedNanos(), congestion.isSlowStart());
    }
}
