package konce.simulator;

import java.util.ArrayList;
import java.util.List;
import konce.simulator.clock.Dice;
import konce.simulator.plan.Attack;
import konce.simulator.plan.Plan;

/// A kind of run. Its seed decides what its records leave open.
///
/// @param code its letters: those of the QUIC interop runner where it has such a scenario
/// @param name a word for it
/// @param about what it does, in a sentence
/// @param planner draws a plan
public record Scenario(String code, String name, String about, Planner planner) {
    /// Ends the code of a scenario with floods beside.
    public static final String FLOODED = "+";

    /// Draws the plan of one run. The same dice give the same plan.
    public interface Planner {
        Plan plan(Dice dice);
    }

    /// Every scenario.
    public static List<Scenario> all() {
        return Catalogue.ALL;
    }

    /// The same, with floods beside what else disturbs it, drawn from the seed. Its code ends with [#FLOODED].
    public Scenario flooded() {
        return new Scenario(code + FLOODED, name + "-flooded", about + " And floods, drawn from the seed.", dice -> {
            Plan plan = planner.plan(dice);
            List<Attack> attacks = new ArrayList<>(plan.attacks());
            attacks.addAll(Swarm.floods(dice));
            return plan.withAttacks(attacks);
        });
    }

    /// The scenario of this code, in upper or lower case; with [#FLOODED] behind it, [#flooded].
    ///
    /// @throws IllegalArgumentException when there is none, with those there are
    public static Scenario byCode(String code) {
        if (code.endsWith(FLOODED)) {
            return byCode(code.substring(0, code.length() - FLOODED.length())).flooded();
        }
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
