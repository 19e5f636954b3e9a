package konce.bench.peer;

import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import konce.crypto.PublicKey;
import konce.crypto.SecretKey;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import konce.node.Message;
import konce.node.MessageHandler;
import konce.node.Node;
import konce.node.NodeBuilder;
import konce.protocol.Address;
import konce.protocol.HandlerId;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import konce.protocol.endpoint.EndpointConfig;

/// Konce, as a program uses it: by [Node].
final class KoncePeer implements Contestant {
    /// A session protocol.
    enum Session {
        XCHACHA(1, "XChaCha20-Poly1305"),
        AEGIS(2, "AEGIS-256"),
        PADDED(3, "XChaCha20-Poly1305, padded");

        private final long number;
        private final String title;

        Session(long number, String title) {
            this.number = number;
            this.title = title;
        }
    }

    /// Where the programs' code runs.
    enum Code {
        /// On threads of its own, where it may block: the default.
        THREADS,
        /// On the loop, which Netty's own peers do too: it has promised not to block.
        LOOP
    }

    private static final HandlerId HANDLER = HandlerId.wellKnown(1);
    private static final MemorySegment PAYLOAD = MemorySegment.ofArray(new byte[Requests.REQUEST_BYTES]);
    /// Peers kept between channels.
    private static final int PRESENCES = 1_024;

    private static final long IDLE_NANOS = 120_000_000_000L;

    /// Expected hashes of a guarded server's puzzle: about a millisecond.
    private static final long EFFORT = 4_096;

    /// Bytes of secrets of a client with ten thousand channels and more.
    private static final long CLIENT_VAULT_BYTES = 16L << 20;

    private final String name;
    private final Session session;
    private final int datagramBytes;
    private final Code code;

    /// @param datagramBytes the largest datagram sent
    KoncePeer(String name, Session session, int datagramBytes, Code code) {
        this.name = name;
        this.session = session;
        this.datagramBytes = datagramBytes;
        this.code = code;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String title() {
        return "Konce, " + session.title
                + String.format(Locale.ROOT, ", datagrams of up to %,d B", datagramBytes)
                + (code == Code.LOOP ? ", handlers on the loop" : "");
    }

    @Override
    public List<String> tuning() {
        return List.of(
                "the defaults of konce.node.Node but for the session protocol, the largest datagram and the idle time",
                code == Code.LOOP
                        ? "Node.handleOnLoop and Node.runOnLoop: the programs' code runs where Netty's own peers run it"
                        : "blocks are messages of 1 MiB, 16 of them under way, whose memory the receiver gives back"
                                + " (Message.giveBack), as Netty's peers release their buffers");
    }

    @Override
    public Set<Discipline> disciplines() {
        if (code == Code.LOOP) {
            return EnumSet.of(Discipline.REQUESTS);
        }
        if (datagramBytes > Contestants.PACKET_BYTES) {
            return EnumSet.of(Discipline.BULK);
        }
        return session == Session.XCHACHA
                ? EnumSet.allOf(Discipline.class)
                : EnumSet.of(Discipline.BULK, Discipline.REQUESTS, Discipline.GARBAGE);
    }

    @Override
    public boolean overTcp() {
        return false;
    }

    @Override
    public boolean canBeGuarded() {
        return true;
    }

    @Override
    public String listen(Setting setting) throws Exception {
        Node server = node().server(true)
                .effort(setting.guarded() ? EFFORT : 0)
                .listen(Loopback.any())
                .open();
        switch (setting.discipline()) {
            case BULK -> server.handle(HANDLER, Message::giveBack);
            case REQUESTS, HANDSHAKES, REPLY, IDLE, GARBAGE -> {
                MessageHandler echo = message -> message.reply(new byte[Requests.REQUEST_BYTES]);
                switch (code) {
                    case THREADS -> server.handle(HANDLER, echo);
                    case LOOP -> server.handleOnLoop(HANDLER, echo);
                }
            }
        }
        return HexFormat.of().formatHex(server.publicKey().toBytes()) + "@" + Loopback.text(server.localAddress());
    }

    @Override
    public Bulk bulk(String address, Setting setting) throws Exception {
        return new Blocks(node().open(), target(address));
    }

    @Override
    public Requests requests(String address, Setting setting) throws Exception {
        Node client = node().open();
        Target target = target(address);
        boolean atRest = setting.discipline() == Discipline.REPLY;
        Requests requests = reply -> client.send(target, HANDLER, PAYLOAD, SendOptions.REQUEST)
                .thenAccept(outcome -> {
                    // Without a channel the next request goes to a presence.
                    if (atRest && outcome instanceof Outcome.Replied replied && replied.channel() >= 0) {
                        client.closeChannel(replied.channel());
                    }
                    tell(outcome, reply);
                });
        return switch (code) {
            case THREADS -> requests;
            case LOOP -> reply -> client.runOnLoop(() -> requests.request(reply));
        };
    }

    @Override
    public Connections connections(String address, Setting setting) throws Exception {
        Vault vault = Vault.open(CLIENT_VAULT_BYTES);
        Node client = node().vault(vault).open();
        Target.Peer server = target(address);
        SendOptions options = SendOptions.REQUEST.withIdle(IDLE_NANOS);
        return (keep, reply) -> {
            // A channel belongs to an identity: another one makes another channel.
            SecretKey identity = SecretKey.generate(vault, new SystemRandom());
            Target target = new Target.Peer(server.key(), server.addresses(), identity, null);
            client.send(target, HANDLER, PAYLOAD, options).thenAccept(outcome -> {
                identity.close();
                if (!keep && outcome instanceof Outcome.Replied replied) {
                    client.closeChannel(replied.channel());
                }
                tell(outcome, reply);
            });
        };
    }

    @Override
    public Garbage garbage() {
        return new PacketPath(session.number, datagramBytes);
    }

    private static void tell(Outcome outcome, Requests.Reply reply) {
        if (outcome instanceof Outcome.Replied) {
            reply.arrived();
        } else {
            reply.failed(new IllegalStateException(outcome.toString()));
        }
    }

    private NodeBuilder node() {
        EndpointConfig defaults = EndpointConfig.CLIENT;
        return Node.builder()
                .datagramBytesMax(datagramBytes)
                .presences(PRESENCES)
                .endpoint(defaults.withProtocols(defaults.handshakeProtocols(), List.of(session.number))
                        .withIdle(IDLE_NANOS));
    }

    private static Target.Peer target(String text) {
        int at = text.indexOf('@');
        PublicKey key = PublicKey.decode(HexFormat.of().parseHex(text.substring(0, at)));
        return new Target.Peer(Objects.requireNonNull(key), List.of(Address.parse(text.substring(at + 1))), null, null);
    }

    /// Sends blocks as messages, so many at a time that the channel never runs dry.
    private static final class Blocks implements Bulk {
        private static final int OUTSTANDING = 16;
        private static final long REST_SECONDS_MAX = 20;

        private final Node client;
        private final Target target;
        private final MemorySegment block = MemorySegment.ofArray(new byte[BLOCK_BYTES]);

        Blocks(Node client, Target target) {
            this.client = client;
            this.target = target;
        }

        @Override
        public Moved moveUntil(long deadlineNanos) throws Exception {
            Transfer transfer = new Transfer(deadlineNanos);
            for (int i = 0; i < OUTSTANDING; i++) {
                transfer.send();
            }
            long rest = deadlineNanos - System.nanoTime() + TimeUnit.SECONDS.toNanos(REST_SECONDS_MAX);
            return transfer.moved.get(rest, TimeUnit.NANOSECONDS);
        }

        /// One call of [#moveUntil].
        private final class Transfer {
            private final long startNanos = System.nanoTime();
            private final long deadlineNanos;
            private final CompletableFuture<Moved> moved = new CompletableFuture<>();
            private final AtomicInteger open = new AtomicInteger(OUTSTANDING);
            private final AtomicLong delivered = new AtomicLong();

            Transfer(long deadlineNanos) {
                this.deadlineNanos = deadlineNanos;
            }

            void send() {
                client.send(target, HANDLER, block, SendOptions.ONE_WAY).thenAccept(this::handle);
            }

            private void handle(Outcome outcome) {
                if (!(outcome instanceof Outcome.Delivered)) {
                    moved.completeExceptionally(new IllegalStateException(outcome.toString()));
                    return;
                }
                long blocks = delivered.incrementAndGet();
                if (System.nanoTime() - deadlineNanos < 0) {
                    send();
                } else if (open.decrementAndGet() == 0) {
                    moved.complete(new Moved(blocks * BLOCK_BYTES, System.nanoTime() - startNanos));
                }
            }
        }
    }
}
