package konce.simulator.measure;

import java.util.List;
import java.util.Locale;
import konce.protocol.CongestionControl;
import konce.simulator.network.LinkOptions;
import konce.simulator.network.Loss;

/// What flows get of a bottleneck they share, and what the first of them must get.
///
/// @param code its letters
/// @param name a word for it
/// @param about what it does, in a sentence
/// @param forward from senders to receivers; its bottleneck is what they share
/// @param back for acknowledgements
/// @param flows who sends; they start one after the other, a tenth of a second apart
/// @param fromNanos when measuring begins
/// @param untilNanos when it ends
/// @param least the share of the bottleneck that the first flow must get at least, 0.0 to 1.0
/// @param most and at most
public record Measurement(
        String code,
        String name,
        String about,
        LinkOptions forward,
        LinkOptions back,
        List<Flow> flows,
        long fromNanos,
        long untilNanos,
        double least,
        double most) {

    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;
    private static final Flow PIPE = new Flow.Konce(CongestionControl.PIPE, false, false);
    private static final Flow BACKGROUND = new Flow.Konce(CongestionControl.PIPE, true, false);

    /// 20 Mbit/s, 20 ms each way, a queue of one bandwidth-delay product.
    private static final LinkOptions SHARED =
            LinkOptions.delay(20 * MILLISECOND).withBottleneck(20_000_000, 66);

    private static final List<Measurement> ALL = List.of(
            new Measurement(
                    "GL",
                    "goodputloss",
                    "100 Mbit/s, a round trip of 100 ms, 1 % lost by chance: at least 80 % are used.",
                    LinkOptions.delay(50 * MILLISECOND)
                            .withBottleneck(100_000_000, 833)
                            .withLoss(new Loss.Rate(0.01, 1_000)),
                    LinkOptions.delay(50 * MILLISECOND),
                    List.of(PIPE),
                    5 * SECOND,
                    20 * SECOND,
                    0.8,
                    1.0),
            new Measurement(
                    "GF",
                    "fairness",
                    "20 Mbit/s beside one TCP CUBIC flow: 35 to 65 %.",
                    SHARED,
                    LinkOptions.delay(20 * MILLISECOND),
                    List.of(PIPE, new Flow.Tcp()),
                    5 * SECOND,
                    65 * SECOND,
                    0.35,
                    0.65),
            new Measurement(
                    "GB",
                    "backgroundbeside",
                    "The background class beside one TCP CUBIC flow: at most 10 %.",
                    SHARED,
                    LinkOptions.delay(20 * MILLISECOND),
                    List.of(BACKGROUND, new Flow.Tcp()),
                    5 * SECOND,
                    65 * SECOND,
                    0.0,
                    0.1),
            new Measurement(
                    "GA",
                    "backgroundalone",
                    "The background class alone: at least 90 %.",
                    SHARED,
                    LinkOptions.delay(20 * MILLISECOND),
                    List.of(BACKGROUND),
                    5 * SECOND,
                    65 * SECOND,
                    0.9,
                    1.0),
            new Measurement(
                    "E",
                    "ecn",
                    "The pipe beside CUBIC, before a bottleneck that marks from 20 datagrams on: 20 to 80 %.",
                    SHARED.withMarking(20),
                    LinkOptions.delay(20 * MILLISECOND),
                    List.of(
                            new Flow.Konce(CongestionControl.PIPE, false, true),
                            new Flow.Konce(CongestionControl.CUBIC, false, true)),
                    5 * SECOND,
                    35 * SECOND,
                    0.2,
                    0.8));

    /// What the project promises of bad and shared links.
    public static List<Measurement> all() {
        return ALL;
    }

    public Measurement {
        flows = List.copyOf(flows);
        if (flows.isEmpty() || forward.bottleneck().bitsPerSecond() <= 0 || untilNanos <= fromNanos) {
            throw new IllegalArgumentException("nothing to measure in " + code);
        }
    }

    /// What came of it.
    ///
    /// @param measurement what was measured
    /// @param seed of the run
    /// @param bytes payload that arrived of each flow while it was measured
    /// @param lost datagrams that did not come out of a link meanwhile
    /// @param marked datagrams that the bottleneck marked
    public record Result(Measurement measurement, long seed, List<Long> bytes, long lost, long marked) {
        public Result {
            bytes = List.copyOf(bytes);
        }

        /// Payload bits a second of a flow.
        public double bitsPerSecond(int flow) {
            return bytes.get(flow) * 8e9 / (measurement.untilNanos - measurement.fromNanos);
        }

        /// Share of the bottleneck that the first flow got: of all payload that arrived where others sent too,
        /// of the
        /// bottleneck's rate where it was alone.
        public double share() {
            return bytes.size() == 1
                    ? bitsPerSecond(0) / measurement.forward.bottleneck().bitsPerSecond()
                    : (double) bytes.getFirst()
                            / bytes.stream().mapToLong(Long::longValue).sum();
        }

        /// Share of the bottleneck that all of them got.
        public double used() {
            double all = 0;
            for (int i = 0; i < bytes.size(); i++) {
                all += bitsPerSecond(i);
            }
            return all / measurement.forward.bottleneck().bitsPerSecond();
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "scenario %s, seed %d: %s; share %.3f (%.2f to %.2f), bottleneck used %.3f, %d lost, %d marked",
                    measurement.code,
                    seed,
                    isPassed() ? "passed" : "failed",
                    share(),
                    measurement.least,
                    measurement.most,
                    used(),
                    lost,
                    marked);
        }

        public boolean isPassed() {
            return share() >= measurement.least && share() <= measurement.most;
        }
    }

    /// The same with another queue before the bottleneck.
    Measurement withQueue(int datagrams) {
        return withForward(forward.withBottleneck(forward.bottleneck().bitsPerSecond(), datagrams));
    }

    /// The same over another way there.
    Measurement withForward(LinkOptions newForward) {
        return new Measurement(code, name, about, newForward, back, flows, fromNanos, untilNanos, least, most);
    }

    /// The same with other flows.
    Measurement withFlows(List<Flow> newFlows) {
        return new Measurement(code, name, about, forward, back, newFlows, fromNanos, untilNanos, least, most);
    }

    /// Measures once.
    public Result run(long seed) {
        try (Dumbbell dumbbell = new Dumbbell(this, seed)) {
            return dumbbell.run();
        }
    }
}
