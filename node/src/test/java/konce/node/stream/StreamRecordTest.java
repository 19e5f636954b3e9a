package konce.node.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamRecordTest {
    private static final List<StreamRecord> ALL = List.of(
            new StreamRecord.Open(StreamRecord.NO_HANDLER, 1 << 20),
            new StreamRecord.Open(7, StreamLimits.WINDOW_BYTES_MIN),
            new StreamRecord.Accept(8, StreamLimits.WINDOW_BYTES_MAX),
            new StreamRecord.Bind(9),
            new StreamRecord.Fin(1L << 40),
            new StreamRecord.Reset(StreamReset.WINDOW_EXCEEDED),
            new StreamRecord.Ping());

    /// Goal: what is written is read again. Method: each record once; a chunk by its bytes.
    @Test
    void readsWhatItWrites() {
        for (StreamRecord record : ALL) {
            assertEquals(record, StreamRecord.decode(record.encode()));
        }
        byte[] chunk = {1, 2, 3};
        StreamRecord.Data data = assertInstanceOf(
                StreamRecord.Data.class,
                StreamRecord.decode(new StreamRecord.Data(5, MemorySegment.ofArray(chunk)).encode()));
        assertEquals(5, data.sequence());
        assertArrayEquals(chunk, data.bytes().toArray(ValueLayout.JAVA_BYTE));
    }

    /// Goal: the layout is the specification's. Method: the bytes of OPEN, written out by hand from section 3.
    @Test
    void laysOpenOutAsSpecified() {
        byte[] bytes = new StreamRecord.Open(258, 65_536).encode().toArray(ValueLayout.JAVA_BYTE);
        assertEquals("0101" + "0000000000000102" + "00010000", HexFormat.of().formatHex(bytes));
    }

    /// Goal: every record has one length, and no window outside the limits is taken. Method: cut, lengthen,
    /// misvalue.
    // = docs/spec/10-streams.md (R10.1) MUST refuse an OPEN whose version is not 1, whose length is not 14
    // = docs/spec/10-streams.md (R10.5) A record that is none, has another length than its own
    @Test
    void refusesWhatIsNoRecord() {
        assertNull(StreamRecord.decode(MemorySegment.ofArray(new byte[0])));
        for (StreamRecord record : ALL) {
            byte[] bytes = record.encode().toArray(ValueLayout.JAVA_BYTE);
            assertNull(StreamRecord.decode(MemorySegment.ofArray(java.util.Arrays.copyOf(bytes, bytes.length - 1))));
            assertNull(StreamRecord.decode(MemorySegment.ofArray(java.util.Arrays.copyOf(bytes, bytes.length + 1))));
        }
        assertNull(StreamRecord.decode(new StreamRecord.Open(1, StreamLimits.WINDOW_BYTES_MIN - 1).encode()));
        assertNull(StreamRecord.decode(new StreamRecord.Open(1, StreamLimits.WINDOW_BYTES_MAX + 1).encode()));
        assertNull(StreamRecord.decode(new StreamRecord.Open(-2, StreamLimits.WINDOW_BYTES_MAX).encode()));
        assertNull(StreamRecord.decode(new StreamRecord.Accept(-1, StreamLimits.WINDOW_BYTES_MAX).encode()));
        assertNull(StreamRecord.decode(new StreamRecord.Bind(-1).encode()));
        MemorySegment nextVersion = new StreamRecord.Open(1, StreamLimits.WINDOW_BYTES_MIN).encode();
        nextVersion.set(ValueLayout.JAVA_BYTE, 1, (byte) 2);
        assertNull(StreamRecord.decode(nextVersion));
    }

    /// Goal: no bytes make it throw. Method: random ones, from a printed seed, the first byte near the types.
    @Test
    void neverThrows() {
        long seed = 20261123;
        System.out.println("StreamRecordTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(20)];
            random.nextBytes(bytes);
            if (bytes.length > 0) {
                bytes[0] = (byte) random.nextInt(9);
            }
            StreamRecord.decode(MemorySegment.ofArray(bytes));
        }
    }
}
