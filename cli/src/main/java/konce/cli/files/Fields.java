package konce.cli.files;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Writes the fields of a message.
final class Fields {
    private static final int TEXT_BYTES_MAX = 0xFFFF;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Fields(int kind) {
        int1(kind);
    }

    Fields int1(int value) {
        bytes.write(value);
        return this;
    }

    Fields int2(int value) {
        return int1(value >>> 8).int1(value);
    }

    Fields int4(int value) {
        return int2(value >>> 16).int2(value);
    }

    Fields int8(long value) {
        bytes.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
        return this;
    }

    Fields flag(boolean value) {
        return int1(value ? 1 : 0);
    }

    Fields bytes(Bytes value) {
        bytes.writeBytes(value.toArray());
        return this;
    }

    Fields text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > TEXT_BYTES_MAX) {
            throw new IllegalArgumentException("a text of " + utf8.length + " bytes; at most " + TEXT_BYTES_MAX);
        }
        int2(utf8.length);
        bytes.writeBytes(utf8);
        return this;
    }

    Fields rest(byte[] value) {
        bytes.writeBytes(value);
        return this;
    }

    byte[] done() {
        return bytes.toByteArray();
    }
}
