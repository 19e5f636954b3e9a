package konce.names.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Puts an encoding together, from front to back; the counterpart of [ByteReader].
///
/// - error: [IllegalArgumentException] for a value that has no encoding: the caller's mistake
public final class ByteWriter {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes = new byte[128];
    private int length;

    /// Nothing written yet.
    public ByteWriter() {}

    /// One byte.
    public ByteWriter u8(int value) {
        checkRange(value, 0xFF);
        int at = grow(1); // before `bytes` is looked at: it may be another array afterwards
        bytes[at] = (byte) value;
        return this;
    }

    /// Two bytes.
    public ByteWriter u16(int value) {
        checkRange(value, 0xFFFF);
        int at = grow(2);
        SHORT.set(bytes, at, (short) value);
        return this;
    }

    /// Four bytes.
    public ByteWriter u31(int value) {
        checkRange(value, Integer.MAX_VALUE);
        int at = grow(4);
        INT.set(bytes, at, value);
        return this;
    }

    /// Eight bytes of a number.
    public ByteWriter u63(long value) {
        checkRange(value, Long.MAX_VALUE);
        return word(value);
    }

    /// Eight bytes as they are.
    public ByteWriter word(long value) {
        int at = grow(8);
        LONG.set(bytes, at, value);
        return this;
    }

    /// A hash.
    public ByteWriter hash(Hash hash) {
        return word(hash.word0()).word(hash.word1()).word(hash.word2()).word(hash.word3());
    }

    /// A key.
    public ByteWriter key(Key key) {
        return word(key.word0()).word(key.word1()).word(key.word2()).word(key.word3());
    }

    /// A key, or that there is none.
    public ByteWriter optionalKey(@Nullable Key key) {
        return key == null ? u8(0) : u8(1).key(key);
    }

    /// A signature.
    public ByteWriter signature(Signature signature) {
        return raw(signature.toBytes());
    }

    /// Bytes as they are.
    public ByteWriter raw(byte[] part) {
        int at = grow(part.length);
        System.arraycopy(part, 0, bytes, at, part.length);
        return this;
    }

    /// Bytes with their number in front.
    public ByteWriter raw16(byte[] part) {
        return u16(part.length).raw(part);
    }

    /// Values with their number in front.
    public <T> ByteWriter list16(Collection<T> values, BiConsumer<T, ByteWriter> each) {
        u16(values.size());
        values.forEach(value -> each.accept(value, this));
        return this;
    }

    /// A text of ASCII with its length in front.
    public ByteWriter text8(String text) {
        return u8(text.length()).raw(text.getBytes(StandardCharsets.US_ASCII));
    }

    /// Bytes so far.
    public int length() {
        return length;
    }

    /// Everything written.
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private int grow(int count) {
        int at = length;
        if (bytes.length - at < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, at + count));
        }
        length = at + count;
        return at;
    }

    private static void checkRange(long value, long max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(value + " is not in 0.." + max);
        }
    }
}
