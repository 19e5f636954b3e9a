package konce.simulator.world;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.SigningKey;
import konce.crypto.Vault;
import konce.crypto.VerifyingKey;
import konce.protocol.Address;
import konce.protocol.CongestionControl;
import konce.protocol.KeyChangeNotice;
import konce.protocol.Limits;
import konce.protocol.PrivateGroup;
import konce.protocol.ServerConfig;
import konce.protocol.endpoint.EndpointConfig;
import konce.simulator.clock.Dice;
import konce.simulator.plan.HostOptions;
import konce.simulator.plan.Meeting;
import konce.simulator.plan.Plan;
import org.jspecify.annotations.Nullable;

/// Makes what a plan says the hosts are: addresses, keys, configurations, parties.
final class HostMaker implements AutoCloseable {
    /// The most work a client does, in expected hashes: little, so that a forged INIT-ACK does not cost a run
    /// seconds.
    static final long EFFORT_MAX = 1 << 12;

    /// The last byte of the server's IPv4 address; clients follow.
    private static final int HOST_MARK = 10;

    private static final int SERVER_PORT = 413;
    private static final int CLIENT_PORTS = 50_000;
    private static final List<Long> SERVER_PROTOCOLS = List.of(2L);
    private static final List<Long> OTHER_PROTOCOLS = List.of(1L, 3L);

    private final Plan plan;
    private final Vault vault;
    private final SeededRandom random;
    private final Party.Maker maker;
    private final List<SecretKey> keys = new ArrayList<>();
    private final SecretKey serverKey;
    private final SecretKey groupKey;
    private final Secret invitation;
    private final Secret withdrawn;
    private final SigningKey masterKey;
    private final PublicKey wantedKey;
    private int parties;

    HostMaker(Plan plan, Vault vault, SeededRandom random, Party.Maker maker) {
        this.plan = plan;
        this.vault = vault;
        this.random = random;
        this.maker = maker;
        serverKey = key("server key");
        groupKey = key("group key");
        invitation = Secret.random(vault, random.fork("invitation"), PrivateGroup.SECRET_BYTES);
        withdrawn = Secret.random(vault, random.fork("withdrawn"), PrivateGroup.SECRET_BYTES);
        masterKey = SigningKey.generate(vault, random.fork("master key"));
        wantedKey = switch (plan.expectations().meeting()) {
            case THE_SERVER, NO_COMMON_PROTOCOL, TOO_MUCH_WORK -> serverKey.publicKey();
            case A_PRIVATE_GROUP, NOT_INVITED -> groupKey.publicKey();
            case AN_IMPOSTOR, A_CHANGED_KEY -> key("another server key").publicKey();
        };
    }

    /// A host's address: 0 is the server.
    Address address(int host) {
        int port = host == 0 ? SERVER_PORT : CLIENT_PORTS + host;
        return plan.hosts().ipv6()
                ? new Address(0x2001_0DB8_0000_0000L | host, host + 1L, port)
                : Address.of(new byte[] {(byte) 198, 51, 100, (byte) (HOST_MARK + host)}, port);
    }

    /// Where clients are told the server is: some addresses where nobody is, then its own.
    List<Address> serverAddresses() {
        List<Address> addresses = new ArrayList<>();
        for (int i = 0; i < plan.hosts().deadAddresses(); i++) {
            addresses.add(new Address(0x2001_0DB8_FFFF_0000L, i, SERVER_PORT));
        }
        addresses.add(address(0));
        return addresses;
    }

    /// The key a client asks for.
    PublicKey wantedKey(int client) {
        return isOutsider(client) ? serverKey.publicKey() : wantedKey;
    }

    /// Under what it asks for it; null: as anybody may.
    @Nullable
    Secret invitation(int client) {
        return switch (plan.expectations().meeting()) {
            case A_PRIVATE_GROUP -> isOutsider(client) ? null : invitation;
            case NOT_INVITED -> withdrawn;
            case THE_SERVER, NO_COMMON_PROTOCOL, TOO_MUCH_WORK, AN_IMPOSTOR, A_CHANGED_KEY -> null;
        };
    }

    private boolean isOutsider(int client) {
        return plan.expectations().meeting() == Meeting.A_PRIVATE_GROUP
                && client == plan.hosts().clients();
    }

    /// The key the server has.
    PublicKey serverKey() {
        return serverKey.publicKey();
    }

    /// Who may vouch for a changed server key.
    VerifyingKey masterKey() {
        return masterKey.verifyingKey();
    }

    SecretKey key(String purpose) {
        SecretKey key = SecretKey.generate(vault, random.fork(purpose));
        keys.add(key);
        return key;
    }

    HostClock clock(Dice dice) {
        int ratePpmMax = plan.hosts().clockRatePpmMax();
        return new HostClock(dice.between(0, 1L << 50), (int) dice.between(-ratePpmMax, ratePpmMax));
    }

    /// A new party, as if a process had just started.
    Party party(Host.Place place, Dice dice, long nowNanos) {
        HostOptions options = plan.hosts();
        boolean stranger = plan.expectations().meeting() == Meeting.NO_COMMON_PROTOCOL;
        List<Long> sessions =
                !stranger ? options.sessionProtocols() : place.serves() ? SERVER_PROTOCOLS : OTHER_PROTOCOLS;
        EndpointConfig config = new EndpointConfig(
                place.serves() ? serverConfig() : null,
                shuffled(options.handshakeProtocols(), dice),
                shuffled(sessions, dice),
                options.messageBytesMax(),
                Math.max(Limits.CREDIT_BYTES_MIN, (long) options.messageBytesMax() + Limits.MESSAGE_OVERHEAD_BYTES),
                plan.workload().timing().idleNanos(),
                0,
                EFFORT_MAX,
                options.puzzleJobs(),
                options.datagramBytesMax(),
                CongestionControl.PIPE,
                false,
                true,
                options.keys(),
                false);
        return maker.make(config, vault, random.fork(place.name() + " " + parties++), nowNanos);
    }

    private ServerConfig serverConfig() {
        HostOptions options = plan.hosts();
        @Nullable KeyChangeNotice notice = null;
        long effort = options.effort();
        switch (plan.expectations().meeting()) {
            case A_CHANGED_KEY -> notice = notice();
            case TOO_MUCH_WORK -> effort = EFFORT_MAX + 1;
            case THE_SERVER, AN_IMPOSTOR, NO_COMMON_PROTOCOL, A_PRIVATE_GROUP, NOT_INVITED -> {}
        }
        ServerConfig config = new ServerConfig(serverKey, options.anonymous() == 0, effort, notice);
        int members = options.clients() * options.identities();
        PrivateGroup group =
                new PrivateGroup(1, groupKey, List.of(new PrivateGroup.Invitation(1, invitation, members, List.of())));
        return switch (plan.expectations().meeting()) {
            case A_PRIVATE_GROUP, NOT_INVITED -> config.withGroups(List.of(group));
            case THE_SERVER, AN_IMPOSTOR, A_CHANGED_KEY, NO_COMMON_PROTOCOL, TOO_MUCH_WORK -> config;
        };
    }

    /// - source: docs/spec/03-handshake.md, section 8
    private KeyChangeNotice notice() {
        byte[] label = "konce key change 1".getBytes(StandardCharsets.US_ASCII);
        long sequence = 1;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment statement = arena.allocate(label.length + (long) PublicKey.BYTES + Long.BYTES);
            MemorySegment.copy(label, 0, statement, ValueLayout.JAVA_BYTE, 0, label.length);
            serverKey.publicKey().writeTo(statement, label.length);
            ValueLayout.OfLong big = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
            statement.set(big, label.length + (long) PublicKey.BYTES, sequence);
            MemorySegment signature = arena.allocate(VerifyingKey.SIGNATURE_BYTES);
            masterKey.sign(statement, signature);
            return new KeyChangeNotice(serverKey.publicKey(), sequence, signature.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private static List<Long> shuffled(List<Long> numbers, Dice dice) {
        List<Long> order = new ArrayList<>(numbers);
        for (int i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, dice.below(i + 1));
        }
        return order;
    }

    @Override
    public void close() {
        keys.forEach(SecretKey::close);
        invitation.close();
        withdrawn.close();
        masterKey.close();
    }
}
