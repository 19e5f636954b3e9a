package konce.bench.compare;

import konce.bench.report.Measure;

/// Everything that is measured. Samples are in bytes, nanoseconds and pieces, and shown in what people read.
final class Measures {
    static final Measure GOODPUT = new Measure("bulk", "goodput", "GB/s", 1e-9, Measure.Best.HIGHEST);
    static final Measure BULK_CPU = new Measure("bulk", "processor time", "s/GB", 1, Measure.Best.LOWEST);
    static final Measure BULK_GARBAGE = new Measure("bulk", "allocated on both heaps", "B/B", 1, Measure.Best.LOWEST);
    static final Measure HANDSHAKES = new Measure("handshakes", "made", "1/s", 1, Measure.Best.HIGHEST);
    static final Measure HANDSHAKE_CPU =
            new Measure("handshakes", "server processor time", "us", 1e-3, Measure.Best.LOWEST);
    static final Measure COLD_REPLY = reply("from cold");
    static final Measure COLD_REPLY_GUARDED = reply("from cold, server guarded");
    static final Measure OPEN_REPLY = reply("over an open connection; of Konce, to a presence without a channel");
    static final Measure GARBAGE =
            new Measure("garbage", "left by a packet on its way", "bytes", 1, Measure.Best.LOWEST);
    static final Measure IDLE_MEMORY = idle("memory for a connection");
    static final Measure IDLE_HEAP = idle("of it on the heap");
    static final Measure IDLE_OUTSIDE = idle("of it outside");
    static final Measure IDLE_CPU =
            new Measure("idle", "one processor's time for all of them", "%", 100, Measure.Best.LOWEST);

    private Measures() {}

    private static Measure reply(String name) {
        return new Measure("reply", name, "round trips", 1, Measure.Best.LOWEST);
    }

    private static Measure idle(String name) {
        return new Measure("idle", name, "KB", 1e-3, Measure.Best.LOWEST);
    }

    static Measure requestRate(int outstanding) {
        return requests(outstanding, "replies", "1/s", 1, Measure.Best.HIGHEST);
    }

    static Measure requestCpu(int outstanding) {
        return requests(outstanding, "processor time", "us", 1e-3, Measure.Best.LOWEST);
    }

    /// @param percentile `p50`, `p99` or `p99.9`
    static Measure latency(int outstanding, String percentile) {
        return requests(outstanding, "latency " + percentile, "us", 1e-3, Measure.Best.LOWEST);
    }

    private static Measure requests(int outstanding, String name, String unit, double scale, Measure.Best best) {
        return new Measure("requests", outstanding + " outstanding: " + name, unit, scale, best);
    }
}
