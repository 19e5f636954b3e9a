package konce.simulator;

import java.util.ArrayList;
import java.util.List;
import konce.protocol.Limits;
import konce.protocol.endpoint.KeyPolicy;
import konce.simulator.clock.Dice;
import konce.simulator.network.LinkOptions;
import konce.simulator.network.Loss;
import konce.simulator.network.Mischief;
import konce.simulator.network.Outage;
import konce.simulator.network.Rebinding;
import konce.simulator.plan.Attack;
import konce.simulator.plan.Expectations;
import konce.simulator.plan.HostOptions;
import konce.simulator.plan.Manners;
import konce.simulator.plan.Meeting;
import konce.simulator.plan.Plan;
import konce.simulator.plan.Timing;
import konce.simulator.plan.Workload;

/// Draws a run out of everything there is. Nothing has to succeed while it lasts; everything has to be safe, and to
/// recover afterwards.
final class Chaos {
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;
    private static final List<Long> EFFORTS = List.of(0L, 0L, 0L, 1L, 16L, 64L);
    private static final List<Long> RATES = List.of(0L, 0L, 256_000L, 2_000_000L, 10_000_000L, 100_000_000L);
    private static final List<Integer> LIMITS = List.of(256, 2_000, 20_000);
    private static final List<Integer> SIZES = List.of(0, 64, 1_100, 10_000, 200_000);

    private Chaos() {}

    static Plan plan(Dice dice) {
        return new Plan(
                link(dice),
                link(dice),
                Rebinding.NEVER,
                hosts(dice),
                workload(dice),
                attacks(dice),
                new Expectations(dice.between(5 * SECOND, 50 * SECOND), 240 * SECOND, false, Meeting.THE_SERVER));
    }

    private static LinkOptions link(Dice dice) {
        LinkOptions link = LinkOptions.delay(dice.size(500) * MILLISECOND)
                .withBottleneck(dice.pick(RATES), (int) dice.between(10, 200))
                .withLoss(loss(dice));
        if (dice.chance(0.5)) {
            link = link.withJitter(dice.between(0, 50 * MILLISECOND));
        }
        if (dice.chance(0.5)) {
            link = link.withMischief(new Mischief(
                    share(dice, 0.5),
                    share(dice, 0.3),
                    (int) dice.between(1, 5),
                    share(dice, 0.5),
                    dice.between(0, 500 * MILLISECOND)));
        }
        if (dice.chance(0.2)) {
            link = link.withOutage(new Outage(dice.between(SECOND, 8 * SECOND), dice.between(SECOND / 10, 4 * SECOND)));
        }
        return link;
    }

    private static Loss loss(Dice dice) {
        return switch (dice.below(3)) {
            case 0 -> Loss.NONE;
            case 1 -> new Loss.Rate(share(dice, 0.5), (int) dice.between(1, 10));
            default ->
                new Loss.GilbertElliott(share(dice, 0.2), 0.1 + share(dice, 0.5), share(dice, 0.05), share(dice, 1));
        };
    }

    private static HostOptions hosts(Dice dice) {
        HostOptions hosts = HostOptions.PLAIN
                .withClients((int) dice.between(1, 4), (int) dice.between(1, 2), dice.chance(0.5) ? share(dice, 1) : 0)
                .withEffort(dice.pick(EFFORTS), (int) dice.between(1, 4))
                .withClocks(dice.between(10, 20 * MILLISECOND), dice.between(0, 10 * MILLISECOND), (int)
                        dice.between(0, 1_000));
        if (dice.chance(0.3)) {
            hosts = hosts.withMessageBytesMax(dice.pick(LIMITS));
        }
        if (dice.chance(0.2)) {
            hosts = hosts.withDeadAddresses((int) dice.between(1, 3));
        }
        if (dice.chance(0.2)) {
            hosts = hosts.withRestart(dice.between(1, 20 * SECOND));
        }
        if (dice.chance(0.3)) {
            hosts = hosts.withKeys(new KeyPolicy(dice.between(1, 200), dice.chance(0.7), false));
        }
        return dice.chance(0.25) ? hosts.withIpv6() : hosts;
    }

    private static Workload workload(Dice dice) {
        Manners manners = new Manners(
                share(dice, 1),
                share(dice, 0.5),
                share(dice, 0.1),
                share(dice, 0.2),
                share(dice, 0.05),
                share(dice, 0.2),
                share(dice, 0.2),
                share(dice, 0.5),
                share(dice, 0.5),
                share(dice, 0.3));
        Timing timing = new Timing(
                dice.between(SECOND, 30 * SECOND),
                dice.between(SECOND, 60 * SECOND),
                dice.between(SECOND, 30 * SECOND),
                dice.between(0, 2 * SECOND),
                dice.between(0, SECOND));
        return new Workload(
                (int) dice.between(1, 40),
                dice.between(0, 10 * SECOND),
                dice.pick(SIZES),
                dice.pick(SIZES),
                dice.chance(0.1),
                manners,
                timing);
    }

    private static List<Attack> attacks(Dice dice) {
        List<Attack> all = List.of(
                new Attack.Garbage((int) dice.between(1, 50)),
                new Attack.SpoofedInits((int) dice.between(1, 50)),
                new Attack.CookieEchoReplay(
                        (int) dice.between(1, 10), Limits.COOKIE_LIFETIME_NANOS * 2, dice.chance(0.5)),
                new Attack.BitFlips((int) dice.between(1, 3)),
                new Attack.BlindInitAcks((int) dice.between(1, 50)),
                new Attack.OvertakingInitAcks(dice.between(0, 100)),
                new Attack.DataReplay(share(dice, 0.5), dice.between(0, 10 * SECOND)));
        List<Attack> drawn = new ArrayList<>();
        for (Attack attack : all) {
            if (dice.chance(0.15)) {
                drawn.add(attack);
            }
        }
        return drawn;
    }

    private static double share(Dice dice, double max) {
        return dice.below(1_001) * max / 1_000;
    }
}
