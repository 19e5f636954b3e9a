package konce.registry;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import konce.crypto.SigningKey;
import konce.names.checkpoint.Witness;
import konce.names.checkpoint.WitnessKeys;
import konce.names.encoding.Key;
import konce.names.ledger.Genesis;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import org.jspecify.annotations.Nullable;

/// A witness that watches every sequencer of a ledger, until it is closed. It serves nobody: it asks. What it signs it
/// gives to all of them, whoever proposed it.
public final class WitnessServer implements AutoCloseable {
    /// Between two visits: nothing is asked faster, whatever a registry answers.
    private static final long PAUSE_NANOS = 50_000_000L;

    /// After a visit that failed.
    private static final long RETRY_NANOS = 1_000_000_000L;

    /// How often a signature is offered that a registry does not take yet.
    private static final int GIVE_TRIES = 10;

    private static final long MILLIS_PER_SECOND = 1_000;
    private static final Logger LOG = System.getLogger("konce.registry");

    private final WitnessStore store;
    private final WitnessKeeper keeper;
    private final List<Registrar> registries;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private WitnessKeeper.@Nullable Given newest;

    private WitnessServer(WitnessStore store, WitnessKeeper keeper, List<Registrar> registries) {
        this.store = store;
        this.keeper = keeper;
        this.registries = List.copyOf(registries);
    }

    /// Makes the memory of a witness that has signed nothing yet. Once for each key, and never again.
    ///
    /// @throws java.nio.file.FileAlreadyExistsException when there is one
    public static void create(Path directory, Genesis genesis) throws IOException {
        WitnessStore.create(directory, genesis.id());
    }

    /// Whether a directory has the memory of a witness.
    public static boolean exists(Path directory) {
        return WitnessStore.exists(directory);
    }

    /// Begins to watch.
    ///
    /// @param key one of the genesis' witnesses'
    /// @param registries of the sequencers
    /// @param say told what it will not sign
    /// @throws IOException when its memory is lost, damaged or open elsewhere, or the key is no witness's
    public static WitnessServer start(
            Path directory, Genesis genesis, SigningKey key, List<Registrar> registries, Consumer<String> say)
            throws IOException {
        WitnessKeys keys = WitnessKeys.of(genesis.witnesses());
        int index = genesis.witnesses().witnesses().indexOf(Key.of(key.verifyingKey()));
        if (keys == null || index < 0) {
            throw new IOException("this key is none of the ledger's witnesses");
        }
        WitnessStore store = WitnessStore.open(directory, genesis, say);
        WitnessKeeper keeper = new WitnessKeeper(new Witness(key, index, keys), store, WitnessServer::nowSeconds, say);
        WitnessServer server = new WitnessServer(store, keeper, registries);
        for (Registrar registry : server.registries) {
            Thread.ofVirtual().name("konce-witness").start(() -> server.watch(registry));
            Thread.ofVirtual().name("konce-witness-gives").start(() -> server.give(registry));
        }
        return server;
    }

    static long nowSeconds() {
        return System.currentTimeMillis() / MILLIS_PER_SECOND;
    }

    private void watch(Registrar registry) {
        try {
            long pause;
            do {
                pause = visit(registry) ? PAUSE_NANOS : RETRY_NANOS;
            } while (!closed.await(pause, TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean visit(Registrar registry) throws InterruptedException {
        try {
            WitnessKeeper.Given given = keeper.sign(registry);
            if (given != null) {
                publish(given);
            }
            return given != null;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a registry could not be asked", e);
            return false;
        }
    }

    private void publish(WitnessKeeper.Given given) {
        lock.lock();
        try {
            WitnessKeeper.Given before = newest;
            if (before == null
                    || given.height() > before.height()
                    || given.signature().timeSeconds() > before.signature().timeSeconds()) {
                newest = given;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Gives a registry the newest signature, whenever there is one; what it missed meanwhile it does not need.
    private void give(Registrar registry) {
        WitnessKeeper.Given before = null;
        int refused = 0;
        try {
            while (true) {
                WitnessKeeper.Given next = awaitNext(before);
                if (next == null) {
                    return;
                }
                boolean taken = give(registry, next);
                refused = taken ? 0 : refused + 1;
                if (taken || refused > GIVE_TRIES) {
                    before = next;
                    refused = 0;
                } else if (closed.await(PAUSE_NANOS, TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Whether it arrived where it counts: a registry that follows may be a moment behind.
    private static boolean give(Registrar registry, WitnessKeeper.Given given) throws InterruptedException {
        try {
            return registry.ask(new RegistryRequest.Countersign(given.height(), given.signature()))
                    instanceof RegistryReply.Done;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a registry does not take a signature", e);
            return false;
        }
    }

    /// A signature other than `before`; null once it is closed.
    private WitnessKeeper.@Nullable Given awaitNext(WitnessKeeper.@Nullable Given before) throws InterruptedException {
        lock.lock();
        try {
            while (Objects.equals(newest, before) && closed.getCount() > 0) {
                changed.await();
            }
            return closed.getCount() > 0 ? newest : null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        store.close();
    }
}
