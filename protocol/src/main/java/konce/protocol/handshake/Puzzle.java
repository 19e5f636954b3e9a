package konce.protocol.handshake;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import konce.crypto.Blake2b;
import konce.crypto.Hasher;
import konce.crypto.PublicKey;
import konce.protocol.wire.CookieEcho;

/// Puzzle 1: linear effort over the whole COOKIE-ECHO. With effort E, one try in E succeeds.
///
/// The digest covers every byte of the packet but the solution, and D. So the work is bound to the cookie (and through
/// its authenticator to the client's address), to the server, to B, to the effort, and to the message: no part of it
/// serves anyone else or a second time.
///
/// - shape: digest = BLAKE2b-256("konce puzzle 1" || D || packet before the solution || packet after it);
///   hash = BLAKE2b-64(digest || solution); solved when the hash's first 32 bits, big-endian, times E are below 2^32
/// - error: never throws, never allocates after construction
/// - source: docs/spec/03-handshake.md, section 7
final class Puzzle implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final byte[] LABEL = "konce puzzle 1".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGEST_BYTES = 32;
    private static final int HASH_BYTES = 8;
    private static final int TRANSIENT_KEY = LABEL.length;

    private final Arena arena = Arena.ofAuto();
    private final Hasher hasher = new Hasher(DIGEST_BYTES);
    private final MemorySegment prefix = arena.allocate(LABEL.length + PublicKey.BYTES);
    private final MemorySegment input = arena.allocate(DIGEST_BYTES + CookieEcho.SOLUTION_BYTES);
    private final MemorySegment hash = arena.allocate(HASH_BYTES);

    Puzzle() {
        MemorySegment.copy(LABEL, 0, prefix, ValueLayout.JAVA_BYTE, 0, LABEL.length);
    }

    /// Takes the packet whose solutions [#isSolvedBy] will judge.
    Puzzle begin(MemorySegment packet, long bytes, PublicKey transientKey) {
        transientKey.writeTo(prefix, TRANSIENT_KEY);
        long after = CookieEcho.SOLUTION + CookieEcho.SOLUTION_BYTES;
        hasher.reset()
                .update(prefix, 0, prefix.byteSize())
                .update(packet, 0, CookieEcho.SOLUTION)
                .update(packet, after, bytes - after)
                .finish(input, 0);
        return this;
    }

    // = docs/spec/03-handshake.md R3.7
    boolean isSolvedBy(long solution, long effort) {
        input.set(LONG, DIGEST_BYTES, solution);
        Blake2b.hash(input, 0, input.byteSize(), hash, 0, HASH_BYTES);
        // unsigned: a product of two 32-bit numbers may have its 64th bit set
        return Long.compareUnsigned((hash.get(INT, 0) & 0xFFFF_FFFFL) * effort, 1L << 32) < 0;
    }

    @Override
    public void close() {
        hasher.close();
    }
}
