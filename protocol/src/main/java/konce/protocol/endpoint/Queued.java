package konce.protocol.endpoint;

import konce.protocol.path.Path;
import konce.protocol.table.DeadlineHeap;

/// Where a channel stands in the queues of its endpoint and its path.
abstract sealed class Queued extends DeadlineHeap.Item implements Path.Waiter permits Channel {
    private boolean queued;
    private boolean waiting;
    private boolean waitingInBackground;

    Queued() {}

    /// Whether it stands among those that may have something to send.
    boolean isQueued() {
        return queued;
    }

    void setQueued(boolean newQueued) {
        queued = newQueued;
    }

    @Override
    public boolean isWaiting(boolean background) {
        return background ? waitingInBackground : waiting;
    }

    @Override
    public void setWaiting(boolean background, boolean newWaiting) {
        if (background) {
            waitingInBackground = newWaiting;
        } else {
            waiting = newWaiting;
        }
    }
}
