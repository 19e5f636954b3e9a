package konce.bench.names;

import konce.bench.report.Measure;
import konce.bench.report.Measure.Best;

/// What is measured. Samples of time are nanoseconds; those in microseconds are processor time of one thread.
final class Figures {
    static final Measure SIGNATURE = nanos("signature", "check");
    static final Measure RESOLVE = nanos("resolve", "verification, first answer");
    static final Measure RESOLVE_NEXT = nanos("resolve", "verification, same checkpoint");
    static final Measure PROVE = nanos("resolve", "proof made by a registry");
    static final Measure TRANSACTION = nanos("transaction", "in a block of 1,000");
    static final Measure PROOF_BYTES = new Measure("proof", "longest", "bytes", 1, Best.LOWEST);
    static final Measure ANSWER_BYTES = new Measure("proof", "whole answer", "bytes", 1, Best.LOWEST);
    static final Measure SERVED = new Measure("lookups", "served per core", "/s", 1, Best.HIGHEST);
    static final Measure MEMORY = new Measure("registry", "memory", "MiB", 1 / 1048576.0, Best.LOWEST);
    static final Measure RESTART = new Measure("registry", "restart to serving", "s", 1e-9, Best.LOWEST);
    static final Measure COLD = trips("cold, registry never met");
    static final Measure OPEN = trips("cold, registry's channel open");
    static final Measure PRESENT = trips("cold, registry's presence known");

    private Figures() {}

    private static Measure nanos(String discipline, String name) {
        return new Measure(discipline, name, "µs", 1e-3, Best.LOWEST);
    }

    private static Measure trips(String name) {
        return new Measure("resolve", name, "round trips", 1, Best.LOWEST);
    }
}
