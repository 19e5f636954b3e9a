package konce.simulator;

import java.util.List;
import konce.simulator.clock.Dice;
import konce.simulator.plan.Plan;

/// A kind of run. Its seed decides what its records leave open.
///
/// @param code its letters: those of the QUIC interop runner where it has such a scenario
/// @param name a word for it
/// @param about what it does, in a sentence
/// @param planner draws a plan
public record Scenario(String code, String name, String about, Planner planner) {
    /// Draws the plan of one run. The same dice give the same plan.
    public interface Planner {
        Plan plan(Dice dice);
    }

    /// Every scenario.
    public static List<Scenario> all() {
        return Catalogue.ALL;
    }

    /// The scenario of this code, in upper or lower case.
    ///
    /// @throws IllegalArgumentException when there is none, with those there are
    public static Scenario byCode(String code) {
        for (Scenario scenario : all()) {
            if (scenario.code().equalsIgnoreCase(code)) {
                return scenario;
            }
        }
        throw new IllegalArgumentException("no scenario '" + code + "'; there are "
                + String.join(" ", all().stream().map(Scenario::code).toList()));
    }

    /// The plan of this seed.
    public Plan plan(long seed) {
        return planner.plan(new Dice(Dice.mix(seed) ^ code.hashCode()));
    }
}
