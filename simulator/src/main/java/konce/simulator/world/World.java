package konce.simulator.world;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import konce.crypto.PublicKey;
import konce.crypto.RandomSource;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.protocol.DropReason;
import konce.protocol.Limits;
import konce.protocol.endpoint.EndpointConfig;
import konce.protocol.endpoint.Job;
import konce.simulator.check.Findings;
import konce.simulator.check.LetterChecker;
import konce.simulator.check.LinkageChecker;
import konce.simulator.check.Rule;
import konce.simulator.check.WorkChecker;
import konce.simulator.clock.Dice;
import konce.simulator.clock.Timeline;
import konce.simulator.network.LinkOptions;
import konce.simulator.network.Network;
import konce.simulator.network.Rebinding;
import konce.simulator.plan.Plan;
import org.jspecify.annotations.Nullable;

/// One run: a server, its clients, the network between them and those who disturb it, in virtual time and from one
/// seed. First the faults, while safety is checked; then the network heals and everything has to come to rest.
public final class World implements AutoCloseable {
    private static final long MICROSECOND = 1_000L;
    private static final long SECOND = 1_000_000 * MICROSECOND;

    /// How long endpoints without channels are watched for not sending.
    private static final long QUIET_NANOS = 5 * SECOND;

    /// How long after the last message a channel may take to end, beside its idle time.
    private static final long WIND_DOWN_NANOS = Limits.UNACKNOWLEDGED_NANOS_MAX + 10 * SECOND;

    private final Plan plan;
    private final Vault vault;
    private final SeededRandom random;
    private final Arena arena = Arena.ofConfined();
    private final Timeline timeline = new Timeline();
    private final Findings findings = new Findings(timeline);
    private final Trace trace;
    private final Network network;
    private final LetterChecker letters;
    private final WorkChecker work = new WorkChecker(findings);
    private final List<Host> hosts = new ArrayList<>();
    private final List<Correspondent> correspondents = new ArrayList<>();
    private final HostMaker hostMaker;
    private final Attackers attackers;
    private final MemorySegment inbound;
    private boolean aborted;

    /// @param vault for the endpoints' secrets; not closed
    /// @param maker makes the endpoints
    /// @param log gets the run line by line; null: nobody does
    public World(Plan plan, long seed, Vault vault, Party.@Nullable Maker maker, @Nullable Consumer<String> log) {
        this.plan = plan;
        this.vault = vault;
        random = new SeededRandom(seed);
        trace = new Trace(timeline, arena, log);
        inbound = arena.allocate(Limits.DATAGRAM_BYTES_MAX);
        network = new Network(timeline, dice("network"));
        letters = new LetterChecker(findings, timeline, seed, plan.expectations(), plan.hosts());
        Party.Maker makes = maker != null ? maker : World::endpoint;
        hostMaker = new HostMaker(plan, vault, random, makes);
        makeHosts();
        attackers = new Attackers(this, dice("attackers"), vault, makes, random.fork("rogue"));
    }

    /// The real thing.
    public static Party endpoint(EndpointConfig config, Vault vault, RandomSource random, long nowNanos) {
        return new EndpointParty(config, vault, random, nowNanos);
    }

    private void makeHosts() {
        Host server = makeHost(new Host.Place("server", hostMaker.address(0), true));
        correspondents.add(new Correspondent(this, server, 0, List.of(), dice("server user")));
        network.attach(server.address(), server, LinkOptions.delay(0), LinkOptions.delay(0), Rebinding.NEVER);
        for (int i = 1; i <= plan.hosts().clients(); i++) {
            String name = "client" + i;
            Host client = makeHost(new Host.Place(name, hostMaker.address(i), false));
            hostMaker.serverAddresses().forEach(client::know);
            network.attach(client.address(), client, plan.toServer(), plan.toClient(), plan.rebinding());
            List<SecretKey> identities = new ArrayList<>();
            for (int j = 0; j < plan.hosts().identities(); j++) {
                identities.add(hostMaker.key(name + " identity " + j));
            }
            correspondents.add(new Correspondent(this, client, i, identities, dice(name + " user")));
        }
    }

    private Host makeHost(Host.Place place) {
        Dice dice = dice(place.name() + " host");
        HostClock clock = hostMaker.clock(dice);
        Host host = new Host(this, place, hostMaker.party(place, dice, clock.at(0)), clock, dice, inbound);
        hosts.add(host);
        return host;
    }

    /// The server's process dies, and another takes its place; as soon as no job of its is under way, whose secrets
    /// nobody
    /// would wipe.
    private void restartServer() {
        if (hosts.getFirst().isJobUnderWay()) {
            timeline.after(MICROSECOND, this::restartServer);
            return;
        }
        letters.restarted(0);
        correspondents.getFirst().restart();
    }

    private void beginMoving() {
        Rebinding moves = plan.rebinding();
        if (moves.onPurpose()) {
            network.tap(new LinkageChecker(findings, hostMaker.address(0))::see);
            timeline.at(moves.firstNanos(), this::moveClients);
        }
    }

    private void moveClients() {
        if (timeline.nowNanos() < plan.expectations().faultNanos()) {
            hosts.stream().skip(1).forEach(Host::moved);
            timeline.after(plan.rebinding().everyNanos(), this::moveClients);
        }
    }

    private Dice dice(String purpose) {
        return new Dice(random.fork(purpose).nextLong());
    }

    /// Runs it from begin to end.
    public void run() {
        try {
            for (Correspondent correspondent : correspondents) {
                correspondent.begin();
            }
            attackers.begin();
            beginMoving();
            if (plan.hosts().restartNanos() > 0) {
                timeline.at(plan.hosts().restartNanos(), this::restartServer);
            }
            runFaults();
            runRecovery();
            runWindDown();
        } catch (RuntimeException | AssertionError e) {
            findings.report(Rule.THREW, describe(e));
        }
    }

    private void runFaults() {
        boolean full = !plan.attacks().isEmpty() || plan.hosts().restartNanos() > 0;
        runUntil(plan.expectations().faultNanos(), () -> !full && letters.allSettled() && allBegun());
        attackers.end();
        network.heal();
    }

    private void runRecovery() {
        if (plan.expectations().isReachable()) {
            correspondents.stream().skip(1).forEach(Correspondent::probe);
        }
        BooleanSupplier settled = () ->
                letters.allSettled() && allBegun() && correspondents.stream().allMatch(Correspondent::isContent);
        runUntil(timeline.nowNanos() + plan.expectations().settleNanos(), settled);
        letters.end();
        for (Correspondent correspondent : correspondents) {
            findings.require(
                    correspondent.isContent() || aborted,
                    Rule.NO_RECOVERY,
                    correspondent.name() + " got no fresh answer");
        }
    }

    private void runWindDown() {
        BooleanSupplier noChannels = () -> correspondents.stream().allMatch(c -> c.openChannels() == 0);
        runUntil(timeline.nowNanos() + plan.workload().timing().idleNanos() * 3 + WIND_DOWN_NANOS, noChannels);
        if (aborted) {
            return;
        }
        runUntil(timeline.nowNanos() + QUIET_NANOS, () -> false);
        for (int i = 0; i < hosts.size(); i++) {
            Host host = hosts.get(i);
            long open = correspondents.get(i).openChannels();
            findings.require(open == 0, Rule.NOT_QUIET, host.name() + " still has " + open + " channels open");
            findings.require(
                    host.channels().isEmpty() || open > 0,
                    Rule.MEMORY,
                    host.name() + " keeps " + host.channels().size() + " channels that have closed");
            findings.require(
                    timeline.nowNanos() - host.lastSentNanos() >= QUIET_NANOS / 2 || open > 0,
                    Rule.NOT_QUIET,
                    host.name() + " still sends although it has no channel");
        }
        work.check(
                hosts.getFirst().jobs(Job.Kind.SERVER_AGREEMENT),
                correspondents.getFirst().openedChannels());
    }

    private void runUntil(long untilNanos, BooleanSupplier done) {
        while (!aborted && timeline.nextNanos() <= untilNanos && !done.getAsBoolean()) {
            timeline.step();
        }
        if (!aborted && !done.getAsBoolean()) {
            timeline.skipTo(untilNanos);
        }
    }

    private boolean allBegun() {
        return correspondents.stream().allMatch(Correspondent::hasBegunAll);
    }

    /// Ends the run at once.
    void abort(Rule rule, String detail) {
        findings.report(rule, detail);
        aborted = true;
    }

    private static String describe(Throwable thrown) {
        StringBuilder text = new StringBuilder(thrown.toString());
        StackTraceElement[] frames = thrown.getStackTrace();
        for (int i = 0; i < Math.min(8, frames.length); i++) {
            text.append("\n      at ").append(frames[i]);
        }
        return text.toString();
    }

    /// Datagrams dropped by all hosts, by reason; those that were are named.
    public Map<DropReason, Long> drops() {
        Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            long count = hosts.stream().mapToLong(host -> host.dropped(reason)).sum();
            if (count > 0 && reason != DropReason.NONE) {
                drops.put(reason, count);
            }
        }
        return drops;
    }

    /// The hash of the run. Ends the trace.
    public String traceHash() {
        return trace.finish();
    }

    public Findings findings() {
        return findings;
    }

    public LetterChecker letters() {
        return letters;
    }

    public Network network() {
        return network;
    }

    public Timeline timeline() {
        return timeline;
    }

    /// Datagrams the hosts sent.
    public long datagramsSent() {
        return hosts.stream().mapToLong(Host::datagramsSent).sum();
    }

    /// Datagrams the attackers sent.
    public long datagramsForged() {
        return attackers.sent();
    }

    /// Channels that opened, on both sides together.
    public long channelsOpened() {
        return correspondents.stream().mapToLong(Correspondent::openedChannels).sum();
    }

    HostMaker hostMaker() {
        return hostMaker;
    }

    Vault vault() {
        return vault;
    }

    Plan plan() {
        return plan;
    }

    Trace trace() {
        return trace;
    }

    WorkChecker work() {
        return work;
    }

    List<Host> hosts() {
        return hosts;
    }

    Correspondent correspondent(int index) {
        return correspondents.get(index);
    }

    boolean isClientKey(PublicKey key) {
        return correspondents.stream().anyMatch(correspondent -> correspondent.holds(key));
    }

    Host host(int index) {
        return hosts.get(index);
    }

    @Override
    public void close() {
        hosts.forEach(Host::close);
        attackers.close();
        hostMaker.close();
        trace.close();
        arena.close();
    }
}
