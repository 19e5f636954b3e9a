package konce.node;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import konce.protocol.endpoint.Job;

/// Runs the endpoint's jobs on platform threads: a server's agreements, a client's agreements and puzzles apart from
/// each other, so that a puzzle holds up no handshake of ours and a flood of handshakes no puzzle.
///
/// - threads: [#hasRoom] and [#start] the loop's; jobs come back through the consumer on the thread they ran on
final class JobRunner {
    /// Jobs handed out at once. Full: the rest stays in the endpoint, which has limits of its own.
    static final int JOBS_MAX = 8_192;

    private static final long IDLE_SECONDS = 10;
    private static final Logger LOG = System.getLogger("konce.node");

    private final Consumer<Job> done;
    private final ThreadPoolExecutor serverAgreements;
    private final ThreadPoolExecutor clientAgreements;
    private final ThreadPoolExecutor puzzles;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong finished = new AtomicLong();
    private volatile boolean stopped;

    /// @param agreementThreads for a server's agreements
    /// @param puzzleThreads for puzzles
    /// @param done takes each job that has run
    JobRunner(int agreementThreads, int puzzleThreads, Consumer<Job> done) {
        this.done = done;
        serverAgreements = pool("konce-server-agreement-", agreementThreads);
        clientAgreements = pool("konce-client-agreement-", 1);
        puzzles = pool("konce-puzzle-", puzzleThreads);
    }

    /// Whether a job may be handed out: not while too many are, nor after [#stop].
    boolean hasRoom() {
        return open.get() < JOBS_MAX && !stopped;
    }

    void start(Job job) {
        open.incrementAndGet();
        ThreadPoolExecutor pool = switch (job.kind()) {
            case SERVER_AGREEMENT, SERVER_ENCAPSULATION -> serverAgreements;
            case CLIENT_AGREEMENT, CLIENT_ENCAPSULATION -> clientAgreements;
            case PUZZLE -> puzzles;
        };
        try {
            pool.execute(() -> run(job));
        } catch (RejectedExecutionException e) {
            // Stopped since hasRoom was asked: nobody waits for it any more. The queue itself takes as many as may be
            // open.
            open.decrementAndGet();
        }
    }

    /// Jobs that have run.
    long finished() {
        return finished.get();
    }

    /// Jobs handed out and not yet back.
    int open() {
        return open.get();
    }

    /// Drops what has not begun.
    void stop() {
        stopped = true;
        serverAgreements.shutdownNow();
        clientAgreements.shutdownNow();
        puzzles.shutdownNow();
    }

    /// Waits until no job runs.
    ///
    /// @return false when one still ran after `nanos` together
    boolean awaitStopped(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        return serverAgreements.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)
                && clientAgreements.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)
                && puzzles.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void run(Job job) {
        try {
            job.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a job of kind " + job.kind() + " failed", e);
        } finally {
            open.decrementAndGet();
            finished.incrementAndGet();
            done.accept(job);
        }
    }

    private static ThreadPoolExecutor pool(String name, int threads) {
        ThreadFactory factory = Thread.ofPlatform().name(name, 1).daemon(true).factory();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(JOBS_MAX), factory);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
