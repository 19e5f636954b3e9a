package konce.bench.compare;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A long path for TCP on one machine: a relay that holds all bytes back. The kernel answers a SYN on loopback at once,
/// where a long path takes a round trip to do it; so the first bytes of a client wait a round trip more, as if the
/// client
/// had waited for the SYN's answer before it sent them. That is the same for every client that speaks first.
public final class TcpRelay implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("konce.bench");
    private static final int BUFFER_BYTES = 1 << 16;

    private final ServerSocket listening;
    private final InetSocketAddress server;
    private final long delayNanos;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    private TcpRelay(ServerSocket listening, InetSocketAddress server, long delayNanos) {
        this.listening = listening;
        this.server = server;
        this.delayNanos = delayNanos;
    }

    /// @param delayNanos each way
    public static TcpRelay open(InetSocketAddress server, long delayNanos) throws IOException {
        ServerSocket listening = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        TcpRelay relay = new TcpRelay(listening, server, delayNanos);
        Thread.startVirtualThread(relay::acceptAll);
        return relay;
    }

    /// Where clients connect instead.
    public int port() {
        return listening.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void acceptAll() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                long synNanos = System.nanoTime();
                Socket back = new Socket(server.getAddress(), server.getPort());
                sockets.add(client);
                sockets.add(back);
                AtomicInteger directions = new AtomicInteger(2);
                start(client, back, synNanos + 2 * delayNanos, directions);
                start(back, client, synNanos, directions);
            } catch (IOException e) {
                // Closed meanwhile, or one client could not be served: that is no matter of the next.
                LOG.log(System.Logger.Level.DEBUG, "not relayed", e);
            }
        }
    }

    /// What was read, or that no more comes.
    ///
    /// @param bytes none: the end
    private record Piece(long dueNanos, byte[] bytes) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.signum(dueNanos - ((Piece) other).dueNanos);
        }
    }

    /// @param openNanos when the connection is open on a long path: what came before counts as come then
    /// @param directions that are still open: the last one closes the sockets
    private void start(Socket from, Socket to, long openNanos, AtomicInteger directions) throws IOException {
        from.setTcpNoDelay(true);
        DelayQueue<Piece> pieces = new DelayQueue<>();
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        Thread.startVirtualThread(() -> read(in, pieces, openNanos));
        Thread.startVirtualThread(() -> {
            boolean whole = write(pieces, to, out);
            if (directions.decrementAndGet() == 0 || !whole) {
                end(from);
                end(to);
            }
        });
    }

    private void read(InputStream in, DelayQueue<Piece> pieces, long openNanos) {
        byte[] buffer = new byte[BUFFER_BYTES];
        long dueNanos = openNanos;
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                byte[] bytes = new byte[read];
                System.arraycopy(buffer, 0, bytes, 0, read);
                long now = System.nanoTime();
                // Later than the piece before, so that they stay in order.
                dueNanos = Math.max(dueNanos + 1, Math.max(now, openNanos) + delayNanos);
                pieces.add(new Piece(dueNanos, bytes));
            }
        } catch (IOException e) {
            // A reset: for the other side, the end.
            dueNanos++;
        }
        pieces.add(new Piece(Math.max(dueNanos + 1, System.nanoTime() + delayNanos), new byte[0]));
    }

    /// Whether all was written, and the end told.
    private static boolean write(DelayQueue<Piece> pieces, Socket to, OutputStream out) {
        try {
            for (Piece piece = pieces.take(); piece.bytes.length > 0; piece = pieces.take()) {
                out.write(piece.bytes);
            }
            to.shutdownOutput();
            return true;
        } catch (IOException e) {
            // The other side has gone.
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void end(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "not closed", e);
        }
    }
}
