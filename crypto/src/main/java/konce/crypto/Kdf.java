package konce.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Key derivation: from group products, a transcript and an earlier key to a new key. One BLAKE2b call over an
/// encoding in which no two different sets of inputs look alike.
///
/// ```
/// part(x)  = length of x in bytes as 8 bytes big-endian, then x
/// key      = chain, or the empty key when there is no chain
/// message  = part("konce kdf 1") part(label, UTF-8) part(transcript)
///            number of inputs as 8 bytes big-endian, then part(input) for each
/// result   = BLAKE2b(key, message) with a result of `bytes` bytes
/// ```
///
/// BLAKE2b's parameter block holds the length of the key and of the result, so those need no place in the message: a
/// missing chain differs from every chain, and a 32-byte result is no prefix of a 64-byte one.
///
/// - threads: any; it runs on the vault's work bench, so the hash state, which is secret, is vault memory too
/// - error: [IllegalArgumentException] for a result outside 1 to 64 bytes or a chain below 16; [VaultFullException]
/// - source: BLAKE2b as a keyed pseudorandom function, RFC 7693 section 2.9
public final class Kdf {
    /// The least bytes of a chain: below that it would not be a key.
    public static final int CHAIN_BYTES_MIN = 16;

    private static final int STATE = 0;
    private static final int NUMBER = 384;

    private Kdf() {}

    /// A new secret of `bytes` bytes.
    /// - `chain`: the key that this one continues, 16 to 64 bytes; null starts afresh
    /// - `transcript`: public bytes that the key is bound to, a native segment of any length, also none
    public static Secret derive(
            Vault vault, String label, int bytes, @Nullable Secret chain, MemorySegment transcript, Secret... inputs) {
        if (chain != null && chain.bytes() < CHAIN_BYTES_MIN) {
            throw new IllegalArgumentException("a chain has 16 to 64 bytes, not " + chain.bytes());
        }
        Secret result = vault.secret(bytes);
        boolean done = false;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment version = utf8(arena, "konce kdf 1");
            MemorySegment name = utf8(arena, label);
            long bench = vault.beginWork();
            try {
                start(bench, bytes, chain);
                part(bench, version);
                part(bench, name);
                part(bench, transcript);
                number(bench, inputs.length);
                for (Secret input : inputs) {
                    number(bench, input.bytes());
                    append(bench, input.address(), input.bytes());
                }
                int code = Sodium.blake2bFinal(bench + STATE, result.address(), bytes);
                Invariant.check(code == 0, "a started BLAKE2b finishes");
                done = true;
            } finally {
                vault.endWork();
            }
            return result;
        } finally {
            if (!done) {
                result.close();
            }
        }
    }

    static MemorySegment utf8(Arena arena, String text) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void start(long bench, int bytes, @Nullable Secret chain) {
        long key = chain == null ? 0 : chain.address();
        int keyBytes = chain == null ? 0 : chain.bytes();
        int code = Sodium.blake2bInit(bench + STATE, key, keyBytes, bytes);
        Invariant.check(code == 0, "BLAKE2b accepts checked lengths");
    }

    private static void part(long bench, MemorySegment bytes) {
        number(bench, bytes.byteSize());
        append(bench, Raw.in(bytes, 0, bytes.byteSize()), bytes.byteSize());
        Raw.keep(bytes);
    }

    @SuppressWarnings("restricted")
    private static void number(long bench, long value) {
        MemorySegment.ofAddress(bench + NUMBER).reinterpret(Long.BYTES).set(Raw.LONG_BIG, 0, value);
        append(bench, bench + NUMBER, Long.BYTES);
    }

    private static void append(long bench, long address, long bytes) {
        int code = Sodium.blake2bUpdate(bench + STATE, address, bytes);
        Invariant.check(code == 0, "BLAKE2b takes any bytes");
    }
}
