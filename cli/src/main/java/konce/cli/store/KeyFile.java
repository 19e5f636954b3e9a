package konce.cli.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import konce.crypto.Blake2b;
import konce.crypto.PassphraseKey;
import konce.crypto.PassphraseKey.Cost;
import konce.crypto.PublicKey;
import konce.crypto.RandomSource;
import konce.crypto.Secret;
import konce.crypto.SecretAccess;
import konce.crypto.SecretBox;
import konce.crypto.SecretKey;
import konce.crypto.Vault;
import konce.node.store.AtomicFile;
import org.jspecify.annotations.Nullable;

/// An identity at rest: a root secret of 32 bytes in a box that a passphrase opens, or bare where the user said so.
///
/// ```
///   0  16  "konce identity 1"
///  16  32  the public key that the root gives
///  48   1  protection: 0 none, 1 Argon2id and XChaCha20-Poly1305
///  49   7  zero
///  56   8  Argon2id passes, big-endian; 0 without protection
///  64   8  Argon2id bytes of memory
///  72  16  Argon2id salt
///  88  72  the box; without protection the root and 40 zeros
/// 160  32  BLAKE2b-256 of all before
/// ```
///
/// The checksum lies outside the box, so that a damaged file and a wrong passphrase are told apart.
///
/// - source: docs/decisions/identities.md
final class KeyFile {
    /// Bytes of every key file.
    static final int BYTES = 192;

    private static final byte[] MAGIC = "konce identity ".getBytes(StandardCharsets.US_ASCII);
    private static final byte VERSION = '1';
    private static final int PUBLIC = 16;
    private static final int PROTECTION = 48;
    private static final int RESERVED_BYTES = 7;
    private static final int PASSES = 56;
    private static final int MEMORY = 64;
    private static final int SALT = 72;
    private static final int BOX = 88;
    private static final int ROOT_BYTES = 32;
    private static final int BOX_BYTES = ROOT_BYTES + SecretBox.OVERHEAD_BYTES;
    private static final int CHECKSUM = BOX + BOX_BYTES;
    private static final int CHECKSUM_BYTES = 32;
    private static final byte BARE = 0;
    private static final byte ARGON2ID = 1;
    private static final String KEY_LABEL = "konce identity 1";
    private static final SecretAccess TO_FILE =
            SecretAccess.grant("a key file holds the root, boxed where it is protected");
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// What became of an attempt to open a key file.
    sealed interface Opened {
        /// The root secret and the key it gives; the receiver closes both.
        record Root(Secret root, SecretKey key) implements Opened {}

        /// The file is as it was written, and this is not its passphrase.
        record WrongPassphrase() implements Opened {}

        /// The file needs a passphrase, and none was given.
        record PassphraseNeeded() implements Opened {}

        /// The file is not as it was written.
        record Damaged(String why) implements Opened {}
    }

    private KeyFile() {}

    /// The key that a root secret gives: what a server with this identity is known by.
    static SecretKey keyOf(Vault vault, Secret root) {
        return SecretKey.fromSeed(vault, root, KEY_LABEL, MemorySegment.NULL);
    }

    /// Writes a new file.
    ///
    /// @param passphrase in UTF-8, native memory; null: no protection
    /// @throws java.nio.file.FileAlreadyExistsException when there is one; it stays as it is
    static void create(
            Path path, Vault vault, RandomSource random, Secret root, @Nullable MemorySegment passphrase, Cost cost)
            throws IOException {
        try (Arena arena = Arena.ofConfined();
                SecretKey key = keyOf(vault, root)) {
            MemorySegment file = arena.allocate(BYTES);
            MemorySegment bare = arena.allocate(ROOT_BYTES);
            try {
                MemorySegment.copy(MAGIC, 0, file, ValueLayout.JAVA_BYTE, 0, MAGIC.length);
                file.set(ValueLayout.JAVA_BYTE, MAGIC.length, VERSION);
                key.publicKey().writeTo(file, PUBLIC);
                if (passphrase == null) {
                    root.copyTo(file, BOX, TO_FILE);
                } else {
                    file.set(ValueLayout.JAVA_BYTE, PROTECTION, ARGON2ID);
                    file.set(LONG, PASSES, cost.operations());
                    file.set(LONG, MEMORY, cost.memoryBytes());
                    random.fill(file.asSlice(SALT, PassphraseKey.SALT_BYTES));
                    root.copyTo(bare, 0, TO_FILE);
                    try (Secret boxKey = PassphraseKey.derive(vault, passphrase, salt(file), cost)) {
                        SecretBox.seal(boxKey, random, bare, file.asSlice(BOX, BOX_BYTES));
                    }
                }
                Blake2b.hash(file, 0, CHECKSUM, file, CHECKSUM, CHECKSUM_BYTES);
                AtomicFile.create(path, file.asByteBuffer());
            } finally {
                file.fill((byte) 0);
                bare.fill((byte) 0);
            }
        }
    }

    /// The public key a file says it has, whoever may open it; null when the file is damaged.
    static @Nullable PublicKey publicKeyOf(Path path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment file = read(path, arena);
            return damage(file) == null ? PublicKey.decode(file, PUBLIC) : null;
        }
    }

    /// Whether a file needs a passphrase; false also for a damaged one.
    static boolean isProtected(Path path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment file = read(path, arena);
            return damage(file) == null && file.get(ValueLayout.JAVA_BYTE, PROTECTION) == ARGON2ID;
        }
    }

    /// Opens a file.
    ///
    /// @param passphrase in UTF-8, native memory; null: none is known
    static Opened open(Path path, Vault vault, @Nullable MemorySegment passphrase) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment file = read(path, arena);
            MemorySegment bare = arena.allocate(ROOT_BYTES);
            try {
                String damage = damage(file);
                if (damage != null) {
                    return new Opened.Damaged(damage);
                }
                if (file.get(ValueLayout.JAVA_BYTE, PROTECTION) == BARE) {
                    MemorySegment.copy(file, BOX, bare, 0, ROOT_BYTES);
                } else if (passphrase == null) {
                    return new Opened.PassphraseNeeded();
                } else {
                    Cost cost = new Cost(file.get(LONG, PASSES), file.get(LONG, MEMORY));
                    try (Secret boxKey = PassphraseKey.derive(vault, passphrase, salt(file), cost)) {
                        if (!SecretBox.open(boxKey, file.asSlice(BOX, BOX_BYTES), bare)) {
                            return new Opened.WrongPassphrase();
                        }
                    }
                }
                return opened(vault, bare, PublicKey.decode(file, PUBLIC));
            } finally {
                file.fill((byte) 0);
                bare.fill((byte) 0);
            }
        }
    }

    private static Opened opened(Vault vault, MemorySegment bare, @Nullable PublicKey expected) {
        Secret root = Secret.copyOf(vault, bare, 0, ROOT_BYTES);
        SecretKey key = keyOf(vault, root);
        if (key.publicKey().equals(expected)) {
            return new Opened.Root(root, key);
        }
        root.close();
        key.close();
        return new Opened.Damaged("the key inside is not the one it names");
    }

    private static MemorySegment read(Path path, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(path, Set.of(StandardOpenOption.READ))) {
            MemorySegment file = arena.allocate(BYTES + 1); // one more shows that a file is too long
            ByteBuffer buffer = file.asByteBuffer();
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
            return file.asSlice(0, buffer.position());
        }
    }

    private static @Nullable String damage(MemorySegment file) {
        if (file.byteSize() != BYTES) {
            return "it has " + (file.byteSize() < BYTES ? file.byteSize() : "more than " + BYTES) + " bytes instead of "
                    + BYTES;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sum = arena.allocate(CHECKSUM_BYTES);
            Blake2b.hash(file, 0, CHECKSUM, sum, 0, CHECKSUM_BYTES);
            if (sum.mismatch(file.asSlice(CHECKSUM, CHECKSUM_BYTES)) >= 0) {
                return "its checksum does not match";
            }
        }
        if (file.asSlice(0, MAGIC.length).mismatch(MemorySegment.ofArray(MAGIC)) >= 0) {
            return "it is no identity";
        }
        byte version = file.get(ValueLayout.JAVA_BYTE, MAGIC.length);
        byte protection = file.get(ValueLayout.JAVA_BYTE, PROTECTION);
        boolean known = version == VERSION && (protection == BARE || protection == ARGON2ID) && reservedIsZero(file);
        if (!known) {
            return "it was written by a newer konce";
        }
        boolean possible = protection == BARE || Cost.isWithinBounds(file.get(LONG, PASSES), file.get(LONG, MEMORY));
        return possible ? null : "it asks for more work than any konce writes";
    }

    private static boolean reservedIsZero(MemorySegment file) {
        return file.asSlice(PROTECTION + 1, RESERVED_BYTES).mismatch(MemorySegment.ofArray(new byte[RESERVED_BYTES]))
                < 0;
    }

    private static MemorySegment salt(MemorySegment file) {
        return file.asSlice(SALT, PassphraseKey.SALT_BYTES);
    }
}
