package konce.cli.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import konce.crypto.Blake2b;
import konce.crypto.Vault;
import konce.fuzz.Target;

/// Files that hold an identity or a private group.
public final class KeyFileTargets {
    private static final int CHECKSUM_BYTES = 32;

    private KeyFileTargets() {}

    /// All that need no disk.
    public static List<Target> all() {
        return List.of(
                Target.text("group-file", text -> Group.parse("club", text), Group::format, StoreException.class));
    }

    /// Those that do.
    ///
    /// @param scratch a folder of their own
    public static List<Target> onDisk(Path scratch) {
        Vault vault = Vault.open(1 << 14);
        return List.of(new Target("key-file", input -> keyFile(scratch, vault, input)));
    }

    /// As it is, and with its checksum put right.
    private static void keyFile(Path scratch, Vault vault, byte[] input) throws IOException {
        open(scratch, vault, input);
        if (input.length > CHECKSUM_BYTES) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment file = arena.allocate(input.length).copyFrom(MemorySegment.ofArray(input));
                int content = input.length - CHECKSUM_BYTES;
                Blake2b.hash(file, 0, content, file, content, CHECKSUM_BYTES);
                open(scratch, vault, file.toArray(ValueLayout.JAVA_BYTE));
            }
        }
    }

    private static void open(Path scratch, Vault vault, byte[] bytes) throws IOException {
        Path file = scratch.resolve("identity");
        Files.write(file, bytes);
        if (KeyFile.open(file, vault, null) instanceof KeyFile.Opened.Root(var root, var key)) {
            Target.check(key.publicKey().equals(KeyFile.publicKeyOf(file)), "another key than the file says");
            root.close();
            key.close();
        }
    }
}
