package konce.cli.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A file on its way: its bytes as far as they have come, and beside them a state file that says which chunks are
/// there,
/// so that an interrupted transfer is taken up again.
///
/// - shape of the state file: `konce part 1`, size 8, what it is a copy of (length 2, bytes), bitmap, BLAKE2b-256 of
/// all
///   before
/// - threads: any; chunks may come in any order
/// - source: docs/spec/11-files.md, section 5
final class PartFile implements AutoCloseable {
    private static final String MAGIC = "konce part 1";

    /// Chunks after which the state is saved: 16 MiB is what a crash may cost.
    private static final int CHUNKS_UNSAVED_MAX = 64;

    private final Path part;
    private final Path state;
    private final long size;
    private final Bytes original;
    private final FileChannel channel;
    private final BitSet held;
    private final int chunks;
    private int unsaved;
    private boolean closed;

    private PartFile(Path part, Path state, long size, Bytes original, FileChannel channel, BitSet held) {
        this.part = part;
        this.state = state;
        this.size = size;
        this.original = original;
        this.channel = channel;
        this.held = held;
        chunks = FileLimits.chunks(size);
    }

    /// Opens what has come of a file, or starts over where it was another.
    ///
    /// @param part where the bytes are kept; the state file has `.state` behind that name
    /// @param original which file this is a copy of: its hash, or its version
    static PartFile open(Path part, long size, Bytes original) throws IOException {
        if (size < 0 || size > FileLimits.FILE_BYTES_MAX) {
            throw new FileException(
                    Problem.NOT_ALLOWED, "a file has at most " + FileLimits.FILE_BYTES_MAX + " bytes, not " + size);
        }
        Path state = part.resolveSibling(part.getFileName() + ".state");
        BitSet held = Files.exists(part, LinkOption.NOFOLLOW_LINKS) ? load(state, size, original) : null;
        if (held == null) {
            Files.deleteIfExists(state);
            Files.deleteIfExists(part);
        }
        FileChannel channel = FileChannel.open(
                part,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS));
        return new PartFile(part, state, size, original, channel, held == null ? new BitSet() : held);
    }

    // = docs/spec/11-files.md R11.14
    private static @Nullable BitSet load(Path state, long size, Bytes original) throws IOException {
        if (!Files.isRegularFile(state, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        byte[] head = head(size, original).done();
        int bitmapBytes = (FileLimits.chunks(size) + 7) / 8;
        if (Files.size(state) != head.length + bitmapBytes + FileLimits.HASH_BYTES) {
            return null;
        }
        byte[] bytes = Files.readAllBytes(state);
        int end = head.length + bitmapBytes;
        Bytes sum = new Bytes(Arrays.copyOfRange(bytes, end, bytes.length));
        byte[] bitmap = Arrays.copyOfRange(bytes, head.length, end);
        boolean same = Arrays.equals(head, Arrays.copyOf(bytes, head.length))
                && sum.equals(FileHash.ofFields(head(size, original).rest(bitmap), FileLimits.HASH_BYTES));
        return same ? BitSet.valueOf(bitmap) : null;
    }

    private static Fields head(long size, Bytes original) {
        return new Fields(0).text(MAGIC).int8(size).int2(original.length()).bytes(original);
    }

    long size() {
        return size;
    }

    int chunks() {
        return chunks;
    }

    /// A bit for each chunk that is there, the first in the lowest bit of the first byte.
    synchronized byte[] bitmap() {
        return Arrays.copyOf(held.toByteArray(), (chunks + 7) / 8);
    }

    /// The next chunk from `from` on that is not there; -1 where all are.
    synchronized int nextMissing(int from) {
        int next = held.nextClearBit(from);
        return next < chunks ? next : -1;
    }

    /// Bytes that are there.
    synchronized long bytesHeld() {
        long last = chunks > 0 && held.get(chunks - 1) ? (long) chunks * FileLimits.CHUNK_BYTES - size : 0;
        return (long) held.cardinality() * FileLimits.CHUNK_BYTES - last;
    }

    /// Bytes of one chunk.
    int chunkBytes(int chunk) {
        return (int) Math.min(FileLimits.CHUNK_BYTES, size - (long) chunk * FileLimits.CHUNK_BYTES);
    }

    /// Takes one whole chunk.
    ///
    /// @throws FileException when it is not exactly one
    void write(long offset, byte[] data) throws IOException {
        int chunk = (int) (offset / FileLimits.CHUNK_BYTES);
        if (offset % FileLimits.CHUNK_BYTES != 0 || offset >= size || data.length != chunkBytes(chunk)) {
            throw new FileException(
                    Problem.MALFORMED, data.length + " bytes at " + offset + " are no chunk of " + size + " bytes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(data);
        while (bytes.hasRemaining()) {
            channel.write(bytes, offset + bytes.position());
        }
        synchronized (this) {
            held.set(chunk);
            unsaved++;
            if (unsaved >= CHUNKS_UNSAVED_MAX) {
                save();
            }
        }
    }

    // = docs/spec/11-files.md R11.13
    private void save() throws IOException {
        channel.force(false);
        byte[] bitmap = bitmap();
        Bytes sum = FileHash.ofFields(head(size, original).rest(bitmap), FileLimits.HASH_BYTES);
        Path next = state.resolveSibling(state.getFileName() + ".new");
        Files.write(next, head(size, original).rest(bitmap).bytes(sum).done());
        Files.move(next, state, StandardCopyOption.REPLACE_EXISTING);
        unsaved = 0;
    }

    /// Gives the whole file its name, if its hash is the one expected.
    ///
    /// @param overwrite whether a file of that name may go
    /// @throws FileException when chunks are missing, when the hash is another (then all starts over), or when
    /// there is a
    ///     file of that name
    void finish(Path target, Bytes expected, boolean overwrite, LongConsumer progress) throws IOException {
        if (nextMissing(0) >= 0) {
            throw new FileException(Problem.INCOMPLETE, "chunks are missing");
        }
        synchronized (this) {
            channel.force(true);
        }
        // = docs/spec/11-files.md R11.9
        if (!FileHash.of(part, progress).equals(expected)) {
            close();
            Files.deleteIfExists(state);
            Files.deleteIfExists(part);
            throw new FileException(
                    Problem.HASH_MISMATCH, "what has come is not the file it should be; copy it once more");
        }
        close();
        move(target, overwrite);
        Files.deleteIfExists(state);
    }

    private void move(Path target, boolean overwrite) throws IOException {
        if (overwrite) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        // = docs/spec/11-files.md R11.11
        try {
            Files.createLink(target, part); // unlike a move, this never takes another file's place
            Files.delete(part);
        } catch (FileAlreadyExistsException e) {
            throw new FileException(Problem.EXISTS, "there is a file " + target.getFileName() + " by now");
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.move(part, target); // a file system without links
        }
    }

    /// Saves the state and closes. What has come stays.
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        boolean interrupted = Thread.interrupted(); // which would close the channel before the state is saved
        try {
            if (unsaved > 0) {
                save();
            }
        } finally {
            channel.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
