package konce.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import konce.protocol.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Integers of variable length, and the cursors that read and write them.
// = docs/spec/02-packets.md R2.1
final class VarintTest {
    private static ByteReader reader(int... bytes) {
        byte[] array = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            array[i] = (byte) bytes[i];
        }
        return new ByteReader().wrap(MemorySegment.ofArray(array), 0, array.length);
    }

    private static void requireRoundTrip(long value) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[10]);
        ByteWriter out = new ByteWriter().wrap(bytes, 0, 10);
        out.writeVarint(value);
        assertEquals(ByteWriter.varintBytes(value), out.position(), "length of " + value);
        ByteReader in = new ByteReader().wrap(bytes, 0, out.position());
        assertEquals(value, in.readVarint());
        assertTrue(in.isOk());
        assertEquals(0, in.remaining());
        ByteReader half = new ByteReader().wrap(bytes, 0, out.position() - 1);
        assertEquals(0, half.readVarint());
        assertFalse(half.isOk(), value + " cut short");
    }

    /// Goal: every integer of 64 bits survives, in as many bytes as it needs. Method: around every power
    /// of two, and at random widths.
    @Test
    void everyIntegerSurvives() {
        Random random = Seeds.random("varint", 2);
        for (int bit = 0; bit < 64; bit++) {
            for (long near = -2; near <= 2; near++) {
                requireRoundTrip((1L << bit) + near);
            }
        }
        for (int i = 0; i < 100_000; i++) {
            requireRoundTrip(random.nextLong() >>> random.nextInt(64));
        }
    }

    /// Goal: the bytes are the ones the specification shows.
    @Test
    void theBytesAreTheSpecified() {
        assertEquals(0, reader(0x00).readVarint());
        assertEquals(127, reader(0x7F).readVarint());
        assertEquals(128, reader(0x80, 0x01).readVarint());
        assertEquals(300, reader(0xAC, 0x02).readVarint());
        assertEquals(
                -1,
                reader(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01)
                        .readVarint());
    }

    /// Goal: there is one way to write an integer: a last byte of zero is refused, except for 0 itself.
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 9, 10})
    void anIntegerThatIsNotMinimalIsRefused(int length) {
        int[] bytes = new int[length];
        java.util.Arrays.fill(bytes, 0x81);
        bytes[length - 1] = 0;
        ByteReader in = reader(bytes);
        assertEquals(0, in.readVarint());
        assertFalse(in.isOk());
    }

    /// Goal: an integer past 64 bits is refused, and the first byte too many ends the reading: a thousand
    /// bytes that promise more cost no more than eleven.
    @Test
    void anIntegerWithoutEndIsRefusedEarly() {
        int[] bytes = new int[1_000];
        java.util.Arrays.fill(bytes, 0xFF);
        ByteReader in = reader(bytes);
        assertEquals(0, in.readVarint());
        assertFalse(in.isOk());
        assertTrue(in.position() <= 11, "read " + in.position() + " bytes");
        // 2^64 and above: the tenth byte has room for one bit
        for (int last = 2; last < 0x80; last++) {
            ByteReader over = reader(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, last);
            assertEquals(0, over.readVarint());
            assertFalse(over.isOk(), "tenth byte " + last);
        }
    }

    /// Goal: an upper bound is inclusive, and an integer with its 64th bit set is above every bound.
    @Test
    void boundsAreInclusive() {
        assertEquals(300, reader(0xAC, 0x02).readVarint(300));
        ByteReader above = reader(0xAC, 0x02);
        assertEquals(0, above.readVarint(299));
        assertFalse(above.isOk());
        ByteReader negative = reader(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01);
        assertEquals(0, negative.readVarint(Long.MAX_VALUE));
        assertFalse(negative.isOk());
    }

    /// Goal: a reader that has failed stays failed and yields zeros, so that the caller asks once.
    @Test
    void aFailedReaderYieldsZeros() {
        ByteReader in = reader(1, 2, 3, 4, 5, 6, 7, 8, 9);
        in.skip(10);
        assertFalse(in.isOk());
        assertEquals(0, in.readByte());
        assertEquals(0, in.readInt());
        assertEquals(0, in.readLong());
        assertEquals(0, in.readVarint());
        assertEquals(0, in.position(), "nothing is taken");
        in.expectZeros();
        assertFalse(in.isOk());
        assertTrue(in.wrap(in.segment(), 0, 9).isOk(), "wrapped anew it is well");
        assertEquals(0x01020304L, in.readInt());
        in.skip(-1);
        assertFalse(in.isOk(), "never backwards");
    }

    /// Goal: a write past the end is our own mistake and is told at once, and nothing outside is touched.
    @Test
    void aWritePastTheEndThrows() {
        MemorySegment bytes = MemorySegment.ofArray(new byte[16]);
        ByteWriter out = new ByteWriter().wrap(bytes, 4, 8);
        out.writeLong(-1);
        assertThrows(IndexOutOfBoundsException.class, () -> out.writeByte(1));
        assertThrows(IndexOutOfBoundsException.class, () -> out.writeZeros(1));
        assertThrows(IndexOutOfBoundsException.class, () -> out.writeVarint(5));
        assertThrows(IndexOutOfBoundsException.class, () -> out.writeBytes(bytes, 0, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> out.skip(-1));
        for (int i = 0; i < 16; i++) {
            assertEquals(i >= 4 && i < 12 ? -1 : 0, bytes.get(java.lang.foreign.ValueLayout.JAVA_BYTE, i));
        }
    }
}
