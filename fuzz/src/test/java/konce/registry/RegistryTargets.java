package konce.registry;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import konce.crypto.SeededRandom;
import konce.crypto.SigningKey;
import konce.crypto.Vault;
import konce.fuzz.Target;
import konce.names.checkpoint.WitnessKeys;
import konce.names.checkpoint.WitnessSet;
import konce.names.encoding.Key;
import konce.names.ledger.Genesis;
import konce.names.ledger.Parameters;
import konce.node.store.CheckedFile;
import konce.registry.store.BlockLog;
import konce.registry.store.DamagedLogException;

/// What a registry and a witness find on their disks when they start.
public final class RegistryTargets {
    private static final byte[] IDENTITY = new byte[BlockLog.IDENTITY_BYTES];

    private RegistryTargets() {}

    /// All that need no disk.
    public static List<Target> all() {
        return List.of(Target.whole("batch", Sequencer.Batch::decode, Sequencer.Batch::encode));
    }

    /// Those that do.
    ///
    /// @param scratch a folder of their own
    public static List<Target> onDisk(Path scratch) {
        Genesis genesis = genesis();
        return List.of(
                new Target("block-log", input -> blockLog(scratch, input)),
                new Target("block-log-damaged", input -> damaged(scratch, input)),
                new Target("signed-store", input -> signed(scratch, genesis, input)),
                new Target("witness-store", input -> witness(scratch, genesis, input)));
    }

    private static Genesis genesis() {
        List<Key> keys = new ArrayList<>();
        try (Vault vault = Vault.open(1 << 12)) {
            for (int i = 0; i < 5; i++) {
                try (SigningKey key = SigningKey.generate(vault, new SeededRandom(i))) {
                    keys.add(Key.of(key.verifyingKey()));
                }
            }
        }
        WitnessSet witnesses = new WitnessSet(0, 0, keys.subList(0, 1), keys.subList(1, 5));
        return new Genesis("fuzz", 1_800_000_000, Parameters.STANDARD, List.of(), witnesses);
    }

    /// A whole file.
    private static void blockLog(Path scratch, byte[] input) throws IOException {
        Path file = scratch.resolve("blocks");
        Files.write(file, input);
        try (BlockLog log = BlockLog.open(file, IDENTITY, _ -> {})) {
            byte[] kept = Files.readAllBytes(file);
            Target.checkSame(Arrays.copyOf(input, kept.length), kept);
            for (long i = 0; i < log.count(); i++) {
                Target.check(log.read(i).length > 0, "an empty record");
            }
        } catch (DamagedLogException e) {
            Target.check(!e.getMessage().isBlank(), "refused without a reason");
        }
    }

    /// A log that was written and then cut or changed: a cut never counts as damage, and whatever is opened is the
    /// beginning of what was written. Two bytes say where, one what; of the rest each byte is a record's length.
    private static void damaged(Path scratch, byte[] input) throws IOException {
        if (input.length < 4) {
            return;
        }
        Path file = scratch.resolve("written");
        Files.deleteIfExists(file);
        BlockLog.create(file, IDENTITY);
        List<byte[]> records = new ArrayList<>();
        try (BlockLog log = BlockLog.open(file, IDENTITY, _ -> {})) {
            for (int i = 3; i < Math.min(input.length, 20); i++) {
                byte[] record = new byte[1 + (input[i] & 0xFF)];
                Arrays.fill(record, (byte) (i * 31));
                log.append(record);
                records.add(record);
            }
        }
        byte[] bytes = Files.readAllBytes(file);
        int at = ((((input[0] & 0xFF) << 8) | (input[1] & 0xFF)) * bytes.length) >>> 16;
        boolean cut = input[2] == 0;
        byte[] changed = cut ? Arrays.copyOf(bytes, at) : bytes;
        if (!cut) {
            changed[at] ^= input[2];
        }
        Files.write(file, changed);
        try (BlockLog log = BlockLog.open(file, IDENTITY, _ -> {})) {
            Target.check(cut || log.count() == records.size() - 1L, "a changed byte was not noticed");
            for (int i = 0; i < log.count(); i++) {
                Target.checkSame(records.get(i), log.read(i));
            }
        } catch (DamagedLogException e) {
            Target.check(!cut || at < BlockLog.IDENTITY_BYTES + 20, "a cut log was taken for a damaged one: " + e);
        }
    }

    /// The bytes as a signed checkpoint whose check is right: no witness has signed it.
    private static void signed(Path scratch, Genesis genesis, byte[] input) throws IOException {
        CheckedFile.replace(scratch.resolve("signed"), input);
        try {
            SignedStore store = SignedStore.open(scratch, requireNonNull(WitnessKeys.of(genesis.witnesses())));
            Target.check(store.newest() == null, "what nobody signed is believed");
        } catch (DamagedLogException e) {
            Target.check(!e.getMessage().isBlank(), "refused without a reason");
        }
    }

    /// The bytes as a memory whose check is right.
    private static void witness(Path scratch, Genesis genesis, byte[] input) throws IOException {
        Path folder = scratch.resolve("witness");
        Files.createDirectories(folder);
        CheckedFile.replace(folder.resolve("memory"), input);
        try (WitnessStore store = WitnessStore.open(folder, genesis, _ -> {})) {
            Target.checkSame(input, store.memory().encode());
        } catch (DamagedLogException e) {
            Target.check(!e.getMessage().isBlank(), "refused without a reason");
        }
    }
}
