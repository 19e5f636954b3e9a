package konce.node.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// A few bytes that must survive, or be known to be damaged.
///
/// - shape: length 4, the bytes, their CRC32C 4; big-endian; written as [AtomicFile] does
public final class CheckedFile {
    /// Bytes of the longest content.
    public static final int BYTES_MAX = 16 << 20;

    private static final int FRAME = 2 * Integer.BYTES;

    private CheckedFile() {}

    /// Writes a file that was not there.
    ///
    /// @throws java.nio.file.FileAlreadyExistsException when it is there; it stays as it is
    public static void create(Path file, byte[] content) throws IOException {
        AtomicFile.create(file, framed(content));
    }

    /// Writes a file, in place of the one that was there.
    public static void replace(Path file, byte[] content) throws IOException {
        AtomicFile.replace(file, framed(content));
    }

    /// Reads it back.
    ///
    /// @throws DamagedFileException when it is not what was written
    public static byte[] read(Path file) throws IOException {
        if (Files.size(file) > BYTES_MAX + FRAME) {
            throw new DamagedFileException(file);
        }
        byte[] bytes = Files.readAllBytes(file);
        int length = bytes.length - FRAME;
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (length < 0 || in.getInt(0) != length || in.getInt(bytes.length - Integer.BYTES) != check(bytes, length)) {
            throw new DamagedFileException(file);
        }
        return Arrays.copyOfRange(bytes, Integer.BYTES, Integer.BYTES + length);
    }

    private static ByteBuffer framed(byte[] content) {
        if (content.length > BYTES_MAX) {
            throw new IllegalArgumentException(content.length + " bytes; at most " + BYTES_MAX);
        }
        byte[] bytes = new byte[content.length + FRAME];
        ByteBuffer out = ByteBuffer.wrap(bytes).putInt(content.length).put(content);
        return out.putInt(check(bytes, content.length)).flip();
    }

    private static int check(byte[] framed, int length) {
        CRC32C crc = new CRC32C();
        crc.update(framed, Integer.BYTES, length);
        return (int) crc.getValue();
    }
}
