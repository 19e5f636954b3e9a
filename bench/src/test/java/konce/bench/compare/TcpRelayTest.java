package konce.bench.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A client and an echo server with the relay between them. Only that nothing comes early is asserted: a busy machine
/// may be late.
class TcpRelayTest {
    private static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int MANY_BYTES = 1 << 20;

    @Test
    @Timeout(60)
    void bytesComeWholeAndInOrderAndNoneComesEarly() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
                TcpRelay relay = TcpRelay.open((InetSocketAddress) listening.getLocalSocketAddress(), DELAY_NANOS)) {
            Thread.startVirtualThread(() -> {
                try (Socket socket = listening.accept()) {
                    socket.getInputStream().transferTo(socket.getOutputStream());
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            long start = System.nanoTime();
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), relay.port())) {
                InputStream in = client.getInputStream();
                client.getOutputStream().write(7);
                assertEquals(7, in.read());
                long first = System.nanoTime();
                assertTrue(first - start >= 4 * DELAY_NANOS, "a round trip for the SYN, one for the byte");

                client.getOutputStream().write(8);
                assertEquals(8, in.read());
                assertTrue(System.nanoTime() - first >= 2 * DELAY_NANOS, "a round trip for the next byte");

                byte[] many = new byte[MANY_BYTES];
                new Random(1).nextBytes(many);
                Thread.startVirtualThread(() -> {
                    try {
                        client.getOutputStream().write(many);
                        client.shutdownOutput();
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                assertArrayEquals(many, in.readAllBytes());
            }
        }
    }
}
