package konce.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TrendTest {
    private static List<Trend.Point> line(int count, double slope, double noise) {
        Random chance = new Random(5);
        List<Trend.Point> points = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            points.add(new Trend.Point(i, 100 + slope * i + noise * chance.nextGaussian()));
        }
        return points;
    }

    /// Goal: what grows is seen to grow, and by how much, although it is noisy.
    @Test
    void growthIsSeen() {
        Trend trend = Trend.of(line(1_000, 0.1, 3));
        assertEquals(0.1, trend.slope(), 0.005);
        assertEquals(0.1 * 1_000 / 150, trend.rise(), 0.05);
    }

    /// Goal: what is flat is seen to be flat, although some samples are far out of line.
    @Test
    void flatIsFlat() {
        List<Trend.Point> points = line(300, 0, 1);
        for (int i = 280; i < 290; i++) {
            points.set(i, new Trend.Point(i, 10_000));
        }
        assertTrue(Math.abs(Trend.of(points).rise()) < 0.01);
    }

    @Test
    void twoSamplesAtLeast() {
        assertThrows(IllegalArgumentException.class, () -> Trend.of(line(1, 0, 0)));
    }
}
