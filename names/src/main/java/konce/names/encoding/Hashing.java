package konce.names.encoding;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import konce.crypto.Blake2b;

/// BLAKE2b-256 over bytes put together in native memory, as libsodium wants them. Make one for many hashes.
/// - one owner thread at a time; whoever makes it closes it
public final class Hashing implements AutoCloseable {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int ROOM = 256;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment out = arena.allocate(Hash.BYTES, Long.BYTES);
    private MemorySegment in = arena.allocate(ROOM, Long.BYTES);
    private int length;

    /// Nothing appended yet.
    public Hashing() {}

    /// The hash of a label's ASCII, a zero byte, and `bytes`: what is hashed for one purpose is never what is
    /// hashed
    /// for another.
    public static Hash hash(String label, byte[] bytes) {
        // = docs/spec/12-ledger.md R12.3
        try (Hashing hashing = new Hashing()) {
            return hashing.ascii(label).u8(0).raw(bytes).finish();
        }
    }

    /// Appends a byte.
    public Hashing u8(int value) {
        in.set(ValueLayout.JAVA_BYTE, grow(1), (byte) value);
        return this;
    }

    /// Appends the text's characters, a byte each.
    public Hashing ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            u8(text.charAt(i));
        }
        return this;
    }

    /// Appends a hash.
    public Hashing hash(Hash hash) {
        long at = grow(Hash.BYTES);
        in.set(LONG, at, hash.word0());
        in.set(LONG, at + 8, hash.word1());
        in.set(LONG, at + 16, hash.word2());
        in.set(LONG, at + 24, hash.word3());
        return this;
    }

    /// Appends bytes.
    public Hashing raw(byte[] bytes) {
        long at = grow(bytes.length);
        MemorySegment.copy(bytes, 0, in, ValueLayout.JAVA_BYTE, at, bytes.length);
        return this;
    }

    /// The hash of what was appended since the last one.
    public Hash finish() {
        Blake2b.hash(in, 0, length, out, 0, Hash.BYTES);
        length = 0;
        return new Hash(out.get(LONG, 0), out.get(LONG, 8), out.get(LONG, 16), out.get(LONG, 24));
    }

    @Override
    public void close() {
        arena.close();
    }

    private long grow(int count) {
        int at = length;
        if (in.byteSize() - at < count) {
            MemorySegment larger = arena.allocate(Math.max(2 * in.byteSize(), at + (long) count), Long.BYTES);
            MemorySegment.copy(in, 0, larger, 0, at);
            in = larger;
        }
        length = at + count;
        return at;
    }
}
