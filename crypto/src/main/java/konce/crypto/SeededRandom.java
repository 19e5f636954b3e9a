package konce.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// A ChaCha20 stream from a 64-bit seed: the same seed, the same bytes, on every machine. For the simulator and tests
/// only; whoever knows the seed knows every key.
///
/// - shape: key = BLAKE2b-256 of the text `konce seeded random` and the seed (8 bytes, big-endian); nonce zero; block
///   counter from zero
/// - one owner thread at a time; after construction it allocates nothing
public final class SeededRandom implements RandomSource {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 8;
    private static final int POOL_BYTES = 1024;
    private static final int BLOCK_BYTES = 64;

    private final MemorySegment state = Arena.ofAuto().allocate(KEY_BYTES + NONCE_BYTES + POOL_BYTES, 64);
    private final MemorySegment pool = state.asSlice(KEY_BYTES + NONCE_BYTES);
    private long blocks;
    private int used = POOL_BYTES;

    /// The stream of `seed`.
    public SeededRandom(long seed) {
        try (Arena arena = Arena.ofConfined()) {
            byte[] purpose = "konce seeded random".getBytes(StandardCharsets.UTF_8);
            MemorySegment input = arena.allocate(purpose.length + (long) Long.BYTES);
            MemorySegment.copy(purpose, 0, input, ValueLayout.JAVA_BYTE, 0, purpose.length);
            input.set(Raw.LONG_BIG, purpose.length, seed);
            Blake2b.hash(input, 0, input.byteSize(), state, 0, KEY_BYTES);
        }
    }

    private SeededRandom(MemorySegment parentKey, String purpose) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment input = arena.allocateFrom(ValueLayout.JAVA_BYTE, purpose.getBytes(StandardCharsets.UTF_8));
            int result = Sodium.blake2b(
                    Raw.out(state, 0, KEY_BYTES),
                    KEY_BYTES,
                    Raw.in(input, 0, input.byteSize()),
                    input.byteSize(),
                    Raw.in(parentKey, 0, KEY_BYTES),
                    KEY_BYTES);
            Invariant.check(result == 0, "BLAKE2b accepts checked lengths");
            Raw.keep(parentKey);
        }
    }

    /// A stream of its own for `purpose`. It depends on the seed and the purpose only, not on what was drawn so
    /// far; the same purpose gives the same stream again.
    public SeededRandom fork(String purpose) {
        return new SeededRandom(state.asSlice(0, KEY_BYTES), purpose);
    }

    @Override
    public void fill(MemorySegment target) {
        long done = 0;
        while (done < target.byteSize()) {
            if (used == POOL_BYTES) {
                refill();
            }
            long run = Math.min(target.byteSize() - done, POOL_BYTES - used);
            MemorySegment.copy(pool, used, target, done, run);
            used += (int) run;
            done += run;
        }
    }

    @Override
    public long nextLong() {
        if (used > POOL_BYTES - Long.BYTES) {
            refill();
        }
        long bits = pool.get(Raw.LONG_BIG, used);
        used += Long.BYTES;
        return bits;
    }

    private void refill() {
        pool.fill((byte) 0);
        long key = Raw.out(state, 0, state.byteSize());
        long bytes = key + KEY_BYTES + NONCE_BYTES;
        Sodium.chacha20Xor(bytes, bytes, POOL_BYTES, key + KEY_BYTES, blocks, key);
        Raw.keep(state);
        blocks += POOL_BYTES / BLOCK_BYTES;
        used = 0;
    }
}
