package konce.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The samples of one contestant in one measure, by the round they were taken in.
public final class Series {
    private final Measure measure;
    private final String contestant;
    private final SortedMap<Integer, Double> samples = new TreeMap<>();

    Series(Measure measure, String contestant) {
        this.measure = measure;
        this.contestant = contestant;
    }

    public Measure measure() {
        return measure;
    }

    public String contestant() {
        return contestant;
    }

    void add(int round, double sample) {
        samples.put(round, sample);
    }

    /// In the order of their rounds.
    public List<Double> samples() {
        return List.copyOf(samples.values());
    }

    public Spread spread() {
        return Spread.of(samples.values());
    }

    /// This over `other`, for each round that has both: what noise does to both is taken out.
    public List<Double> ratiosTo(Series other) {
        List<Double> ratios = new ArrayList<>();
        samples.forEach((round, sample) -> {
            Double its = other.samples.get(round);
            if (its != null && its != 0) {
                ratios.add(sample / its);
            }
        });
        return ratios;
    }
}
