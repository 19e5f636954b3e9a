package konce.cli.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/// Asks a file server.
///
/// - threads: any
/// - error: [FileException] for what the server refuses, [IOException] for what does not get there or back
/// - source: docs/spec/11-files.md
public final class FileClient {
    /// Carries a request to the server and its reply back.
    @FunctionalInterface
    public interface Exchange {
        /// @param patienceNanos how much longer than usual the reply may take
        byte[] ask(byte[] request, long patienceNanos) throws IOException;
    }

    /// Told how far a transfer is.
    @FunctionalInterface
    public interface Progress {
        /// @param step what is being done, a word or two
        /// @param doneBytes of totalBytes
        void at(String step, long doneBytes, long totalBytes);
    }

    /// How a transfer went.
    ///
    /// @param size of the whole file
    /// @param movedBytes moved in this run; less than the size when it was taken up again
    public record Transferred(long size, long movedBytes) {}

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /// What the slowest disk reads.
    private static final long DISK_BYTES_PER_SECOND = 20L << 20;

    /// A chunk on a line of 4 KiB/s.
    private static final long CHUNK_NANOS_MAX = FileLimits.CHUNK_BYTES / 4_096 * NANOS_PER_SECOND;

    private final Exchange exchange;
    private final Progress progress;

    public FileClient(Exchange exchange, Progress progress) {
        this.exchange = exchange;
        this.progress = progress;
    }

    private FileReply ask(FileRequest request) throws IOException {
        return ask(request, CHUNK_NANOS_MAX);
    }

    /* The server reads the whole file before it answers. */
    private FileReply askForWhole(FileRequest request, long size) throws IOException {
        return ask(request, Math.multiplyExact(size / DISK_BYTES_PER_SECOND, NANOS_PER_SECOND));
    }

    private FileReply ask(FileRequest request, long patienceNanos) throws IOException {
        FileReply reply = FileReply.decode(exchange.ask(request.encode(), patienceNanos));
        if (reply instanceof FileReply.Refused(Problem problem, String text)) {
            throw new FileException(problem, text);
        }
        return reply;
    }

    private static FileException unexpected() {
        return FieldReader.malformed("a reply to another request");
    }

    /// What is in a directory; or the one entry of a file.
    public List<Entry> list(String path) throws IOException {
        FileReply.Status status = status(path);
        if (!status.directory()) {
            String name = path.substring(path.lastIndexOf('/') + 1);
            return List.of(new Entry(name, false, status.size(), status.modifiedMillis()));
        }
        List<Entry> all = new ArrayList<>();
        boolean more = true;
        while (more) {
            // = docs/spec/11-files.md R11.6
            if (!(ask(new FileRequest.ListEntries(path, all.size())) instanceof FileReply.Entries page)) {
                throw unexpected();
            }
            all.addAll(page.entries());
            more = page.more() && !page.entries().isEmpty();
            if (all.size() > FileLimits.ENTRIES_MAX) {
                throw FieldReader.malformed("more entries than a directory may have");
            }
        }
        return all;
    }

    /// Whether there is a directory of this path.
    public boolean isDirectory(String path) throws IOException {
        try {
            return status(path).directory();
        } catch (FileException e) {
            if (e.problem() == Problem.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private FileReply.Status status(String path) throws IOException {
        if (ask(new FileRequest.Stat(path)) instanceof FileReply.Status status) {
            return status;
        }
        throw unexpected();
    }

    /// Copies a file from the server. What has come stays beside the target as `.part` when it is interrupted, and
    /// the
    /// next call takes it up.
    ///
    /// @param overwrite whether a file that is there may go
    public Transferred download(String path, Path target, boolean overwrite) throws IOException {
        if (!overwrite && Files.exists(target)) {
            throw new FileException(Problem.EXISTS, "there is a file " + target + " already; --overwrite replaces it");
        }
        FileReply.Status status = status(path);
        if (status.directory()) {
            throw new FileException(Problem.NOT_ALLOWED, path + " is a directory; files are copied one by one");
        }
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try (PartFile file = PartFile.open(part, status.size(), status.version())) {
            AtomicLong done = new AtomicLong(file.bytesHeld());
            long before = done.get();
            new Chunks(file::nextMissing, chunk -> {
                        long offset = (long) chunk * FileLimits.CHUNK_BYTES;
                        FileRequest.Read read =
                                new FileRequest.Read(path, status.version(), offset, file.chunkBytes(chunk));
                        if (!(ask(read) instanceof FileReply.Data(byte[] data))) {
                            throw unexpected();
                        }
                        file.write(offset, data);
                        progress.at("copying", done.addAndGet(data.length), status.size());
                    })
                    .run();
            FileRequest whole = new FileRequest.Hash(path, status.version());
            if (!(askForWhole(whole, status.size()) instanceof FileReply.Hash(Bytes hash))) {
                throw unexpected();
            }
            file.finish(target, hash, overwrite, at -> progress.at("checking", at, status.size()));
            return new Transferred(status.size(), status.size() - before);
        }
    }

    /// Copies a file to the server, which keeps what has come when it is interrupted; the next call takes it up.
    ///
    /// @param overwrite whether a file that is there may go
    public Transferred upload(Path source, String path, boolean overwrite) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(source, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new FileException(Problem.NOT_ALLOWED, source + " is no file; files are copied one by one");
        }
        long size = attributes.size();
        Bytes hash = FileHash.of(source, at -> progress.at("checking", at, size));
        if (!(ask(new FileRequest.Begin(path, size, hash, overwrite))
                instanceof FileReply.Upload(Bytes token, byte[] held))) {
            throw unexpected();
        }
        BitSet there = BitSet.valueOf(held);
        int chunks = FileLimits.chunks(size);
        AtomicLong done = new AtomicLong(bytesOf(there, chunks, size));
        long before = done.get();
        try (FileChannel channel = FileChannel.open(source, Set.of(StandardOpenOption.READ))) {
            new Chunks(from -> next(there, from, chunks), chunk -> {
                        long offset = (long) chunk * FileLimits.CHUNK_BYTES;
                        byte[] data =
                                read(channel, source, offset, (int) Math.min(FileLimits.CHUNK_BYTES, size - offset));
                        if (!(ask(new FileRequest.Write(token, offset, data)) instanceof FileReply.Done)) {
                            throw unexpected();
                        }
                        progress.at("copying", done.addAndGet(data.length), size);
                    })
                    .run();
        }
        if (!(askForWhole(new FileRequest.Finish(token), size) instanceof FileReply.Done)) {
            throw unexpected();
        }
        return new Transferred(size, size - before);
    }

    private static int next(BitSet there, int from, int chunks) {
        int next = there.nextClearBit(from);
        return next < chunks ? next : -1;
    }

    private static long bytesOf(BitSet there, int chunks, long size) {
        long bytes = 0;
        for (int i = there.nextSetBit(0); i >= 0 && i < chunks; i = there.nextSetBit(i + 1)) {
            bytes += Math.min(FileLimits.CHUNK_BYTES, size - (long) i * FileLimits.CHUNK_BYTES);
        }
        return bytes;
    }

    private static byte[] read(FileChannel channel, Path source, long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new FileException(Problem.CHANGED, source + " became shorter while it was copied");
            }
        }
        return buffer.array();
    }
}
