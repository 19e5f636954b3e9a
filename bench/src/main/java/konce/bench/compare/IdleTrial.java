package konce.bench.compare;

import java.util.List;
import konce.bench.peer.Discipline;
import konce.bench.peer.Requests;
import konce.bench.process.ChildException;
import konce.bench.process.Usage;

/// What a server keeps for each connection that does nothing: on the heap after its garbage is collected, and outside;
/// and what processor time all of them take.
record IdleTrial(Plan plan) implements Trial {
    private static final int WARM_UP_CONNECTIONS = 500;

    @Override
    public Discipline discipline() {
        return Discipline.IDLE;
    }

    @Override
    public boolean isAlone() {
        return true;
    }

    /// A heap that is all in memory from the beginning: what is resident grows by what is not on the heap alone.
    @Override
    public List<String> options() {
        return List.of("-Xms1g", "-XX:+AlwaysPreTouch");
    }

    @Override
    public int rounds() {
        return plan.idleRounds();
    }

    @Override
    public void warmUp(Pair pair) throws ChildException, InterruptedException {
        pair.ask(Requests.Answered.class, "open " + WARM_UP_CONNECTIONS);
    }

    @Override
    public void sample(Pair pair, Samples samples) throws ChildException, InterruptedException {
        Usage before = pair.serverCollected();
        pair.ask(Requests.Answered.class, "open " + plan.idleConnections());
        Usage used = pair.serverCollected().since(before);
        double heap = (double) used.heapBytes() / plan.idleConnections();
        double outside = (double) used.residentBytes() / plan.idleConnections();
        samples.add(Measures.IDLE_MEMORY, heap + outside);
        samples.add(Measures.IDLE_HEAP, heap);
        samples.add(Measures.IDLE_OUTSIDE, outside);
        // what the compiler and the last closing words still want is over by then
        Usage settled = pair.serverRested(plan.sampleMillis());
        long startNanos = System.nanoTime();
        Usage rested = pair.serverRested(2 * plan.sampleMillis()).since(settled);
        samples.add(Measures.IDLE_CPU, (double) rested.cpuNanos() / (System.nanoTime() - startNanos));
    }
}
