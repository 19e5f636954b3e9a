package konce.names.encoding;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes an encoding apart, from front to back. Whatever is short or has a second form is refused.
///
/// - shape: integers unsigned and big-endian; no padding
public final class ByteReader {
    private final byte[] bytes;
    private final ByteBuffer in;

    ByteReader(byte[] bytes) {
        this.bytes = bytes;
        this.in = ByteBuffer.wrap(bytes);
    }

    /// Bytes read so far.
    public int position() {
        return in.position();
    }

    /// The bytes from `start` to here.
    public byte[] since(int start) {
        return Arrays.copyOfRange(bytes, start, in.position());
    }

    /// One byte, 0 to 255.
    public int u8() throws MalformedException {
        need(1);
        return in.get() & 0xFF;
    }

    /// One byte, `min` to `max`.
    public int u8(int min, int max, String what) throws MalformedException {
        int value = u8();
        check(value >= min && value <= max, what + " " + value + " is not in " + min + ".." + max);
        return value;
    }

    /// Two bytes.
    public int u16() throws MalformedException {
        need(2);
        return in.getShort() & 0xFFFF;
    }

    /// Four bytes, below 2^31.
    public int u31() throws MalformedException {
        need(4);
        int value = in.getInt();
        check(value >= 0, "a number of four bytes from 2^31");
        return value;
    }

    /// Eight bytes, below 2^63.
    public long u63() throws MalformedException {
        need(8);
        long value = in.getLong();
        check(value >= 0, "a number of eight bytes from 2^63");
        return value;
    }

    /// Eight bytes, 0 to `max`.
    public long u63(long max, String what) throws MalformedException {
        long value = u63();
        check(value <= max, what + " " + value + " is above " + max);
        return value;
    }

    /// Eight bytes as they are.
    public long word() throws MalformedException {
        need(8);
        return in.getLong();
    }

    /// 32 bytes of a hash.
    public Hash hash() throws MalformedException {
        need(Hash.BYTES);
        return new Hash(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    /// 32 bytes of an Ed25519 key, not looked at: see [Key].
    public Key key() throws MalformedException {
        need(Key.BYTES);
        return new Key(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    /// A key, or null: one byte 1 and the key, or one byte 0.
    public @Nullable Key optionalKey() throws MalformedException {
        return u8(0, 1, "flag") == 1 ? key() : null;
    }

    /// 64 bytes.
    public Signature signature() throws MalformedException {
        return Signature.of(raw(Signature.BYTES));
    }

    /// `count` bytes.
    public byte[] raw(int count) throws MalformedException {
        need(count);
        byte[] part = new byte[count];
        in.get(part);
        return part;
    }

    /// Two bytes of length, at most `max`, and as many bytes.
    public byte[] raw16(int max, String what) throws MalformedException {
        int length = u16();
        check(length <= max, what + " has " + length + " bytes, more than " + max);
        return raw(length);
    }

    /// Two bytes of a number, at most `max`, and as many values.
    public <T> List<T> list16(int max, String what, Decoded.Shape<T> shape) throws MalformedException {
        int count = u16();
        check(count <= max, count + " " + what + ", more than " + max);
        List<T> values = new ArrayList<>(Math.min(count, 64));
        for (int i = 0; i < count; i++) {
            values.add(shape.read(this));
        }
        return List.copyOf(values);
    }

    /// One byte of length and as many bytes of ASCII, for a text whose own rules the caller checks.
    public String text8() throws MalformedException {
        int length = u8();
        need(length);
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            byte c = in.get();
            check(c >= 0x20 && c < 0x7F, "a text with a character outside ASCII");
            text.append((char) c);
        }
        return text.toString();
    }

    /// Refuses the bytes unless `holds`.
    public void check(boolean holds, String reason) throws MalformedException {
        if (!holds) {
            throw new MalformedException(reason);
        }
    }

    void checkEnd() throws MalformedException {
        check(!in.hasRemaining(), in.remaining() + " bytes too many");
    }

    private void need(int count) throws MalformedException {
        if (in.remaining() < count) {
            throw new MalformedException("cut short");
        }
    }
}
