package konce.protocol.path;

import java.util.ArrayDeque;
import konce.protocol.table.DeadlineHeap;
import org.jspecify.annotations.Nullable;

/// Whose turn it is on the paths of one endpoint: those whom a full window or the pacer stopped go on in
/// the order in which they came, one at a time, so that nobody starves beside a neighbour who always has
/// something to send.
///
/// - unit: nanoseconds
/// - source: docs/spec/05-paths.md, section 1
public final class Turns {
    private final ArrayDeque<Path> woken = new ArrayDeque<>();
    private final DeadlineHeap<Path> paced = new DeadlineHeap<>();
    private @Nullable Path serving;

    public Turns() {}

    /// When [#handleDeadline] has work next; [DeadlineHeap#NONE] for never.
    public long nextNanos() {
        return paced.nextNanos();
    }

    /// Wakes the paths whose pacer lets somebody go by now.
    public void handleDeadline(long nowNanos) {
        for (Path due = paced.pollDue(nowNanos); due != null; due = paced.pollDue(nowNanos)) {
            wake(due);
        }
    }

    /// Who may send now: it is that one's turn until [#end]. Null: nobody waits who may.
    public Path.@Nullable Waiter next(long nowNanos) {
        for (Path path = woken.peek(); path != null; path = woken.peek()) {
            Path.Waiter waiter = path.serve(nowNanos);
            if (waiter != null) {
                serving = path;
                return waiter;
            }
            woken.poll();
            path.setWoken(false);
            stop(path, nowNanos);
        }
        return null;
    }

    /// The turn that [#next] gave is over.
    public void end() {
        if (serving != null) {
            serving.endServing();
            serving = null;
        }
    }

    /// Nobody uses a path any more.
    public void forget(Path path) {
        paced.set(path, DeadlineHeap.NONE);
    }

    void wake(Path path) {
        if (!path.isWoken()) {
            path.setWoken(true);
            woken.add(path);
        }
    }

    /// Somebody waits on a path, or nobody any more.
    void stop(Path path, long nowNanos) {
        if (!path.isWoken()) {
            paced.set(path, path.hasWaiting() ? path.readyNanos(nowNanos) : DeadlineHeap.NONE);
        }
    }
}
