package konce.cli;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import konce.node.ByteStream;

/// A local TCP port behind which is a peer: each connection becomes a byte stream to it.
final class TcpEntrance implements AutoCloseable {
    private static final int BACKLOG = 128;

    /// Opens a stream to the peer.
    @FunctionalInterface
    interface StreamOpener {
        ByteStream open() throws IOException;
    }

    private final ServerSocket listener = new ServerSocket();
    private final Semaphore places = TcpBridge.places();
    private final StreamOpener opener;
    private final Consumer<String> log;

    /// @param log told in a line when a connection could not be joined
    TcpEntrance(InetSocketAddress listen, StreamOpener opener, Consumer<String> log) throws IOException {
        this.opener = opener;
        this.log = log;
        try {
            listener.bind(listen, BACKLOG);
        } catch (BindException e) {
            listener.close();
            throw CommandException.failed(
                    "cannot listen on TCP " + listen.getAddress().getHostAddress() + ":" + listen.getPort() + ": "
                            + e.getMessage() + "; choose another port, or 0 for any",
                    e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /// Where it listens.
    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                places.acquire();
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                places.release();
                if (!listener.isClosed()) {
                    log.accept("a TCP connection could not be accepted: " + e.getMessage());
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                ByteStream stream = opener.open()) {
            TcpBridge.join(socket, stream);
        } catch (IOException e) {
            log.accept("a connection ended: " + e.getMessage());
        } catch (InterruptedException e) {
            log.accept("a connection ended: interrupted");
        } finally {
            places.release();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
