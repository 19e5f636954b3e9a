package konce.bench.peer;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Keeps so many requests outstanding, and takes the time of each.
final class RequestLoad {
    private static final long LATENCY_NANOS_MAX = 10_000_000_000L;
    private static final int DIGITS = 3;

    /// How long it may be until the next reply.
    private static final long WAIT_SECONDS_MAX = 10;

    private final Requests requests;
    private final long deadlineNanos;
    private final AtomicLong left;
    private final CountDownLatch open;
    private final Histogram latencies = new ConcurrentHistogram(LATENCY_NANOS_MAX, DIGITS);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private RequestLoad(Requests requests, int outstanding, long count, long deadlineNanos) {
        this.requests = requests;
        this.deadlineNanos = deadlineNanos;
        left = new AtomicLong(count);
        open = new CountDownLatch(outstanding);
    }

    /// For a while; at least one each.
    static Requests.Answered of(Requests requests, int outstanding, long nanos) throws Exception {
        long start = System.nanoTime();
        return new RequestLoad(requests, outstanding, Long.MAX_VALUE, start + nanos).run(start, outstanding);
    }

    /// So many.
    static Requests.Answered count(Requests requests, int outstanding, int count) throws Exception {
        long start = System.nanoTime();
        int slots = Math.min(outstanding, count);
        return new RequestLoad(requests, slots, count, start + Long.MAX_VALUE).run(start, slots);
    }

    private Requests.Answered run(long startNanos, int outstanding) throws Exception {
        for (int i = 0; i < outstanding; i++) {
            left.decrementAndGet();
            new Slot().send();
        }
        long before = -1;
        while (!open.await(WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
            if (latencies.getTotalCount() == before) {
                throw new IllegalStateException(open.getCount() + " requests of " + outstanding + " get no reply");
            }
            before = latencies.getTotalCount();
        }
        long elapsed = System.nanoTime() - startNanos;
        Throwable why = failure.get();
        if (why != null) {
            throw new IllegalStateException("a request failed: " + why, why);
        }
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
            if (now - deadlineNanos < 0 && failure.get() == null && left.getAndDecrement() > 0) {
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
