package konce.cli.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import konce.names.KonceAddress;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.ledger.Genesis;
import konce.names.ledger.Name;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import konce.node.names.NameHome;
import konce.node.names.NameResolver;
import konce.node.names.RegistryClient;

/// Who looks on: asks each registry for its newest checkpoint, and resolves a name as anyone would, from a home on disk
/// that is opened anew now and then.
///
/// - threads: one for each who looks
final class Observers implements AutoCloseable {
    private static final long LOOK_MILLIS = 250;

    /// Resolutions between two restarts of a client.
    private static final int RESTART_EVERY = 20;

    private static final long MILLIS_PER_SECOND = 1_000;

    private final Genesis genesis;
    private final Name name;
    private final List<Actor> sequencers;
    private final List<Actor> witnesses;
    private final Findings findings;
    private final Crew crew = new Crew();
    private final AtomicInteger leader = new AtomicInteger(-1);
    private final AtomicInteger leaders = new AtomicInteger();
    private final AtomicLong resolved = new AtomicLong();
    private final AtomicLong unresolved = new AtomicLong();

    /// @param name that is resolved
    Observers(Stage stage, Name name, Findings findings) {
        this.genesis = stage.genesis();
        this.sequencers = stage.actors().stream().filter(Actor::orders).toList();
        this.witnesses =
                stage.actors().stream().filter(actor -> !actor.orders()).toList();
        this.name = name;
        this.findings = findings;
    }

    /// Begins to ask one registry.
    void watch(int index, RegistryClient registry) {
        crew.start(() -> everyMoment(() -> look(index, registry)));
    }

    private void look(int index, RegistryClient registry) throws IOException, InterruptedException {
        if (registry.ask(new RegistryRequest.AskCheckpoint())
                instanceof RegistryReply.OfCheckpoint(SignedCheckpoint signed)) {
            findings.shown("registry " + index, signed);
        }
        if (registry.ask(new RegistryRequest.AskStatus()) instanceof RegistryReply.Status status) {
            sequencers.get(index).heard(System.currentTimeMillis() / MILLIS_PER_SECOND);
            for (int i = 0; i < witnesses.size(); i++) {
                witnesses.get(i).heard(status.witnesses().get(i));
            }
            if (status.leads() && leader.getAndSet(index) != index) {
                leaders.incrementAndGet();
            }
        }
    }

    /// Begins to resolve.
    ///
    /// @param home where the client keeps what it believes
    void resolve(Path home, RegistryClient registries, List<KonceAddress> addresses) throws IOException {
        NameHome names = new NameHome(home);
        names.join(genesis, addresses);
        NameResolver[] resolver = {open(names, registries)};
        AtomicLong asked = new AtomicLong();
        AtomicLong believed = new AtomicLong(-1);
        crew.start(() -> everyMoment(() -> {
            if (asked.incrementAndGet() % RESTART_EVERY == 0) {
                resolver[0] = open(names, registries);
            }
            boolean found = resolver[0].ask(name) instanceof NameResolver.Found.Server;
            (found ? resolved : unresolved).incrementAndGet();
            SignedCheckpoint newest = resolver[0].client().record().newest();
            if (newest != null) {
                findings.shown("the client in " + home.getFileName(), newest);
                long height = newest.checkpoint().height();
                if (height < believed.getAndSet(height)) {
                    findings.violated("the client in " + home.getFileName() + " went back to block " + height);
                }
            }
        }));
    }

    private NameResolver open(NameHome names, RegistryClient registries) throws IOException {
        return new NameResolver(
                names,
                registries,
                () -> System.currentTimeMillis() / MILLIS_PER_SECOND,
                line -> findings.violated("a client was told: " + line));
    }

    private interface Look {
        void look() throws IOException, InterruptedException;
    }

    private void everyMoment(Look look) {
        try {
            do {
                try {
                    look.look();
                } catch (IOException e) {
                    unresolved.incrementAndGet();
                }
            } while (!crew.isOverIn(LOOK_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Which machine said last that it orders; -1: none yet.
    int leader() {
        return leader.get();
    }

    /// How often that was another than before.
    int leaders() {
        return leaders.get();
    }

    /// Resolutions that found the server.
    long resolved() {
        return resolved.get();
    }

    @Override
    public void close() {
        crew.close();
    }
}
