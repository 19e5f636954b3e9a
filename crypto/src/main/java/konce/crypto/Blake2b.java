package konce.crypto;

import java.lang.foreign.MemorySegment;

/// BLAKE2b in one call. Allocates nothing; safe from any thread.
/// - source: RFC 7693
public final class Blake2b {
    /// The widest result, in bytes.
    public static final int BYTES_MAX = 64;

    private Blake2b() {}

    /// Hashes `bytes` bytes at `offset` of `in` to `outBytes` (1 to 64) bytes at `outOffset` of `out`. The two may
    /// overlap. The result's length is part of what is hashed: a short result is no prefix of a long one.
    public static void hash(
            MemorySegment in, long offset, long bytes, MemorySegment out, long outOffset, int outBytes) {
        checkOutBytes(outBytes);
        long source = Raw.in(in, offset, bytes);
        long target = Raw.out(out, outOffset, outBytes);
        check(Sodium.blake2b(target, outBytes, source, bytes, 0, 0), in, out);
    }

    /// The same, keyed: a message authentication code, or a function that only the key's owner can compute.
    public static void hash(
            Secret key, MemorySegment in, long offset, long bytes, MemorySegment out, long outOffset, int outBytes) {
        checkOutBytes(outBytes);
        long source = Raw.in(in, offset, bytes);
        long target = Raw.out(out, outOffset, outBytes);
        check(Sodium.blake2b(target, outBytes, source, bytes, key.address(), key.bytes()), in, out);
    }

    private static void check(int result, MemorySegment in, MemorySegment out) {
        Raw.keep(in);
        Raw.keep(out);
        Invariant.check(result == 0, "BLAKE2b accepts checked lengths");
    }

    static void checkOutBytes(int outBytes) {
        if (outBytes < 1 || outBytes > BYTES_MAX) {
            throw new IllegalArgumentException("a BLAKE2b result has 1 to 64 bytes, not " + outBytes);
        }
    }
}
