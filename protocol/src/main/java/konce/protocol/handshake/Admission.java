package konce.protocol.handshake;

import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.Limits;
import konce.protocol.ServerLoad;
import konce.protocol.table.SipHash;
import org.jspecify.annotations.Nullable;

/// Who is served, and in what order: what is asked of each address, and the queue of those who have done it.
///
/// What is asked of an address is `(effort + STEP) * factor - STEP`: effort is what everybody is asked, factor (1 for
/// most) what the [AddressStanding] of its prefixes makes of it. A bid is `(offered + STEP) / factor`: who did what is
/// asked bids as much as everybody else, or with a factor one less; and who did more bids more.
///
/// A client that showed the ticket of a known key is asked as its key and, for a part, its prefixes have deserved; and
/// each
/// of its hashes counts for [Limits#KNOWN_FAVOUR].
///
/// - unit: expected hashes; nanoseconds of the endpoint's time
/// - source: docs/spec/03-handshake.md, section 12
final class Admission implements AutoCloseable {
    /// A burdened address whose bid is below the effort by more than this is turned away: its work was cheap when
    /// its
    /// cookie was given out, and is late now.
    private static final int LATE = 4;

    private final ServerLoad load;
    private final EffortController controller;
    private final AddressStanding standing;
    private final KnownKeys knownKeys;
    private final AgreementQueue queue = new AgreementQueue(agreement -> turnAway(agreement, DropReason.OUTBID));
    private final long[] shed = new long[DropReason.COUNT];
    private long lastNanos;
    private long order;
    private int waiting;
    private int running;

    /// @param hash with a key of this process
    Admission(ServerLoad load, SipHash hash, KnownKeys knownKeys, long nowNanos) {
        this.load = load;
        this.knownKeys = knownKeys;
        controller = new EffortController(load, nowNanos);
        standing = new AddressStanding(hash, nowNanos);
        lastNanos = nowNanos;
    }

    /// The work asked of an address now.
    ///
    /// @param known whose ticket it showed, in [KnownKeys]; [KnownKeys#NOBODY]: none
    long asked(long nowNanos, Address remote, int known) {
        tick(nowNanos);
        double factor = factor(nowNanos, remote, known) / favour(known);
        long asked = (long) Math.ceil(controller.going() * factor) - EffortController.STEP;
        return factor == 1 ? controller.effort() : Math.clamp(asked, load.effortFloor(), load.effortCeiling());
    }

    // = docs/spec/03-handshake.md R3.52
    /// How many hashes one of a known key counts for.
    private static int favour(int known) {
        return known == KnownKeys.NOBODY ? 1 : Limits.KNOWN_FAVOUR;
    }

    /// What everybody is asked.
    long effort() {
        return controller.effort();
    }

    // = docs/spec/03-handshake.md R3.43
    /// Whether one who did this much may come in; asked before its cookie is used.
    DropReason check(long nowNanos, Address remote, int known, long offered) {
        tick(nowNanos);
        double factor = factor(nowNanos, remote, known);
        boolean late = factor > 1 && bid(factor, known, offered) * LATE < controller.going();
        return late ? DropReason.WORK_TOO_LATE : DropReason.NONE;
    }

    /// A cookie could not be used for want of room.
    void onNoRoom(long nowNanos, Address remote, long offered) {
        if (factor(nowNanos, remote, KnownKeys.NOBODY) <= 1) {
            controller.onTurnedAway(bid(1, KnownKeys.NOBODY, offered));
        }
    }

    /// Takes one that is let in.
    void add(long nowNanos, ServerAgreement agreement) {
        int known = agreement.known();
        double factor = factor(nowNanos, agreement.remote(), known);
        standing.charge(nowNanos, agreement.remote(), 1);
        agreement.rank(bid(factor, known, agreement.effortOffered()), factor > 1, order++);
        if (!agreement.isBurdening()) {
            waiting++;
            controller.onArrived(agreement.bid());
        }
        queue.add(agreement);
    }

    // = docs/spec/03-handshake.md R3.41
    /// The next to be run; null: none, or enough are running.
    @Nullable
    ServerAgreement poll() {
        while (running < load.agreementJobs()) {
            ServerAgreement next = queue.poll();
            if (next == null) {
                return null;
            }
            long waitedNanos = lastNanos - next.receivedNanos();
            if (waitedNanos <= Limits.AGREEMENT_WAIT_NANOS_MAX) {
                if (!next.isBurdening()) {
                    waiting--;
                    controller.onHandled(next.bid(), waitedNanos);
                }
                next.handedOut(lastNanos);
                running++;
                return next;
            }
            turnAway(next, DropReason.STALE);
        }
        return null;
    }

    /// One that was handed out has run.
    void finished(long nowNanos, ServerAgreement agreement) {
        running--;
        if (!agreement.isBurdening()) {
            controller.onFinished(nowNanos - agreement.handedOutNanos());
        }
        tick(nowNanos);
    }

    /// How many that were let in were turned away in the end.
    long shed(DropReason reason) {
        return shed[reason.ordinal()];
    }

    private void turnAway(ServerAgreement agreement, DropReason why) {
        if (!agreement.isBurdening()) {
            waiting--;
            controller.onTurnedAway(agreement.bid());
        }
        shed[why.ordinal()]++;
        agreement.transientKey().release();
    }

    private void tick(long nowNanos) {
        lastNanos = nowNanos;
        controller.tick(nowNanos, waiting);
    }

    /// Never so much that the ceiling keeps an address from bidding what others bid.
    private double factor(long nowNanos, Address remote, int known) {
        double most = (double) (load.effortCeiling() + EffortController.STEP) / controller.going();
        double own = standing.factor(nowNanos, remote);
        double factor = known == KnownKeys.NOBODY
                ? own
                : Math.max(knownKeys.factor(nowNanos, known), Math.max(1, own / Limits.KNOWN_PREFIX_SHARE));
        return Math.min(factor, most);
    }

    private static long bid(double factor, int known, long offered) {
        return Math.round((offered + EffortController.STEP) * favour(known) / factor) - (factor > 1 ? 1 : 0);
    }

    @Override
    public void close() {
        for (ServerAgreement waiting = queue.poll(); waiting != null; waiting = queue.poll()) {
            waiting.transientKey().release();
        }
    }
}
