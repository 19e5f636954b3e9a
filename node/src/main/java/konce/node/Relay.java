package konce.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A bad network on one machine: a UDP relay on loopback that delays, loses, duplicates, corrupts and reorders, for
/// demonstrations, tests and measurements. Clients send to [#address]; each gets a source port of its own towards the
/// server, as behind an address translator.
///
/// - limit: [#CLIENTS_MAX] clients, [#QUEUE_BYTES_MAX] bytes held; beyond that datagrams are dropped and counted
/// - chance: from one seed, in the order datagrams come in
/// - threads: one of its own receives, one sends what is due; every method from any
public final class Relay implements AutoCloseable {
    /// Clients told apart.
    public static final int CLIENTS_MAX = 256;

    /// Bytes held while they are delayed: 1 Gbit/s for half a second.
    public static final long QUEUE_BYTES_MAX = 64L << 20;

    private static final int DATAGRAM_BYTES_MAX = 65_536;
    private static final int POOLED_BYTES = 2_048;
    private static final int POOLED_MAX = 4_096;
    private static final int SOCKET_BUFFER_BYTES = 4 << 20;
    private static final int READS_PER_ROUND_MAX = 256;
    /// What happens to datagrams, in each direction.
    ///
    /// @param delayNanos every datagram waits this long
    /// @param jitterNanos and up to this much longer, evenly spread; so some overtake others
    /// @param loss the share that is lost, 0 to 1
    /// @param duplicate the share that comes twice
    /// @param corrupt the share in which one bit is flipped
    /// @param reorder the share that does not wait at all, and so overtakes
    public record Conditions(
            long delayNanos, long jitterNanos, double loss, double duplicate, double corrupt, double reorder) {
        /// A perfect network.
        public static final Conditions PERFECT = new Conditions(0, 0, 0, 0, 0, 0);

        public Conditions {
            if (delayNanos < 0 || jitterNanos < 0) {
                throw new IllegalArgumentException("a delay is not negative: " + delayNanos + ", " + jitterNanos);
            }
            requireShare("loss", loss);
            requireShare("duplicate", duplicate);
            requireShare("corrupt", corrupt);
            requireShare("reorder", reorder);
        }

        /// A perfect network but for its length.
        public static Conditions delay(long nanos) {
            return PERFECT.withDelay(nanos);
        }

        public Conditions withDelay(long nanos) {
            return new Conditions(nanos, jitterNanos, loss, duplicate, corrupt, reorder);
        }

        public Conditions withJitter(long nanos) {
            return new Conditions(delayNanos, nanos, loss, duplicate, corrupt, reorder);
        }

        public Conditions withLoss(double share) {
            return new Conditions(delayNanos, jitterNanos, share, duplicate, corrupt, reorder);
        }

        public Conditions withDuplicates(double share) {
            return new Conditions(delayNanos, jitterNanos, loss, share, corrupt, reorder);
        }

        public Conditions withCorruption(double share) {
            return new Conditions(delayNanos, jitterNanos, loss, duplicate, share, reorder);
        }

        public Conditions withReordering(double share) {
            return new Conditions(delayNanos, jitterNanos, loss, duplicate, corrupt, share);
        }

        private static void requireShare(String name, double share) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException(name + " is a share of 0 to 1, not " + share);
            }
        }
    }

    /// What a relay has done.
    ///
    /// @param relayed datagrams sent on, duplicates among them
    /// @param lost on purpose
    /// @param duplicated on purpose
    /// @param corrupted on purpose
    /// @param overflowed dropped because a limit of the relay was reached
    public record Statistics(long relayed, long lost, long duplicated, long corrupted, long overflowed) {}

    /// A datagram on its way.
    ///
    /// @param order of coming in: what is due at the same time leaves in this order
    /// @param target the client it goes to; null: to the server
    private record Held(
            long dueNanos,
            long order,
            ByteBuffer bytes,
            DatagramChannel through,
            @Nullable InetSocketAddress target) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            Held held = (Held) other;
            int byTime = Long.signum(dueNanos - held.dueNanos);
            return byTime != 0 ? byTime : Long.compare(order, held.order);
        }
    }

    private final Selector selector;
    private final DatagramChannel front;
    private final InetSocketAddress address;
    private final InetSocketAddress server;
    private final @Nullable InetAddress from;
    private final Conditions conditions;
    private final SplittableRandom random;
    private final Map<InetSocketAddress, DatagramChannel> backs = new HashMap<>();
    private final DelayQueue<Held> queue = new DelayQueue<>();
    private final AtomicLong queueBytes = new AtomicLong();
    private final BlockingQueue<ByteBuffer> pool = new ArrayBlockingQueue<>(POOLED_MAX);
    private final ByteBuffer received = ByteBuffer.allocateDirect(DATAGRAM_BYTES_MAX);
    private final AtomicLong relayed = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong duplicated = new AtomicLong();
    private final AtomicLong corrupted = new AtomicLong();
    private final AtomicLong overflowed = new AtomicLong();
    private final Thread receiving;
    private final Thread sending;
    private long order;

    private Relay(InetSocketAddress server, @Nullable InetAddress from, Conditions conditions, long seed)
            throws IOException {
        this.server = server;
        this.from = from;
        this.conditions = conditions;
        random = new SplittableRandom(seed);
        selector = Selector.open();
        front = open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null);
        address = (InetSocketAddress) front.getLocalAddress();
        receiving = thread("in", this::receiveAll);
        sending = thread("out", this::sendAll);
    }

    /// Starts a relay to `server`, on a free port of loopback.
    ///
    /// @param seed of all chance
    public static Relay open(InetSocketAddress server, Conditions conditions, long seed) throws IOException {
        InetAddress ip = server.getAddress();
        return open(server, ip.isLoopbackAddress() ? ip : null, conditions, seed);
    }

    /// The same, whose clients seem to the server to be at one address.
    ///
    /// @param from an address of this machine; null: the system chooses
    public static Relay open(InetSocketAddress server, @Nullable InetAddress from, Conditions conditions, long seed)
            throws IOException {
        Relay relay = new Relay(server, from, conditions, seed);
        relay.receiving.start();
        relay.sending.start();
        return relay;
    }

    /// Where clients send instead.
    public InetSocketAddress address() {
        return address;
    }

    public Statistics statistics() {
        return new Statistics(relayed.get(), lost.get(), duplicated.get(), corrupted.get(), overflowed.get());
    }

    /// Stops at once: what is under way is lost.
    @Override
    public void close() throws IOException {
        selector.close();
        sending.interrupt();
        try {
            receiving.join();
            sending.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        front.close();
        for (DatagramChannel back : backs.values()) {
            back.close();
        }
    }

    /// @param client whose datagrams it is for; null: all of them, it is the front
    private DatagramChannel open(InetSocketAddress bind, @Nullable InetSocketAddress client) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_BYTES);
        channel.bind(bind);
        channel.register(selector, SelectionKey.OP_READ, client);
        return channel;
    }

    private Thread thread(String which, Runnable code) {
        String name = "konce-relay-" + address.getPort() + "-" + which;
        return Thread.ofPlatform().name(name).daemon(true).unstarted(code);
    }

    private void receiveAll() {
        try {
            while (selector.isOpen()) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    receive((DatagramChannel) key.channel(), (InetSocketAddress) key.attachment());
                }
                selector.selectedKeys().clear();
            }
        } catch (ClosedSelectorException e) {
            // Closed meanwhile, from another thread: that is how it stops.
            queue.clear();
        } catch (IOException e) {
            throw new UncheckedIOException("the relay broke", e);
        }
    }

    private void sendAll() {
        try {
            while (selector.isOpen()) {
                send(queue.take());
            }
        } catch (InterruptedException e) {
            // Closed meanwhile, from another thread: that is how it stops.
            queue.clear();
        }
    }

    private void receive(DatagramChannel channel, @Nullable InetSocketAddress client) throws IOException {
        for (int i = 0; i < READS_PER_ROUND_MAX; i++) {
            received.clear();
            InetSocketAddress source;
            try {
                source = (InetSocketAddress) channel.receive(received);
            } catch (PortUnreachableException e) {
                continue;
            }
            if (source == null) {
                return;
            }
            received.flip();
            if (client != null) {
                relay(front, client);
            } else {
                DatagramChannel back = back(source);
                if (back == null) {
                    overflowed.incrementAndGet();
                } else {
                    relay(back, null);
                }
            }
        }
    }

    private @Nullable DatagramChannel back(InetSocketAddress client) throws IOException {
        DatagramChannel back = backs.get(client);
        if (back == null && backs.size() < CLIENTS_MAX) {
            back = open(new InetSocketAddress(from, 0), client);
            backs.put(client, back);
        }
        return back;
    }

    /// Lets chance decide about the datagram in `received`.
    private void relay(DatagramChannel through, @Nullable InetSocketAddress target) {
        if (happens(conditions.loss)) {
            lost.incrementAndGet();
            return;
        }
        if (happens(conditions.corrupt) && received.hasRemaining()) {
            int at = random.nextInt(received.limit());
            received.put(at, (byte) (received.get(at) ^ 1 << random.nextInt(8)));
            corrupted.incrementAndGet();
        }
        hold(through, target);
        if (happens(conditions.duplicate)) {
            duplicated.incrementAndGet();
            hold(through, target);
        }
    }

    private boolean happens(double share) {
        return share > 0 && random.nextDouble() < share;
    }

    private void hold(DatagramChannel through, @Nullable InetSocketAddress target) {
        int length = received.limit();
        if (queueBytes.get() + length > QUEUE_BYTES_MAX) {
            overflowed.incrementAndGet();
            return;
        }
        long waitNanos = conditions.delayNanos;
        if (conditions.jitterNanos > 0) {
            waitNanos += random.nextLong(conditions.jitterNanos + 1);
        }
        if (happens(conditions.reorder)) {
            waitNanos = 0;
        }
        ByteBuffer pooled = length <= POOLED_BYTES ? pool.poll() : null;
        ByteBuffer bytes = pooled != null ? pooled : ByteBuffer.allocateDirect(Math.max(length, POOLED_BYTES));
        bytes.clear().put(0, received, 0, length).limit(length);
        queueBytes.addAndGet(length);
        queue.add(new Held(System.nanoTime() + waitNanos, order++, bytes, through, target));
    }

    private void send(Held held) {
        queueBytes.addAndGet(-held.bytes.limit());
        // Counted first: whoever has received a datagram finds it counted.
        relayed.incrementAndGet();
        try {
            held.through.send(held.bytes, held.target == null ? server : held.target);
        } catch (ClosedChannelException e) {
            queue.clear();
        } catch (IOException e) {
            // A full buffer or a closed port: networks lose datagrams.
            relayed.decrementAndGet();
            overflowed.incrementAndGet();
        }
        if (held.bytes.capacity() == POOLED_BYTES) {
            pool.offer(held.bytes);
        }
    }
}
