package konce.bench.attack;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import konce.bench.process.Child;
import konce.bench.process.ChildException;
import konce.bench.process.Children;
import org.jspecify.annotations.Nullable;

/// A victim, somebody who floods it, and honest clients beside: three processes.
///
/// The flooder gives way to the others for a processor ([#NICENESS]). So honest clients and victim are never kept from
/// running by the attacker's own work, which on a network would be done elsewhere; what is left to it is enough to fill
/// the victim's socket.
final class Siege implements AutoCloseable {
    /// How much the flooder gives way: to the scheduler it weighs a tenth of the others.
    private static final int NICENESS = 10;

    private static final int HONEST_CLIENTS = 8;
    private static final int ANSWER_SECONDS = 60;
    private static final int SAMPLE_SECONDS = 20;
    private static final long SAMPLE_MILLIS = 250;

    private final String name;
    private final Children children;
    private final Path scratch;
    private final Child victim;
    private final Child flooder;
    private final Child honest;
    private final String address;

    private Siege(String name, Children children, Path scratch)
            throws IOException, ChildException, InterruptedException {
        this.name = name;
        this.children = children;
        this.scratch = scratch;
        victim = start("victim", 0);
        flooder = start("flooder", NICENESS);
        honest = start("honest", 0);
        address = victim.ask(AttackMain.Listening.class, ANSWER_SECONDS, "listen " + name)
                .address();
        flooder.ask(AttackMain.Ready.class, ANSWER_SECONDS, "aim " + name + " " + address);
        honest.ask(
                AttackMain.Ready.class,
                ANSWER_SECONDS,
                "connect " + name + " " + address + " " + HONEST_CLIENTS + " true");
    }

    static Siege of(String name, Children children, Path scratch)
            throws IOException, ChildException, InterruptedException {
        return new Siege(name, children, scratch);
    }

    private Child start(String role, int niceness) throws IOException {
        return children.java(
                name + " " + role,
                new Children.Surroundings(List.of(), Map.of(), niceness),
                AttackMain.class,
                scratch.toString());
    }

    String name() {
        return name;
    }

    /// How hard, and how long.
    ///
    /// @param visitsPerSecond honest clients that come
    /// @param millis for so long
    /// @param perSecond of the flood; 0: as much as goes
    /// @param burst datagrams to a send of the flood
    record Pressure(double visitsPerSecond, long millis, long perSecond, int burst) {}

    /// Honest clients alone.
    Phase peace(Pressure pressure) throws InterruptedException {
        return observe("peace", null, pressure, honest);
    }

    Phase flood(Flood kind, Pressure pressure) throws InterruptedException {
        return observe(kind.title(), kind, pressure, honest);
    }

    /// Honest clients, all of them at the address that the flood comes from.
    Phase crowd(Pressure pressure) throws IOException, ChildException, InterruptedException {
        Child crowd = start("crowd", 0);
        try {
            crowd.ask(
                    AttackMain.Ready.class,
                    ANSWER_SECONDS,
                    "connect " + name + " " + address + " " + HONEST_CLIENTS + " false");
            return observe("a crowd behind the address of whole handshakes", Flood.HANDSHAKES, pressure, crowd);
        } finally {
            children.end(crowd);
        }
    }

    private Phase observe(String what, @Nullable Flood kind, Pressure pressure, Child guests)
            throws InterruptedException {
        List<Sample> samples = new ArrayList<>();
        List<Honest.Visit> visits = new ArrayList<>();
        Flooder.Flooded flooded = null;
        String problem = null;
        try (ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor()) {
            samples.add(sample());
            Future<Honest.Visits> visiting = asking.submit(() -> guests.ask(
                    Honest.Visits.class, ANSWER_SECONDS, "visit " + pressure.visitsPerSecond + " " + pressure.millis));
            Future<Flooder.@Nullable Flooded> flooding = asking.submit(flooding(kind, pressure));
            while (!isDone(visiting) || !isDone(flooding)) {
                samples.add(sample());
            }
            flooded = flooding.get();
            visits.addAll(visiting.get().visits());
        } catch (ChildException e) {
            problem = String.valueOf(e.getMessage());
        } catch (ExecutionException e) {
            problem = String.valueOf(e.getCause());
        }
        return new Phase(
                name,
                what,
                kind == null ? null : kind.word(),
                List.copyOf(samples),
                List.copyOf(visits),
                flooded,
                problem);
    }

    /// Whether it is, looked at for a while: so samples are taken now and then.
    private static boolean isDone(Future<?> future) throws InterruptedException, ExecutionException {
        try {
            future.get(SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private Callable<Flooder.@Nullable Flooded> flooding(@Nullable Flood kind, Pressure pressure) {
        return () -> kind == null
                ? null
                : flooder.ask(
                        Flooder.Flooded.class,
                        ANSWER_SECONDS,
                        "flood " + kind.word() + " " + pressure.millis + " " + Long.MAX_VALUE + " " + pressure.perSecond
                                + " " + pressure.burst);
    }

    private Sample sample() throws ChildException, InterruptedException {
        return victim.ask(Sample.class, SAMPLE_SECONDS, "sample");
    }

    @Override
    public void close() {
        children.end(honest);
        children.end(flooder);
        children.end(victim);
    }
}
