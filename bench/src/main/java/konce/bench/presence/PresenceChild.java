package konce.bench.presence;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import konce.bench.process.Answering;
import konce.bench.process.Usage;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.node.Message;
import konce.node.Node;
import konce.node.PlantedPeers;
import konce.node.PlantedPeers.Planted;
import konce.protocol.Address;
import konce.protocol.AtRest;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import org.jspecify.annotations.Nullable;

/// One of the two processes: the server, or the client who is everybody. What both must know they make from one seed of
/// this run: the keys of all clients, in order, and what a handshake with each would have agreed on.
final class PresenceChild {
    private static final HandlerId ECHO = HandlerId.wellKnown(4_711);
    private static final int BATCH = 1_000;
    private static final int SEED_BYTES = 32;
    private static final int HANDSHAKES_AT_ONCE = 64;
    private static final int MESSAGES_AT_ONCE = 256;
    private static final long VAULT_BYTES = 96L << 20;
    private static final long SEEDS = 0x5EED;

    private final Vault vault = Vault.open(VAULT_BYTES);
    private final Node node;
    private final List<SecretKey> identities = new ArrayList<>();
    private Target.@Nullable Peer server;
    private long seed;
    private @Nullable SeededRandom keys;
    private @Nullable SeededRandom seeds;

    private PresenceChild(boolean isServer) throws IOException {
        node = Node.builder()
                .server(isServer)
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .vault(vault)
                .presences(Limits.PRESENCES_MAX)
                .open();
        node.handleOnLoop(ECHO, PresenceChild::echo);
    }

    /// Answers with what came, and with the key of who asked, as the server knows it.
    private static void echo(Message message) {
        PublicKey peer = message.peer();
        byte[] asked = message.bytes();
        byte[] reply = Arrays.copyOf(asked, asked.length + PublicKey.BYTES);
        if (peer != null) {
            System.arraycopy(peer.toBytes(), 0, reply, asked.length, PublicKey.BYTES);
        }
        message.reply(reply);
    }

    public static void main(String[] args) throws IOException {
        PresenceChild child = new PresenceChild(args[0].equals("server"));
        Answering.run(child::answer);
    }

    /// Where a node is.
    record Place(String key, int port) {}

    /// What a process holds, after its garbage is gone.
    record State(int presences, boolean locked, long residentBytes, long heapBytes) {}

    /// What was done.
    ///
    /// @param count how often it went well
    /// @param nanos how long all of it took
    record Done(long count, long nanos) {}

    private Object answer(String[] words) throws Exception {
        return switch (words[0]) {
            case "place" ->
                new Place(
                        HexFormat.of().formatHex(node.publicKey().toBytes()),
                        node.localAddress().getPort());
            case "seed" -> begin(Long.parseLong(words[1]));
            case "server" -> meet(words[1], Integer.parseInt(words[2]));
            case "state" -> state();
            case "identities" -> identities(Integer.parseInt(words[1]));
            case "handshakes" -> handshakes(Integer.parseInt(words[1]));
            case "plant" -> plant(Integer.parseInt(words[1]), words.length > 2 ? Integer.parseInt(words[2]) : 0);
            case "messages" -> messages(Integer.parseInt(words[1]), Long.parseLong(words[2]));
            default -> throw new IllegalArgumentException("what is '" + words[0] + "'?");
        };
    }

    private Done begin(long newSeed) {
        seed = newSeed;
        keys = new SeededRandom(seed);
        seeds = new SeededRandom(seed ^ SEEDS);
        return new Done(0, 0);
    }

    private Done meet(String key, int port) {
        MemorySegment bytes = MemorySegment.ofArray(HexFormat.of().parseHex(key));
        PublicKey decoded = PublicKey.decode(bytes.toArray(ValueLayout.JAVA_BYTE));
        if (decoded == null) {
            throw new IllegalArgumentException(key);
        }
        server = new Target.Peer(decoded, List.of(loopback(port)), null, null);
        return new Done(1, 0);
    }

    private static Address loopback(int port) {
        return Address.of(InetAddress.getLoopbackAddress().getAddress(), port);
    }

    private State state() {
        System.gc();
        Usage usage = Usage.now();
        AtRest atRest = node.atRest();
        return new State(atRest.count(), atRest.locked(), usage.residentBytes(), usage.heapBytes());
    }

    /// Makes the next keys of clients, and of each what a handshake with it would have agreed on is passed over.
    private Done identities(int count) {
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            identities.add(SecretKey.generate(vault, required(keys)));
        }
        return new Done(count, System.nanoTime() - start);
    }

    /// Real handshakes of the client: a message and its reply on a channel, which is then closed.
    private Done handshakes(int count) throws InterruptedException {
        long start = System.nanoTime();
        Semaphore free = new Semaphore(HANDSHAKES_AT_ONCE);
        AtomicInteger good = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            free.acquire();
            SecretKey identity = identities.get(i);
            node.send(as(identity), ECHO, new byte[Integer.BYTES], SendOptions.REQUEST)
                    .thenAccept(outcome -> {
                        if (outcome instanceof Outcome.Replied(long channel, var _, var _) && channel >= 0) {
                            good.incrementAndGet();
                            node.closeChannel(channel);
                        }
                        free.release();
                    });
        }
        free.acquire(HANDSHAKES_AT_ONCE);
        return new Done(good.get(), System.nanoTime() - start);
    }

    private Target.Peer as(SecretKey identity) {
        Target.Peer known = required(server);
        return new Target.Peer(known.key(), known.addresses(), identity, null);
    }

    /// Plants the next presences.
    ///
    /// @param clientPort where the clients are, at the server; 0: this is the client
    private Done plant(int count, int clientPort) {
        long start = System.nanoTime();
        int planted = 0;
        for (int done = 0; done < count; done += BATCH) {
            List<Planted> batch = new ArrayList<>();
            for (int i = done; i < Math.min(count, done + BATCH); i++) {
                SecretKey identity = SecretKey.generate(vault, required(keys));
                Secret agreed = Secret.random(vault, required(seeds), SEED_BYTES);
                if (clientPort == 0) {
                    Target.Peer known = required(server);
                    identities.add(identity);
                    batch.add(new Planted(
                            known.key(), identity.publicKey(), known.addresses().getFirst(), agreed));
                } else {
                    identity.close();
                    batch.add(new Planted(identity.publicKey(), null, loopback(clientPort), agreed));
                }
            }
            planted += PlantedPeers.plant(node, batch);
            batch.forEach(one -> one.seed().close());
        }
        return new Done(planted, System.nanoTime() - start);
    }

    /// Messages of clients drawn at random, each at most once.
    private Done messages(int count, long draw) throws InterruptedException {
        int[] order = new int[identities.size()];
        Arrays.setAll(order, i -> i);
        SplittableRandom random = new SplittableRandom(draw);
        long start = System.nanoTime();
        Semaphore free = new Semaphore(MESSAGES_AT_ONCE);
        AtomicInteger good = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            int other = i + random.nextInt(order.length - i);
            int one = order[other];
            order[other] = order[i];
            SecretKey identity = identities.get(one);
            byte[] asked = ByteBuffer.allocate(Integer.BYTES).putInt(one).array();
            free.acquire();
            node.send(as(identity), ECHO, asked, SendOptions.REQUEST).thenAccept(outcome -> {
                good.addAndGet(isRight(outcome, asked, identity.publicKey()) ? 1 : 0);
                free.release();
                all.countDown();
            });
        }
        all.await();
        return new Done(good.get(), System.nanoTime() - start);
    }

    /// Whether it was answered by a presence, with what was asked, by a server that knows who asked.
    private static boolean isRight(Outcome outcome, byte[] asked, PublicKey own) {
        if (!(outcome instanceof Outcome.Replied(long presence, MemorySegment payload, var _)) || presence >= 0) {
            return false;
        }
        byte[] expected = Arrays.copyOf(asked, asked.length + PublicKey.BYTES);
        System.arraycopy(own.toBytes(), 0, expected, asked.length, PublicKey.BYTES);
        return Arrays.equals(expected, payload.toArray(ValueLayout.JAVA_BYTE));
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("this was not said before");
        }
        return value;
    }
}
