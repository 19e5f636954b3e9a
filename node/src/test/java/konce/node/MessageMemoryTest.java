package konce.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import konce.protocol.HandlerId;
import konce.protocol.SendOptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of a message's memory.
@Timeout(60)
class MessageMemoryTest {
    private static final HandlerId HANDLER = HandlerId.wellKnown(1);
    private static final int MESSAGE_BYTES = 300_000;
    private static final int MESSAGES = 20;

    @AutoClose
    private final NodeTest.Nodes nodes = new NodeTest.Nodes();

    /// Goal: memory that a handler gives back serves later messages, each of which is whole; and it can be given
    /// back
    /// only once. Method: messages one after the other, each of one repeated byte, which the handler looks at.
    @Test
    void servesAgainWhenGivenBack() throws Exception {
        Set<Object> memories = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
        Node server = nodes.add(Node.builder().server(true));
        server.handle(HANDLER, message -> {
            MemorySegment payload = message.payload();
            memories.add(payload.heapBase().orElseThrow());
            byte first = payload.get(ValueLayout.JAVA_BYTE, 0);
            byte[] expected = new byte[MESSAGE_BYTES];
            Arrays.fill(expected, first);
            boolean whole = payload.mismatch(MemorySegment.ofArray(expected)) < 0;
            message.giveBack();
            message.giveBack();
            assertThrows(IllegalStateException.class, message::payload);
            assertTrue(message.toString().contains("given back"));
            message.reply(whole ? "whole " + first : "damaged");
        });
        Node client = nodes.add(Node.builder());
        for (int i = 0; i < MESSAGES; i++) {
            byte[] bytes = new byte[MESSAGE_BYTES];
            Arrays.fill(bytes, (byte) i);
            Message reply = client.request(server.target(), HANDLER, bytes, SendOptions.REQUEST);
            assertEquals("whole " + i, reply.text());
        }
        assertTrue(memories.size() <= 2, memories.size() + " memories for " + MESSAGES + " messages");
    }
}
