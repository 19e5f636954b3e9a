package konce.cli.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import konce.crypto.RandomSource;
import org.jspecify.annotations.Nullable;

/// Answers requests for the files of one directory, and of nothing outside it.
///
/// - threads: any; [#answer] may block on the disk
/// - error: never thrown at a client: a request that cannot be met has a reply that says why
/// - source: docs/spec/11-files.md
public final class FileServer implements AutoCloseable {
    private final Path root;
    private final boolean writable;
    private final Uploads uploads;
    private final Semaphore hashing = new Semaphore(FileLimits.HASHES_AT_ONCE_MAX);
    private final Map<Bytes, Bytes> hashes = new LinkedHashMap<>(16, 0.75f, true);

    /// @param directory what is served
    /// @param writable whether uploads are taken
    /// @param random for the tokens of uploads
    public FileServer(Path directory, boolean writable, RandomSource random) throws IOException {
        root = directory.toRealPath();
        if (!Files.isDirectory(root)) {
            throw new IOException(directory + " is no directory");
        }
        this.writable = writable;
        uploads = new Uploads(root, random);
    }

    /// The reply to a request.
    public byte[] answer(byte[] message) {
        FileReply reply;
        try {
            reply = answer(FileRequest.decode(message));
        } catch (FileException e) {
            reply = new FileReply.Refused(e.problem(), String.valueOf(e.getMessage()));
        } catch (AccessDeniedException e) {
            reply = new FileReply.Refused(Problem.NOT_ALLOWED, "the server itself may not do that");
        } catch (IOException e) {
            reply = new FileReply.Refused(Problem.STORAGE_FAILED, "the server's storage failed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reply = new FileReply.Refused(Problem.BUSY, "the server is closing");
        }
        return reply.encode();
    }

    private FileReply answer(FileRequest request) throws IOException, InterruptedException {
        return switch (request) {
            case FileRequest.ListEntries(String path, int skip) -> list(FilePath.parse(path), skip);
            case FileRequest.Stat(String path) -> status(FilePath.parse(path));
            case FileRequest.Read read -> read(read);
            case FileRequest.Hash(String path, Bytes version) -> hash(FilePath.parse(path), version);
            case FileRequest.Begin(String path, long size, Bytes hash, boolean overwrite) ->
                begin(FilePath.parse(path), size, hash, overwrite);
            case FileRequest.Write(Bytes token, long offset, byte[] data) -> {
                checkWritable();
                uploads.find(token).part().write(offset, data);
                yield new FileReply.Done();
            }
            case FileRequest.Finish(Bytes token) -> finish(token);
        };
    }

    private FileReply list(FilePath path, int skip) throws IOException {
        Path directory = path.under(root);
        BasicFileAttributes attributes = attributes(directory, path);
        if (!attributes.isDirectory()) {
            throw new FileException(Problem.NOT_FOUND, path + " is no directory");
        }
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            for (Path child : stream) {
                if (children.size() == FileLimits.ENTRIES_MAX) {
                    throw new FileException(Problem.NOT_ALLOWED, "the directory is too large to be listed");
                }
                children.add(child);
            }
        }
        children.sort(Comparator.comparing(child -> String.valueOf(child.getFileName())));
        List<Entry> entries = new ArrayList<>();
        int passed = 0;
        for (Path child : children) {
            Entry entry = entry(child);
            if (entry != null && passed++ >= skip) {
                if (entries.size() == FileLimits.ENTRIES_PER_REPLY_MAX) {
                    return new FileReply.Entries(true, entries);
                }
                entries.add(entry);
            }
        }
        return new FileReply.Entries(false, entries);
    }

    private static @Nullable Entry entry(Path child) throws IOException {
        String name = String.valueOf(child.getFileName());
        if (!FilePath.isServable(name)) {
            return null;
        }
        BasicFileAttributes attributes =
                Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile() && !attributes.isDirectory()) {
            return null;
        }
        return new Entry(
                name,
                attributes.isDirectory(),
                attributes.isDirectory() ? 0 : attributes.size(),
                Math.max(0, attributes.lastModifiedTime().toMillis()));
    }

    private FileReply.Status status(FilePath path) throws IOException {
        BasicFileAttributes attributes = attributes(path.under(root), path);
        return new FileReply.Status(
                attributes.isDirectory(),
                attributes.isDirectory() ? 0 : attributes.size(),
                Math.max(0, attributes.lastModifiedTime().toMillis()),
                version(attributes));
    }

    private static BasicFileAttributes attributes(Path file, FilePath path) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileException(Problem.NOT_FOUND, "there is no " + path);
        }
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    // = docs/spec/11-files.md R11.7
    private static Bytes version(BasicFileAttributes attributes) {
        return FileHash.ofFields(
                new Fields(0)
                        .int8(attributes.size())
                        .text(attributes.lastModifiedTime().toString())
                        .text(String.valueOf(attributes.fileKey())),
                FileLimits.VERSION_BYTES);
    }

    private Path readable(FilePath path, Bytes version) throws IOException {
        Path file = path.under(root);
        BasicFileAttributes attributes = attributes(file, path);
        if (!attributes.isRegularFile()) {
            throw new FileException(Problem.NOT_FOUND, path + " is no file");
        }
        if (!version(attributes).equals(version)) {
            throw new FileException(Problem.CHANGED, path + " has changed meanwhile; copy it again");
        }
        return file;
    }

    private FileReply read(FileRequest.Read read) throws IOException {
        // = docs/spec/11-files.md R11.8
        if (read.length() > FileLimits.READ_BYTES_MAX) {
            throw new FileException(
                    Problem.NOT_ALLOWED, "at most " + FileLimits.READ_BYTES_MAX + " bytes are read at once");
        }
        Path file = readable(FilePath.parse(read.path()), read.version());
        try (FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            ByteBuffer buffer = ByteBuffer.allocate(read.length());
            while (buffer.hasRemaining() && channel.read(buffer, read.offset() + buffer.position()) > 0) {}
            return new FileReply.Data(Arrays.copyOf(buffer.array(), buffer.position()));
        }
    }

    private FileReply hash(FilePath path, Bytes version) throws IOException, InterruptedException {
        Path file = readable(path, version);
        Bytes key = FileHash.ofFields(new Fields(0).text(path.toString()).bytes(version), FileLimits.HASH_BYTES);
        synchronized (hashes) {
            Bytes known = hashes.get(key);
            if (known != null) {
                return new FileReply.Hash(known);
            }
        }
        hashing.acquire();
        try {
            Bytes hash = FileHash.of(file, _ -> {});
            readable(path, version); // unchanged while it was read
            remember(key, hash);
            return new FileReply.Hash(hash);
        } finally {
            hashing.release();
        }
    }

    private void remember(Bytes key, Bytes hash) {
        synchronized (hashes) {
            if (hashes.size() >= FileLimits.HASHES_KEPT_MAX) {
                hashes.remove(hashes.keySet().iterator().next());
            }
            hashes.put(key, hash);
        }
    }

    private FileReply begin(FilePath path, long size, Bytes hash, boolean overwrite) throws IOException {
        checkWritable();
        checkTarget(path, overwrite);
        return uploads.begin(path, size, hash, overwrite);
    }

    private Path checkTarget(FilePath path, boolean overwrite) throws IOException {
        if (path.names().isEmpty()) {
            throw new FileException(Problem.BAD_PATH, "the upload needs a name");
        }
        Path target = path.under(root);
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileException(Problem.EXISTS, path + " is a directory");
        }
        if (!overwrite && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileException(Problem.EXISTS, "there is a " + path + " already");
        }
        return target;
    }

    private FileReply finish(Bytes token) throws IOException {
        checkWritable();
        Uploads.Upload upload = uploads.find(token);
        Path target = checkTarget(upload.path(), upload.overwrite());
        // = docs/spec/11-files.md R11.10
        upload.part().finish(target, upload.hash(), upload.overwrite(), _ -> {});
        uploads.close(token);
        return new FileReply.Done();
    }

    // = docs/spec/11-files.md R11.4
    // writable
    private void checkWritable() throws FileException {
        if (!writable) {
            throw new FileException(
                    Problem.NOT_ALLOWED, "the server takes no uploads; its owner can start it with --writable");
        }
    }

    /// Closes the uploads under way; they can be taken up again.
    @Override
    public void close() throws IOException {
        uploads.close();
    }
}
