package konce.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import konce.protocol.HandlerId;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import org.junit.jupiter.api.Test;

/// A node that changes its socket under way.
final class RebindTest {
    private static final HandlerId ECHO = HandlerId.wellKnown(1);

    /// Goal: a client takes its channel along to another port, in the middle of a transfer and again when idle; the
    /// server sees no second channel.
    // = docs/spec/05-paths.md R5.19
    @Test
    void channelsGoAlong() throws Exception {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        try (Node server = Node.builder().server(true).listen(loopback).open();
                Node client = Node.builder().listen(loopback).open()) {
            server.handle(ECHO, message -> message.reply(message.payload()));
            client.request(server.target(), ECHO, new byte[1], SendOptions.REQUEST);
            long channel = client.channels().getFirst().channel();
            for (int i = 0; i < 3; i++) {
                InetSocketAddress before = client.localAddress();
                CompletableFuture<Outcome> transfer = client.send(
                        server.target(), ECHO, MemorySegment.ofArray(new byte[4 << 20]), SendOptions.REQUEST);
                client.rebind(loopback);
                assertNotEquals(before, client.localAddress());
                assertInstanceOf(Outcome.Replied.class, transfer.get(30, TimeUnit.SECONDS));
            }
            assertEquals(1, client.channels().size());
            assertEquals(channel, client.channels().getFirst().channel());
            assertEquals(1, server.channels().size());
            assertEquals(
                    client.localAddress().getPort(),
                    server.channels().getFirst().remote().port());
        }
    }
}
