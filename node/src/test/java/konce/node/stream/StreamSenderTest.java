package konce.node.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StreamSenderTest {
    /// Goal: never more under way than the window, and as much again when it is consumed. Method: fill the window
    /// with
    /// the largest chunks, then give one back.
    // = docs/spec/10-streams.md (R10.8) MUST NOT have more under way than the receiver's window
    @Test
    void keepsToTheWindow() {
        StreamSender sender = new StreamSender(StreamLimits.WINDOW_BYTES_MIN);
        int chunk = sender.chunkBytesMax();
        int sent = 0;
        while (sender.hasRoomFor(chunk)) {
            assertEquals(sent, sender.sendChunk(chunk));
            sent++;
        }
        assertEquals(StreamLimits.WINDOW_BYTES_MIN / (chunk + StreamLimits.CHUNK_OVERHEAD_BYTES), sent);
        assertThrows(IllegalStateException.class, () -> sender.sendChunk(chunk));
        sender.handleConsumed(chunk);
        assertTrue(sender.hasRoomFor(chunk));
        assertEquals(sent, sender.sendChunk(chunk));
        assertFalse(sender.hasRoomFor(chunk));
    }

    /// Goal: the end is one more than the last chunk, comes once, and nothing follows it. Method: try.
    // = docs/spec/10-streams.md (R10.11) MUST NOT send a chunk behind its FIN
    @Test
    void endsOnce() {
        StreamSender sender = new StreamSender(StreamLimits.WINDOW_BYTES_MIN);
        sender.sendChunk(1);
        assertEquals(1, sender.sendFin());
        assertThrows(IllegalStateException.class, sender::sendFin);
        assertThrows(IllegalStateException.class, () -> sender.sendChunk(1));
        assertFalse(sender.isFinished());
        sender.handleFinConsumed();
        assertTrue(sender.isFinished());
    }
}
