package konce.bench.compare;

import konce.bench.peer.Discipline;
import konce.bench.peer.Requests;
import konce.bench.process.ChildException;
import konce.bench.process.Usage;

/// Full handshakes, each with one request and its reply, many clients' worth at once.
record HandshakesTrial(Plan plan) implements Trial {
    private static final int AT_ONCE = 16;

    @Override
    public Discipline discipline() {
        return Discipline.HANDSHAKES;
    }

    @Override
    public int rounds() {
        return plan.rounds();
    }

    @Override
    public void warmUp(Pair pair) throws ChildException, InterruptedException {
        ask(pair, plan.warmUpMillis());
    }

    @Override
    public void sample(Pair pair, Samples samples) throws ChildException, InterruptedException {
        Usage before = pair.serverUsage();
        Requests.Answered made = ask(pair, plan.sampleMillis());
        Usage used = pair.serverUsage().since(before);
        samples.add(Measures.HANDSHAKES, made.requests() * 1e9 / made.nanos());
        samples.add(Measures.HANDSHAKE_CPU, (double) used.cpuNanos() / made.requests());
    }

    private static Requests.Answered ask(Pair pair, int millis) throws ChildException, InterruptedException {
        return pair.ask(Requests.Answered.class, "connections " + AT_ONCE + " " + millis);
    }
}
