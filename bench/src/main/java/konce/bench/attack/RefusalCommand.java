package konce.bench.attack;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import konce.bench.process.Child;
import konce.bench.process.ChildException;
import konce.bench.process.Children;
import konce.bench.report.Bar;
import konce.bench.report.Spread;
import konce.protocol.Limits;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `konce bench refusal`: what refusing a datagram of a flood costs, the whole process counted, beside receiving and
/// dropping it in raw Netty. Each is a process on loopback, flooded one after the other, round by round, so that all
/// see
/// the same machine.
///
/// - unit: processor time of a receiver's whole process for each datagram it read
@Command(
        name = "refusal",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "What refusing garbage costs a whole process, beside receiving and dropping it in raw Netty.",
            "",
            "Raw Netty is measured as it comes, and with its socket set as Konce's (buffers of 4 MiB, GRO, 16 reads"
                    + " before anything else is done). The bar is a ratio to the dearer opponent: the one that is set as"
                    + " ours."
        })
public final class RefusalCommand implements Callable<Integer> {
    private static final double BAR = 1.15;
    private static final int WARM_ROUNDS = 2;
    private static final int ANSWER_SECONDS = 120;
    private static final int FLOOD_MILLIS_MAX = 100_000;
    /// Quick enough to keep a loop busy, and slow enough that a socket loses little.
    private static final int NICENESS = 5;

    private static final List<String> RECEIVERS = List.of(Victim.RAW, Victim.RAW_SET_AS_OURS, Victim.KONCE);
    private static final List<Flood> KINDS = List.of(Flood.GARBAGE, Flood.TYPE_AND_LENGTH);

    @Option(names = "--rounds", paramLabel = "COUNT", description = "Rounds counted, beside two for warming up.")
    int rounds = 5;

    @Option(
            names = "--datagrams",
            paramLabel = "COUNT",
            description = "Datagrams sent to each receiver in a round (default: 1,000,000).")
    int datagrams = 1_000_000;

    @Option(
            names = "--per-second",
            paramLabel = "COUNT",
            description = "Datagrams sent in a second at most (default: as many as go).")
    long perSecond;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write every sample and bar as JSON.")
    @Nullable
    Path json;

    private final Map<String, List<Double>> nanos = new LinkedHashMap<>();
    private final Map<String, List<Double>> allocated = new LinkedHashMap<>();
    private final List<Bar> bars = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException, ChildException {
        Path out = Path.of("target", "bench");
        Path scratch = Files.createTempDirectory("konce-bench-");
        try (Children children = new Children(out.resolve("logs"))) {
            measure(children, scratch);
        } finally {
            Files.delete(scratch);
        }
        bars.forEach(bar -> System.out.printf(
                Locale.ROOT,
                "%-70s %10.4g  %-14s %s%n",
                bar.name(),
                bar.figure(),
                bar.bar(),
                bar.met() ? "met" : "MISSED"));
        if (json != null) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("nanosPerDatagram", nanos);
            all.put("bytesAllocatedPerDatagramByTheLoop", allocated);
            all.put("bars", bars);
            Files.writeString(
                    json, new GsonBuilder().setPrettyPrinting().create().toJson(all) + "\n");
        }
        return 0;
    }

    /// A receiver, and who floods it.
    private record Pair(String name, Child receiver, Child flooder) {}

    private void measure(Children children, Path scratch) throws IOException, InterruptedException, ChildException {
        List<Pair> pairs = new ArrayList<>();
        for (String name : RECEIVERS) {
            pairs.add(start(name, children, scratch));
        }
        Child ours = pairs.getLast().receiver;
        Sample first = sample(ours);
        for (Flood kind : KINDS) {
            for (int round = -WARM_ROUNDS; round < rounds; round++) {
                for (Pair pair : round % 2 == 0 ? pairs : pairs.reversed()) {
                    flood(kind, round, pair);
                }
            }
            judge(kind);
        }
        judgeSum(first, sample(ours));
    }

    private static Pair start(String name, Children children, Path scratch)
            throws IOException, InterruptedException, ChildException {
        Child receiver = children.java(name, Children.Surroundings.USUAL, AttackMain.class, scratch.toString());
        String address = receiver.ask(AttackMain.Listening.class, ANSWER_SECONDS, "listen " + name)
                .address();
        Child flooder = children.java(
                name + " flooder",
                new Children.Surroundings(List.of(), Map.of(), NICENESS),
                AttackMain.class,
                scratch.toString());
        flooder.ask(AttackMain.Ready.class, ANSWER_SECONDS, "aim " + name + " " + address);
        return new Pair(name, receiver, flooder);
    }

    private void flood(Flood kind, int round, Pair pair) throws ChildException, InterruptedException {
        Sample before = sample(pair.receiver);
        Flooder.Flooded flooded = pair.flooder.ask(
                Flooder.Flooded.class,
                ANSWER_SECONDS,
                "flood " + kind.word() + " " + FLOOD_MILLIS_MAX + " " + datagrams + " " + perSecond + " 1");
        Sample after = sample(pair.receiver);
        long received = Math.max(1, after.received() - before.received());
        double each = (double) (after.cpuNanos() - before.cpuNanos()) / received;
        double bytes = (double) (after.loopAllocatedBytes() - before.loopAllocatedBytes()) / received;
        if (round < 0) {
            return;
        }
        nanos.computeIfAbsent(key(kind, pair.name), _ -> new ArrayList<>()).add(each);
        allocated.computeIfAbsent(key(kind, pair.name), _ -> new ArrayList<>()).add(bytes);
        System.out.printf(
                Locale.ROOT,
                "%-16s %-16s %5.0f ns and %4.0f B on the loop's heap a datagram; %,d read, %,d lost, %,.0f a second%n",
                kind.word(),
                pair.name,
                each,
                bytes,
                received,
                after.socketDrops() - before.socketDrops(),
                flooded.sent() * 1e9 / flooded.nanos());
    }

    private static String key(Flood kind, String name) {
        return kind.word() + " " + name;
    }

    private static List<Double> of(Map<String, List<Double>> all, Flood kind, String name) {
        return Objects.requireNonNull(all.get(key(kind, name)));
    }

    private void judge(Flood kind) {
        for (String opponent : List.of(Victim.RAW_SET_AS_OURS, Victim.RAW)) {
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                ratios.add(of(nanos, kind, Victim.KONCE).get(i)
                        / of(nanos, kind, opponent).get(i));
            }
            bars.add(Bar.atMost(
                    kind.word() + ", processor time: times " + opponent,
                    Spread.of(ratios).median(),
                    BAR));
        }
        List<Double> more = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            more.add(of(allocated, kind, Victim.KONCE).get(i)
                    - of(allocated, kind, Victim.RAW_SET_AS_OURS).get(i));
        }
        bars.add(Bar.atMost(
                kind.word() + ", bytes allocated by the loop for each",
                Spread.of(of(allocated, kind, Victim.KONCE)).median(),
                0));
        bars.add(Bar.atMost(
                kind.word() + ", the same beyond what Netty's socket allocates",
                Math.rint(Spread.of(more).median()),
                0));
    }

    /// A server makes itself a new transient key now and then, flood or not: one operation each.
    private void judgeSum(Sample first, Sample last) {
        double seconds = (last.nanos() - first.nanos()) / 1e9;
        long renewals = (long) Math.ceil(seconds * 1e9 / Limits.TRANSIENT_KEY_NANOS);
        long operations = last.groupOperations() - first.groupOperations();
        System.out.printf(
                Locale.ROOT,
                "konce: %,d datagrams refused in %.0f s, %d group operations (it may renew its own key %d times)%n",
                last.received() - first.received(),
                seconds,
                operations,
                renewals);
        bars.add(Bar.atMost(
                "group operations beyond its own keys', in all these datagrams",
                (double) Math.max(0, operations - renewals),
                0));
    }

    private static Sample sample(Child receiver) throws ChildException, InterruptedException {
        return receiver.ask(Sample.class, ANSWER_SECONDS, "sample");
    }
}
