package konce.cli.files;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads the fields of a message, and refuses one that ends early or goes on.
final class FieldReader {
    private final ByteBuffer left;

    FieldReader(byte[] message) {
        left = ByteBuffer.wrap(message);
    }

    int int1() throws FileException {
        return Byte.toUnsignedInt(take(1).get());
    }

    int int2() throws FileException {
        return Short.toUnsignedInt(take(Short.BYTES).getShort());
    }

    int int4() throws FileException {
        return notNegative(take(Integer.BYTES).getInt());
    }

    long int8() throws FileException {
        long value = take(Long.BYTES).getLong();
        if (value < 0) {
            throw malformed("a number that is too large");
        }
        return value;
    }

    boolean flag() throws FileException {
        int value = int1();
        if (value > 1) {
            throw malformed("a flag that is neither 0 nor 1");
        }
        return value == 1;
    }

    Bytes bytes(int count) throws FileException {
        byte[] bytes = new byte[count];
        take(count).get(bytes);
        return new Bytes(bytes);
    }

    String text() throws FileException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(take(int2())).toString();
        } catch (CharacterCodingException e) {
            throw malformed("a text that is not UTF-8");
        }
    }

    byte[] rest() {
        byte[] bytes = new byte[left.remaining()];
        left.get(bytes);
        return bytes;
    }

    // = docs/spec/11-files.md R11.5
    void end() throws FileException {
        if (left.hasRemaining()) {
            throw malformed(left.remaining() + " bytes left over");
        }
    }

    private ByteBuffer take(int count) throws FileException {
        if (left.remaining() < count) {
            throw malformed("it ends early");
        }
        ByteBuffer taken = left.slice(left.position(), count);
        left.position(left.position() + count);
        return taken;
    }

    private static int notNegative(int value) throws FileException {
        if (value < 0) {
            throw malformed("a number that is too large");
        }
        return value;
    }

    static FileException malformed(String why) {
        return new FileException(Problem.MALFORMED, "the message is malformed: " + why);
    }
}
