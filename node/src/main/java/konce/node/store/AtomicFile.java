package konce.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Files that are there whole or not at all, whenever the power fails, and that only their owner may read.
public final class AtomicFile {
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private AtomicFile() {}

    /// Writes a file that was not there.
    ///
    /// @throws FileAlreadyExistsException when it is there; it stays as it is
    public static void create(Path file, ByteBuffer content) throws IOException {
        Path temporary = writeBeside(file, content);
        try {
            try {
                Files.createLink(file, temporary); // unlike a move, this never takes another file's place
            } catch (FileAlreadyExistsException e) {
                throw e;
            } catch (UnsupportedOperationException | FileSystemException e) {
                Files.move(temporary, file); // a file system without links
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
        syncDirectory(file);
    }

    /// Writes a file, in place of the one that was there.
    public static void replace(Path file, ByteBuffer content) throws IOException {
        Path temporary = writeBeside(file, content);
        try {
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        syncDirectory(file);
    }

    /// Removes what is left of writing a file when its process was killed meanwhile. Nobody writes it now.
    public static void sweep(Path file) throws IOException {
        Path directory = directoryOf(file);
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, "." + file.getFileName() + "*.new")) {
            for (Path each : left) {
                Files.delete(each);
            }
        }
    }

    /// Opens a file that is only ever locked; it stays.
    public static FileChannel openLock(Path file) throws IOException {
        Files.createDirectories(directoryOf(file), mode("rwx------"));
        return FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), mode("rw-------"));
    }

    private static Path writeBeside(Path file, ByteBuffer content) throws IOException {
        Path directory = directoryOf(file);
        Files.createDirectories(directory, mode("rwx------"));
        Path temporary = Files.createTempFile(directory, "." + file.getFileName(), ".new", mode("rw-------"));
        try (FileChannel channel = FileChannel.open(temporary, Set.of(StandardOpenOption.WRITE))) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        return temporary;
    }

    private static Path directoryOf(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IllegalArgumentException(file + " is in no directory");
        }
        return directory;
    }

    /* The new name itself must reach the disk. Windows opens no directories, and needs no such thing. */
    private static void syncDirectory(Path file) throws IOException {
        if (POSIX) {
            try (FileChannel directory = FileChannel.open(directoryOf(file), Set.of(StandardOpenOption.READ))) {
                directory.force(true);
            }
        }
    }

    private static FileAttribute<?>[] mode(String permissions) {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
