package konce.node.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import konce.protocol.HandlerClass;
import konce.protocol.HandlerId;
import org.junit.jupiter.api.Test;

class StreamReceiverTest {
    private static final int WINDOW = StreamLimits.WINDOW_BYTES_MIN;

    private static HandlerId waiting(long number) {
        return new HandlerId(HandlerClass.PROMPT, number);
    }

    private static MemorySegment bytes(int length) {
        return MemorySegment.ofArray(new byte[length]);
    }

    /// Goal: bytes come out in order whatever order chunks come in, each chunk is told consumed exactly once, and
    /// the
    /// end is told last. Method: random lengths and a random order, from a printed seed, read in random portions.
    // = docs/spec/10-streams.md (R10.7) MUST hand their bytes on in the order of the numbers
    // = docs/spec/10-streams.md (R10.10) MUST answer a chunk when its program has taken the chunk's last byte
    @Test
    void givesBytesInOrderWhateverOrderChunksComeIn() {
        long seed = 20261123;
        System.out.println("StreamReceiverTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            int chunks = 1 + random.nextInt(20);
            byte[] sent = new byte[WINDOW];
            random.nextBytes(sent);
            List<Integer> order = new ArrayList<>();
            int[] from = new int[chunks + 1];
            for (int i = 0; i < chunks; i++) {
                order.add(i);
                from[i + 1] = from[i] + 1 + random.nextInt(500);
            }
            order.add(chunks);
            Collections.shuffle(order, random);
            StreamReceiver receiver = new StreamReceiver(WINDOW);
            byte[] received = new byte[from[chunks]];
            int done = 0;
            List<Long> told = new ArrayList<>();
            for (int chunk : order) {
                assertNull(
                        chunk == chunks
                                ? receiver.handleFin(chunk, waiting(chunk))
                                : receiver.handleData(
                                        chunk,
                                        MemorySegment.ofArray(sent).asSlice(from[chunk], from[chunk + 1] - from[chunk]),
                                        waiting(chunk)));
                int now = receiver.read(received, done, random.nextInt(received.length - done + 1));
                done += Math.max(now, 0);
                for (HandlerId id = receiver.pollConsumed(); id != null; id = receiver.pollConsumed()) {
                    told.add(id.number());
                }
            }
            while (!receiver.isFinished()) {
                done += receiver.read(received, done, received.length - done);
            }
            for (HandlerId id = receiver.pollConsumed(); id != null; id = receiver.pollConsumed()) {
                told.add(id.number());
            }
            assertEquals(received.length, done);
            assertArrayEquals(java.util.Arrays.copyOf(sent, done), received);
            assertEquals(
                    java.util.stream.LongStream.rangeClosed(0, chunks).boxed().toList(), told);
            assertEquals(-1, receiver.read(new byte[1], 0, 1));
        }
    }

    /// Goal: a chunk is told consumed only with its last byte. Method: read all but one byte, then that one.
    // = docs/spec/10-streams.md (R10.10) MUST answer when its program has taken the chunk's last byte, and not before
    @Test
    void tellsConsumedWithTheLastByteOnly() {
        StreamReceiver receiver = new StreamReceiver(WINDOW);
        receiver.handleData(0, bytes(10), waiting(7));
        assertEquals(9, receiver.read(new byte[9], 0, 9));
        assertNull(receiver.pollConsumed());
        assertEquals(1, receiver.available());
        assertEquals(1, receiver.read(new byte[9], 0, 9));
        assertEquals(waiting(7), receiver.pollConsumed());
    }

    /// Goal: each misuse has its own code. Method: commit each one.
    // = docs/spec/10-streams.md (R10.6) MUST end the stream with CHUNK_LENGTH
    // = docs/spec/10-streams.md (R10.7) MUST end the stream with SEQUENCE_REPEATED when a number comes twice
    // = docs/spec/10-streams.md (R10.9) MUST end the stream with WINDOW_EXCEEDED when more arrives than that
    // = docs/spec/10-streams.md (R10.11) MUST end the stream with DATA_AFTER_FIN when one comes
    @Test
    void namesEachMisuse() {
        assertEquals(StreamReset.CHUNK_LENGTH, new StreamReceiver(WINDOW).handleData(0, bytes(0), waiting(0)));
        assertEquals(
                StreamReset.CHUNK_LENGTH,
                new StreamReceiver(StreamLimits.WINDOW_BYTES_MAX)
                        .handleData(0, bytes(StreamLimits.CHUNK_BYTES_MAX + 1), waiting(0)));
        StreamReceiver receiver = new StreamReceiver(WINDOW);
        assertNull(receiver.handleData(3, bytes(1), waiting(0)));
        assertEquals(StreamReset.SEQUENCE_REPEATED, receiver.handleData(3, bytes(1), waiting(0)));
        assertNull(receiver.handleData(0, bytes(1), waiting(0)));
        assertEquals(StreamReset.SEQUENCE_REPEATED, receiver.handleData(0, bytes(1), waiting(0)));
        assertEquals(StreamReset.DATA_AFTER_FIN, receiver.handleFin(3, waiting(0)));
        assertNull(receiver.handleFin(4, waiting(0)));
        assertEquals(StreamReset.SEQUENCE_REPEATED, receiver.handleFin(4, waiting(0)));
        assertEquals(StreamReset.DATA_AFTER_FIN, receiver.handleData(4, bytes(1), waiting(0)));
        assertEquals(StreamReset.WINDOW_EXCEEDED, new StreamReceiver(WINDOW).handleData(0, bytes(WINDOW), waiting(0)));
    }

    /// Goal: a peer that sends tiny chunks far ahead fills no more memory than its window. Method: one-byte chunks
    /// out
    /// of order until refused; count them.
    // = docs/spec/10-streams.md (R10.9) MUST end the stream with WINDOW_EXCEEDED when more arrives than that
    @Test
    void countsTheOverheadOfTinyChunks() {
        StreamReceiver receiver = new StreamReceiver(WINDOW);
        int taken = 0;
        while (receiver.handleData(1_000_000L * (taken + 1), bytes(1), waiting(0)) == null) {
            taken++;
        }
        assertEquals(WINDOW / (1 + StreamLimits.CHUNK_OVERHEAD_BYTES), taken);
    }

    /// Goal: once nobody reads, everything is consumed as it comes, and the end is reached. Method: discard in the
    /// middle.
    @Test
    void consumesWhatNobodyReads() {
        StreamReceiver receiver = new StreamReceiver(WINDOW);
        receiver.handleData(0, bytes(100), waiting(0));
        receiver.read(new byte[50], 0, 50);
        receiver.discard();
        receiver.handleData(1, bytes(WINDOW - 1_000), waiting(1));
        receiver.handleData(2, bytes(WINDOW - 1_000), waiting(2));
        receiver.handleFin(3, waiting(3));
        for (int i = 0; i <= 3; i++) {
            assertEquals(waiting(i), receiver.pollConsumed());
        }
        assertNull(receiver.pollConsumed());
        assertEquals(0, receiver.available());
    }
}
