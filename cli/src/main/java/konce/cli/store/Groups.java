package konce.cli.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import konce.names.Petname;
import konce.names.PetnameException;
import konce.node.store.AtomicFile;

/// One user's private groups: a file each.
///
/// @param home where they are
public record Groups(Home home) {
    private static final String SUFFIX = ".group";

    /// Bytes of the largest file that is read: room for every member of every invitation.
    private static final long FILE_BYTES_MAX = 64L << 20;

    /// A change to a group.
    public interface Change {
        Group of(Group group) throws StoreException;
    }

    /// The names of the groups there are.
    public List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(home.groups())) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(home.groups(), "*" + SUFFIX)) {
                for (Path file : files) {
                    String fileName = String.valueOf(file.getFileName());
                    if (!fileName.startsWith(".")) {
                        names.add(fileName.substring(0, fileName.length() - SUFFIX.length()));
                    }
                }
            }
        }
        names.sort(String::compareTo);
        return names;
    }

    /// Writes a group that was not there.
    ///
    /// @throws StoreException when the name cannot be, or is taken
    public void create(Group group) throws IOException, StoreException {
        try {
            AtomicFile.create(fileOf(group.name()), bytes(group));
        } catch (FileAlreadyExistsException e) {
            throw StoreException.mistake("there is a group '" + group.name() + "' already; choose another name");
        }
    }

    /// Reads a group.
    ///
    /// @throws StoreException when it is not there, or cannot be understood
    public Group load(String name) throws IOException, StoreException {
        Path file = fileOf(name);
        if (!Files.exists(file)) {
            throw StoreException.mistake("there is no group '" + name + "'; 'konce group list' shows those there are,"
                    + " 'konce group create " + name + "' makes it");
        }
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw StoreException.mistake("the file " + file + " is too large to be a group");
        }
        return Group.parse(name, Files.readString(file));
    }

    /// When a group's file was changed last; for comparison alone.
    public long version(String name) throws IOException, StoreException {
        return Files.getLastModifiedTime(fileOf(name)).toMillis();
    }

    /// Puts a changed group in the place of the one there is. Two changes at once come one after the other.
    ///
    /// @param change whatever it throws, the group is as it was
    /// @return the group as it is now
    public Group change(String name, Change change) throws IOException, StoreException {
        try (FileChannel lock = AtomicFile.openLock(home.groups().resolve(".lock"));
                FileLock _ = lock.lock()) {
            Group changed = change.of(load(name));
            AtomicFile.replace(fileOf(name), bytes(changed));
            return changed;
        }
    }

    private static ByteBuffer bytes(Group group) {
        return ByteBuffer.wrap(group.format().getBytes(StandardCharsets.UTF_8));
    }

    private Path fileOf(String name) throws StoreException {
        try {
            return home.groups().resolve(new Petname(name) + SUFFIX);
        } catch (PetnameException e) {
            throw StoreException.mistake("groups are named like petnames: " + e.getMessage());
        }
    }
}
