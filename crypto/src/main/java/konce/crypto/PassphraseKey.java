package konce.crypto;

import java.lang.foreign.MemorySegment;

/// A key from something a person remembers: Argon2id, slow and hungry for memory on purpose.
/// - source: RFC 9106, version 1.3, one lane; libsodium's `crypto_pwhash`
public final class PassphraseKey {
    /// The length of the salt.
    public static final int SALT_BYTES = 16;

    /// The length of the key.
    public static final int KEY_BYTES = 32;

    private static final int ALGORITHM_ARGON2ID13 = 2;

    private PassphraseKey() {}

    /// How much work a guess costs. It is stored beside the salt, so its bounds hold for a damaged or hostile file
    /// too.
    /// - unit: passes over the memory, and bytes of memory
    /// - error: [IllegalArgumentException] outside the bounds; ask [#isWithinBounds] before believing a file
    public record Cost(long operations, long memoryBytes) {
        /// The most passes: with the most memory, about a minute of one core.
        public static final long OPERATIONS_MAX = 64;

        /// The least memory that Argon2 works with.
        public static final long MEMORY_BYTES_MIN = 8 << 10;

        /// The most memory, libsodium's "sensitive": a file cannot ask this machine for more.
        public static final long MEMORY_BYTES_MAX = 1L << 30;

        /// For a person who waits: 64 MiB, two passes.
        public static final Cost INTERACTIVE = new Cost(2, 64L << 20);

        /// For a key that is opened once a start: 256 MiB, three passes.
        public static final Cost MODERATE = new Cost(3, 256L << 20);

        /// Checks the bounds.
        public Cost {
            if (!isWithinBounds(operations, memoryBytes)) {
                throw new IllegalArgumentException(operations + " passes over " + memoryBytes
                        + " bytes is outside 1 to " + OPERATIONS_MAX + " passes over " + MEMORY_BYTES_MIN + " to "
                        + MEMORY_BYTES_MAX + " bytes");
            }
        }

        /// Whether a cost may be made of these numbers.
        public static boolean isWithinBounds(long operations, long memoryBytes) {
            return operations >= 1
                    && operations <= OPERATIONS_MAX
                    && memoryBytes >= MEMORY_BYTES_MIN
                    && memoryBytes <= MEMORY_BYTES_MAX;
        }
    }

    /// The 32-byte key of a passphrase and a salt. Takes from tens of milliseconds to seconds: not for an event
    /// loop.
    /// - `passphraseUtf8`: all of a native segment; wiping it is the caller's
    /// - `salt16`: exactly 16 bytes
    /// - error: [IllegalStateException] when the system has not the memory that the cost asks for
    public static Secret derive(Vault vault, MemorySegment passphraseUtf8, MemorySegment salt16, Cost cost) {
        if (salt16.byteSize() != SALT_BYTES) {
            throw new IllegalArgumentException("a salt has 16 bytes, not " + salt16.byteSize());
        }
        long passphraseBytes = passphraseUtf8.byteSize();
        long passphrase = Raw.in(passphraseUtf8, 0, passphraseBytes);
        long salt = Raw.in(salt16, 0, SALT_BYTES);
        Secret key = vault.secret(KEY_BYTES);
        int code = Sodium.argon2id(
                key.address(),
                KEY_BYTES,
                passphrase,
                passphraseBytes,
                salt,
                cost.operations(),
                cost.memoryBytes(),
                ALGORITHM_ARGON2ID13);
        Raw.keep(passphraseUtf8);
        Raw.keep(salt16);
        if (code != 0) {
            key.close();
            throw new IllegalStateException("no " + cost.memoryBytes() + " bytes of memory for Argon2id");
        }
        return key;
    }
}
