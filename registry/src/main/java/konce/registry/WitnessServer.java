package konce.registry;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import konce.crypto.SigningKey;
import konce.names.checkpoint.Witness;
import konce.names.checkpoint.WitnessKeys;
import konce.names.encoding.Key;
import konce.names.ledger.Genesis;

/// A witness that watches every sequencer of a ledger, until it is closed. It serves nobody: it asks.
public final class WitnessServer implements AutoCloseable {
    /// Between two visits: nothing is asked faster, whatever a registry answers.
    private static final long PAUSE_NANOS = 50_000_000L;

    /// After a visit that failed.
    private static final long RETRY_NANOS = 1_000_000_000L;

    private static final long MILLIS_PER_SECOND = 1_000;
    private static final Logger LOG = System.getLogger("konce.registry");

    private final WitnessStore store;
    private final CountDownLatch closed = new CountDownLatch(1);

    private WitnessServer(WitnessStore store) {
        this.store = store;
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
        WitnessServer server = new WitnessServer(store);
        for (Registrar registry : registries) {
            Thread.ofVirtual().name("konce-witness").start(() -> server.watch(keeper, registry));
        }
        return server;
    }

    static long nowSeconds() {
        return System.currentTimeMillis() / MILLIS_PER_SECOND;
    }

    private void watch(WitnessKeeper keeper, Registrar registry) {
        try {
            long pause;
            do {
                pause = visit(keeper, registry) ? PAUSE_NANOS : RETRY_NANOS;
            } while (!closed.await(pause, TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean visit(WitnessKeeper keeper, Registrar registry) throws InterruptedException {
        try {
            return keeper.visit(registry);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a registry could not be asked", e);
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        store.close();
    }
}
