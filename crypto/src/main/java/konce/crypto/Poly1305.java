package konce.crypto;

import java.lang.foreign.MemorySegment;

/// Poly1305, the one-time authenticator: a key authenticates one message and is never used again. Allocates nothing;
/// safe from any thread.
/// - source: RFC 8439 section 2.5
public final class Poly1305 {
    /// The length of a one-time key.
    public static final int KEY_BYTES = 32;

    /// The length of a tag.
    public static final int TAG_BYTES = 16;

    private Poly1305() {}

    /// Writes the 16-byte tag of `bytes` bytes at `offset` of `in`.
    public static void tag(
            MemorySegment key,
            long keyOffset,
            MemorySegment in,
            long offset,
            long bytes,
            MemorySegment out,
            long outOffset) {
        long oneTimeKey = Raw.in(key, keyOffset, KEY_BYTES);
        long message = Raw.in(in, offset, bytes);
        long target = Raw.out(out, outOffset, TAG_BYTES);
        int code = Sodium.poly1305(target, message, bytes, oneTimeKey);
        Raw.keep(key);
        Raw.keep(in);
        Raw.keep(out);
        Invariant.check(code == 0, "Poly1305 takes any message");
    }

    /// Whether the 16 bytes at `tagOffset` are the tag, compared in constant time.
    public static boolean verify(
            MemorySegment key,
            long keyOffset,
            MemorySegment in,
            long offset,
            long bytes,
            MemorySegment tag,
            long tagOffset) {
        long oneTimeKey = Raw.in(key, keyOffset, KEY_BYTES);
        long message = Raw.in(in, offset, bytes);
        long expected = Raw.in(tag, tagOffset, TAG_BYTES);
        int code = Sodium.poly1305Verify(expected, message, bytes, oneTimeKey);
        Raw.keep(key);
        Raw.keep(in);
        Raw.keep(tag);
        return code == 0;
    }
}
