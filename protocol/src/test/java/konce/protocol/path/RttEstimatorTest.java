package konce.protocol.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import konce.protocol.Seeds;
import org.junit.jupiter.api.Test;

/// The estimate of a round trip, against numbers worked by hand from RFC 9002 section 5.
// = docs/spec/05-paths.md R5.1
final class RttEstimatorTest {
    private static final long MILLI = 1_000_000L;
    private static final long DELAY_MAX = 25 * MILLI;

    private final RttEstimator rtt = new RttEstimator();

    private void requireEstimate(long smoothedMicros, long variationMicros) {
        assertEquals(smoothedMicros, rtt.smoothedNanos() / 1_000);
        assertEquals(variationMicros, rtt.variationNanos() / 1_000);
    }

    /// Goal: before anything is known it is 333 ms; a guess replaces that, and the first measurement
    /// replaces the guess, whatever delay the peer claims.
    @Test
    void theFirstMeasurementReplacesTheGuess() {
        requireEstimate(333_000, 166_500);
        rtt.guess(40 * MILLI);
        requireEstimate(40_000, 20_000);
        assertFalse(rtt.isMeasured());
        rtt.measure(100 * MILLI, 60 * MILLI, DELAY_MAX);
        requireEstimate(100_000, 50_000);
        assertTrue(rtt.isMeasured());
        rtt.guess(MILLI);
        requireEstimate(100_000, 50_000);
    }

    /// Goal: samples are weighed as RFC 9002 says. Method: by hand. 100 ms; then 120 ms of which the peer
    /// held 10 back: adjusted 110, variation (3 * 50 + 10) / 4 = 40, smoothed (7 * 100 + 110) / 8 =
    /// 101.25; then 104 ms with 10 ms, which would fall below the smallest: unadjusted, variation (3 * 40
    /// + 2.75) / 4 = 30.6875, smoothed (7 * 101.25 + 104) / 8 = 101.59375; then 150 ms with 60 ms, of
    /// which 25 are believed: adjusted 125, variation (3 * 30.6875 + 23.40625) / 4 = 28.8671875, smoothed
    /// (7 * 101.59375 + 125) / 8 = 104.51953125.
    @Test
    void samplesAreWeighed() {
        rtt.measure(100 * MILLI, 0, DELAY_MAX);
        rtt.measure(120 * MILLI, 10 * MILLI, DELAY_MAX);
        requireEstimate(101_250, 40_000);
        rtt.measure(104 * MILLI, 10 * MILLI, DELAY_MAX);
        requireEstimate(101_593, 30_687);
        rtt.measure(150 * MILLI, 60 * MILLI, DELAY_MAX);
        requireEstimate(104_519, 28_867);
        assertEquals(100 * MILLI, rtt.minNanos());
        assertEquals(150 * MILLI, rtt.latestNanos());
    }

    /// Goal: timers follow: a probe after smoothed + 4 variation (at least 1 ms) + the delay, a loss
    /// after 9/8 of the larger of smoothed and latest, at least 1 ms.
    @Test
    void timersFollowTheEstimate() {
        rtt.measure(80 * MILLI, 0, DELAY_MAX);
        assertEquals((80 + 4 * 40 + 5) * MILLI, rtt.probeTimeoutNanos(5 * MILLI));
        assertEquals(90 * MILLI, rtt.lossDelayNanos());
        rtt.measure(160 * MILLI, 0, DELAY_MAX);
        assertEquals(180 * MILLI, rtt.lossDelayNanos(), "the latest is larger");
        RttEstimator near = new RttEstimator();
        for (int i = 0; i < 100; i++) {
            near.measure(20_000, 0, DELAY_MAX);
        }
        assertEquals(MILLI, near.lossDelayNanos());
        assertEquals(20_000 + MILLI + 5 * MILLI, near.probeTimeoutNanos(5 * MILLI));
    }

    /// Goal: no sample and no claim of the peer makes an estimate that is not positive, or below the
    /// smallest round trip there was. Method: random samples and claims, extremes among them.
    @Test
    void noClaimMakesNonsense() {
        Random random = Seeds.random("RttEstimator", 41);
        for (int i = 0; i < 100_000; i++) {
            long sample = random.nextInt(50) == 0 ? random.nextInt(3) - 1 : random.nextLong(300 * MILLI);
            rtt.measure(sample, random.nextLong(1L << random.nextInt(1, 50)), 5 * MILLI);
            assertTrue(rtt.smoothedNanos() >= rtt.minNanos() / 2 && rtt.smoothedNanos() > 0);
            assertTrue(rtt.minNanos() > 0 && rtt.minNanos() <= rtt.latestNanos());
            assertTrue(rtt.variationNanos() >= 0);
            assertTrue(rtt.probeTimeoutNanos(5 * MILLI) >= 6 * MILLI);
        }
    }
}
