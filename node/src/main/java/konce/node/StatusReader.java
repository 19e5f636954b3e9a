package konce.node;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what the nodes of this user publish.
public final class StatusReader {
    /// Files looked at.
    static final int FILES_MAX = 1_000;

    /// Milliseconds after which a status no longer counts: its publisher hangs, or is no more.
    static final long STALE_MILLIS = 10_000;

    private StatusReader() {}

    /// Every node that publishes now, by process. What is stale, of a dead process, or no status is left out.
    ///
    /// @throws IOException when the directory is there but cannot be read
    public static List<NodeStatus> readAll() throws IOException {
        return readAll(StatusPublisher.directory());
    }

    /// The same of nodes that publish in a directory of their own choice.
    public static List<NodeStatus> readAll(Path directory) throws IOException {
        return readAll(directory, System.currentTimeMillis());
    }

    static List<NodeStatus> readAll(Path directory, long nowMillis) throws IOException {
        List<NodeStatus> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.json")) {
            int looked = 0;
            for (Path file : files) {
                if (looked++ == FILES_MAX) {
                    break;
                }
                NodeStatus status = read(file, nowMillis);
                if (status != null) {
                    found.add(status);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        found.sort(Comparator.comparingLong(NodeStatus::pid)
                .thenComparing(status -> status.localAddress().toString()));
        return List.copyOf(found);
    }

    private static @Nullable NodeStatus read(Path file, long nowMillis) throws IOException {
        try {
            if (Files.size(file) > Json.CHARS_MAX) {
                return null;
            }
            NodeStatus status = NodeStatus.ofJson(Files.readString(file));
            boolean fresh = Math.abs(nowMillis - status.atMillis()) <= STALE_MILLIS;
            return fresh && ProcessHandle.of(status.pid()).isPresent() ? status : null;
        } catch (IllegalArgumentException | NoSuchFileException | java.nio.charset.CharacterCodingException e) {
            // Gone meanwhile, of another version, or none of ours: not something to show.
            return null;
        }
    }
}
