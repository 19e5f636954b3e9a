package konce.bench.compare;

import konce.bench.peer.Bulk;
import konce.bench.peer.Discipline;
import konce.bench.process.ChildException;
import konce.bench.process.Usage;

/// Goodput over one connection, and what it costs.
record BulkTrial(Plan plan) implements Trial {
    @Override
    public Discipline discipline() {
        return Discipline.BULK;
    }

    @Override
    public int rounds() {
        return plan.rounds();
    }

    @Override
    public void warmUp(Pair pair) throws ChildException, InterruptedException {
        pair.ask(Bulk.Moved.class, "bulk " + plan.warmUpMillis());
    }

    @Override
    public void sample(Pair pair, Samples samples) throws ChildException, InterruptedException {
        Usage before = pair.usage();
        Bulk.Moved moved = pair.ask(Bulk.Moved.class, "bulk " + plan.sampleMillis());
        Usage used = pair.usage().since(before);
        samples.add(Measures.GOODPUT, moved.bytes() * 1e9 / moved.nanos());
        samples.add(Measures.BULK_CPU, (double) used.cpuNanos() / moved.bytes());
        samples.add(Measures.BULK_GARBAGE, (double) used.allocatedBytes() / moved.bytes());
    }
}
