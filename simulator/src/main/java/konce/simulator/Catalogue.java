package konce.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import konce.protocol.Limits;
import konce.protocol.endpoint.KeyPolicy;
import konce.simulator.clock.Dice;
import konce.simulator.network.LinkOptions;
import konce.simulator.network.Loss;
import konce.simulator.network.Mischief;
import konce.simulator.network.Mtu;
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

/// The scenarios. Those with a counterpart in the QUIC interop runner have its letters and its parameters; the others'
/// codes begin with X where somebody attacks.
final class Catalogue {
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;
    private static final int KIB = 1 << 10;

    /// What 9,000 bytes on the link leave under IPv4 and UDP.
    private static final int JUMBO_BYTES = 8_972;

    /// The interop runner's usual path: 15 ms each way, 10 Mbit/s, 25 packets of queue.
    private static final LinkOptions USUAL = LinkOptions.delay(15 * MILLISECOND).withBottleneck(10_000_000, 25);

    /// One request of 1 KiB, answered.
    private static final Workload ONE_REQUEST = new Workload(1, 0, KIB, KIB, true, Manners.REQUESTS, Timing.PATIENT);

    /// Eight friendly messages of up to 256 KiB.
    private static final Workload TRANSFER =
            new Workload(8, SECOND, 256 * KIB, 256 * KIB, false, Manners.FRIENDLY, Timing.PATIENT);

    /// Twenty small messages of every kind.
    private static final Workload SMALL_TALK =
            new Workload(20, 2 * SECOND, 4 * KIB, 4 * KIB, false, Manners.FRIENDLY, Timing.PATIENT);

    /// Forty messages of up to 48 KiB to receivers that take their time.
    private static final Workload SLOW_TALK = new Workload(
            40,
            4 * SECOND,
            48 * KIB,
            48 * KIB,
            false,
            Manners.FRIENDLY,
            new Timing(60 * SECOND, 120 * SECOND, 10 * SECOND, SECOND, SECOND));

    /// Five minutes for everything, as the interop runner gives handshakes over bad links.
    private static final Timing VERY_PATIENT =
            new Timing(300 * SECOND, 300 * SECOND, 120 * SECOND, 20 * MILLISECOND, 5 * MILLISECOND);

    /// Faults for at most a minute; then two minutes to recover.
    private static final Expectations SUCCEED = new Expectations(60 * SECOND, 180 * SECOND, true, Meeting.THE_SERVER);

    /// Attacks go on for longer than a cookie lives, and everybody must succeed in spite of them.
    private static final Expectations SUCCEED_UNDER_ATTACK =
            new Expectations(Limits.COOKIE_LIFETIME_NANOS + 15 * SECOND, 180 * SECOND, true, Meeting.THE_SERVER);

    private static final Plan PLAIN =
            new Plan(USUAL, USUAL, Rebinding.NEVER, HostOptions.PLAIN, ONE_REQUEST, List.of(), SUCCEED);

    static final List<Scenario> ALL = List.copyOf(all());

    private Catalogue() {}

    private static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>(interop());
        all.addAll(moving());
        all.addAll(ours());
        all.addAll(servers());
        all.addAll(attacks());
        all.add(new Scenario(
                "RC",
                "restartconnect",
                "The server's process dies while clients connect and its answers are lost.",
                Catalogue::restartWhileConnecting));
        all.add(new Scenario(
                "XS",
                "swarm",
                "Small worlds for few seconds, under floods of every kind, drawn from the seed.",
                Swarm::plan));
        all.add(new Scenario("CH", "chaos", "A random mix of everything, drawn from the seed.", Chaos::plan));
        return all;
    }

    private static List<Scenario> interop() {
        Loss third = new Loss.Rate(0.30, 3);
        Loss some = new Loss.Rate(0.02, 3);
        return List.of(
                fixed("H", "handshake", "One request of 1 KiB.", plan -> plan),
                fixed("DC", "transfer", "Messages of up to 256 KiB both ways.", plan -> plan.withWorkload(TRANSFER)),
                fixed(
                        "LR",
                        "longrtt",
                        "A round trip of 1.5 s.",
                        plan -> plan.withWorkload(TRANSFER).withLinks(slow(750), slow(750))),
                fixed(
                        "L1",
                        "handshakeloss",
                        "30 % of packets are lost, up to 3 in a row.",
                        plan -> bad(plan, third, 0)),
                fixed(
                        "L2",
                        "transferloss",
                        "2 % of packets are lost, up to 3 in a row.",
                        plan -> plan.withWorkload(TRANSFER).withLinks(USUAL.withLoss(some), USUAL.withLoss(some))),
                fixed("C1", "handshakecorruption", "30 % of packets are damaged.", plan -> bad(plan, Loss.NONE, 0.30)),
                fixed(
                        "C2",
                        "transfercorruption",
                        "2 % of packets are damaged.",
                        plan -> plan.withWorkload(TRANSFER).withLinks(damaged(USUAL, 0.02), damaged(USUAL, 0.02))),
                fixed(
                        "B",
                        "blackhole",
                        "The path works for 5 s, then is dark for 2 s, and so on.",
                        Catalogue::blackhole),
                fixed(
                        "DK",
                        "dark",
                        "The path is dark for 2 of every 5 s.",
                        plan -> dark(plan, new Outage(3 * SECOND, 2 * SECOND))),
                fixed(
                        "A",
                        "amplificationlimit",
                        "The client's packets 2 to 7 are lost.",
                        plan -> plan.withLinks(
                                USUAL.withLoss(new Loss.Exactly(List.of(2L, 3L, 4L, 5L, 6L, 7L))), USUAL)),
                fixed(
                        "M",
                        "multiplexing",
                        "Two thousand small requests within two seconds.",
                        plan -> plan.withWorkload(
                                new Workload(2_000, 2 * SECOND, 64, 64, false, Manners.REQUESTS, Timing.PATIENT))),
                fixed(
                        "S",
                        "retry",
                        "The server asks for work; the client has four cores.",
                        plan -> plan.withHosts(plan.hosts().withEffort(64, 4))),
                fixed(
                        "U",
                        "keyupdate",
                        "Keys are renewed every 20 packets, while packets are lost, come twice, damaged and late.",
                        plan -> plan.withWorkload(TRANSFER)
                                .withLinks(untidy(USUAL), untidy(USUAL))
                                .withHosts(plan.hosts().withKeys(KeyPolicy.DEFAULT.withUpdatePackets(20)))),
                fixed(
                        "6",
                        "ipv6",
                        "As DC, over IPv6.",
                        plan -> plan.withWorkload(TRANSFER)
                                .withHosts(plan.hosts().withIpv6())));
    }

    /// A client whose address changes under way.
    private static List<Scenario> moving() {
        return List.of(
                fixed(
                        "BP",
                        "rebind-port",
                        "The client's port changes after 1 s, then every 5 s.",
                        plan -> rebinding(plan, false, false)),
                fixed(
                        "BA",
                        "rebind-addr",
                        "The client's address changes after 1 s, then every 5 s.",
                        plan -> rebinding(plan, true, false)),
                fixed(
                        "CM",
                        "connectionmigration",
                        "The client goes to another address after 1 s, then every 5 s, and changes its channel ids.",
                        plan -> rebinding(plan, true, true)));
    }

    private static LinkOptions untidy(LinkOptions link) {
        return link.withLoss(new Loss.Rate(0.02, 3)).withMischief(new Mischief(0.1, 0.05, 8, 0.1, 100 * MILLISECOND));
    }

    private static List<Scenario> ours() {
        Mischief disorder = new Mischief(0.30, 0, 0, 0.30, 200 * MILLISECOND);
        return List.of(
                fixed(
                        "MC",
                        "clients",
                        "Six clients, each under three identities and anonymous.",
                        plan -> plan.withWorkload(SMALL_TALK)
                                .withHosts(plan.hosts().withClients(6, 3, 0.25))),
                fixed(
                        "DO",
                        "disorder",
                        "A third of the packets come twice, a third late.",
                        plan -> plan.withWorkload(TRANSFER)
                                .withLinks(USUAL.withMischief(disorder), USUAL.withMischief(disorder))),
                fixed(
                        "BU",
                        "bursts",
                        "Losses in bursts, after Gilbert and Elliott.",
                        plan -> plan.withWorkload(TRANSFER).withLinks(bursts(USUAL), bursts(USUAL))),
                fixed(
                        "W",
                        "wild",
                        "All an application may do, over a good path.",
                        plan -> plan.withWorkload(
                                        SMALL_TALK.withManners(Manners.WILD).withMessages(60, 4 * SECOND))
                                .withHosts(plan.hosts().withClients(2, 2, 0.2))
                                .withExpectations(
                                        new Expectations(60 * SECOND, 180 * SECOND, false, Meeting.THE_SERVER))),
                fixed(
                        "T",
                        "clocks",
                        "Clocks that run a tenth fast or slow, and timers 20 ms late.",
                        plan -> plan.withWorkload(SMALL_TALK)
                                .withHosts(plan.hosts()
                                        .withClients(2, 1, 0)
                                        .withClocks(MILLISECOND, 20 * MILLISECOND, 100_000))));
    }

    private static List<Scenario> servers() {
        return List.of(
                fixed(
                        "DA",
                        "deadaddresses",
                        "Nobody is at the first two of the server's addresses.",
                        plan -> plan.withWorkload(SMALL_TALK)
                                .withHosts(plan.hosts().withDeadAddresses(2))),
                fixed(
                        "SR",
                        "slowreceiver",
                        "Receivers take up to a second with each message, and let little in at a time.",
                        plan -> plan.withWorkload(SLOW_TALK)
                                .withHosts(plan.hosts().withMessageBytesMax(64 * KIB))),
                fixed(
                        "RS",
                        "restart",
                        "The server's process dies after five seconds, and another takes its place.",
                        plan -> plan.withWorkload(SMALL_TALK.withMessages(30, 10 * SECOND))
                                .withHosts(plan.hosts().withClients(3, 1, 0).withRestart(5 * SECOND))
                                .withLinks(bursts(USUAL), bursts(USUAL))
                                .withExpectations(
                                        new Expectations(20 * SECOND, 180 * SECOND, false, Meeting.THE_SERVER))),
                refused(
                        "KC",
                        "keychange",
                        "The server has a new key, which its master key vouches for.",
                        Meeting.A_CHANGED_KEY),
                refused(
                        "NP",
                        "noprotocol",
                        "The server runs none of the client's session protocols.",
                        Meeting.NO_COMMON_PROTOCOL),
                refused(
                        "NI",
                        "notinvited",
                        "A private group's server, and clients whose invitation it has withdrawn.",
                        Meeting.NOT_INVITED),
                fixed(
                        "PG",
                        "privategroup",
                        "Members of a private group and one who is none, watched by somebody who copies INITs.",
                        plan -> plan.withWorkload(SMALL_TALK)
                                .withHosts(plan.hosts().withClients(3, 2, 0))
                                .withAttacks(List.of(
                                        new Attack.CopiedInits(3), new Attack.CookieEchoReplay(3, 40 * SECOND, true)))
                                .withExpectations(
                                        new Expectations(60 * SECOND, 180 * SECOND, true, Meeting.A_PRIVATE_GROUP))),
                refused(
                        "TW",
                        "toomuchwork",
                        "The server asks for more work than the client does.",
                        Meeting.TOO_MUCH_WORK),
                fixed(
                        "MT",
                        "mtu",
                        "A path that carries no more than the base datagram.",
                        plan -> ofMtu(plan, Mtu.of(Limits.DATAGRAM_BYTES_BASE))),
                fixed(
                        "MJ",
                        "mtusearch",
                        "Jumbo frames at both ends, and a link between them that carries less.",
                        plan -> ofMtu(plan, Mtu.of(1_432))),
                fixed(
                        "MS",
                        "mtushrinks",
                        "A path of jumbo frames on which only small ones pass after two seconds.",
                        plan -> ofMtu(plan, new Mtu(JUMBO_BYTES, 2 * SECOND, 1_300))
                                .withWorkload(TRANSFER.withMessages(24, 5 * SECOND))));
    }

    /// Interfaces that take jumbo frames, and links that may not.
    private static Plan ofMtu(Plan plan, Mtu mtu) {
        return plan.withWorkload(TRANSFER)
                .withHosts(plan.hosts().withDatagramBytesMax(JUMBO_BYTES))
                .withLinks(USUAL.withMtu(mtu), USUAL.withMtu(mtu));
    }

    private static List<Scenario> attacks() {
        return List.of(
                attack("XG", "garbage", "Random bytes at everybody, 50 a second.", new Attack.Garbage(50)),
                attack("XI", "inits", "Spoofed INITs, 50 a second.", new Attack.SpoofedInits(50)),
                attack(
                        "XC",
                        "cookies",
                        "Every COOKIE-ECHO comes ten times more, also from elsewhere, also too late.",
                        new Attack.CookieEchoReplay(10, 40 * SECOND, true)),
                attack("XF", "flips", "Two damaged copies of every handshake packet.", new Attack.BitFlips(2)),
                attack(
                        "XB",
                        "blind",
                        "Forged INIT-ACKs by somebody who sees nothing, 50 a second.",
                        new Attack.BlindInitAcks(50)),
                attack(
                        "XO",
                        "overtake",
                        "Another server's INIT-ACK comes first, and asks for more work.",
                        new Attack.OvertakingInitAcks(1_000)),
                attack("XR", "replay", "Half of all data packets come again.", new Attack.DataReplay(0.5, 20 * SECOND)),
                attack(
                        "XM",
                        "falsemigration",
                        "Copies of a tenth of all data packets come from elsewhere, before the originals.",
                        new Attack.DataAhead(0.1)),
                fixed(
                        "XX",
                        "impostor",
                        "Another server sits at the address.",
                        plan -> plan.withWorkload(
                                        ONE_REQUEST.withTiming(new Timing(20 * SECOND, 30 * SECOND, 10 * SECOND, 0, 0)))
                                .withExpectations(
                                        new Expectations(60 * SECOND, 180 * SECOND, false, Meeting.AN_IMPOSTOR))));
    }

    private static Scenario fixed(String code, String name, String about, UnaryOperator<Plan> change) {
        Plan plan = change.apply(PLAIN);
        return new Scenario(code, name, about, _ -> plan);
    }

    /// Every send has to fail, with the right reason and long before its time to connect is over.
    private static Scenario refused(String code, String name, String about, Meeting meeting) {
        Timing soon = new Timing(5 * SECOND, 5 * SECOND, 10 * SECOND, 0, 0);
        return fixed(
                code,
                name,
                about,
                plan -> plan.withWorkload(SMALL_TALK.withTiming(soon))
                        .withHosts(plan.hosts().withClients(2, 1, 0.2))
                        .withExpectations(new Expectations(60 * SECOND, 60 * SECOND, false, meeting)));
    }

    private static Scenario attack(String code, String name, String about, Attack attack) {
        return fixed(
                code,
                name,
                about,
                plan -> plan.withWorkload(SMALL_TALK.withMessages(20, 30 * SECOND))
                        .withHosts(plan.hosts().withClients(2, 1, 0.1))
                        .withAttacks(List.of(attack))
                        .withExpectations(SUCCEED_UNDER_ATTACK));
    }

    private static Plan bad(Plan plan, Loss loss, double corrupt) {
        LinkOptions link = damaged(USUAL.withLoss(loss), corrupt);
        return plan.withLinks(link, link)
                .withWorkload(ONE_REQUEST.withTiming(VERY_PATIENT))
                .withHosts(plan.hosts().withClients(3, 1, 0))
                .withExpectations(new Expectations(300 * SECOND, 180 * SECOND, true, Meeting.THE_SERVER));
    }

    private static Plan blackhole(Plan plan) {
        return dark(plan, new Outage(5 * SECOND, 2 * SECOND));
    }

    private static Plan dark(Plan plan, Outage outage) {
        return plan.withLinks(USUAL.withOutage(outage), USUAL.withOutage(outage))
                .withWorkload(TRANSFER.withMessages(12, 12 * SECOND));
    }

    private static Plan rebinding(Plan plan, boolean newIp, boolean onPurpose) {
        return plan.withRebinding(new Rebinding(SECOND, 5 * SECOND, newIp, onPurpose))
                .withWorkload(TRANSFER.withMessages(24, 24 * SECOND));
    }

    private static Plan restartWhileConnecting(Dice dice) {
        return PLAIN.withWorkload(SMALL_TALK.withMessages(4, SECOND))
                .withHosts(PLAIN.hosts().withClients(3, 1, 0.2).withRestart(dice.between(40 * MILLISECOND, 3 * SECOND)))
                .withLinks(USUAL, USUAL.withLoss(new Loss.Rate(0.7, 20)))
                .withExpectations(new Expectations(15 * SECOND, 180 * SECOND, false, Meeting.THE_SERVER));
    }

    private static LinkOptions slow(long delayMillis) {
        return LinkOptions.delay(delayMillis * MILLISECOND).withBottleneck(10_000_000, 25);
    }

    private static LinkOptions damaged(LinkOptions link, double corrupt) {
        return link.withMischief(new Mischief(0, corrupt, 3, 0, 0));
    }

    private static LinkOptions bursts(LinkOptions link) {
        return link.withLoss(new Loss.GilbertElliott(0.02, 0.25, 0.001, 0.5));
    }
}
