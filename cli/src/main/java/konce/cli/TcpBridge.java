package konce.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.Semaphore;
import konce.node.ByteStream;

/// Joins a TCP connection and a byte stream, until both directions have ended.
final class TcpBridge {
    /// Connections one command joins at once. More wait to be accepted, as in any full server.
    static final int CONNECTIONS_MAX = 1_024;

    private static final int BUFFER_BYTES = 1 << 16;

    private TcpBridge() {}

    /// Moves bytes both ways; ends when both ends have said that they are done, or one has failed.
    static void join(Socket socket, ByteStream stream) throws IOException, InterruptedException {
        Thread outward = Thread.ofVirtual().start(() -> {
            try {
                move(socket.getInputStream(), stream.out());
                stream.shutdownOutput();
            } catch (IOException e) {
                stream.abort(); // the other direction then fails too, and says so
            }
        });
        try {
            move(stream.in(), socket.getOutputStream());
            socket.shutdownOutput();
            outward.join();
        } finally {
            socket.close(); // frees the thread, if this direction failed
            outward.join();
        }
    }

    private static void move(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
            to.write(buffer, 0, count);
            to.flush();
        }
    }

    /// As many connections as may be joined at once.
    static Semaphore places() {
        return new Semaphore(CONNECTIONS_MAX);
    }
}
