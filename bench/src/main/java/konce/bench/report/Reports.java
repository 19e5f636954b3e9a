package konce.bench.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/// The forms results are written in.
public final class Reports {
    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    private Reports() {}

    /// For a terminal: tables of medians and their spread, then the bars.
    public static String terminal(Results results) {
        StringBuilder out = new StringBuilder();
        for (Measure measure : results.measures()) {
            out.append(heading(measure)).append('\n');
            out.append(table(results, measure).terminal()).append('\n');
        }
        Table bars = bars(results);
        if (!bars.isEmpty()) {
            out.append("bars\n").append(bars.terminal()).append('\n');
        }
        return out.toString();
    }

    /// As Markdown: the same, with the circumstances and the tuning of each contestant.
    ///
    /// @param command of `konce bench`, that has measured
    public static String markdown(String title, String command, Results results) {
        StringBuilder out = new StringBuilder("# " + title + "\n\n");
        out.append("Written by one run of `./konce bench " + command + "`; nothing here is typed in by hand.\n\n");
        results.circumstances()
                .forEach((what, value) ->
                        out.append("- ").append(what).append(": ").append(value).append('\n'));
        Table bars = bars(results);
        if (!bars.isEmpty()) {
            out.append("\n## Bars\n\n").append(bars.markdown());
        }
        for (Measure measure : results.measures()) {
            out.append("\n## ").append(heading(measure)).append("\n\n");
            out.append(table(results, measure).markdown());
        }
        out.append("\n## Tuning\n\n");
        for (Results.Entrant entrant : results.entrants()) {
            out.append("- ").append(entrant.title()).append(": ");
            StringJoiner tuning = new StringJoiner("; ");
            entrant.tuning().forEach(tuning::add);
            out.append(tuning).append('\n');
        }
        if (!results.failures().isEmpty()) {
            out.append("\n## Failed\n\n");
            for (Results.Failure failure : results.failures()) {
                out.append("- ").append(results.title(failure.contestant())).append(", ");
                out.append(failure.discipline())
                        .append(": ")
                        .append(failure.why())
                        .append('\n');
            }
        }
        return out.toString();
    }

    /// As a chart.
    ///
    /// @param own whose names begin with this is drawn in another colour
    public static String svg(Results results, String own) {
        return Chart.of(results, own);
    }

    /// As JSON: every sample, medians and spread, the bars.
    public static String json(Results results) {
        List<Object> series = new ArrayList<>();
        for (Series one : results.all()) {
            Measure measure = one.measure();
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("discipline", measure.discipline());
            fields.put("measure", measure.name());
            fields.put("contestant", one.contestant());
            fields.put("unit", measure.unit());
            fields.put("better", measure.best() == Measure.Best.HIGHEST ? "more" : "less");
            List<Double> samples = one.samples().stream()
                    .map(sample -> sample * measure.scale())
                    .toList();
            fields.put("samples", samples);
            fields.put("spread", Spread.of(samples));
            series.add(fields);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("circumstances", results.circumstances());
        all.put("contestants", results.entrants());
        all.put("series", series);
        all.put("bars", results.bars());
        all.put("unmeasuredBars", results.unmeasured());
        all.put("failures", results.failures());
        return GSON.toJson(all) + "\n";
    }

    private static String heading(Measure measure) {
        String better = measure.best() == Measure.Best.HIGHEST ? "more" : "less";
        return measure.title() + ", " + measure.unit() + " (" + better + " is better)";
    }

    private static Table table(Results results, Measure measure) {
        Table table = new Table("", "median", "min", "lower quartile", "upper quartile", "max", "samples");
        for (Series series : results.of(measure)) {
            Spread spread = series.spread();
            table.add(
                    results.title(series.contestant()),
                    measure.text(spread.median()),
                    measure.text(spread.min()),
                    measure.text(spread.lowerQuartile()),
                    measure.text(spread.upperQuartile()),
                    measure.text(spread.max()),
                    Integer.toString(series.samples().size()));
        }
        return table;
    }

    private static Table bars(Results results) {
        Table table = new Table("what", "figure", "bar", "");
        for (Bar bar : results.bars()) {
            table.add(
                    bar.name(),
                    String.format(java.util.Locale.ROOT, "%.3g", bar.figure()),
                    bar.bar(),
                    bar.met() ? "met" : "MISSED");
        }
        for (String name : results.unmeasured()) {
            table.add(name, "", "", "not measured");
        }
        return table;
    }
}
