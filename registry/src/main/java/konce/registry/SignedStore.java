package konce.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.checkpoint.WitnessKeys;
import konce.names.encoding.Decoded;
import konce.node.store.AtomicFile;
import konce.node.store.CheckedFile;
import konce.node.store.DamagedFileException;
import konce.registry.store.DamagedLogException;
import org.jspecify.annotations.Nullable;

/// The newest checkpoint that a quorum signed, on disk: what clients were shown, and must never be shown less of.
///
/// - threads: any
final class SignedStore {
    private static final String SIGNED = "signed";

    private final Path file;
    private @Nullable SignedCheckpoint newest;

    private SignedStore(Path file, @Nullable SignedCheckpoint newest) {
        this.file = file;
        this.newest = newest;
    }

    /// Opens it.
    ///
    /// @throws DamagedLogException when it is not what was written
    static SignedStore open(Path directory, WitnessKeys witnesses) throws IOException {
        Path file = directory.resolve(SIGNED);
        AtomicFile.sweep(file);
        if (!Files.exists(file)) {
            return new SignedStore(file, null);
        }
        try {
            if (SignedCheckpoint.decode(CheckedFile.read(file))
                            instanceof Decoded.Value<SignedCheckpoint>(SignedCheckpoint kept)
                    && kept.quorum(witnesses).isReached()) {
                return new SignedStore(file, kept);
            }
        } catch (DamagedFileException e) {
            throw damaged(file);
        }
        throw damaged(file);
    }

    private static DamagedLogException damaged(Path file) {
        return new DamagedLogException(file + " is damaged: what clients were shown is no longer known. Compare the"
                + " ledger with another registry's before you remove the file");
    }

    /// The newest; null: none yet.
    synchronized @Nullable SignedCheckpoint newest() {
        return newest;
    }

    /// Refuses a chain that lacks what clients were shown, or has something else in its place.
    void check(Chain chain) throws DamagedLogException {
        SignedCheckpoint kept = newest();
        // = docs/spec/16-registry.md R16.23
        if (kept != null) {
            Checkpoint shown = kept.checkpoint();
            if (!shown.genesis().equals(chain.ledger().genesisId())
                    || !shown.historyRoot().equals(chain.historyRoot(shown.blocks()))) {
                throw new DamagedLogException("clients were shown block " + shown.height() + ", and the blocks beside "
                        + file + " end before it, at block "
                        + chain.ledger().head().height()
                        + ", or are others. Put back the newer copy, or take the ledger from another registry");
            }
        }
    }

    /// Keeps one that is newer than the one before; another is passed over. When it returns, the disk has it.
    synchronized void keep(SignedCheckpoint next) throws IOException {
        SignedCheckpoint before = newest;
        if (before == null || before.checkpoint().height() < next.checkpoint().height()) {
            CheckedFile.replace(file, next.encode());
            newest = next;
        }
    }
}
