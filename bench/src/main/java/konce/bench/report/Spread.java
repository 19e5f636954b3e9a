package konce.bench.report;

import java.util.Arrays;
import java.util.Collection;

/// How samples are spread. Quartiles are interpolated between the two nearest samples.
public record Spread(double min, double lowerQuartile, double median, double upperQuartile, double max) {
    /// @throws IllegalArgumentException when there are no samples
    public static Spread of(Collection<Double> samples) {
        double[] sorted =
                samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no samples have no spread");
        }
        return new Spread(
                sorted[0],
                quantile(sorted, 0.25),
                quantile(sorted, 0.5),
                quantile(sorted, 0.75),
                sorted[sorted.length - 1]);
    }

    private static double quantile(double[] sorted, double share) {
        assert Arrays.equals(sorted, Arrays.stream(sorted).sorted().toArray()) : "not sorted";
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
