package konce.cli;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import konce.cli.store.Home;
import konce.cli.store.Identities;
import konce.cli.store.Identity;
import konce.cli.store.StoreException;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options by which a command finds and opens an identity.
final class IdentityOptions {
    /// Characters of the longest passphrase: a whole page would be a mistaken file.
    private static final int PASSPHRASE_CHARS_MAX = 1_024;

    private static final int UTF_8_BYTES_PER_CHAR_MAX = 3;

    @Option(
            names = "--identity",
            paramLabel = "NAME",
            defaultValue = Identities.DEFAULT_NAME,
            description = "The identity to use (default: ${DEFAULT-VALUE}).")
    String name = Identities.DEFAULT_NAME;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = "Take the passphrase from the first line of FILE.")
    @Nullable
    Path passphraseFile;

    @Option(
            names = "--no-passphrase",
            description = "Keep a new identity without a passphrase: its file alone is enough.")
    boolean noPassphrase;

    /// Opens the identity; the default one is made on first use.
    ///
    /// @throws StoreException when it cannot be opened, with what to do
    Identity open(Terminal terminal, Vault vault) throws IOException, StoreException {
        Identities identities = new Identities(Home.of(terminal.environment()));
        if (!identities.exists(name) && name.equals(Identities.DEFAULT_NAME)) {
            terminal.err().println("First use: making the identity '" + name + "' in " + identities.fileOf(name));
            return create(terminal, vault);
        }
        boolean asks = identities.exists(name) && identities.isProtected(name);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment passphrase = asks ? known(terminal, arena, "Passphrase of identity '" + name + "': ") : null;
            try {
                return identities.open(name, vault, passphrase);
            } finally {
                wipe(passphrase);
            }
        }
    }

    /// Makes the identity.
    ///
    /// @throws StoreException when there is one already
    Identity create(Terminal terminal, Vault vault) throws IOException, StoreException {
        Identities identities = new Identities(Home.of(terminal.environment()));
        if (identities.exists(name)) {
            throw CommandException.mistake(
                    "there is an identity '" + name + "' already, and none is ever written over; choose another name");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment passphrase = noPassphrase ? null : chosen(terminal, arena);
            try {
                return identities.create(name, vault, new SystemRandom(), passphrase, terminal.cost());
            } finally {
                wipe(passphrase);
            }
        }
    }

    private MemorySegment chosen(Terminal terminal, Arena arena) throws IOException {
        MemorySegment first = known(terminal, arena, "New passphrase: ");
        if (first == null) {
            throw CommandException.mistake(
                    "the new identity '" + name + "' needs a passphrase to be kept under: run this"
                            + " in a terminal, or give --passphrase-file, or set KONCE_PASSPHRASE; or say --no-passphrase");
        }
        if (first.byteSize() == 0) {
            throw CommandException.mistake(
                    "an empty passphrase protects nothing; say --no-passphrase if you mean that");
        }
        if (isAsked(terminal)) {
            MemorySegment second = known(terminal, arena, "The same again: ");
            boolean same = second != null && first.mismatch(second) < 0;
            wipe(second);
            if (!same) {
                wipe(first);
                throw CommandException.mistake("the two passphrases differ; nothing was made");
            }
        }
        return first;
    }

    private boolean isAsked(Terminal terminal) {
        return passphraseFile == null && !terminal.environment().containsKey("KONCE_PASSPHRASE");
    }

    /// The passphrase, from the file, the environment or the person; null where none of them has it.
    private @Nullable MemorySegment known(Terminal terminal, Arena arena, String question) throws IOException {
        if (passphraseFile != null) {
            return native8(arena, firstLine(passphraseFile));
        }
        String fromEnvironment = terminal.environment().get("KONCE_PASSPHRASE");
        if (fromEnvironment != null) {
            return native8(arena, fromEnvironment.toCharArray());
        }
        char[] typed = terminal.prompt().ask(question);
        return typed == null ? null : native8(arena, typed);
    }

    private static char[] firstLine(Path file) throws IOException {
        try (var lines = Files.newBufferedReader(file)) {
            char[] read = new char[PASSPHRASE_CHARS_MAX + 1];
            int count = 0;
            int c = lines.read();
            while (c >= 0 && c != '\n' && count < read.length) {
                read[count++] = (char) c;
                c = lines.read();
            }
            if (count > 0 && read[count - 1] == '\r') {
                count--;
            }
            char[] line = Arrays.copyOf(read, count);
            Arrays.fill(read, '\0');
            return line;
        } catch (CharacterCodingException e) {
            throw CommandException.mistake("the passphrase file " + file + " is not UTF-8 text");
        }
    }

    private static MemorySegment native8(Arena arena, char[] characters) {
        if (characters.length > PASSPHRASE_CHARS_MAX) {
            throw CommandException.mistake("a passphrase has at most " + PASSPHRASE_CHARS_MAX + " characters");
        }
        MemorySegment room = arena.allocate((long) characters.length * UTF_8_BYTES_PER_CHAR_MAX);
        ByteBuffer bytes = room.asByteBuffer(); // straight off the heap, so that wiping it wipes it
        CoderResult result = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(characters), bytes, true);
        Arrays.fill(characters, '\0');
        if (result.isError()) {
            throw CommandException.mistake("the passphrase is not Unicode text");
        }
        return room.asSlice(0, bytes.position());
    }

    private static void wipe(@Nullable MemorySegment passphrase) {
        if (passphrase != null) {
            passphrase.fill((byte) 0);
        }
    }
}
