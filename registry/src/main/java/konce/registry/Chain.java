package konce.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.function.Consumer;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.history.HistoryProof;
import konce.names.history.HistoryTree;
import konce.names.ledger.Block;
import konce.names.ledger.Genesis;
import konce.names.ledger.Ledger;
import konce.names.ledger.Snapshot;
import konce.registry.store.BlockLog;
import konce.registry.store.DamagedLogException;
import org.jspecify.annotations.Nullable;

/// A ledger on disk: its blocks, which are the truth, and now and then a snapshot, which saves going through them.
///
/// - threads: one appends; any may read
/// - error: [DamagedLogException] when the blocks are not what was written. A snapshot that is damaged is passed over.
final class Chain implements AutoCloseable {
    /// Blocks between two snapshots: what a start goes through is less than this, some seconds.
    static final int SNAPSHOT_BLOCKS = 5_000;

    private static final String BLOCKS = "blocks";
    private static final String SNAPSHOT = "snapshot";

    private static final Logger LOG = System.getLogger("konce.registry");

    private final Path directory;
    private final BlockLog log;
    private final HistoryTree history = new HistoryTree();
    private final NameIndex index = new NameIndex();
    private volatile Ledger ledger;
    private volatile long snapshotHeight;
    private Thread snapshotting = new Thread();

    private Chain(Path directory, BlockLog log, Ledger first) {
        this.directory = directory;
        this.log = log;
        this.ledger = first;
    }

    /// Makes the chain of a genesis in a directory.
    ///
    /// @throws java.nio.file.FileAlreadyExistsException when there is one
    static void create(Path directory, Genesis genesis) throws IOException {
        BlockLog.create(directory.resolve(BLOCKS), genesis.id().toBytes());
    }

    /// Whether there is one in a directory.
    static boolean exists(Path directory) {
        return Files.exists(directory.resolve(BLOCKS));
    }

    /// Opens it.
    ///
    /// @param say told what an operator should know
    static Chain open(Path directory, Genesis genesis, Consumer<String> say) throws IOException {
        BlockLog log = BlockLog.open(directory.resolve(BLOCKS), genesis.id().toBytes(), say);
        try {
            Ledger begin = Ledger.begin(genesis);
            Chain chain = new Chain(directory, log, begin);
            chain.history.append(begin.head().hash());
            chain.replay(chain.restored(genesis, say));
            return chain;
        } catch (IOException | RuntimeException e) {
            log.close();
            throw e;
        }
    }

    /// The ledger of the snapshot, if there is one, and it is ours and whole.
    private @Nullable Ledger restored(Genesis genesis, Consumer<String> say) {
        Path file = directory.resolve(SNAPSHOT);
        if (!Files.exists(file)) {
            return null;
        }
        try (BlockLog chunks = BlockLog.open(file, genesis.id().toBytes(), say)) {
            Decoded<Snapshot.Restoring> restoring = Snapshot.Restoring.begin(chunks.read(0));
            for (long i = 1;
                    i < chunks.count() && restoring instanceof Decoded.Value<Snapshot.Restoring>(var so);
                    i++) {
                restoring = so.add(chunks.read(i));
            }
            Decoded<Ledger> whole = switch (restoring) {
                case Decoded.Value<Snapshot.Restoring>(var all) -> all.finish();
                case Decoded.Malformed<Snapshot.Restoring>(String why) -> new Decoded.Malformed<>(why);
            };
            return switch (whole) {
                case Decoded.Value<Ledger>(Ledger found) -> found;
                case Decoded.Malformed<Ledger>(String why) -> throw new IOException(why);
            };
        } catch (IOException | IllegalArgumentException e) {
            say.accept("the snapshot " + file + " is passed over, and every block is gone through instead: "
                    + e.getMessage());
            return null;
        }
    }

    private void replay(@Nullable Ledger snapshot) throws IOException {
        long known = snapshot == null ? 0 : snapshot.head().height();
        for (long place = 0; place < log.count(); place++) {
            Block block = block(log.read(place), place + 1);
            history.append(block.header().hash());
            index.add(block);
            if (block.header().height() == known && snapshot != null) {
                if (!snapshot.head().equals(block.header())) {
                    throw new DamagedLogException("block " + known + " is not the one that the snapshot in " + directory
                            + " was made after; remove the snapshot if the blocks are right");
                }
                ledger = snapshot;
            } else if (block.header().height() > known) {
                ledger = replayed(block);
            }
        }
        if (known > log.count()) {
            throw new DamagedLogException("the snapshot in " + directory + " is of block " + known + ", and there are "
                    + log.count() + " blocks: some are missing");
        }
        snapshotHeight = known;
    }

    private Ledger replayed(Block block) throws DamagedLogException {
        return switch (ledger.replay(block)) {
            case Ledger.Result.Applied(Ledger next) -> next;
            case Ledger.Result.Refused(var rule, var _) ->
                throw new DamagedLogException("block " + block.header().height() + " in " + directory
                        + " breaks a rule of the ledger: " + rule.sentence());
        };
    }

    private static Block block(byte[] bytes, long height) throws DamagedLogException {
        return switch (Block.decode(bytes)) {
            case Decoded.Value<Block>(Block block) -> block;
            case Decoded.Malformed<Block>(String why) ->
                throw new DamagedLogException("block " + height + " is no block: " + why);
        };
    }

    /// The ledger after the last block.
    Ledger ledger() {
        return ledger;
    }

    /// What looks names up without proof.
    NameIndex index() {
        return index;
    }

    /// Appends a block. When it returns, the block is on the disk.
    ///
    /// @param after the ledger that the block makes of this one
    void append(Block block, Ledger after) throws IOException {
        // = docs/spec/16-registry.md R16.6
        log.append(block.encode());
        log.force();
        synchronized (history) {
            history.append(block.header().hash());
        }
        index.add(block);
        ledger = after;
        if (ledger.head().height() - snapshotHeight >= SNAPSHOT_BLOCKS && !snapshotting.isAlive()) {
            // Of a million names that takes seconds, and blocks go on.
            snapshotHeight = ledger.head().height();
            snapshotting = Thread.ofPlatform().name("konce-snapshot").start(this::snapshotLater);
        }
    }

    private void snapshotLater() {
        try {
            snapshot();
        } catch (IOException | UncheckedIOException e) {
            // A start goes through more blocks then, and nothing else is lost.
            LOG.log(Level.WARNING, "a snapshot could not be written: {0}", e.getMessage());
        }
    }

    /// The encoding of a block, 1 the first; null: there is none.
    byte @Nullable [] block(long height) throws IOException {
        return height < 1 || height > log.count() ? null : log.read(height - 1);
    }

    /// What shows that the first `count` blocks begin with the first `before`; null: there are not so many.
    @Nullable
    HistoryProof consistency(long before, long count) {
        synchronized (history) {
            return before < 0 || before > count || count > history.size() ? null : history.consistency(before, count);
        }
    }

    /// The hash over the first `count` blocks, the genesis among them; null: there are not so many.
    @Nullable
    Hash historyRoot(long count) {
        synchronized (history) {
            return count < 0 || count > history.size() ? null : history.root(count);
        }
    }

    /// Removes the chain of a directory, which nobody may have open.
    static void remove(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(SNAPSHOT));
        Files.deleteIfExists(directory.resolve(BLOCKS));
    }

    /// Writes the ledger down as it is now.
    synchronized void snapshot() throws IOException {
        Ledger now = ledger;
        Path fresh = directory.resolve(SNAPSHOT + ".new");
        Files.deleteIfExists(fresh);
        byte[] identity = now.genesisId().toBytes();
        BlockLog.create(fresh, identity);
        try (BlockLog chunks = BlockLog.open(fresh, identity, _ -> {})) {
            for (Iterator<byte[]> each = Snapshot.chunks(now); each.hasNext(); ) {
                chunks.append(each.next());
            }
            chunks.force();
        }
        Files.move(
                fresh,
                directory.resolve(SNAPSHOT),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
        snapshotHeight = now.head().height();
    }

    @Override
    public void close() throws IOException {
        try {
            snapshotting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it is waited for where the lock is
        }
        try {
            if (ledger.head().height() > snapshotHeight) {
                snapshot();
            }
        } finally {
            log.close();
        }
    }
}
