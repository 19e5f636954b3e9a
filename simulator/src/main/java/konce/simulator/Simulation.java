package konce.simulator;

import java.util.function.Consumer;
import konce.crypto.Vault;
import konce.simulator.check.Findings;
import konce.simulator.check.Rule;
import konce.simulator.check.Violation;
import konce.simulator.network.LinkCounts;
import konce.simulator.plan.Plan;
import konce.simulator.world.Party;
import konce.simulator.world.World;
import org.jspecify.annotations.Nullable;

/// Runs scenarios. Keeps nothing from run to run but the vault, which is empty in between.
public final class Simulation implements AutoCloseable {
    /// Bytes of secrets of one run at most.
    private static final long VAULT_BYTES = 4L << 20;

    private final Vault vault = Vault.open(VAULT_BYTES);
    private final Party.@Nullable Maker maker;

    public Simulation() {
        this(null);
    }

    /// @param maker makes what is tested instead of endpoints; null: endpoints
    Simulation(Party.@Nullable Maker maker) {
        this.maker = maker;
    }

    /// Runs a scenario once.
    public static Report run(Scenario scenario, long seed) {
        try (Simulation simulation = new Simulation()) {
            return simulation.report(scenario, seed, null);
        }
    }

    /// Runs a scenario twice, and requires that both runs are the same.
    public static Report runTwice(Scenario scenario, long seed) {
        try (Simulation simulation = new Simulation()) {
            return simulation.twice(scenario, seed);
        }
    }

    /// Runs a scenario once and tells each datagram and event as it happens.
    public static Report trace(Scenario scenario, long seed, Consumer<String> log) {
        try (Simulation simulation = new Simulation()) {
            return simulation.report(scenario, seed, log);
        }
    }

    /// Runs a scenario twice, and requires that both runs are the same.
    Report twice(Scenario scenario, long seed) {
        Report report = report(scenario, seed, null);
        String again = report(scenario, seed, null).traceHash();
        return again.equals(report.traceHash())
                ? report
                : report.with(new Violation(
                        Rule.NOT_DETERMINISTIC,
                        report.virtualNanos(),
                        "trace " + report.traceHash() + ", then " + again));
    }

    /// Runs a scenario once.
    ///
    /// @param log gets the run line by line; null: nobody does
    Report report(Scenario scenario, long seed, @Nullable Consumer<String> log) {
        Plan plan = scenario.plan(seed);
        int secretsBefore = vault.secretsLive();
        Report report;
        try (World world = new World(plan, seed, vault, maker, log)) {
            world.run();
            report = report(world, scenario, seed);
        }
        int secretsLeft = vault.secretsLive() - secretsBefore;
        return secretsLeft == 0
                ? report
                : report.with(new Violation(
                        Rule.MEMORY, report.virtualNanos(), secretsLeft + " secrets outlive their endpoints"));
    }

    private static Report report(World world, Scenario scenario, long seed) {
        Findings findings = world.findings();
        LinkCounts links = world.network().counts();
        return new Report(
                scenario.code(),
                seed,
                scenario.plan(seed),
                world.traceHash(),
                world.timeline().nowNanos(),
                new Report.Datagrams(
                        world.datagramsSent(),
                        world.datagramsForged(),
                        links.lost(),
                        links.duplicated(),
                        links.corrupted(),
                        links.heldBack()),
                world.letters().sentCount(),
                world.channelsOpened(),
                world.letters().outcomes(),
                world.drops(),
                findings.kept(),
                findings.count());
    }

    @Override
    public void close() {
        vault.close();
    }
}
