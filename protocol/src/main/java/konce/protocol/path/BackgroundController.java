package konce.protocol.path;

import java.util.Arrays;

/// Takes what others leave: grows until packets wait, and shrinks as soon as they wait longer than [#TARGET_NANOS].
/// Now and then it falls nearly silent, so that the round trip without its own queue is seen again.
///
/// - unit: bytes, nanoseconds
/// - source: draft-irtf-iccrg-ledbat-plus-plus (LEDBAT++); docs/spec/05-paths.md, section 3
final class BackgroundController implements CongestionController {
    private static final long MILLI = 1_000_000L;

    /// How long packets may wait at most.
    private static final long TARGET_NANOS = 60 * MILLI;

    /// And at least: below this it cannot be told from noise.
    private static final long TARGET_NANOS_MIN = 2 * MILLI;

    /// Where a queue that overflows is shorter than that, packets may wait for this share of it.
    private static final double QUEUE_SHARE = 0.2;

    /// Growth is at least a 16th of TCP's.
    private static final long GAIN_DIVISOR_MAX = 16;

    private static final int MINIMUM_PACKETS = 2;
    private static final int DELAY_SAMPLES = 4;
    private static final int BASE_MINUTES = 10;
    private static final long MINUTE_NANOS = 60_000 * MILLI;

    /// Slow start ends when packets wait this long.
    private static final double SLOW_START_SHARE = 0.75;

    /// A slowdown comes after so many times as long as the one before took: it costs a thirtieth.
    private static final int SLOWDOWN_EVERY = 30;

    private static final int SLOWDOWN_ROUNDS = 2;
    private static final long NEVER = Long.MAX_VALUE;

    private int datagramBytes;
    private double window;
    private double slowStartThreshold = Double.MAX_VALUE;
    private final long[] base = new long[BASE_MINUTES];
    private long baseMinute;
    private long target = TARGET_NANOS;
    private long longestWait;
    private final long[] recent = new long[DELAY_SAMPLES];
    private long samples;
    private long recoveryNanos;
    private boolean recovered;
    private long slowdownNanos = NEVER;
    private long slowdownEndNanos = NEVER;
    private long slowdownBeganNanos;
    private double windowBefore;

    BackgroundController(int datagramBytes) {
        this.datagramBytes = datagramBytes;
        window = minimumBytes();
        Arrays.fill(base, NEVER);
    }

    @Override
    public void setDatagramBytes(int newDatagramBytes) {
        datagramBytes = newDatagramBytes;
        window = Math.max(window, minimumBytes());
    }

    @Override
    public String phase() {
        return "background";
    }

    @Override
    public long windowBytes() {
        return (long) window;
    }

    @Override
    public double pace(long smoothedRttNanos) {
        return (window < slowStartThreshold ? 2.0 : 1.25) * window / Math.max(1, smoothedRttNanos);
    }

    @Override
    public void onSent(long nowNanos, long inFlight) {}

    @Override
    public void onAcked(long nowNanos, long sentNanos, long bytes, RttEstimator rtt, boolean limited) {}

    @Override
    public void onUnlimited(long nowNanos) {}

    @Override
    public void onAckEnd(long nowNanos, DeliveryRate delivery, RttEstimator rtt, long inFlight) {
        if (!delivery.isSample()) {
            return;
        }
        measure(nowNanos, rtt.latestNanos());
        long waited = current() - baseNanos();
        if (slowdownEndNanos != NEVER) {
            slowDown(nowNanos);
        } else if (!delivery.isIdle()) {
            grow(nowNanos, delivery.ackedBytes(), waited, rtt.smoothedNanos());
        }
    }

    // = docs/spec/05-paths.md R5.11
    private void grow(long nowNanos, long acked, long waited, long rttNanos) {
        double gain = 1.0 / Math.min(GAIN_DIVISOR_MAX, Math.ceil(2.0 * TARGET_NANOS / baseNanos()));
        if (window < slowStartThreshold) {
            if (waited > SLOW_START_SHARE * target) {
                slowStartThreshold = window;
                slowdownNanos = nowNanos + SLOWDOWN_ROUNDS * rttNanos;
            } else {
                window = Math.min(window + acked * gain, Math.min(slowStartThreshold, WINDOW_BYTES_MAX));
            }
            return;
        }
        if (slowdownNanos != NEVER && nowNanos - slowdownNanos >= 0) {
            beginSlowdown(nowNanos, rttNanos);
            return;
        }
        double share = acked / window;
        double change = gain * datagramBytes;
        if (waited > target) {
            double excess = (double) (waited - target) / Math.max(target, baseNanos() / 2);
            change = Math.max(change - window * excess, -window / 2);
        }
        window = Math.max(window + change * share, minimumBytes());
        window = Math.min(window, WINDOW_BYTES_MAX);
    }

    private void beginSlowdown(long nowNanos, long rttNanos) {
        windowBefore = window;
        window = minimumBytes();
        slowdownBeganNanos = nowNanos;
        slowdownEndNanos = nowNanos + SLOWDOWN_ROUNDS * rttNanos;
        slowdownNanos = NEVER;
    }

    private void slowDown(long nowNanos) {
        if (nowNanos - slowdownEndNanos >= 0) {
            slowdownEndNanos = NEVER;
            slowdownNanos = nowNanos + SLOWDOWN_EVERY * (nowNanos - slowdownBeganNanos);
            // it was good a moment ago; if it no longer is, it halves within a round trip
            window = windowBefore;
        }
    }

    // ---- how long packets wait

    private void measure(long nowNanos, long rttNanos) {
        recent[(int) (samples++ % DELAY_SAMPLES)] = rttNanos;
        long minute = Math.floorDiv(nowNanos, MINUTE_NANOS);
        int slot = (int) Math.floorMod(minute, (long) BASE_MINUTES);
        if (minute != baseMinute || samples == 1) {
            baseMinute = minute;
            base[slot] = rttNanos;
            target = TARGET_NANOS;
            longestWait = 0;
        } else {
            base[slot] = Math.min(base[slot], rttNanos);
        }
        longestWait = Math.max(longestWait, rttNanos - baseNanos());
    }

    private long current() {
        long least = NEVER;
        for (int i = 0; i < Math.min(samples, DELAY_SAMPLES); i++) {
            least = Math.min(least, recent[i]);
        }
        return least;
    }

    private long baseNanos() {
        long least = NEVER;
        for (long minutes : base) {
            least = Math.min(least, minutes);
        }
        return least;
    }

    // ---- losses

    @Override
    public void onLost(long nowNanos, long sentNanos, long bytes, DeliveryRate delivery) {
        halve(nowNanos, sentNanos);
    }

    // = docs/spec/05-paths.md R5.10
    @Override
    public void onMarked(long nowNanos, long sentNanos) {
        halve(nowNanos, sentNanos);
    }

    private void halve(long nowNanos, long sentNanos) {
        if (recovered && sentNanos - recoveryNanos <= 0) {
            return;
        }
        recovered = true;
        recoveryNanos = nowNanos;
        // = docs/spec/05-paths.md R5.11
        target = Math.clamp((long) (QUEUE_SHARE * longestWait), TARGET_NANOS_MIN, TARGET_NANOS);
        window = Math.max(window / 2, minimumBytes());
        slowStartThreshold = Math.min(slowStartThreshold, window);
    }

    // = docs/spec/05-paths.md R5.3
    @Override
    public void onPersistentCongestion() {
        slowStartThreshold = Math.max(window / 2, minimumBytes());
        window = minimumBytes();
    }

    private double minimumBytes() {
        return (double) MINIMUM_PACKETS * datagramBytes;
    }
}
