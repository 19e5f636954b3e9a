package konce.cli.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.function.LongConsumer;
import konce.crypto.Hasher;

/// BLAKE2b-256 of whole files.
final class FileHash {
    private static final int BUFFER_BYTES = 1 << 20;

    private FileHash() {}

    /// The hash of a file's bytes.
    ///
    /// @param progress told how many bytes are done
    static Bytes of(Path file, LongConsumer progress) throws IOException {
        try (Arena arena = Arena.ofConfined();
                Hasher hasher = new Hasher(FileLimits.HASH_BYTES);
                FileChannel channel =
                        FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            MemorySegment room = arena.allocate(BUFFER_BYTES);
            ByteBuffer buffer = room.asByteBuffer();
            long done = 0;
            while (channel.read(buffer.clear()) >= 0) {
                hasher.update(room, 0, buffer.position());
                done += buffer.position();
                progress.accept(done);
            }
            MemorySegment hash = arena.allocate(FileLimits.HASH_BYTES);
            hasher.finish(hash, 0);
            return new Bytes(hash.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /// A short hash of a few fields, for versions, names and checksums.
    static Bytes ofFields(Fields fields, int bytes) {
        byte[] text = fields.done();
        try (Arena arena = Arena.ofConfined();
                Hasher hasher = new Hasher(bytes)) {
            MemorySegment in = arena.allocateFrom(ValueLayout.JAVA_BYTE, text);
            MemorySegment out = arena.allocate(bytes);
            hasher.update(in, 0, text.length);
            hasher.finish(out, 0);
            return new Bytes(out.toArray(ValueLayout.JAVA_BYTE));
        }
    }
}
