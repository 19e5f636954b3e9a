package konce.cli.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import konce.names.checkpoint.WitnessKeys;
import konce.names.ledger.Name;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import konce.node.Node;
import konce.node.names.RegistryClient;
import konce.protocol.SendOptions;

/// One trial: a ledger of several machines and witnesses under load, events from a seed, and the reckoning.
///
/// - threads: one runs it
public final class ChaosRun {
    private static final int CLIENTS = 6;
    private static final Name NAME = new Name("chaos-shop");
    private static final long SECOND = 1_000_000_000L;
    private static final SendOptions ASKED = SendOptions.REQUEST
            .withConnectTimeout(SECOND)
            .withReplyTimeout(4 * SECOND)
            .withIdle(4 * SECOND);

    /// How long everything may take to be well again once nobody is hit any more.
    public static final int RECOVERY_SECONDS_MAX = 120;

    private static final long LOOK_MILLIS = 100;

    private final Path directory;
    private final int sequencers;
    private final int witnesses;
    private final Starts starts;
    private final int recoverySeconds;
    private final Consumer<String> progress;
    private final CountDownLatch never = new CountDownLatch(1);
    private final List<Double> leaderSeconds = Collections.synchronizedList(new ArrayList<>());
    private int kills;
    private int leaderHits;

    /// @param directory an empty one, for all processes
    /// @param witnesses 3f + 1
    /// @param recoverySeconds how long everything may take to be well again once nobody is hit any more
    /// @param progress told how it goes, a line now and then
    public ChaosRun(
            Path directory,
            int sequencers,
            int witnesses,
            Starts starts,
            int recoverySeconds,
            Consumer<String> progress) {
        this.directory = directory;
        this.sequencers = sequencers;
        this.witnesses = witnesses;
        this.starts = starts;
        this.recoverySeconds = recoverySeconds;
        this.progress = progress;
    }

    /// Runs it.
    ///
    /// @param events how many
    /// @throws IOException when it could not even begin
    public ChaosReport run(int events, long seed) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        try (Stage stage = new Stage(directory, sequencers, witnesses, CLIENTS);
                Node node = Node.builder().anonymous(true).open();
                ScheduledExecutorService later = Executors.newScheduledThreadPool(2)) {
            stage.start(starts);
            WitnessKeys keys = WitnessKeys.of(stage.genesis().witnesses());
            if (keys == null) {
                throw new IOException("our own keys are none");
            }
            Findings findings = new Findings(keys);
            List<RegistryClient> registries = stage.addresses().stream()
                    .map(address -> new RegistryClient(node, List.of(address), ASKED))
                    .toList();
            new Shop(stage, node, NAME).open(registries);
            progress.accept("the ledger runs; " + events + " events follow");
            List<Load.Acknowledged> acknowledged;
            Observers observers = new Observers(stage, NAME, findings);
            Load load = new Load(stage.genesis(), stage.accounts(), registries);
            try (observers;
                    load) {
                look(observers, registries, stage, node);
                load.start(nonces(stage));
                hit(stage, load, observers, findings, later, new ChaosPlan(seed), events);
                recover(stage, load, registries, findings);
            }
            acknowledged = List.copyOf(load.acknowledged());
            settle(stage, registries, findings);
            Autopsy autopsy = new Autopsy(stage.genesis(), findings);
            autopsy.examine(stage, acknowledged);
            leaderSeconds.sort(null);
            return new ChaosReport(
                    seed,
                    events,
                    kills,
                    leaderHits,
                    observers.leaders(),
                    acknowledged.size(),
                    autopsy.transactions(),
                    autopsy.blocks(),
                    findings.checkpoints().size(),
                    findings.signatures(),
                    observers.resolved(),
                    load.longestSeconds(),
                    leaderSeconds.isEmpty() ? 0 : leaderSeconds.get(leaderSeconds.size() / 2),
                    (System.nanoTime() - begun) / 1e9,
                    findings.violations());
        }
    }

    /// The account that the shop was opened from has used its first two.
    private static List<Long> nonces(Stage stage) {
        List<Long> nonces = new ArrayList<>(Collections.nCopies(stage.accounts().size(), 0L));
        nonces.set(0, Shop.TRANSACTIONS);
        return nonces;
    }

    private static void look(Observers observers, List<RegistryClient> registries, Stage stage, Node node)
            throws IOException {
        for (int i = 0; i < registries.size(); i++) {
            observers.watch(i, registries.get(i));
        }
        RegistryClient all = new RegistryClient(node, stage.addresses(), ASKED);
        for (int i = 0; i < 2; i++) {
            observers.resolve(stage.directory().resolve("client-" + i), all, stage.addresses());
        }
    }

    private void hit(
            Stage stage,
            Load load,
            Observers observers,
            Findings findings,
            ScheduledExecutorService later,
            ChaosPlan plan,
            int events)
            throws IOException, InterruptedException {
        int made = 0;
        while (made < events) {
            ChaosPlan.Event event = plan.next();
            pause(event.gapMillis());
            List<Actor> chosen = chosen(stage, event, observers.leader());
            for (Actor actor : chosen) {
                hit(actor, event, stage, load, observers, findings, later);
                made++;
                if (made % Math.max(1, events / 10) == 0) {
                    progress.accept(made + " events, " + load.acknowledged().size() + " payments acknowledged, "
                            + findings.violations().size() + " violations");
                }
            }
        }
    }

    /// Whom an event hits: mostly so that those that are left can go on, for there is little to be lost where
    /// nothing
    /// is done.
    private static List<Actor> chosen(Stage stage, ChaosPlan.Event event, int leader) {
        List<Actor> up = stage.actors().stream()
                .filter(actor -> actor.state() == Actor.State.UP)
                .toList();
        if (event.all()) {
            return up.stream().filter(Actor::orders).toList();
        }
        List<Actor> open = up.stream()
                .filter(actor -> event.tooMany() || othersAway(stage, actor) < stage.spare(actor.orders()))
                .toList();
        if (event.leader() && leader >= 0 && open.contains(stage.actors().get(leader))) {
            return List.of(stage.actors().get(leader));
        }
        return open.isEmpty() ? List.of() : List.of(open.get(event.choice() % open.size()));
    }

    private static long othersAway(Stage stage, Actor actor) {
        return stage.actors().stream()
                .filter(other -> other != actor && other.orders() == actor.orders() && !other.settled())
                .count();
    }

    private void hit(
            Actor actor,
            ChaosPlan.Event event,
            Stage stage,
            Load load,
            Observers observers,
            Findings findings,
            ScheduledExecutorService later)
            throws IOException, InterruptedException {
        if (actor.endedByItself()) {
            findings.violated(actor.name() + " ended by itself: " + actor.lastWords());
        }
        boolean leads = stage.actors().indexOf(actor) == observers.leader();
        long now = System.nanoTime();
        if (event.kill()) {
            kills++;
            actor.kill();
            later.schedule(() -> bringBack(actor, findings), event.lastMillis(), TimeUnit.MILLISECONDS);
        } else {
            actor.pause();
            later.schedule(() -> bringBack(actor, findings), event.lastMillis(), TimeUnit.MILLISECONDS);
        }
        if (leads) {
            leaderHits++;
            Thread.startVirtualThread(() -> awaitAcknowledgement(load, now));
        }
    }

    private static void bringBack(Actor actor, Findings findings) {
        try {
            switch (actor.state()) {
                case KILLED -> actor.start();
                case PAUSED -> actor.goOn();
                case UP -> {}
            }
        } catch (IOException e) {
            findings.violated(actor.name() + " cannot be brought back: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitAcknowledgement(Load load, long sinceNanos) {
        try {
            for (long left = recoverySeconds * 1_000L; left > 0; left -= LOOK_MILLIS) {
                if (load.lastNanos() > sinceNanos + LOOK_MILLIS * 1_000_000) {
                    leaderSeconds.add((load.lastNanos() - sinceNanos) / 1e9);
                    return;
                }
                pause(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Every client is served again once everybody is back.
    private void recover(Stage stage, Load load, List<RegistryClient> registries, Findings findings)
            throws IOException, InterruptedException {
        await(
                "everybody to be back",
                findings,
                () -> stage.actors().stream().allMatch(actor -> actor.state() == Actor.State.UP));
        List<Long> before = load.counts();
        await("every client to be served again", findings, () -> {
            List<Long> now = load.counts();
            for (int i = 0; i < now.size(); i++) {
                if (now.get(i) <= before.get(i)) {
                    return false;
                }
            }
            return true;
        });
        for (Actor actor : stage.actors()) {
            if (actor.endedByItself()) {
                findings.violated(actor.name() + " ended by itself: " + actor.lastWords());
            }
        }
        progress.accept("everybody is back; " + registries.size() + " machines shall agree now");
    }

    /// All machines come to have the same blocks, signed to the last, and end in an orderly way.
    private void settle(Stage stage, List<RegistryClient> registries, Findings findings)
            throws IOException, InterruptedException {
        await("all machines to have the same blocks, and all of them signed", findings, () -> {
            long height = -1;
            for (RegistryClient registry : registries) {
                if (!(registry.ask(new RegistryRequest.AskStatus()) instanceof RegistryReply.Status status)
                        || status.signedHeight() != status.height()
                        || (height >= 0 && status.height() != height)) {
                    return false;
                }
                height = status.height();
            }
            return true;
        });
        for (Actor actor : stage.actors().reversed()) {
            if (!actor.end()) {
                findings.violated(actor.name() + " did not end when it was asked to");
            }
        }
    }

    private interface Wish {
        boolean isTrue() throws IOException, InterruptedException;
    }

    private void await(String what, Findings findings, Wish wish) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(recoverySeconds);
        while (System.nanoTime() < until) {
            try {
                if (wish.isTrue()) {
                    return;
                }
            } catch (IOException e) {
                // asked again until the time is up
            }
            pause(LOOK_MILLIS);
        }
        findings.violated("waited " + recoverySeconds + " s in vain for " + what);
    }

    private void pause(long millis) throws InterruptedException {
        if (never.await(millis, TimeUnit.MILLISECONDS)) {
            throw new AssertionError("nobody counts it down");
        }
    }
}
