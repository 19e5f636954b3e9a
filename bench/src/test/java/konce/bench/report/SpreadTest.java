package konce.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Quartiles against values worked out by hand.
class SpreadTest {
    @Test
    void quartilesLieBetweenTheNearestSamples() {
        assertEquals(new Spread(1, 1.75, 2.5, 3.25, 4), Spread.of(List.of(4.0, 1.0, 3.0, 2.0)));
        assertEquals(new Spread(1, 2, 3, 4, 5), Spread.of(List.of(5.0, 4.0, 3.0, 2.0, 1.0)));
    }

    @Test
    void oneSampleIsAllOfThem() {
        assertEquals(new Spread(7, 7, 7, 7, 7), Spread.of(List.of(7.0)));
    }

    @Test
    void noSamplesHaveNoSpread() {
        assertThrows(IllegalArgumentException.class, () -> Spread.of(List.of()));
    }
}
