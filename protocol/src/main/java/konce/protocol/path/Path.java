package konce.protocol.path;

import static java.util.Objects.requireNonNull;

import konce.protocol.Address;
import konce.protocol.CongestionControl;
import konce.protocol.Observer;
import konce.protocol.table.DeadlineHeap;
import org.jspecify.annotations.Nullable;

/// One pair of network addresses. All channels between the two share it: round trip, congestion window, pacing. It has
/// one account for the background class, and one for everything else.
///
/// - unit: bytes, nanoseconds
/// - source: docs/spec/05-paths.md
public final class Path extends DeadlineHeap.Item implements Observer.PathFigures {
    /// Longs in which a path remembers what it has to know of a packet in flight.
    public static final int STAMP_LONGS = DeliveryRate.STAMP_LONGS;

    private Address remote;
    private final RttEstimator rtt = new RttEstimator();
    private final MtuSearch mtu;
    private final Account normal;
    // made when the first background packet is to go
    private @Nullable Account background;
    private int channels;
    private final Turns turns;
    private boolean woken;

    /// Somebody whom a full window or the pacer stopped.
    public interface Waiter {
        /// Whether it is in the queue of a class.
        boolean isWaiting(boolean background);

        void setWaiting(boolean background, boolean waiting);
    }

    /// @param datagramBytesMax the largest datagram that may be tried on it
    /// @param control for everything but the background class
    /// @param chance any number: paths are not to do things in step
    /// @param turns of all paths of the endpoint
    public Path(
            Address remote, int datagramBytesMax, CongestionControl control, long chance, long nowNanos, Turns turns) {
        this.remote = remote;
        this.turns = turns;
        mtu = new MtuSearch(datagramBytesMax);
        CongestionController congestion = switch (control) {
            case PIPE -> new PipeController(mtu.bytes(), chance);
            case CUBIC -> new CubicController(mtu.bytes());
        };
        normal = new Account(congestion, rtt, mtu.bytes(), false, nowNanos);
    }

    /// Whether a packet in flight is of the background class.
    public static boolean isBackground(long[] stamps, int at) {
        return DeliveryRate.isBackground(stamps, at);
    }

    @Override
    public Address remote() {
        return remote;
    }

    // = docs/spec/05-paths.md R5.13
    /// Follows a peer whose port alone has changed; only while nobody else uses the path.
    ///
    /// @return whether it could
    public boolean follow(Address newRemote) {
        if (channels != 1 || newRemote.high() != remote.high() || newRemote.low() != remote.low()) {
            return false;
        }
        remote = newRemote;
        return true;
    }

    public RttEstimator rtt() {
        return rtt;
    }

    /// The largest datagram to send on it, by what is known now.
    @Override
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

    /// Of everything but the background class.
    @Override
    public long windowBytes() {
        return normal.windowBytes();
    }

    /// Of both classes.
    @Override
    public long inFlightBytes() {
        return normal.inFlightBytes() + (background == null ? 0 : background.inFlightBytes());
    }

    @Override
    public long latestRttNanos() {
        return rtt.latestNanos();
    }

    @Override
    public long smoothedRttNanos() {
        return rtt.smoothedNanos();
    }

    @Override
    public long minRttNanos() {
        return rtt.minNanos();
    }

    @Override
    public long rttVariationNanos() {
        return rtt.variationNanos();
    }

    @Override
    public double paceBytesPerSecond() {
        return normal.pace() * 1e9;
    }

    @Override
    public String phase() {
        return normal.phase();
    }

    /// Counts a channel in.
    public void join() {
        channels++;
    }

    // = docs/spec/05-paths.md R5.5
    /// A channel that leaves will hear nothing of these bytes any more, and sends nothing that counts.
    ///
    /// @param bytesInFlight of both classes
    /// @param backgroundBytes of those, the background's
    public void release(Waiter waiter, long bytesInFlight, long backgroundBytes) {
        normal.release(waiter, bytesInFlight - backgroundBytes);
        if (background != null) {
            background.release(waiter, backgroundBytes);
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

    // = docs/spec/05-paths.md R5.7
    /// Whether somebody may send a datagram now: the window and the pacer let it go, and nobody waits longer. In
    /// the
    /// background nobody may while somebody else waits.
    public boolean maySend(long nowNanos, Waiter waiter, boolean asBackground) {
        return asBackground
                ? !normal.hasWaiting() && background(nowNanos).maySend(nowNanos, waiter)
                : normal.maySend(nowNanos, waiter);
    }

    /// Bytes that congestion window and pacing let go now, not in the background; negative or less than a datagram:
    /// none.
    public long sendable(long nowNanos) {
        return normal.sendable(nowNanos);
    }

    /// When pacing lets the next datagram go; [Long#MAX_VALUE] while the windows are full, as only an ACK ends
    /// that.
    public long readyNanos(long nowNanos) {
        if (normal.hasWaiting() || background == null || !background.hasWaiting()) {
            return normal.readyNanos(nowNanos);
        }
        return background.readyNanos(nowNanos);
    }

    /// A packet that counts as in flight was sent.
    ///
    /// @param stamps takes [#STAMP_LONGS] from `at` on, to be given back with what becomes of the packet
    public void onSent(long nowNanos, long bytes, boolean asBackground, long[] stamps, int at) {
        Account account = asBackground ? background(nowNanos) : normal;
        account.onSent(nowNanos, bytes, stamps, at);
    }

    /// Somebody who may send has nothing to send.
    public void onIdle(boolean asBackground) {
        if (!asBackground) {
            normal.onIdle();
        } else if (background != null) {
            background.onIdle();
        }
    }

    /// What an ACK tells ends with [#settle].
    public void onAcked(long nowNanos, long sentNanos, long bytes, long[] stamps, int at) {
        if (mtu.onAcked(nowNanos, sentNanos, bytes)) {
            resize();
        }
        account(stamps, at).onAcked(nowNanos, sentNanos, bytes, stamps, at);
    }

    /// What is lost; ends with [#settle].
    public void onLost(long nowNanos, long sentNanos, long bytes, long[] stamps, int at) {
        // = docs/spec/05-paths.md R5.21
        if (mtu.isBeyond(bytes)) {
            account(stamps, at).forget(bytes);
        } else {
            account(stamps, at).onLost(nowNanos, sentNanos, bytes, stamps, at);
        }
        if (mtu.onLost(nowNanos, sentNanos, bytes)) {
            resize();
        }
    }

    /// The network has marked a packet sent at `sentNanos`; ends with [#settle].
    public void onMarked(long nowNanos, long sentNanos, boolean asBackground) {
        (asBackground ? background(nowNanos) : normal).onMarked(nowNanos, sentNanos);
    }

    /// Draws the conclusions of what was acknowledged and lost.
    public void settle(long nowNanos) {
        boolean changed = normal.settle(nowNanos);
        changed |= background != null && background.settle(nowNanos);
        if (changed) {
            wake();
        }
    }

    /// Two probe timeouts in a row brought no answer.
    public void onSilence() {
        if (mtu.onSilence()) {
            resize();
        }
    }

    private void resize() {
        normal.setDatagramBytes(mtu.bytes());
        if (background != null) {
            background.setDatagramBytes(mtu.bytes());
        }
    }

    public void onPersistentCongestion() {
        normal.onPersistentCongestion();
        if (background != null) {
            background.onPersistentCongestion();
        }
    }

    // = docs/spec/05-paths.md R5.6
    /// Puts somebody who may not send at the end of the queue.
    public void await(long nowNanos, Waiter waiter, boolean asBackground) {
        if ((asBackground ? background(nowNanos) : normal).await(waiter)) {
            turns.stop(this, nowNanos);
        }
    }

    boolean hasWaiting() {
        return normal.hasWaiting() || (background != null && background.hasWaiting());
    }

    /// Takes the first out of the queue, if a datagram may go now: it is its turn until [#endServing].
    @Nullable
    Waiter serve(long nowNanos) {
        Waiter next = normal.serve(nowNanos);
        return next != null || background == null || normal.hasWaiting() ? next : background.serve(nowNanos);
    }

    void endServing() {
        normal.endServing();
        if (background != null) {
            background.endServing();
        }
    }

    boolean isWoken() {
        return woken;
    }

    void setWoken(boolean newWoken) {
        woken = newWoken;
    }

    private void wake() {
        boolean room = normal.hasWaiting() ? normal.hasRoom() : background != null && background.hasRoom();
        if (room && hasWaiting()) {
            turns.wake(this);
        }
    }

    private Account account(long[] stamps, int at) {
        return isBackground(stamps, at) ? requireNonNull(background) : normal;
    }

    private Account background(long nowNanos) {
        if (background == null) {
            background = new Account(new BackgroundController(mtu.bytes()), rtt, mtu.bytes(), true, nowNanos);
        }
        return background;
    }
}
