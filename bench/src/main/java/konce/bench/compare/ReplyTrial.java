package konce.bench.compare;

import konce.bench.peer.Contestant;
import konce.bench.peer.Discipline;
import konce.bench.peer.Requests;
import konce.bench.process.ChildException;
import konce.bench.report.Measure;

/// The time to the first reply over a long path, from cold and over an open connection.
///
/// @param guarded whether the server makes its clients prove something first
record ReplyTrial(Plan plan, boolean guarded) implements Trial {
    private static final int WARM_UP_AT_ONCE = 16;
    private static final double ROUND_TRIP_NANOS = 2.0 * Route.DELAY_NANOS;

    @Override
    public Discipline discipline() {
        return Discipline.REPLY;
    }

    @Override
    public String title() {
        return guarded ? "reply, guarded" : "reply";
    }

    @Override
    public boolean admits(Contestant contestant) {
        return Trial.super.admits(contestant) && (!guarded || contestant.canBeGuarded());
    }

    @Override
    public boolean isGuarded() {
        return guarded;
    }

    @Override
    public Route route() {
        return Route.LONG;
    }

    @Override
    public int rounds() {
        return plan.rounds();
    }

    @Override
    public void warmUp(Pair pair) throws ChildException, InterruptedException {
        ask(pair, "connections " + WARM_UP_AT_ONCE + " " + plan.warmUpMillis() / 2);
        ask(pair, "requests 1 0");
    }

    @Override
    public void sample(Pair pair, Samples samples) throws ChildException, InterruptedException {
        Measure cold = guarded ? Measures.COLD_REPLY_GUARDED : Measures.COLD_REPLY;
        samples.add(cold, ask(pair, "connections 1 0").p50Nanos() / ROUND_TRIP_NANOS);
        if (!guarded) {
            samples.add(Measures.OPEN_REPLY, ask(pair, "requests 1 0").p50Nanos() / ROUND_TRIP_NANOS);
        }
    }

    private static Requests.Answered ask(Pair pair, String question) throws ChildException, InterruptedException {
        return pair.ask(Requests.Answered.class, question);
    }
}
