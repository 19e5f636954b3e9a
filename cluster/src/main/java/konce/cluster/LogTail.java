package konce.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.ratis.server.raftlog.segmented.SegmentedRaftLogFormat;

/// The end of Ratis' log after a crash. Ratis either refuses every damage or takes every damage for the end; here an
/// entry that was half-written is cut off, which was never acknowledged, and anything else is left for Ratis to refuse.
///
/// - shape of a segment: head, then entries: length as a varint, bytes, CRC32C of both (4); zeros behind
final class LogTail {
    private static final String OPEN = "log_inprogress_";
    private static final int CHECK_BYTES = Integer.BYTES;
    private static final int VARINT_BYTES_MAX = 5;
    private static final int VARINT_BITS = 7;

    private LogTail() {}

    /// Cuts a half-written entry off the open segment in a directory, if there is one.
    ///
    /// @param say told what was cut off
    static void cut(Path directory, Consumer<String> say) throws IOException {
        for (Path file : open(directory)) {
            byte[] bytes = Files.readAllBytes(file);
            int written = written(bytes);
            int whole = whole(bytes);
            if (whole < written && isHalfWritten(bytes, whole, written)) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(whole);
                    channel.force(true);
                }
                say.accept("the last " + (written - whole) + " bytes of " + file
                        + " are an entry that was half-written when this machine stopped; cut off");
            }
        }
    }

    private static List<Path> open(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(OPEN))
                    .toList();
        }
    }

    /// The bytes before the zeros at the end.
    private static int written(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    /// The bytes of the head and of the entries that are sound, as far as the first that is not.
    private static int whole(byte[] bytes) {
        int at = SegmentedRaftLogFormat.getHeaderLength();
        while (true) {
            int next = next(bytes, at);
            if (next < 0 || !isSound(bytes, at, next)) {
                return at;
            }
            at = next;
        }
    }

    /// Where the entry at `at` ends; negative: there is none, or its end is not in the file.
    private static int next(byte[] bytes, int at) {
        long length = 0;
        for (int i = 0; i < VARINT_BYTES_MAX && at + i < bytes.length; i++) {
            length |= (long) (bytes[at + i] & 0x7F) << (i * VARINT_BITS);
            if (bytes[at + i] >= 0) {
                long end = at + i + 1 + length + CHECK_BYTES;
                return length == 0 || end > bytes.length ? -1 : (int) end;
            }
        }
        return -1;
    }

    private static boolean isSound(byte[] bytes, int at, int next) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, at, next - CHECK_BYTES - at);
        return ByteBuffer.wrap(bytes).getInt(next - CHECK_BYTES) == (int) crc.getValue();
    }

    /// Whether what is behind `whole` is one entry whose end was never written: its check is zeros, or was to be
    /// behind
    /// the end of the file.
    private static boolean isHalfWritten(byte[] bytes, int whole, int written) {
        int next = next(bytes, whole);
        return next < 0 || written <= next - CHECK_BYTES;
    }
}
