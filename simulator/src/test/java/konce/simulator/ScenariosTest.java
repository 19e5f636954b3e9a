package konce.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import konce.simulator.plan.Plan;
import konce.simulator.plan.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScenariosTest {
    /// Seeds of each scenario in every build: the whole takes well under a minute.
    private static final int SEEDS = 20;

    private static final int SEEDS_OF_LARGE = 6;

    /// More messages than this make a scenario very large, and more bytes than that make it large.
    private static final int MESSAGES_LARGE = 1_000;

    private static final int BYTES_LARGE = 1 << 16;

    private static Stream<Scenario> scenarios() {
        return Scenario.all().stream();
    }

    /// Goal: every scenario keeps every rule. Method: the first seeds of each.
    @ParameterizedTest
    @MethodSource("scenarios")
    void keepsEveryRule(Scenario scenario) {
        for (int seed = 1; seed <= seeds(scenario); seed++) {
            Report report = Simulation.run(scenario, seed);
            assertTrue(
                    report.isPassed(),
                    () -> report.replayCommand() + "\n" + report.violations() + "\n" + report.plan());
            assertTrue(report.messages() > 0 && report.datagrams().sent() > 0, () -> "nothing happened: " + report);
        }
    }

    private static int seeds(Scenario scenario) {
        Workload workload = scenario.plan(1).workload();
        boolean large = workload.requestBytesMax() > BYTES_LARGE;
        return workload.messages() > MESSAGES_LARGE ? 1 : large ? SEEDS_OF_LARGE : SEEDS;
    }

    /// Goal: a run is a function of its scenario and seed. Method: run twice, compare the hashes of all that
    /// happened;
    /// another seed gives another run.
    @ParameterizedTest
    @MethodSource("scenarios")
    void isDeterministic(Scenario scenario) {
        Report report = Simulation.runTwice(scenario, 99);
        assertTrue(report.isPassed(), () -> report.replayCommand() + "\n" + report.violations());
        assertTrue(!report.traceHash().equals(Simulation.run(scenario, 98).traceHash()));
    }

    /// Goal: scenarios are found by their codes, in either case, and each code means one of them.
    @Test
    void areFoundByCode() {
        Set<String> codes = new HashSet<>();
        for (Scenario scenario : Scenario.all()) {
            assertTrue(codes.add(scenario.code()), scenario.code());
            assertSame(scenario, Scenario.byCode(scenario.code().toLowerCase(java.util.Locale.ROOT)));
        }
        assertThrows(IllegalArgumentException.class, () -> Scenario.byCode("no such"));
    }

    /// Goal: the guide has a row for each scenario.
    @Test
    void areInTheGuide() throws IOException {
        String guide = Files.readString(Path.of("..", "docs", "simulator.md"));
        for (Scenario scenario : Scenario.all()) {
            String row = "| " + scenario.code() + " | " + scenario.name() + " |";
            assertTrue(guide.contains(row), () -> "docs/simulator.md lacks " + row);
        }
    }

    /// Goal: the same seed gives the same plan, and chaos gives many different ones.
    @Test
    void plansFollowFromSeeds() {
        Set<Plan> plans = new HashSet<>();
        for (int seed = 0; seed < 100; seed++) {
            Plan plan = Scenario.byCode("CH").plan(seed);
            assertEquals(plan, Scenario.byCode("CH").plan(seed));
            plans.add(plan);
        }
        assertEquals(100, plans.size());
    }

    /// Goal: a campaign runs every seed of every scenario once, whatever the number of threads, and adds up.
    @Test
    void campaignsAddUp() throws InterruptedException {
        List<Scenario> two = List.of(Scenario.byCode("H"), Scenario.byCode("S"));
        Set<String> seen = new HashSet<>();
        Campaign.Totals totals = new Campaign(two, 5, 3, 2, false, false)
                .run((report, _) -> assertTrue(seen.add(report.scenario() + report.seed())));
        assertEquals(Set.of("H5", "H6", "H7", "S5", "S6", "S7"), seen);
        assertEquals(6, totals.runCount());
        assertEquals(0, totals.failedCount());
    }
}
