package konce.protocol.path;

import java.util.ArrayDeque;
import konce.protocol.Address;
import konce.protocol.table.DeadlineHeap;
import org.jspecify.annotations.Nullable;

/// One pair of network addresses. All channels between the two share it: round trip, congestion window,
/// pacing.
///
/// - unit: bytes, nanoseconds
/// - source: docs/spec/05-paths.md
public final class Path extends DeadlineHeap.Item {
    private final Address remote;
    private final RttEstimator rtt = new RttEstimator();
    private final MtuSearch mtu;
    private final CubicController congestion;
    private final Pacer pacer;
    private long inFlight;
    private boolean limited;
    // one ACK may settle many packets: what held the sender back is asked once, before the first of them
    private long ackNanos = Long.MIN_VALUE;
    private boolean ackLimited;
    private int channels;
    private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
    private final Turns turns;
    private @Nullable Waiter serving;
    private boolean woken;

    /// Somebody whom a full window or the pacer stopped.
    public interface Waiter {
        /// Whether it is in the queue.
        boolean isWaiting();

        void setWaiting(boolean waiting);
    }

    /// @param datagramBytesMax the largest datagram that may be tried on it
    /// @param turns of all paths of the endpoint
    public Path(Address remote, int datagramBytesMax, long nowNanos, Turns turns) {
        this.remote = remote;
        this.turns = turns;
        mtu = new MtuSearch(datagramBytesMax);
        congestion = new CubicController(mtu.bytes());
        pacer = new Pacer(mtu.bytes(), nowNanos);
        setPace();
    }

    public Address remote() {
        return remote;
    }

    public RttEstimator rtt() {
        return rtt;
    }

    /// The largest datagram to send on it, by what is known now.
    public int datagramBytes() {
        return mtu.bytes();
    }

    /// There is more to send than one datagram holds.
    public void wantLargerDatagrams() {
        mtu.want();
    }

    /// The size of the probe for a larger datagram that is to go now; 0 for none.
    public int mtuProbeBytes(long nowNanos) {
        return mtu.probeBytes(nowNanos);
    }

    public void onMtuProbeSent(long nowNanos, int bytes) {
        mtu.onProbeSent(nowNanos, bytes);
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

    // = docs/spec/05-paths.md R5.5
    /// A channel that ends will hear nothing of these bytes any more, and sends nothing that counts.
    public void release(Waiter waiter, long bytesInFlight) {
        inFlight -= bytesInFlight;
        if (waiter.isWaiting()) {
            waiter.setWaiting(false);
            waiting.remove(waiter);
        }
        wake();
    }

    /// Channels that share it.
    public int channels() {
        return channels;
    }

    /// Counts a channel out.
    ///
    /// @return whether it was the last
    public boolean leave() {
        return --channels == 0;
    }

    /// Whether somebody may send a datagram now: the window and the pacer let it go, and nobody waits
    /// longer.
    @SuppressWarnings("ReferenceEquality") // whether it is this very one's turn
    public boolean maySend(long nowNanos, Waiter waiter) {
        return (waiting.isEmpty() || serving == waiter) && sendable(nowNanos) >= mtu.bytes();
    }

    // = docs/spec/05-paths.md R5.2
    /// Bytes that congestion window and pacing let go now; negative or less than a datagram: none.
    public long sendable(long nowNanos) {
        long room = congestion.windowBytes() - inFlight;
        if (room < mtu.bytes()) {
            limited = true;
            return 0;
        }
        return Math.min(room, pacer.available(nowNanos));
    }

    /// When pacing lets the next datagram go; [Long#MAX_VALUE] while the window is full, as only an ACK
    /// ends that.
    public long readyNanos(long nowNanos) {
        return congestion.windowBytes() - inFlight < mtu.bytes() ? Long.MAX_VALUE : pacer.readyNanos(nowNanos);
    }

    /// A packet that counts as in flight was sent.
    public void onSent(long bytes) {
        inFlight += bytes;
        pacer.onSent(bytes);
        // near the window's edge the sender is held back by it even if the last packet just fitted
        limited |= congestion.windowBytes() - inFlight < mtu.bytes();
    }

    public void onAcked(long nowNanos, long sentNanos, long bytes) {
        if (nowNanos != ackNanos) {
            ackNanos = nowNanos;
            ackLimited = limited;
        }
        if (mtu.onAcked(nowNanos, sentNanos, bytes)) {
            resize();
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
        // = docs/spec/05-paths.md R5.21
        if (!mtu.isBeyond(bytes)) {
            congestion.onLost(nowNanos, sentNanos);
        }
        if (mtu.onLost(nowNanos, sentNanos, bytes)) {
            resize();
        }
        setPace();
        wake();
    }

    /// Two probe timeouts in a row brought no answer.
    public void onSilence() {
        if (mtu.onSilence()) {
            resize();
        }
    }

    private void resize() {
        congestion.setDatagramBytes(mtu.bytes());
        pacer.setDatagramBytes(mtu.bytes());
    }

    public void onPersistentCongestion() {
        congestion.onPersistentCongestion();
        setPace();
    }

    // = docs/spec/05-paths.md R5.6
    /// Puts somebody who may not send at the end of the queue.
    public void await(long nowNanos, Waiter waiter) {
        if (!waiter.isWaiting()) {
            waiter.setWaiting(true);
            waiting.add(waiter);
            turns.stop(this, nowNanos);
        }
    }

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /// Takes the first out of the queue, if a datagram may go now: it is its turn until [#endServing].
    @Nullable
    Waiter serve(long nowNanos) {
        serving = null;
        if (!waiting.isEmpty() && sendable(nowNanos) >= mtu.bytes()) {
            serving = waiting.poll();
            serving.setWaiting(false);
        }
        return serving;
    }

    void endServing() {
        serving = null;
    }

    boolean isWoken() {
        return woken;
    }

    void setWoken(boolean newWoken) {
        woken = newWoken;
    }

    private void wake() {
        if (!waiting.isEmpty() && congestion.windowBytes() - inFlight >= mtu.bytes()) {
            turns.wake(this);
        }
    }

    private void setPace() {
        pacer.setRate(congestion.windowBytes(), rtt.smoothedNanos(), congestion.isSlowStart());
    }
}
