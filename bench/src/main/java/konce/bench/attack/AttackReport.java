package konce.bench.attack;

import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import konce.bench.report.Bar;
import konce.bench.report.Curves;
import konce.bench.report.Table;
import konce.bench.report.Trend;

/// What came of the sieges, as tables, a chart and JSON.
final class AttackReport {
    private static final double TIMES_PEACE = 3;
    private static final double SHARE_BAR = 0.9;
    private static final double CROWD_BAR = 0.99;
    private static final double EFFORT_BAR = 2;
    /// The first step of the effort: what the bids of all are counted from.
    private static final double STEP = 1_024;
    /// Growth over the run, as a share of the median.
    private static final double RISE_BAR = 0.02;
    /// Of the samples, those at first are left out: what the compiler and the heap take is theirs to take once.
    private static final double SETTLED = 1.0 / 3;

    private static final double MIB = 1 << 20;

    private final List<Phase> phases = new ArrayList<>();
    private final List<Bar> bars = new ArrayList<>();

    void add(Phase phase) {
        phases.add(phase);
    }

    boolean isWhole() {
        return phases.stream().allMatch(phase -> phase.problem() == null);
    }

    private double peaceMillis(String victim) {
        return phases.stream()
                .filter(phase -> phase.victim().equals(victim) && phase.flood() == null)
                .mapToDouble(phase -> phase.latency(0.5))
                .findFirst()
                .orElse(Double.NaN);
    }

    private double intime(Phase phase) {
        return phase.share(TIMES_PEACE * peaceMillis(phase.victim()));
    }

    /// @param lasting whether memory had the time to show whether it grows
    void judge(boolean lasting) {
        for (Phase phase : phases) {
            if (!phase.victim().equals(Victim.KONCE) || phase.flood() == null || phase.problem() != null) {
                continue;
            }
            if (phase.what().startsWith("a crowd")) {
                bars.add(Bar.atLeast("share that connects of " + phase.what(), phase.completed(), CROWD_BAR));
                continue;
            }
            if (!lasting) {
                bars.add(Bar.atLeast(
                        phase.what() + ": share of honest clients within three times their latency in peace",
                        intime(phase),
                        SHARE_BAR));
            }
            if (phase.flood().equals(Flood.WORKED.word()) || phase.flood().equals(Flood.HANDSHAKES.word())) {
                bars.add(Bar.atMost(
                        phase.what() + ": what others bid, times that in peace",
                        (phase.mostEffort() + STEP) / STEP,
                        EFFORT_BAR));
            }
        }
        if (lasting) {
            Trend resident = trend(Sample::residentBytes);
            Trend live = trend(Sample::liveBytes);
            bars.add(Bar.atMost("resident memory: growth over the run, as a share", resident.rise(), RISE_BAR));
            bars.add(Bar.atMost("heap after collections: growth over the run, as a share", live.rise(), RISE_BAR));
        }
    }

    private Trend trend(ToDoubleFunction<Sample> value) {
        List<Trend.Point> all = points(Victim.KONCE, value);
        return Trend.of(all.subList((int) (SETTLED * all.size()), all.size()));
    }

    private List<Trend.Point> points(String victim, ToDoubleFunction<Sample> value) {
        List<Sample> samples = phases.stream()
                .filter(phase -> phase.victim().equals(victim))
                .flatMap(phase -> phase.samples().stream())
                .toList();
        return samples.stream()
                .map(sample -> new Trend.Point(
                        (sample.nanos() - samples.getFirst().nanos()) / 1e9, value.applyAsDouble(sample)))
                .toList();
    }

    private Table table() {
        Table table = new Table(
                "victim, flood",
                "came a second",
                "lost",
                "ns each",
                "processors",
                "group operations",
                "effort at most",
                "resident MiB",
                "honest",
                "connected",
                "within 3 times",
                "p50 ms",
                "p99 ms");
        for (Phase phase : phases) {
            if (phase.samples().isEmpty()) {
                table.add(row(phase, "", "", "", "", "", "", ""));
                continue;
            }
            table.add(row(
                    phase,
                    format("%,.0f", phase.takenPerSecond()),
                    format("%,.0f", (double) phase.lost()),
                    phase.flood() == null ? "" : format("%,.0f", phase.nanosEach()),
                    format("%.2f", phase.processors()),
                    format("%,.0f", (double) phase.groupOperations()),
                    format("%,.0f", (double) phase.mostEffort()),
                    format("%.0f", phase.mostResident() / MIB)));
        }
        return table;
    }

    private String[] row(Phase phase, String... figures) {
        List<String> cells = new ArrayList<>(List.of(phase.victim() + ", " + phase.what()));
        cells.addAll(List.of(figures));
        cells.add(Integer.toString(phase.visits().size()));
        cells.add(format("%.0f %%", 100 * phase.completed()));
        cells.add(format("%.0f %%", 100 * intime(phase)));
        cells.add(format("%.0f", phase.latency(0.5)));
        cells.add(format("%.0f", phase.latency(0.99)));
        return cells.toArray(String[]::new);
    }

    private Table barTable() {
        Table table = new Table("what", "figure", "bar", "");
        for (Bar bar : bars) {
            table.add(bar.name(), format("%.3g", bar.figure()), bar.bar(), bar.met() ? "met" : "MISSED");
        }
        return table;
    }

    String terminal() {
        return table().terminal() + "\n" + barTable().terminal() + problems("");
    }

    String markdown() {
        return "# Konce and its peers under floods\n\n"
                + "Written by one run of `./konce bench attack`; nothing here is typed in by hand.\n\n"
                + "## Bars\n\n" + barTable().markdown()
                + "\n## Phases\n\n" + table().markdown()
                + problems("\n## Failed\n\n")
                + "\n![effort and memory over time](attack.svg)\n";
    }

    private String problems(String heading) {
        StringBuilder out = new StringBuilder();
        for (Phase phase : phases) {
            if (phase.problem() != null) {
                out.append(phase.victim()).append(", ").append(phase.what()).append(": ");
                out.append(phase.problem()).append('\n');
            }
        }
        return out.isEmpty() ? "" : heading + out;
    }

    /// Of ours alone: effort, memory, what came and what got through.
    String svg() {
        List<Phase> ours = phases.stream()
                .filter(phase ->
                        phase.victim().equals(Victim.KONCE) && !phase.samples().isEmpty())
                .toList();
        if (ours.isEmpty()) {
            return Curves.svg(List.of(), List.of());
        }
        long zero = ours.getFirst().first().nanos();
        List<Curves.Span> spans = ours.stream()
                .map(phase -> new Curves.Span(
                        phase.flood() == null ? phase.what() : phase.flood(),
                        (phase.first().nanos() - zero) / 1e9,
                        (phase.last().nanos() - zero) / 1e9))
                .toList();
        List<Trend.Point> latencies = new ArrayList<>();
        for (Phase phase : ours) {
            double begun = (phase.first().nanos() - zero) / 1e9;
            phase.visits().stream()
                    .filter(visit -> visit.latencyMillis() >= 0)
                    .forEach(visit ->
                            latencies.add(new Trend.Point(begun + visit.atMillis() / 1e3, visit.latencyMillis())));
        }
        return Curves.svg(
                List.of(
                        new Curves.Panel(
                                "effort asked of everybody, expected hashes", List.of(curve("effort", Sample::effort))),
                        new Curves.Panel(
                                "memory of the server, MiB",
                                List.of(
                                        curve("resident", sample -> sample.residentBytes() / MIB),
                                        curve("heap after the last collection", sample -> sample.liveBytes() / MIB))),
                        new Curves.Panel(
                                "datagrams since the beginning, millions",
                                List.of(
                                        curve("read", sample -> sample.received() / 1e6),
                                        curve("lost by the full socket", sample -> sample.socketDrops() / 1e6))),
                        new Curves.Panel(
                                "honest clients: time to the reply, ms",
                                List.of(new Curves.Curve("by the time they began", latencies)))),
                spans);
    }

    private Curves.Curve curve(String name, ToDoubleFunction<Sample> value) {
        return new Curves.Curve(name, points(Victim.KONCE, value));
    }

    String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        Function<Phase, Map<String, Object>> figures = phase -> {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("phase", phase);
            if (!phase.samples().isEmpty()) {
                fields.put("cameASecond", phase.takenPerSecond());
                fields.put("nanosEach", phase.nanosEach());
                fields.put("lost", phase.lost());
                fields.put("refused", phase.refused());
            }
            fields.put("connected", phase.completed());
            fields.put("withinThreeTimes", intime(phase));
            return fields;
        };
        all.put("phases", phases.stream().map(figures).toList());
        all.put("bars", bars);
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .serializeSpecialFloatingPointValues()
                        .create()
                        .toJson(all) + "\n";
    }

    private static String format(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
