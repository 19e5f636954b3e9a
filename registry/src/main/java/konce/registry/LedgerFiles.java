package konce.registry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.checkpoint.WitnessKeys;
import konce.names.encoding.Decoded;
import konce.names.ledger.Block;
import konce.names.ledger.Genesis;
import konce.registry.store.BlockLog;
import konce.registry.store.DamagedLogException;
import org.jspecify.annotations.Nullable;

/// What a registry or a witness that does not run has on disk: for whoever looks at it afterwards.
public final class LedgerFiles {
    private LedgerFiles() {}

    /// The blocks in a registry's or a witness's directory, from number 1 on.
    ///
    /// @param say told what was cut off: the log is opened as its owner would
    /// @throws DamagedLogException when they are not what was written
    public static List<Block> blocks(Path directory, Genesis genesis, Consumer<String> say) throws IOException {
        List<Block> blocks = new ArrayList<>();
        try (BlockLog log =
                BlockLog.open(directory.resolve("blocks"), genesis.id().toBytes(), say)) {
            for (long place = 0; place < log.count(); place++) {
                switch (Block.decode(log.read(place))) {
                    case Decoded.Value<Block>(Block block) -> blocks.add(block);
                    case Decoded.Malformed<Block>(String why) ->
                        throw new DamagedLogException("block " + (place + 1) + " in " + directory + ": " + why);
                }
            }
        }
        return blocks;
    }

    /// The newest checkpoint that a registry has shown; null: none.
    public static @Nullable SignedCheckpoint shown(Path directory, Genesis genesis) throws IOException {
        WitnessKeys keys = WitnessKeys.of(genesis.witnesses());
        if (keys == null) {
            throw new DamagedLogException("the genesis names witnesses whose keys are none");
        }
        return SignedStore.open(directory, keys).newest();
    }

    /// The newest checkpoint that a witness has signed; null: none.
    public static @Nullable Checkpoint signed(Path directory, Genesis genesis) throws IOException {
        try (WitnessStore store = WitnessStore.open(directory, genesis, _ -> {})) {
            return store.memory().last();
        }
    }
}
