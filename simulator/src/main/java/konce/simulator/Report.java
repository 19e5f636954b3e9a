package konce.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import konce.protocol.DropReason;
import konce.simulator.check.Violation;
import konce.simulator.plan.Plan;

/// What came of one run.
///
/// @param scenario its code
/// @param seed its seed
/// @param plan what was run, drawn from the scenario and the seed
/// @param traceHash the hash of every datagram, time and event, in hexadecimal
/// @param virtualNanos how long it took in virtual time
/// @param datagrams what became of the datagrams
/// @param messages sends that were made
/// @param channels channels that opened, counted on both sides
/// @param outcomes how many sends settled in each way
/// @param drops datagrams that endpoints dropped, by reason
/// @param violations rules broken, the first of them; empty: the run passed
/// @param violationCount rules broken in all
public record Report(
        String scenario,
        long seed,
        Plan plan,
        String traceHash,
        long virtualNanos,
        Datagrams datagrams,
        long messages,
        long channels,
        Map<String, Long> outcomes,
        Map<DropReason, Long> drops,
        List<Violation> violations,
        long violationCount) {

    /// Datagrams of a run.
    ///
    /// @param sent by endpoints
    /// @param forged by attackers
    /// @param lost on links, for whatever reason
    /// @param duplicated on links
    /// @param corrupted on links
    /// @param heldBack on links, so that others overtook them
    public record Datagrams(long sent, long forged, long lost, long duplicated, long corrupted, long heldBack) {}

    public Report {
        outcomes = Map.copyOf(outcomes);
        drops = Map.copyOf(drops);
        violations = List.copyOf(violations);
    }

    /// The same with one violation more.
    Report with(Violation violation) {
        List<Violation> more = new ArrayList<>(violations);
        more.add(violation);
        return new Report(
                scenario,
                seed,
                plan,
                traceHash,
                virtualNanos,
                datagrams,
                messages,
                channels,
                outcomes,
                drops,
                more,
                violationCount + 1);
    }

    public boolean isPassed() {
        return violationCount == 0;
    }

    /// The one command that does it again.
    public String replayCommand() {
        return "./konce simulate --scenario " + scenario + " --seed " + seed;
    }
}
