package konce.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.Semaphore;
import konce.node.ByteStream;
import konce.node.Peer;
import konce.node.StreamHandler;

/// Joins the streams that peers open to one TCP service.
///
/// @param service where it is
/// @param places as many as may be joined at once
record TcpForward(InetSocketAddress service, Semaphore places) implements StreamHandler {
    private static final int CONNECT_MILLIS_MAX = 10_000;

    TcpForward(InetSocketAddress service) {
        this(service, TcpBridge.places());
    }

    @Override
    public void handle(ByteStream stream, Peer peer) throws IOException, InterruptedException {
        if (!places.tryAcquire()) {
            throw new IOException("as many connections are joined as may be");
        }
        try (Socket socket = new Socket()) {
            socket.connect(service, CONNECT_MILLIS_MAX);
            TcpBridge.join(socket, stream);
        } finally {
            places.release();
        }
    }
}
