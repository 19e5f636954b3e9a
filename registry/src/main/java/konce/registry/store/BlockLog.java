package konce.registry.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import konce.node.store.AtomicFile;

/// Records in the order they were appended, in one file that only grows.
///
/// ```
/// file    magic 16 | identity 32 | check 4 | record *
/// record  length 4 | place 8 | check of these 4 | bytes | check of the bytes 4
/// ```
///
/// - shape: big-endian; checks are CRC32C; `place` is the record's number, so that no record stands for another
/// - a record that ends early is what a crash during its writing leaves: it was never forced, so it is cut off when
///   the log is opened, and said. The length has a check of its own, so that damage never looks like an early end.
/// - error: [DamagedLogException] for a whole record that is not what was written
/// - threads: one appends; any may read what was appended
public final class BlockLog implements AutoCloseable {
    /// Bytes of the largest record: a block with room to spare, and one message.
    public static final int RECORD_BYTES_MAX = 8 << 20;

    /// Bytes of what tells one ledger's log from another's.
    public static final int IDENTITY_BYTES = 32;

    private static final byte[] MAGIC = {'k', 'o', 'n', 'c', 'e', ' ', 'b', 'l', 'o', 'c', 'k', 's', ' ', '1', 0, '\n'};
    private static final int FILE_HEAD = MAGIC.length + IDENTITY_BYTES + Integer.BYTES;
    private static final int RECORD_HEAD = Integer.BYTES + Long.BYTES + Integer.BYTES;
    private static final int RECORD_FRAME = RECORD_HEAD + Integer.BYTES;

    /// A disk writes whole sectors: what a crash leaves of a record may be all there but for sectors of zeros.
    private static final int SECTOR_BYTES = 512;

    private final Path file;
    private final FileChannel channel;
    private volatile Index index;

    /// Where records begin; grows by copying, so that readers need no lock.
    ///
    /// @param offsets of each record, and of the end
    /// @param count records there are
    private record Index(long[] offsets, long count) {
        long end() {
            return offsets[(int) count];
        }

        Index and(long newEnd) {
            int next = (int) count + 1;
            long[] room = next < offsets.length ? offsets : Arrays.copyOf(offsets, offsets.length * 2);
            room[next] = newEnd;
            return new Index(room, next);
        }
    }

    private BlockLog(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
        this.index = new Index(new long[1024], 0);
        index.offsets[0] = FILE_HEAD;
    }

    /// Makes an empty log.
    ///
    /// @param identity of what is logged, [#IDENTITY_BYTES]
    /// @throws java.nio.file.FileAlreadyExistsException when there is a file
    public static void create(Path file, byte[] identity) throws IOException {
        byte[] bytes = new byte[FILE_HEAD];
        ByteBuffer head = ByteBuffer.wrap(bytes).put(MAGIC).put(identity);
        AtomicFile.create(file, head.putInt(check(bytes, 0, head.position())).flip());
    }

    /// Opens a log: reads all of it once, and cuts off what a crash left half-written.
    ///
    /// @param say told what was cut off
    /// @throws DamagedLogException when a whole record, or the head, is damaged, or the log is another ledger's
    /// @throws IOException also when another process has it open
    public static BlockLog open(Path file, byte[] identity, Consumer<String> say) throws IOException {
        FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
        try {
            lock(file, channel);
            BlockLog log = new BlockLog(file, channel);
            log.readHead(identity);
            log.readRecords(say);
            return log;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /// Records in it.
    public long count() {
        return index.count;
    }

    /// Bytes of the file.
    public long bytes() {
        return index.end();
    }

    /// Appends a record. It may be lost until [#force], which is called before the next is appended.
    public void append(byte[] record) throws IOException {
        if (record.length == 0 || record.length > RECORD_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a record has 1 to " + RECORD_BYTES_MAX + " bytes, not " + record.length);
        }
        Index before = index;
        byte[] bytes = new byte[RECORD_FRAME + record.length];
        ByteBuffer frame = ByteBuffer.wrap(bytes).putInt(record.length).putLong(before.count);
        frame.putInt(check(bytes, 0, frame.position()))
                .put(record)
                .putInt(check(record, 0, record.length))
                .flip();
        long at = before.end();
        while (frame.hasRemaining()) {
            at += channel.write(frame, at);
        }
        index = before.and(at);
    }

    /// Returns when everything appended is on the disk.
    public void force() throws IOException {
        channel.force(false);
    }

    /// The record at `place`, 0 for the first.
    ///
    /// @throws DamagedLogException when it is no longer what was written
    public byte[] read(long place) throws IOException {
        Index now = index;
        if (place < 0 || place >= now.count) {
            throw new IllegalArgumentException("there is no record " + place + " among " + now.count);
        }
        long at = now.offsets[(int) place];
        return payload(readAt(at, (int) (now.offsets[(int) place + 1] - at)), place, at);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static void lock(Path file, FileChannel channel) throws IOException {
        try {
            FileLock held = channel.tryLock();
            if (held == null) {
                throw new IOException(file + " is open in another process: a ledger has one writer");
            }
        } catch (OverlappingFileLockException e) {
            throw new IOException(file + " is open already: a ledger has one writer", e);
        }
    }

    private void readHead(byte[] identity) throws IOException {
        byte[] head = readAt(0, (int) Math.min(FILE_HEAD, channel.size()));
        if (head.length < FILE_HEAD
                || !Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                || intAt(head, FILE_HEAD - Integer.BYTES) != check(head, 0, FILE_HEAD - Integer.BYTES)) {
            throw new DamagedLogException(file + " does not begin as a log of blocks does; it is used for nothing");
        }
        if (!Arrays.equals(head, MAGIC.length, MAGIC.length + IDENTITY_BYTES, identity, 0, identity.length)) {
            throw new DamagedLogException(file + " is the log of another ledger");
        }
    }

    private void readRecords(Consumer<String> say) throws IOException {
        long size = channel.size();
        long at = FILE_HEAD;
        while (at < size) {
            long whole = wholeRecord(at, size);
            if (whole < 0) {
                say.accept(
                        "the last " + (size - at) + " bytes of " + file + " are a block that was half-written when the"
                                + " ledger stopped; cut off: " + index.count + " blocks are whole");
                channel.truncate(at);
                channel.force(true);
                return;
            }
            at += whole;
            index = index.and(at);
        }
    }

    /// The length of the record at `at`; negative: it was half-written.
    private long wholeRecord(long at, long size) throws IOException {
        long place = index.count;
        if (size - at < RECORD_HEAD) {
            return -1;
        }
        byte[] head = readAt(at, RECORD_HEAD);
        if (intAt(head, RECORD_HEAD - Integer.BYTES) != check(head, 0, RECORD_HEAD - Integer.BYTES)) {
            long sector = (at / SECTOR_BYTES + 1) * SECTOR_BYTES;
            if (isZero(sector < at + RECORD_HEAD ? sector : at, size)) {
                return -1;
            }
            throw damaged(place, at, "its head is not what was written");
        }
        int length = intAt(head, 0);
        if (ByteBuffer.wrap(head).getLong(Integer.BYTES) != place || length <= 0 || length > RECORD_BYTES_MAX) {
            throw damaged(place, at, "another record stands there");
        }
        long bytes = RECORD_FRAME + (long) length;
        if (size - at < bytes) {
            return -1;
        }
        byte[] frame = readAt(at, (int) bytes);
        if (at + bytes == size && !isSound(frame) && endsInEmptySector(at, size)) {
            return -1;
        }
        payload(frame, place, at);
        return bytes;
    }

    private byte[] payload(byte[] frame, long place, long at) throws DamagedLogException {
        // = docs/spec/16-registry.md R16.10
        if (!isSound(frame)) {
            throw damaged(place, at, "its bytes are not what was written");
        }
        return Arrays.copyOfRange(frame, RECORD_HEAD, frame.length - Integer.BYTES);
    }

    private static boolean isSound(byte[] frame) {
        int end = frame.length - Integer.BYTES;
        return intAt(frame, end) == check(frame, RECORD_HEAD, end);
    }

    private DamagedLogException damaged(long place, long at, String what) {
        return new DamagedLogException("block " + place + ", at byte " + at + " of " + file + ", is damaged: " + what
                + ". Nothing is guessed: put back a copy of the file, or take the ledger from another registry");
    }

    /// Whether the last sector of the file, or what of it is behind `at`, was never written. The check at the end
    /// of a
    /// record is zero by chance once in four thousand million records.
    private boolean endsInEmptySector(long at, long size) throws IOException {
        return isZero(Math.max(at, (size - 1) / SECTOR_BYTES * SECTOR_BYTES), size)
                && isZero(Math.max(at, size - Integer.BYTES), size);
    }

    private boolean isZero(long from, long to) throws IOException {
        for (long at = from; at < to; at += SECTOR_BYTES) {
            for (byte b : readAt(at, (int) Math.min(SECTOR_BYTES, to - at))) {
                if (b != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private byte[] readAt(long at, int count) throws IOException {
        byte[] bytes = new byte[count];
        ByteBuffer into = ByteBuffer.wrap(bytes);
        while (into.hasRemaining()) {
            if (channel.read(into, at + into.position()) < 0) {
                throw new IOException(file + " ended while it was read");
            }
        }
        return bytes;
    }

    private static int intAt(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).getInt(at);
    }

    private static int check(byte[] bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, to - from);
        return (int) crc.getValue();
    }
}
