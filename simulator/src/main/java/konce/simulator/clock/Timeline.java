package konce.simulator.clock;

import java.util.PriorityQueue;

/// What will happen, in order of virtual time. Things due at the same instant happen in the order they were planned.
///
/// - unit: nanoseconds since the run began
public final class Timeline {
    /// Things planned at once. A run that plans more has run away.
    public static final int PLANNED_MAX = 1 << 20;

    private record Planned(long atNanos, long order, Runnable what) implements Comparable<Planned> {
        @Override
        public int compareTo(Planned other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Planned> planned = new PriorityQueue<>();
    private long nowNanos;
    private long orders;

    /// At time zero, with nothing planned.
    public Timeline() {}

    public long nowNanos() {
        return nowNanos;
    }

    /// Plans something. The past means now.
    ///
    /// @throws IllegalStateException when [#PLANNED_MAX] things are planned
    public void at(long atNanos, Runnable what) {
        if (planned.size() >= PLANNED_MAX) {
            throw new IllegalStateException(
                    PLANNED_MAX + " things are planned at " + nowNanos + " ns: the run ran away");
        }
        planned.add(new Planned(Math.max(atNanos, nowNanos), orders++, what));
    }

    /// Plans something for later.
    public void after(long delayNanos, Runnable what) {
        at(nowNanos + delayNanos, what);
    }

    /// When the next thing is due; `Long.MAX_VALUE` when nothing is planned.
    public long nextNanos() {
        Planned next = planned.peek();
        return next == null ? Long.MAX_VALUE : next.atNanos();
    }

    /// Moves time to the next thing and does it.
    ///
    /// @return false when nothing is planned
    public boolean step() {
        Planned next = planned.poll();
        if (next == null) {
            return false;
        }
        assert next.atNanos() >= nowNanos : "time went back";
        nowNanos = next.atNanos();
        next.what().run();
        return true;
    }

    /// Moves time on where nothing is planned before.
    ///
    /// @throws IllegalArgumentException when something is
    public void skipTo(long atNanos) {
        if (nextNanos() < atNanos) {
            throw new IllegalArgumentException("something is planned at " + nextNanos() + " ns, before " + atNanos);
        }
        nowNanos = Math.max(nowNanos, atNanos);
    }
}
