package konce.crypto;

import java.lang.foreign.MemorySegment;

/// The operating system's randomness, by way of libsodium. Safe from any thread; allocates nothing.
/// - source: `randombytes_buf`, that is getrandom(2) and its like
public final class SystemRandom implements RandomSource {
    /// There is only one such source; all instances are alike.
    public SystemRandom() {}

    @Override
    public void fill(MemorySegment target) {
        long bytes = target.byteSize();
        Sodium.randomBytes(Raw.out(target, 0, bytes), bytes);
        Raw.keep(target);
    }

    @Override
    public long nextLong() {
        return ((long) Sodium.randomInt() << 32) | (Sodium.randomInt() & 0xffff_ffffL);
    }
}
