package konce.bench.compare;

import konce.bench.report.Measure;

/// Everything that is measured. Samples are in bytes, nanoseconds and pieces, and shown in what people read.
final class Measures {
    static final Measure GOODPUT = new Measure("bulk", "goodput", "GB/s", 1e-9, Measure.Best.HIGHEST);
    static final Measure BULK_CPU = new Measure("bulk", "processor time", "s/GB", 1, Measure.Best.LOWEST);
    static final Measure BULK_GARBAGE = new Measure("bulk", "allocated on both heaps", "B/B", 1, Measure.Best.LOWEST);

    private Measures() {}

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
