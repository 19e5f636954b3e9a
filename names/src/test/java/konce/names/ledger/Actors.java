package konce.names.ledger;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import konce.crypto.SeededRandom;
import konce.crypto.SigningKey;
import konce.crypto.Vault;
import konce.names.checkpoint.WitnessSet;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;

/// Keys of people in tests, the same for the same seed.
public final class Actors implements AutoCloseable {
    private static final int KEY_ROOM = 256;

    /// When the ledgers of tests begin, in seconds of Unix time.
    public static final long START_SECONDS = 1_800_000_000;

    private final Vault vault;
    private final SeededRandom random;
    private final List<SigningKey> keys = new ArrayList<>();

    public Actors(long seed, int count) {
        vault = Vault.open(KEY_ROOM * (count + 4L));
        random = new SeededRandom(seed);
        for (int i = 0; i < count; i++) {
            keys.add(SigningKey.generate(vault, random));
        }
    }

    public SigningKey signing(int index) {
        return keys.get(index);
    }

    public Key key(int index) {
        return Key.of(keys.get(index).verifyingKey());
    }

    public int count() {
        return keys.size();
    }

    /// A genesis in which the first `funded` have `grains` each, the last five are a sequencer and four witnesses.
    public Genesis genesis(Parameters parameters, int funded, long grains) {
        List<Genesis.Allocation> allocations = new ArrayList<>();
        for (int i = 0; i < funded; i++) {
            allocations.add(new Genesis.Allocation(key(i), grains));
        }
        int n = count();
        WitnessSet witnesses =
                new WitnessSet(0, 0, List.of(key(n - 5)), List.of(key(n - 4), key(n - 3), key(n - 2), key(n - 1)));
        return new Genesis("test", START_SECONDS, parameters, allocations, witnesses);
    }

    public Hash salt() {
        return Hash.of(bytes(Hash.BYTES));
    }

    public byte[] bytes(int count) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(count);
            random.fill(out);
            return out.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    public SeededRandom random() {
        return random;
    }

    @Override
    public void close() {
        keys.forEach(SigningKey::close);
        vault.close();
    }
}
