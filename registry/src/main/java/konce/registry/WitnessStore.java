package konce.registry;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import konce.names.checkpoint.WitnessMemory;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.ledger.Block;
import konce.names.ledger.Genesis;
import konce.names.ledger.Ledger;
import konce.node.store.AtomicFile;
import konce.node.store.CheckedFile;
import konce.node.store.DamagedFileException;
import konce.registry.store.DamagedLogException;

/// A witness's memory on disk, and the blocks it has gone through. A memory that is lost is not made again: a witness
/// that has forgotten what it signed could sign another history, so it is retired. Blocks that are lost are fetched
/// again, and gone through again.
///
/// - files: `memory`, `blocks`, `snapshot`
/// - threads: one
final class WitnessStore implements AutoCloseable {
    private static final String MEMORY = "memory";
    private static final String LOCK = ".lock";

    private final Path directory;
    private final FileChannel held;
    private final Genesis genesis;
    private WitnessMemory memory;
    private Chain chain;

    private WitnessStore(Path directory, FileChannel held, Genesis genesis, WitnessMemory memory, Chain chain) {
        this.directory = directory;
        this.held = held;
        this.genesis = genesis;
        this.memory = memory;
        this.chain = chain;
    }

    /// Makes the memory of a witness that has signed nothing.
    ///
    /// @throws java.nio.file.FileAlreadyExistsException when there is one
    static void create(Path directory, Hash genesis) throws IOException {
        CheckedFile.create(
                directory.resolve(MEMORY), WitnessMemory.start(genesis).encode());
    }

    /// Whether a directory has a memory.
    static boolean exists(Path directory) {
        return Files.exists(directory.resolve(MEMORY));
    }

    /// Opens it.
    ///
    /// @param say told what an operator should know
    /// @throws DamagedLogException when it is not what was written, or another ledger's
    /// @throws IOException also when another process has it open
    static WitnessStore open(Path directory, Genesis genesis, Consumer<String> say) throws IOException {
        FileChannel held = AtomicFile.openLock(directory.resolve(LOCK));
        try {
            FileLock lock = held.tryLock();
            if (lock == null) {
                throw new IOException("another process runs this witness: two could sign two histories");
            }
            Path file = directory.resolve(MEMORY);
            AtomicFile.sweep(file);
            WitnessMemory memory = read(file);
            if (!memory.genesis().equals(genesis.id())) {
                throw new DamagedLogException(file + " is of a witness of another ledger");
            }
            return new WitnessStore(directory, held, genesis, memory, openChain(directory, genesis, say));
        } catch (OverlappingFileLockException e) {
            held.close();
            throw new IOException("this witness runs in this process already", e);
        } catch (IOException | RuntimeException e) {
            held.close();
            throw e;
        }
    }

    private static Chain openChain(Path directory, Genesis genesis, Consumer<String> say) throws IOException {
        if (!Chain.exists(directory)) {
            Chain.create(directory, genesis);
        }
        return Chain.open(directory, genesis, say);
    }

    /// The ledger after the last block it has gone through.
    Ledger ledger() {
        return chain.ledger();
    }

    /// Keeps a block it has gone through; one that it has already is passed over.
    void append(Block block, Ledger after) throws IOException {
        if (block.header().height() == chain.ledger().head().height() + 1) {
            chain.append(block, after);
        }
    }

    /// Begins with the genesis again.
    void forgetBlocks() throws IOException {
        chain.close();
        Chain.remove(directory);
        chain = openChain(directory, genesis, _ -> {});
    }

    /// What it must not forget.
    WitnessMemory memory() {
        return memory;
    }

    /// Replaces the memory. When it returns, the disk has it.
    void store(WitnessMemory next) throws IOException {
        if (!held.isOpen()) {
            throw new IOException("the witness is closed");
        }
        CheckedFile.replace(directory.resolve(MEMORY), next.encode());
        memory = next;
    }

    private static WitnessMemory read(Path file) throws IOException {
        byte[] bytes;
        try {
            bytes = CheckedFile.read(file);
        } catch (DamagedFileException e) {
            throw damaged(file);
        }
        return switch (WitnessMemory.decode(bytes)) {
            case Decoded.Value<WitnessMemory>(WitnessMemory memory) -> memory;
            case Decoded.Malformed<WitnessMemory> _ -> throw damaged(file);
        };
    }

    private static DamagedLogException damaged(Path file) {
        return new DamagedLogException(file + " is damaged: this witness no longer knows what it signed, so it must be"
                + " retired and another put in its place");
    }

    @Override
    public void close() throws IOException {
        chain.close();
        held.close();
    }
}
