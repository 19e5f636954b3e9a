package konce.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// ChaCha20-Poly1305 by the system's OpenSSL, which uses wider registers than libsodium does: for long packets, where
/// it is there. The bits are libsodium's.
///
/// - One context for each key, made when the first long packet comes. It holds a copy of the key in OpenSSL's own
///   memory, which is neither the Java heap nor locked, until [#free] wipes it.
/// - invariant: before it is used at all, it has sealed and opened packets of many lengths as libsodium does
/// - threads: a context has one owner
/// - source: RFC 8439; docs/decisions/openssl-seals-long-packets.md
final class FastChaCha {
    /// The system property that says `false` to have libsodium alone.
    static final String PROPERTY = "konce.crypto.openssl";

    /// Bytes from which it is faster: below, its calls cost more than its registers save.
    static final int BODY_BYTES_MIN = 576;

    /// Whether this process has it.
    static final boolean PRESENT = !"false".equals(System.getProperty(PROPERTY)) && isPresent();

    private static final int TAG_BYTES = 16;
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int HEADER_BYTES = 13;

    private FastChaCha() {}

    /// A context with this key; 0 when there is none to be had.
    static long of(long key) {
        long context = OpenSsl.newContext();
        if (context != 0 && OpenSsl.init(context, OpenSsl.CHACHA20_POLY1305, key, 0, 1) != 1) {
            OpenSsl.freeContext(context);
            return 0;
        }
        return context;
    }

    /// Wipes the context and gives it back.
    static void free(long context) {
        OpenSsl.freeContext(context);
    }

    /// Encrypts a body in place and writes the tag behind it.
    ///
    /// @param scratch four bytes
    static void seal(long context, long header, int headerBytes, int bodyBytes, long nonce, long scratch) {
        long body = header + headerBytes;
        int done = OpenSsl.init(context, 0, 0, nonce, 1)
                & OpenSsl.update(context, 0, scratch, header, headerBytes)
                & OpenSsl.update(context, body, scratch, body, bodyBytes)
                & OpenSsl.finish(context, body, scratch)
                & OpenSsl.getTag(context, TAG_BYTES, body + bodyBytes);
        Invariant.check(done == 1, "sealing never fails");
    }

    /// Decrypts a body in place and says whether its tag is right. If not, the body is zeroed: what was decrypted
    /// before the tag was known is nobody's.
    ///
    /// @param scratch four bytes
    static boolean open(long context, long header, int headerBytes, int bodyBytes, long nonce, long scratch) {
        long body = header + headerBytes;
        int done = OpenSsl.init(context, 0, 0, nonce, 0)
                & OpenSsl.setTag(context, TAG_BYTES, body + bodyBytes)
                & OpenSsl.update(context, 0, scratch, header, headerBytes)
                & OpenSsl.update(context, body, scratch, body, bodyBytes);
        Invariant.check(done == 1, "only the tag can be wrong");
        boolean right = OpenSsl.finish(context, body, scratch) == 1;
        if (!right) {
            Sodium.wipe(body, bodyBytes);
        }
        return right;
    }

    private static boolean isPresent() {
        try {
            return OpenSsl.CHACHA20_POLY1305 != 0 && agrees();
        } catch (LinkageError | IllegalArgumentException e) {
            // No OpenSSL 3, or one without these functions: libsodium does it all.
            return false;
        }
    }

    /// Whether it does what libsodium does.
    private static boolean agrees() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment secrets = arena.allocate(KEY_BYTES + NONCE_BYTES + Integer.BYTES);
            new SeededRandom(1).fill(secrets);
            long key = secrets.address();
            long context = of(key);
            boolean same = context != 0;
            for (int bodyBytes = 0; same && bodyBytes < 4 * BODY_BYTES_MIN; bodyBytes += 61) {
                secrets.set(ValueLayout.JAVA_BYTE, KEY_BYTES, (byte) bodyBytes);
                same = agrees(context, key, bodyBytes, arena.allocate(HEADER_BYTES + bodyBytes + TAG_BYTES));
            }
            if (context != 0) {
                free(context);
            }
            return same;
        }
    }

    private static boolean agrees(long context, long key, int bodyBytes, MemorySegment packet) {
        long nonce = key + KEY_BYTES;
        long scratch = nonce + NONCE_BYTES;
        long header = packet.address();
        long body = header + HEADER_BYTES;
        new SeededRandom(bodyBytes).fill(packet);
        seal(context, header, HEADER_BYTES, bodyBytes, nonce, scratch);
        int opened =
                Sodium.aeadChachaOpen(body, 0, body, bodyBytes, body + bodyBytes, header, HEADER_BYTES, nonce, key);
        Sodium.aeadChachaSeal(body, body + bodyBytes, 0, body, bodyBytes, header, HEADER_BYTES, 0, nonce, key);
        boolean reopened = open(context, header, HEADER_BYTES, bodyBytes, nonce, scratch);
        Raw.keep(packet);
        return opened == 0 && reopened;
    }
}
