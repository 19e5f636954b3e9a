package konce.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import konce.protocol.DropReason;
import konce.simulator.plan.Attack;
import konce.simulator.plan.Plan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Floods that do what they say, and scenarios with floods beside.
final class FloodsTest {
    private static final Map<Attack.Flood.Kind, DropReason> REFUSALS = Map.of(
            Attack.Flood.Kind.STALE_SEQUENCE, DropReason.SEQUENCE_NOT_RECENT,
            Attack.Flood.Kind.OTHER_ADDRESS, DropReason.COOKIE_WRONG,
            Attack.Flood.Kind.COPIES, DropReason.ALREADY_ACCEPTED,
            Attack.Flood.Kind.BAD_WORK, DropReason.SOLUTION_WRONG,
            Attack.Flood.Kind.BAD_AUTHENTICATOR, DropReason.COOKIE_WRONG,
            Attack.Flood.Kind.WORKED, DropReason.NOT_AUTHENTIC);

    /// Goal: each kind gets as far as it should and no further, and the honest succeed beside it. Method: the
    /// scenario
    /// of retries (the server asks for work) with 40 of them a second.
    @ParameterizedTest
    @EnumSource
    void eachKindIsRefusedWhereItShouldBe(Attack.Flood.Kind kind) {
        Scenario flooded = new Scenario("S", "retry", "", dice -> {
            Plan plan = Scenario.byCode("S").planner().plan(dice);
            return plan.withAttacks(List.of(new Attack.Flood(kind, 40)));
        });
        Report report = Simulation.run(flooded, 3);
        assertTrue(report.isPassed(), () -> report.violations().toString());
        long refused = report.drops().getOrDefault(REFUSALS.get(kind), 0L);
        assertTrue(refused > 100, () -> kind + ": " + report.drops());
    }

    /// Goal: scenarios keep their rules with floods beside. Method: one seed of some; `konce simulate --attackers`
    /// has
    /// all.
    @ParameterizedTest
    @ValueSource(strings = {"H+", "S+", "MC+", "BA+", "KC+", "XC+"})
    void scenariosHoldUnderFloods(String code) {
        Scenario scenario = Scenario.byCode(code);
        assertEquals(code, scenario.code());
        Report report = Simulation.runTwice(scenario, 5);
        assertTrue(report.isPassed(), () -> report.replayCommand() + "\n" + report.violations());
        assertTrue(report.datagrams().forged() > 100, report::toString);
    }

    /// Goal: the seeds of the swarm are floods of every kind.
    @Test
    void theSwarmHasEveryKind() {
        List<Attack> all = java.util.stream.LongStream.range(0, 50)
                .boxed()
                .flatMap(seed -> Scenario.byCode("XS").plan(seed).attacks().stream())
                .toList();
        for (Attack.Flood.Kind kind : Attack.Flood.Kind.values()) {
            assertTrue(all.stream().anyMatch(attack -> attack instanceof Attack.Flood flood && flood.kind() == kind));
        }
    }
}
