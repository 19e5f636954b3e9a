package konce.simulator.check;

import java.util.ArrayList;
import java.util.List;
import konce.simulator.clock.Timeline;

/// Where checkers report to.
public final class Findings {
    /// Violations kept of one run; further ones are only counted.
    public static final int KEPT_MAX = 20;

    private final Timeline timeline;
    private final List<Violation> kept = new ArrayList<>();
    private long count;

    public Findings(Timeline timeline) {
        this.timeline = timeline;
    }

    public void report(Rule rule, String detail) {
        count++;
        if (kept.size() < KEPT_MAX) {
            kept.add(new Violation(rule, timeline.nowNanos(), detail));
        }
    }

    /// Reports, unless it holds.
    public void require(boolean holds, Rule rule, String detail) {
        if (!holds) {
            report(rule, detail);
        }
    }

    public List<Violation> kept() {
        return List.copyOf(kept);
    }

    public long count() {
        return count;
    }
}
