package konce.bench.report;

import java.util.Arrays;
import java.util.List;

/// Whether something grows. The slope is the median of the slopes between all pairs of samples (Theil and Sen), which a
/// few samples out of line do not move.
///
/// @param median of the samples
/// @param slope for each unit of time
/// @param rise over the whole of the time, as a share of the median
public record Trend(double median, double slope, double rise) {
    /// Pairs are taken of so many samples at most, evenly chosen.
    private static final int SAMPLES_MAX = 400;

    /// A sample at a time.
    public record Point(double time, double value) {}

    /// @throws IllegalArgumentException when there are fewer than two samples
    public static Trend of(List<Point> all) {
        int step = (all.size() + SAMPLES_MAX - 1) / SAMPLES_MAX;
        List<Point> points = java.util.stream.IntStream.range(0, all.size())
                .filter(i -> i % Math.max(1, step) == 0)
                .mapToObj(all::get)
                .toList();
        if (points.size() < 2) {
            throw new IllegalArgumentException(points.size() + " samples have no slope");
        }
        double[] slopes = new double[points.size() * (points.size() - 1) / 2];
        int count = 0;
        for (int i = 0; i < points.size(); i++) {
            for (int j = i + 1; j < points.size(); j++) {
                double apart = points.get(j).time - points.get(i).time;
                if (apart > 0) {
                    slopes[count++] = (points.get(j).value - points.get(i).value) / apart;
                }
            }
        }
        double slope = count == 0 ? 0 : middle(Arrays.copyOf(slopes, count));
        double median = middle(points.stream().mapToDouble(Point::value).toArray());
        double time = points.getLast().time - points.getFirst().time;
        return new Trend(median, slope, median == 0 ? 0 : slope * time / median);
    }

    private static double middle(double[] values) {
        Arrays.sort(values);
        int half = values.length / 2;
        return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
    }
}
