package konce.cli.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import konce.cli.store.KeyFile.Opened;
import konce.crypto.PassphraseKey.Cost;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
    /// The least that Argon2id does: what is tested here is the file.
    private static final Cost CHEAP = new Cost(1, Cost.MEMORY_BYTES_MIN);

    @TempDir
    Path directory;

    private final Vault vault = Vault.open(8_192);
    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void close() {
        assertEquals(0, vault.secretsLive(), "every secret is given back");
        vault.close();
        arena.close();
    }

    private MemorySegment utf8(String text) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, text.getBytes(StandardCharsets.UTF_8));
    }

    private PublicKey create(Path file, MemorySegment passphrase) throws IOException {
        try (Secret root = Secret.random(vault, new SystemRandom(), 32)) {
            KeyFile.create(file, vault, new SystemRandom(), root, passphrase, CHEAP);
            try (var key = KeyFile.keyOf(vault, root)) {
                return key.publicKey();
            }
        }
    }

    private PublicKey openedKey(Opened opened) {
        Opened.Root root = assertInstanceOf(Opened.Root.class, opened);
        root.root().close();
        root.key().close();
        return root.key().publicKey();
    }

    /// Goal: what was written is opened again, with its passphrase or without one, and shows its key unopened.
    @Test
    void opensWhatItWrote() throws IOException {
        Path boxed = directory.resolve("boxed.key");
        Path bare = directory.resolve("bare.key");
        PublicKey boxedKey = create(boxed, utf8("correct horse"));
        PublicKey bareKey = create(bare, null);
        assertEquals(boxedKey, openedKey(KeyFile.open(boxed, vault, utf8("correct horse"))));
        assertEquals(bareKey, openedKey(KeyFile.open(bare, vault, null)));
        assertEquals(boxedKey, KeyFile.publicKeyOf(boxed));
        assertEquals(bareKey, KeyFile.publicKeyOf(bare));
        assertTrue(KeyFile.isProtected(boxed));
        assertFalse(KeyFile.isProtected(bare));
        assertEquals(KeyFile.BYTES, Files.size(boxed));
        assertEquals(KeyFile.BYTES, Files.size(bare));
    }

    /// Goal: a wrong passphrase and a missing one are each their own answer.
    @Test
    void tellsAWrongPassphraseFromAMissingOne() throws IOException {
        Path file = directory.resolve("a.key");
        create(file, utf8("right"));
        assertInstanceOf(Opened.WrongPassphrase.class, KeyFile.open(file, vault, utf8("wrong")));
        assertInstanceOf(Opened.WrongPassphrase.class, KeyFile.open(file, vault, utf8("")));
        assertInstanceOf(Opened.PassphraseNeeded.class, KeyFile.open(file, vault, null));
    }

    /// Goal: a change of any byte is damage, never a wrong passphrase and never another key; so is any other
    /// length.
    @Test
    void everyDamagedByteIsDamage() throws IOException {
        Path file = directory.resolve("a.key");
        create(file, utf8("right"));
        byte[] good = Files.readAllBytes(file);
        Path damaged = directory.resolve("damaged.key");
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= (byte) (1 << (i % 8));
            Files.write(damaged, bad);
            assertInstanceOf(Opened.Damaged.class, KeyFile.open(damaged, vault, utf8("right")), "byte " + i);
            assertNull(KeyFile.publicKeyOf(damaged), "byte " + i);
            assertFalse(KeyFile.isProtected(damaged), "byte " + i);
        }
        for (int length : new int[] {0, 1, good.length - 1, good.length + 1, 1 << 20}) {
            Files.write(damaged, Arrays.copyOf(good, length));
            assertInstanceOf(Opened.Damaged.class, KeyFile.open(damaged, vault, utf8("right")), "length " + length);
        }
    }

    /// Goal: no file is ever written over, and failing to leaves nothing behind.
    @Test
    void neverWritesOver() throws IOException {
        Path file = directory.resolve("a.key");
        create(file, null);
        byte[] before = Files.readAllBytes(file);
        assertThrows(FileAlreadyExistsException.class, () -> create(file, null));
        assertArrayEquals(before, Files.readAllBytes(file));
        try (var files = Files.list(directory)) {
            assertEquals(1, files.count(), "no temporary file stays");
        }
    }

    /// Goal: only its owner may read a key file.
    @Test
    void isPrivate() throws IOException {
        Path file = directory.resolve("new").resolve("a.key");
        create(file, null);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
    }

    /// Goal: the root is not in a protected file, and the passphrase is in none.
    @Test
    void aProtectedFileHoldsNoSecretInTheClear() throws IOException {
        Path file = directory.resolve("a.key");
        try (Secret root = Secret.copyOf(vault, utf8("0123456789abcdef0123456789abcdef"), 0, 32)) {
            KeyFile.create(file, vault, new SystemRandom(), root, utf8("a passphrase"), CHEAP);
        }
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertFalse(bytes.contains("0123456789abcdef"));
        assertFalse(bytes.contains("a passphrase"));
    }
}
