package konce.simulator;

import java.util.ArrayList;
import java.util.List;
import konce.protocol.Limits;
import konce.simulator.clock.Dice;
import konce.simulator.network.LinkOptions;
import konce.simulator.network.Loss;
import konce.simulator.network.Rebinding;
import konce.simulator.plan.Attack;
import konce.simulator.plan.Expectations;
import konce.simulator.plan.HostOptions;
import konce.simulator.plan.Manners;
import konce.simulator.plan.Meeting;
import konce.simulator.plan.Plan;
import konce.simulator.plan.Timing;
import konce.simulator.plan.Workload;

/// Draws small worlds under floods: cheap to run, so that there can be very many of them. Everybody must succeed.
final class Swarm {
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;
    private static final List<Long> EFFORTS = List.of(0L, 0L, 0L, 1L, 8L, 32L);
    private static final List<Integer> SIZES = List.of(0, 64, 1_100, 3_000);
    private static final Timing TIMING =
            new Timing(30 * SECOND, 60 * SECOND, 5 * SECOND, 20 * MILLISECOND, 5 * MILLISECOND);

    private Swarm() {}

    static Plan plan(Dice dice) {
        LinkOptions link =
                LinkOptions.delay(dice.between(1, 100) * MILLISECOND).withJitter(dice.between(0, 5 * MILLISECOND));
        if (dice.chance(0.3)) {
            link = link.withLoss(new Loss.Rate(dice.below(10) / 100.0, 3));
        }
        long faultNanos = dice.between(SECOND, 4 * SECOND);
        return new Plan(
                link,
                link,
                Rebinding.NEVER,
                HostOptions.PLAIN
                        .withClients((int) dice.between(1, 2), 1, dice.chance(0.3) ? 0.5 : 0)
                        .withEffort(dice.pick(EFFORTS), (int) dice.between(1, 2)),
                new Workload(
                        (int) dice.between(1, 3),
                        faultNanos / 2,
                        dice.pick(SIZES),
                        dice.pick(SIZES),
                        false,
                        Manners.REQUESTS,
                        TIMING),
                floods(dice),
                new Expectations(faultNanos, 120 * SECOND, true, Meeting.THE_SERVER));
    }

    /// Floods of at least one kind.
    static List<Attack> floods(Dice dice) {
        List<Attack> drawn = new ArrayList<>();
        for (Attack.Flood.Kind kind : Attack.Flood.Kind.values()) {
            if (dice.chance(0.4)) {
                drawn.add(new Attack.Flood(kind, (int) dice.between(2, 40)));
            }
        }
        if (dice.chance(0.4)) {
            drawn.add(new Attack.Garbage((int) dice.between(2, 40)));
        }
        if (dice.chance(0.4)) {
            drawn.add(new Attack.CookieEchoReplay((int) dice.between(1, 6), Limits.COOKIE_LIFETIME_NANOS, true));
        }
        if (drawn.isEmpty() || dice.chance(0.4)) {
            drawn.add(new Attack.SpoofedInits((int) dice.between(2, 40)));
        }
        return drawn;
    }
}
