package konce.cli.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konce.crypto.RandomSource;
import org.jspecify.annotations.Nullable;

/// The uploads of a file server: a bounded number open, the others on disk until they are taken up again.
///
/// - threads: any
/// - source: docs/spec/11-files.md, section 4
final class Uploads implements AutoCloseable {
    private static final String DIRECTORY = FilePath.RESERVED_PREFIX + "-uploads";

    private final Path directory;
    private final RandomSource random;
    private final Map<Bytes, Upload> open = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Bytes, Bytes> tokens = new HashMap<>();

    /// @param path where it shall go
    /// @param identity what it is known by on disk
    record Upload(Bytes identity, FilePath path, PartFile part, Bytes hash, boolean overwrite) {}

    Uploads(Path root, RandomSource random) {
        directory = root.resolve(DIRECTORY);
        this.random = random;
    }

    /// Begins an upload, or takes it up again.
    synchronized FileReply.Upload begin(FilePath path, long size, Bytes hash, boolean overwrite) throws IOException {
        Bytes identity = FileHash.ofFields(
                new Fields(0).text(path.toString()).int8(size).flag(overwrite).bytes(hash), FileLimits.TOKEN_BYTES);
        Bytes known = tokens.get(identity);
        Upload upload = known == null ? null : open.get(known);
        if (known == null || upload == null) {
            upload = new Upload(identity, path, openPart(identity, size, hash), hash, overwrite);
            known = newToken();
            makeRoom();
            open.put(known, upload);
            tokens.put(identity, known);
        }
        return new FileReply.Upload(known, upload.part().bitmap());
    }

    private PartFile openPart(Bytes identity, long size, Bytes hash) throws IOException {
        Files.createDirectories(directory);
        Path part = directory.resolve(identity + ".part");
        // = docs/spec/11-files.md R11.12
        if (!Files.exists(part) && kept() >= FileLimits.UPLOADS_KEPT_MAX) {
            throw new FileException(Problem.BUSY, "the server keeps too many unfinished uploads already");
        }
        return PartFile.open(part, size, hash);
    }

    private long kept() throws IOException {
        try (var files = Files.newDirectoryStream(directory, "*.part")) {
            long count = 0;
            for (Iterator<Path> it = files.iterator(); it.hasNext(); it.next()) {
                count++;
            }
            return count;
        }
    }

    // = docs/spec/11-files.md R11.12
    private void makeRoom() throws IOException {
        if (open.size() >= FileLimits.UPLOADS_OPEN_MAX) {
            Bytes stillest = open.keySet().iterator().next();
            close(stillest);
        }
    }

    private Bytes newToken() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment token = arena.allocate(FileLimits.TOKEN_BYTES);
            random.fill(token);
            return new Bytes(token.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /// The upload of a token.
    ///
    /// @throws FileException when it is not open, or no longer
    synchronized Upload find(Bytes token) throws FileException {
        Upload upload = open.get(token);
        if (upload == null) {
            throw new FileException(Problem.NOT_FOUND, "this upload is not open, or no longer; begin it again");
        }
        return upload;
    }

    /// Forgets an upload that has ended, or closes one that has not.
    synchronized void close(Bytes token) throws IOException {
        @Nullable Upload upload = open.remove(token);
        if (upload != null) {
            tokens.remove(upload.identity());
            upload.part().close();
        }
    }

    /// Closes all; they can be taken up again.
    @Override
    public synchronized void close() throws IOException {
        List<Bytes> all = new ArrayList<>(open.keySet());
        for (Bytes token : all) {
            close(token);
        }
    }
}
