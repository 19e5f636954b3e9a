package konce.cli.store;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import konce.crypto.PassphraseKey.Cost;
import konce.crypto.PublicKey;
import konce.crypto.RandomSource;
import konce.crypto.Secret;
import konce.crypto.Vault;
import konce.names.Petname;
import konce.names.PetnameException;
import org.jspecify.annotations.Nullable;

/// One user's identities: each a file that is written once and never again.
///
/// @param home where they are
public record Identities(Home home) {
    /// The identity used where none is named.
    public static final String DEFAULT_NAME = "default";

    private static final String SUFFIX = ".key";
    private static final int ROOT_BYTES = 32;

    /// What can be said of an identity without opening it.
    ///
    /// @param key its public key; null: the file is damaged
    /// @param passphrase whether it needs one
    public record Listed(String name, Path file, @Nullable PublicKey key, boolean passphrase) {}

    /// The identities there are, by name.
    public List<Listed> list() throws IOException {
        List<Listed> listed = new ArrayList<>();
        if (Files.isDirectory(home.identities())) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(home.identities(), "*" + SUFFIX)) {
                for (Path file : files) {
                    String fileName = String.valueOf(file.getFileName());
                    String name = fileName.substring(0, fileName.length() - SUFFIX.length());
                    if (!fileName.startsWith(".")) {
                        listed.add(new Listed(name, file, KeyFile.publicKeyOf(file), KeyFile.isProtected(file)));
                    }
                }
            }
        }
        listed.sort((one, other) -> one.name().compareTo(other.name()));
        return listed;
    }

    /// Whether there is an identity of this name.
    public boolean exists(String name) throws StoreException {
        return Files.exists(fileOf(name));
    }

    /// Whether an identity needs a passphrase.
    public boolean isProtected(String name) throws IOException, StoreException {
        return KeyFile.isProtected(fileOf(name));
    }

    /// Makes an identity.
    ///
    /// @param passphrase in UTF-8, native memory; null: none
    /// @throws StoreException when the name cannot be, or is taken
    public Identity create(String name, Vault vault, RandomSource random, @Nullable MemorySegment passphrase, Cost cost)
            throws IOException, StoreException {
        Path file = fileOf(name);
        Secret root = Secret.random(vault, random, ROOT_BYTES);
        try {
            KeyFile.create(file, vault, random, root, passphrase, cost);
        } catch (FileAlreadyExistsException e) {
            root.close();
            throw StoreException.mistake("there is an identity '" + name + "' already, and none is ever written over;"
                    + " choose another name");
        } catch (IOException | RuntimeException e) {
            root.close();
            throw e;
        }
        return new Identity(name, root, KeyFile.keyOf(vault, root));
    }

    /// Opens an identity.
    ///
    /// @param passphrase in UTF-8, native memory; null: none is known
    /// @throws StoreException when it is not there, damaged, or of another passphrase: each has its own message
    public Identity open(String name, Vault vault, @Nullable MemorySegment passphrase)
            throws IOException, StoreException {
        Path file = fileOf(name);
        if (!Files.exists(file)) {
            throw StoreException.mistake("there is no identity '" + name + "'; 'konce id list' shows those there are,"
                    + " 'konce id new " + name + "' makes it");
        }
        return switch (KeyFile.open(file, vault, passphrase)) {
            case KeyFile.Opened.Root(var root, var key) -> new Identity(name, root, key);
            case KeyFile.Opened.WrongPassphrase() ->
                throw StoreException.mistake("wrong passphrase for identity '" + name + "' (the file itself is whole)");
            case KeyFile.Opened.PassphraseNeeded() ->
                throw StoreException.mistake("identity '" + name + "' needs its passphrase: run this in a terminal, or"
                        + " give --passphrase-file, or set KONCE_PASSPHRASE");
            case KeyFile.Opened.Damaged(var why) ->
                throw StoreException.damage("the key file " + file + " is damaged: " + why
                        + "; put a copy of it back, or use another identity");
        };
    }

    /// The file of an identity.
    public Path fileOf(String name) throws StoreException {
        try {
            return home.identities().resolve(new Petname(name) + SUFFIX);
        } catch (PetnameException e) {
            throw StoreException.mistake("identities are named like petnames: " + e.getMessage());
        }
    }
}
