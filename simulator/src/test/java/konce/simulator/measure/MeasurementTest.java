package konce.simulator.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import konce.protocol.CongestionControl;
import konce.simulator.network.LinkOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What flows get of a bottleneck, printed and held.
final class MeasurementTest {
    private static final long MILLI = 1_000_000L;

    private static Measurement measurement(String code) {
        return Measurement.all().stream()
                .filter(one -> one.code().equals(code))
                .findFirst()
                .orElseThrow();
    }

    private static void require(Measurement.Result result) {
        IO.println(result);
        assertTrue(result.isPassed(), result.toString());
    }

    /// Goal: each measurement's first flow gets the share it is promised.
    // = docs/spec/05-paths.md R5.9
    // = docs/spec/05-paths.md R5.11
    @ParameterizedTest
    @ValueSource(strings = {"GL", "GF", "GB", "GA"})
    void theFirstFlowGetsItsShare(String code) {
        require(measurement(code).run(1));
    }

    /// Goal: the background yields and uses what is there whatever the queue: half a bandwidth-delay product, two.
    // = docs/spec/05-paths.md R5.11
    @ParameterizedTest
    @ValueSource(ints = {33, 133})
    void theBackgroundYieldsWhateverTheQueue(int queue) {
        require(measurement("GB").withQueue(queue).run(1));
        require(measurement("GA").withQueue(queue).run(1));
    }

    /// Goal: the competitor is no straw man: alone it fills the link, and beside another of its kind each gets its
    /// half, more or less.
    @Test
    void theModelOfTcpBehavesLikeTcp() {
        Measurement shared = measurement("GF");
        for (List<Flow> flows : List.of(
                List.<Flow>of(new Flow.Tcp()),
                List.<Flow>of(new Flow.Tcp(), new Flow.Tcp()),
                List.<Flow>of(new Flow.Konce(CongestionControl.CUBIC, false), new Flow.Tcp()))) {
            Measurement.Result result = new Measurement(
                            "T",
                            "tcp",
                            "",
                            shared.forward(),
                            shared.back(),
                            flows,
                            shared.fromNanos(),
                            shared.untilNanos(),
                            flows.size() == 1 ? 0.9 : 0.3,
                            flows.size() == 1 ? 1.0 : 0.7)
                    .run(1);
            require(result);
            assertTrue(result.used() > 0.9, result.toString());
        }
    }

    /// Goal: the same seed measures the same.
    @Test
    void aSeedMeansARun() {
        LinkOptions link = LinkOptions.delay(5 * MILLI).withBottleneck(10_000_000, 20);
        Measurement small = new Measurement(
                "S", "small", "", link, link, measurement("GF").flows(), 500 * MILLI, 2_000 * MILLI, 0, 1);
        assertEquals(small.run(7).bytes(), small.run(7).bytes());
    }
}
