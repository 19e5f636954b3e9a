package konce.simulator.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import konce.protocol.CongestionControl;
import konce.simulator.network.LinkOptions;
import konce.simulator.network.Marks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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
    @ValueSource(strings = {"GF", "GB", "GA"})
    void theFirstFlowGetsItsShare(String code) {
        require(measurement(code).run(1));
    }

    /// Goal: losses that mean nothing cost little. On the average: where many fall into the start, a run takes
    /// longer
    /// to find the whole link.
    // = docs/spec/05-paths.md R5.9
    @Test
    void randomLossCostsLittle() {
        Measurement lossy = measurement("GL");
        double share = 0;
        for (int seed = 1; seed <= 3; seed++) {
            Measurement.Result result = lossy.run(seed);
            IO.println(result);
            share += result.share() / 3;
        }
        assertTrue(share >= lossy.least(), share + " of the link on the average");
    }

    /// Goal: the background yields and uses what is there whatever the queue: half a bandwidth-delay product, two.
    // = docs/spec/05-paths.md R5.11
    @ParameterizedTest
    @ValueSource(ints = {33, 133})
    void theBackgroundYieldsWhateverTheQueue(int queue) {
        Measurement alone = measurement("GA").withQueue(queue);
        double used = 0;
        for (int seed = 1; seed <= 3; seed++) {
            Measurement.Result result = alone.run(seed);
            IO.println(result);
            used += result.used() / 3;
        }
        assertTrue(used >= alone.least(), used + " of the link on the average");
        require(measurement("GB").withQueue(queue).run(1));
    }

    /// Goal: the competitor is no straw man: alone it fills the link, and beside another of its kind each gets its
    /// half, more or less.
    @Test
    void theModelOfTcpBehavesLikeTcp() {
        Measurement shared = measurement("GF");
        for (List<Flow> flows : List.of(
                List.<Flow>of(new Flow.Tcp()),
                List.<Flow>of(new Flow.Tcp(), new Flow.Tcp()),
                List.<Flow>of(new Flow.Konce(CongestionControl.CUBIC, false, false), new Flow.Tcp()))) {
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

    /// Goal: where the bottleneck marks, nothing is lost, whatever finds out how much to send.
    // = docs/spec/05-paths.md R5.10
    // = docs/spec/06-flow.md R6.25
    @Test
    void marksSpareTheLosses() {
        Measurement.Result result = measurement("E").run(1);
        require(result);
        assertTrue(result.marked() > 100, result.toString());
        assertEquals(0, result.lost(), result.toString());
        assertTrue(result.used() > 0.85, result.toString());
    }

    /// Goal: where marks are taken away, or all arrive as congestion, flows do no worse than with none.
    // = docs/spec/06-flow.md R6.26
    @ParameterizedTest
    @EnumSource(
            value = Marks.class,
            names = {"BLEACHED", "ALL_CONGESTED"})
    void marksThatAreSpoiledDoNoHarm(Marks marks) {
        Measurement e = measurement("E");
        Measurement.Result result = e.withForward(e.forward().withMarks(marks)).run(1);
        IO.println(result);
        assertTrue(result.used() > 0.85, result.toString());
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
