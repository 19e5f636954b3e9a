package konce.node.socket;

/// Whether a thread with nothing to do looks for work a moment longer before it sleeps: to be woken takes longer than a
/// peer on a good network, or a handler on another thread, takes to answer.
///
/// It looks as long as that pays: as long as work comes, and is done, within [#LOOK_NANOS_MAX]. The first time it does
/// not, the thread sleeps at once from then on, until it was woken and done that soon again. So who has little to do
/// looks for nothing, and neither does who has much. Where others want the processor, which the time between two looks
/// shows, it does not look for a while, longer each time.
///
/// ```
///   if (patience.begin(now)) do { look; yield } while (patience.mayGoOn(now));
///   patience.sleep(); sleep…
/// ```
///
/// - unit: nanoseconds
/// - threads: the one that looks
/// - source: docs/decisions/look-before-you-sleep.md
public final class Patience {
    /// How long one look may take, and how long the work it finds.
    public static final long LOOK_NANOS_MAX = 50_000;

    /// Between two looks of a thread that lets others run: more, and others did run.
    static final long CROWDED_NANOS = 20_000;

    static final long REST_NANOS_MIN = 10_000_000;
    static final long REST_NANOS_MAX = 1_000_000_000;

    /// Looks that paid after which the next rest is half as long.
    private static final int LOOKS_PER_HALVING = 256;

    private boolean pays;
    private boolean slept;
    private long idleNanos;
    private long lookedNanos;
    private boolean resting;
    private long restUntilNanos;
    private long restNanos = REST_NANOS_MIN;
    private int paid;

    public Patience() {}

    /// There is nothing to do.
    ///
    /// @return whether to look
    public boolean begin(long nowNanos) {
        pays = slept ? nowNanos - idleNanos < LOOK_NANOS_MAX : pays && nowNanos - lookedNanos < LOOK_NANOS_MAX;
        slept = false;
        idleNanos = nowNanos;
        lookedNanos = nowNanos;
        if (resting && nowNanos - restUntilNanos >= 0) {
            resting = false;
        }
        if (!pays || resting) {
            return false;
        }
        if (++paid == LOOKS_PER_HALVING) {
            paid = 0;
            restNanos = Math.max(restNanos / 2, REST_NANOS_MIN);
        }
        return true;
    }

    /// A look has found nothing, and others were let run.
    ///
    /// @return whether to look again
    public boolean mayGoOn(long nowNanos) {
        if (nowNanos - lookedNanos >= CROWDED_NANOS) {
            resting = true;
            restUntilNanos = nowNanos + restNanos;
            restNanos = Math.min(2 * restNanos, REST_NANOS_MAX);
            paid = 0;
            return false;
        }
        lookedNanos = nowNanos;
        pays = nowNanos - idleNanos < LOOK_NANOS_MAX;
        return pays;
    }

    /// The thread is about to sleep.
    public void sleep() {
        slept = true;
    }
}
