package konce.bench.names;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Asks a resolver for names, many at a time, and counts the answers that it has validated.
final class Lookups {
    private static final int AT_ONCE = 64;
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final int TRIES = 30;
    private static final int AUTHENTIC_AND_NO_ERROR = 0x20;
    private static final int FLAGS_OF_INTEREST = 0x2F;

    private final InetSocketAddress resolver;
    private final String zone;

    Lookups(int port, String zone) {
        this.resolver = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.zone = zone;
    }

    /// Returns once the resolver validates name 0.
    void await() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                socket.setSoTimeout(TIMEOUT_MILLIS / 10);
                ask(socket, 0);
                if (answer(socket)) {
                    return;
                }
            } catch (IOException e) {
                // it is not there yet
            }
        }
        throw new IOException("the resolver validates nothing");
    }

    /// Validated answers per second to the questions for `count` names.
    double perSecond(int first, int count) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            long started = System.nanoTime();
            int asked = 0;
            int validated = 0;
            for (int done = 0; done < count; done++) {
                while (asked < count && asked - done < AT_ONCE) {
                    ask(socket, first + asked++);
                }
                try {
                    validated += answer(socket) ? 1 : 0;
                } catch (SocketTimeoutException e) {
                    break; // what is lost is not counted
                }
            }
            return validated * 1e9 / (System.nanoTime() - started);
        }
    }

    private void ask(DatagramSocket socket, int name) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // id, recursion desired and authentic data wanted, one question
        out.writeBytes(new byte[] {(byte) (name >>> 8), (byte) name, 1, 0x20, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : ("n" + name + "." + zone).split("\\.")) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeBytes(new byte[] {0, 0, 1, 0, 1});
        byte[] bytes = out.toByteArray();
        socket.send(new DatagramPacket(bytes, bytes.length, resolver));
    }

    private static boolean answer(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[4_096], 4_096);
        socket.receive(packet);
        ByteBuffer in = ByteBuffer.wrap(packet.getData());
        return (in.get(3) & FLAGS_OF_INTEREST) == AUTHENTIC_AND_NO_ERROR && in.getShort(6) > 0;
    }
}
