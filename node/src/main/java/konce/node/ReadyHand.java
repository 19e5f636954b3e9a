package konce.node;

import java.util.concurrent.locks.LockSupport;
import konce.node.socket.Patience;
import org.jspecify.annotations.Nullable;

/// One platform thread for code that may block, quicker to begin than a new thread: while that pays it looks for the
/// next piece before it sleeps. It takes one piece at a time; while it is at one, whatever that does, others go
/// elsewhere.
///
/// - threads: [#take] the loop's, [#stop] any
/// - source: docs/decisions/look-before-you-sleep.md
final class ReadyHand implements Runnable {
    private final Patience patience = new Patience();
    private final Thread thread;
    private volatile @Nullable Runnable work;
    /// Whether it has a piece of work; set by who gives it, cleared when it is done.
    private volatile boolean busy;
    private volatile boolean asleep;
    private volatile boolean stopped;
    private boolean started;

    ReadyHand(String name) {
        thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this);
    }

    /// Gives it a piece of work, which must not throw.
    ///
    /// @return false when it is at another, or has stopped
    boolean take(Runnable code) {
        if (busy || stopped) {
            return false;
        }
        busy = true;
        work = code;
        if (!started) {
            started = true;
            thread.start();
        } else if (asleep) {
            LockSupport.unpark(thread);
        }
        return true;
    }

    /// Lets it end when it is done with what it has.
    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        for (Runnable code = next(); code != null; code = next()) {
            work = null;
            try {
                code.run();
            } finally {
                // whoever interrupted meant that piece
                Thread.interrupted();
                busy = false;
            }
        }
    }

    /// @return null when it has stopped
    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it: it is a courtesy to whoever shares the processor
    private @Nullable Runnable next() {
        Runnable code = work;
        if (code == null && patience.begin(System.nanoTime())) {
            do {
                Thread.yield();
                code = work;
            } while (code == null && patience.mayGoOn(System.nanoTime()));
        }
        if (code == null) {
            patience.sleep();
            asleep = true;
            code = work;
            while (code == null && !stopped) {
                LockSupport.park(this);
                // an interrupt that came late would keep it awake for good
                Thread.interrupted();
                code = work;
            }
            asleep = false;
        }
        return code;
    }
}
