package konce.bench.compare;

import java.util.List;
import konce.bench.peer.Discipline;
import konce.bench.peer.Requests;
import konce.bench.process.ChildException;
import konce.bench.process.Usage;

/// Requests over one connection, few and many outstanding.
record RequestsTrial(Plan plan) implements Trial {
    private static final List<Integer> OUTSTANDING = List.of(1, 16, 256);

    @Override
    public Discipline discipline() {
        return Discipline.REQUESTS;
    }

    @Override
    public int rounds() {
        return plan.rounds();
    }

    @Override
    public void warmUp(Pair pair) throws ChildException, InterruptedException {
        for (int outstanding : OUTSTANDING.reversed()) {
            ask(pair, outstanding, plan.warmUpMillis() / OUTSTANDING.size());
        }
    }

    @Override
    public void sample(Pair pair, Samples samples) throws ChildException, InterruptedException {
        for (int outstanding : OUTSTANDING) {
            Usage before = pair.usage();
            Requests.Answered answered = ask(pair, outstanding, plan.sampleMillis() / OUTSTANDING.size());
            Usage used = pair.usage().since(before);
            samples.add(Measures.requestRate(outstanding), answered.requests() * 1e9 / answered.nanos());
            samples.add(Measures.requestCpu(outstanding), (double) used.cpuNanos() / answered.requests());
            samples.add(Measures.latency(outstanding, "p50"), (double) answered.p50Nanos());
            samples.add(Measures.latency(outstanding, "p99"), (double) answered.p99Nanos());
            samples.add(Measures.latency(outstanding, "p99.9"), (double) answered.p999Nanos());
        }
    }

    private static Requests.Answered ask(Pair pair, int outstanding, int millis)
            throws ChildException, InterruptedException {
        return pair.ask(Requests.Answered.class, "requests " + outstanding + " " + millis);
    }
}
