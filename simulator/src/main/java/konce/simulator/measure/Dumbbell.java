package konce.simulator.measure;

import java.util.ArrayList;
import java.util.List;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.simulator.clock.Dice;
import konce.simulator.clock.Timeline;
import konce.simulator.network.Link;
import konce.simulator.network.LinkCounts;

/// Senders on the left, receivers on the right, one link in each direction between them.
final class Dumbbell implements AutoCloseable {
    private static final long VAULT_BYTES = 1L << 20;
    private static final long START_APART_NANOS = 100_000_000L;

    /// One flow at work.
    interface Runner extends AutoCloseable {
        void start();

        /// Payload that has arrived.
        long bytesArrived();

        @Override
        void close();
    }

    /// A way across.
    interface Way {
        /// Sends a datagram; it arrives at the other end unless the link loses it.
        ///
        /// @param ecn how it is marked
        void send(byte[] datagram, int ecn, Receiver receiver);
    }

    /// The other end of a way.
    interface Receiver {
        void receive(byte[] datagram, int ecn);
    }

    private final Measurement measurement;
    private final long seed;
    private final LinkCounts counts = new LinkCounts();
    private final Timeline timeline = new Timeline();
    private final Vault vault = Vault.open(VAULT_BYTES);
    private final List<Runner> runners = new ArrayList<>();

    Dumbbell(Measurement measurement, long seed) {
        this.measurement = measurement;
        this.seed = seed;
        Dice dice = new Dice(Dice.mix(seed));
        Way forward = way(new Link(measurement.forward(), dice.fork(), counts));
        Way back = way(new Link(measurement.back(), dice.fork(), counts));
        SeededRandom random = new SeededRandom(seed);
        for (Flow flow : measurement.flows()) {
            runners.add(
                    switch (flow) {
                        case Flow.Konce konce ->
                            new KonceRunner(
                                    konce, timeline, forward, back, vault, random.fork("flow " + runners.size()));
                        case Flow.Tcp() -> new TcpRunner(timeline, forward, back);
                    });
        }
    }

    private Way way(Link link) {
        return (datagram, ecn, receiver) -> link.send(
                timeline.nowNanos(),
                datagram,
                ecn,
                (atNanos, bytes, came) -> timeline.at(atNanos, () -> receiver.receive(bytes, came)));
    }

    Measurement.Result run() {
        for (int i = 0; i < runners.size(); i++) {
            timeline.at(i * START_APART_NANOS, runners.get(i)::start);
        }
        runUntil(measurement.fromNanos());
        List<Long> before = arrived();
        long lost = counts.lost();
        long marked = counts.marked();
        runUntil(measurement.untilNanos());
        List<Long> bytes = arrived();
        for (int i = 0; i < bytes.size(); i++) {
            bytes.set(i, bytes.get(i) - before.get(i));
        }
        return new Measurement.Result(measurement, seed, bytes, counts.lost() - lost, counts.marked() - marked);
    }

    private List<Long> arrived() {
        List<Long> bytes = new ArrayList<>();
        runners.forEach(runner -> bytes.add(runner.bytesArrived()));
        return bytes;
    }

    private void runUntil(long nanos) {
        while (timeline.nextNanos() <= nanos) {
            timeline.step();
        }
        timeline.skipTo(nanos);
    }

    @Override
    public void close() {
        runners.forEach(Runner::close);
        vault.close();
    }
}
