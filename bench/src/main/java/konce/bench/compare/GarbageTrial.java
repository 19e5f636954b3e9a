package konce.bench.compare;

import konce.bench.peer.Discipline;
import konce.bench.peer.Garbage;
import konce.bench.process.ChildException;

/// What a packet leaves on the heap in the steady state. The warming up is part of the measurement.
record GarbageTrial(Plan plan) implements Trial {
    @Override
    public Discipline discipline() {
        return Discipline.GARBAGE;
    }

    @Override
    public boolean isAlone() {
        return true;
    }

    @Override
    public int rounds() {
        return plan.idleRounds();
    }

    @Override
    public void warmUp(Pair pair) {}

    @Override
    public void sample(Pair pair, Samples samples) throws ChildException, InterruptedException {
        Garbage.Left left = pair.ask(Garbage.Left.class, "garbage");
        samples.add(Measures.GARBAGE, (double) left.bytes() / left.packets());
    }
}
