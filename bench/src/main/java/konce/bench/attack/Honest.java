package konce.bench.attack;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import konce.bench.compare.TcpRelay;
import konce.bench.peer.Connections;
import konce.bench.peer.Contestant;
import konce.bench.peer.Discipline;
import konce.bench.peer.Requests;
import konce.bench.peer.Setting;
import konce.node.Relay;

/// Honest clients: they connect at an even pace, whatever became of those before, each with one request. They live at
/// some distance, behind relays that hold everything back for [#DELAY_NANOS] each way, each at an address of its own
/// where
/// the victim sees addresses.
final class Honest {
    /// How long a datagram travels, each way.
    static final long DELAY_NANOS = 50_000_000L;

    /// How long the last of them are waited for.
    private static final long PATIENCE_NANOS = 2_000_000_000L;

    private static final long SEED = 1;

    /// One client's try.
    ///
    /// @param atMillis since the first began
    /// @param latencyMillis until the reply was there; -1: it never was
    record Visit(double atMillis, double latencyMillis) {}

    /// All of them, in the order they began.
    record Visits(List<Visit> visits) {}

    private final List<Connections> clients;

    private Honest(List<Connections> clients) {
        this.clients = clients;
    }

    /// @param name of the victim, as for [Victim#listen]
    /// @param apart whether each has an address of its own; else all share the flooder's of whole handshakes
    static Honest connect(String name, String address, int count, boolean apart, Path scratch) throws Exception {
        Contestant contestant = Flooders.contestant(name);
        InetSocketAddress server = Flooder.socketAddress(address);
        String key = address.substring(0, address.indexOf('@') + 1);
        List<Connections> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int port = contestant.overTcp()
                    ? TcpRelay.open(server, DELAY_NANOS).port()
                    : Relay.open(
                                    server,
                                    apart ? home(i) : server.getAddress(),
                                    Relay.Conditions.delay(DELAY_NANOS),
                                    SEED)
                            .address()
                            .getPort();
            clients.add(contestant.connections(
                    key + "127.0.0.1:" + port,
                    new Setting(Discipline.HANDSHAKES, name.endsWith(Victim.GUARDED), scratch)));
        }
        return new Honest(clients);
    }

    /// Each in a /24 of its own.
    private static InetAddress home(int client) throws java.net.UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 100, (byte) client, 1});
    }

    /// Has them come at this pace for so long, and says how each fared.
    Visits visit(double perSecond, long millis) throws InterruptedException {
        Queue<Visit> ended = new ConcurrentLinkedQueue<>();
        long startNanos = System.nanoTime();
        int count = (int) Math.max(1, perSecond * millis / 1_000);
        CountDownLatch allEnded = new CountDownLatch(count);
        List<Double> begun = new ArrayList<>();
        try (ScheduledExecutorService starter = Executors.newSingleThreadScheduledExecutor()) {
            for (int i = 0; i < count; i++) {
                Connections client = clients.get(i % clients.size());
                long atNanos = (long) (i * 1e9 / perSecond);
                begun.add(atNanos / 1e6);
                double atMillis = atNanos / 1e6;
                starter.schedule(
                        () -> client.open(false, new Guest(startNanos, atMillis, ended, allEnded)),
                        startNanos + atNanos - System.nanoTime(),
                        TimeUnit.NANOSECONDS);
            }
        }
        allEnded.await(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
        List<Visit> all = new ArrayList<>(ended);
        for (double atMillis : begun) {
            if (all.stream().noneMatch(visit -> visit.atMillis == atMillis)) {
                all.add(new Visit(atMillis, -1));
            }
        }
        all.sort(Comparator.comparingDouble(Visit::atMillis));
        return new Visits(all);
    }

    /// One that waits for its reply.
    private record Guest(long startNanos, double atMillis, Queue<Visit> ended, CountDownLatch allEnded)
            implements Requests.Reply {
        @Override
        public void arrived() {
            ended.add(new Visit(atMillis, (System.nanoTime() - startNanos) / 1e6 - atMillis));
            allEnded.countDown();
        }

        @Override
        public void failed(Throwable why) {
            ended.add(new Visit(atMillis, -1));
            allEnded.countDown();
        }
    }
}
