package konce.node.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Files and directories that only their owner may look into, on systems whose files have owners.
public final class PrivateFiles {
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private PrivateFiles() {}

    /// Opens a file; a new one has mode 0600 from its first moment.
    ///
    /// @throws IOException when it cannot be opened, or is there and others may read it
    public static FileChannel open(Path file, Set<? extends OpenOption> options) throws IOException {
        FileChannel channel = FileChannel.open(file, options, attributes(FILE));
        if (POSIX && !FILE.containsAll(Files.getPosixFilePermissions(file))) {
            channel.close();
            throw new IOException(file + " may be read by others: it holds secrets, so make it mode 0600 first");
        }
        return channel;
    }

    /// Makes a directory, and those above it, with mode 0700; one that is there stays as it is.
    public static void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory, attributes(DIRECTORY));
    }

    private static FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
        return POSIX
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }
}
