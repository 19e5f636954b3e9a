package konce.bench.peer;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Keeps so many requests outstanding for a while, and takes the time of each.
final class RequestLoad {
    private static final long LATENCY_NANOS_MAX = 10_000_000_000L;
    private static final int DIGITS = 3;

    /// How long the last replies may take.
    private static final long REST_SECONDS_MAX = 10;

    private final Requests requests;
    private final long deadlineNanos;
    private final CountDownLatch open;
    private final Histogram latencies = new ConcurrentHistogram(LATENCY_NANOS_MAX, DIGITS);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private RequestLoad(Requests requests, int outstanding, long deadlineNanos) {
        this.requests = requests;
        this.deadlineNanos = deadlineNanos;
        open = new CountDownLatch(outstanding);
    }

    /// Runs it.
    static Requests.Answered run(Requests requests, int outstanding, long nanos) throws Exception {
        long start = System.nanoTime();
        RequestLoad load = new RequestLoad(requests, outstanding, start + nanos);
        for (int i = 0; i < outstanding; i++) {
            load.new Slot().send();
        }
        boolean ended = load.open.await(nanos + TimeUnit.SECONDS.toNanos(REST_SECONDS_MAX), TimeUnit.NANOSECONDS);
        long elapsed = System.nanoTime() - start;
        Throwable failure = load.failure.get();
        if (failure != null) {
            throw new IllegalStateException("a request failed: " + failure, failure);
        }
        if (!ended) {
            throw new IllegalStateException(load.open.getCount() + " requests of " + outstanding + " got no reply");
        }
        Histogram latencies = load.latencies;
        return new Requests.Answered(
                latencies.getTotalCount(),
                elapsed,
                latencies.getValueAtPercentile(50),
                latencies.getValueAtPercentile(99),
                latencies.getValueAtPercentile(99.9));
    }

    /// One of the outstanding requests: when it is answered, the next one is sent.
    private final class Slot implements Requests.Reply {
        private long sentNanos;

        void send() {
            sentNanos = System.nanoTime();
            requests.request(this);
        }

        @Override
        public void arrived() {
            long now = System.nanoTime();
            latencies.recordValue(Math.min(now - sentNanos, LATENCY_NANOS_MAX));
            if (now - deadlineNanos < 0 && failure.get() == null) {
                send();
            } else {
                open.countDown();
            }
        }

        @Override
        public void failed(Throwable why) {
            failure.compareAndSet(null, why);
            open.countDown();
        }
    }
}
