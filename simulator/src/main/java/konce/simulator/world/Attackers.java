package konce.simulator.world;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.Limits;
import konce.protocol.ServerConfig;
import konce.protocol.endpoint.EndpointConfig;
import konce.simulator.check.PacketType;
import konce.simulator.clock.Dice;
import konce.simulator.network.Link;
import konce.simulator.network.Network;
import konce.simulator.plan.Attack;
import org.jspecify.annotations.Nullable;

/// Those who disturb a run. Off the path they send what they like under any address; on it they also see, copy and
/// overtake. They hold no key but their own.
final class Attackers implements AutoCloseable {
    private static final long SECOND = 1_000_000_000L;
    private static final int GARBAGE_BYTES_MAX = 1_400;

    private final World world;
    private final Dice dice;
    private final Vault vault;
    private final Party.Maker maker;
    private final SeededRandom random;
    private @Nullable SecretKey rogueKey;
    private @Nullable Party rogue;
    private @Nullable Floods floods;
    private byte @Nullable [] seenInit;
    private boolean ended;
    private long sent;

    /// @param maker makes the rogue server's endpoint
    Attackers(World world, Dice dice, Vault vault, Party.Maker maker, SeededRandom random) {
        this.world = world;
        this.dice = dice;
        this.vault = vault;
        this.maker = maker;
        this.random = random;
    }

    void begin() {
        for (Attack attack : world.plan().attacks()) {
            begin(attack);
        }
    }

    private void begin(Attack attack) {
        switch (attack) {
            case Attack.Garbage(int perSecond) -> everySoOften(perSecond, this::garbage);
            case Attack.SpoofedInits(int perSecond) -> {
                watch(PacketType.INIT, (_, _, init) -> seenInit = init);
                everySoOften(perSecond, this::spoofInit);
            }
            case Attack.CopiedInits(int copies) ->
                watch(PacketType.INIT, (_, destination, init) -> {
                    for (int i = 0; i < copies; i++) {
                        later(dice.between(0, SECOND), stranger(), destination, init);
                    }
                });
            case Attack.BlindInitAcks(int perSecond) -> everySoOften(perSecond, this::blindInitAck);
            case Attack.CookieEchoReplay replay ->
                watch(PacketType.COOKIE_ECHO, (source, destination, echo) -> replay(replay, source, destination, echo));
            case Attack.BitFlips(int copies) ->
                world.network().tap((source, destination, datagram) -> {
                    if (!ended && PacketType.of(datagram).isHandshake()) {
                        flip(copies, source, destination, datagram);
                    }
                });
            case Attack.OvertakingInitAcks(long effort) -> {
                Party party = makeRogue(effort);
                watch(PacketType.INIT, (source, destination, init) -> overtake(party, source, destination, init));
            }
            case Attack.DataAhead(double chance) -> {
                Address elsewhere = stranger();
                watch(PacketType.DATA, (_, destination, data) -> {
                    if (dice.chance(chance)) {
                        later(0, elsewhere, destination, data);
                    }
                });
            }
            case Attack.Flood(Attack.Flood.Kind kind, int perSecond) -> {
                Floods flooder = makeFloods();
                everySoOften(perSecond, () -> flooder.act(kind));
            }
            case Attack.DataReplay(double chance, long latestNanos) ->
                watch(PacketType.DATA, (source, destination, data) -> {
                    if (dice.chance(chance)) {
                        Address from = dice.chance(0.5) ? source : stranger();
                        later(dice.between(0, latestNanos), from, destination, data);
                    }
                });
        }
    }

    private Floods makeFloods() {
        Floods made = floods;
        if (made == null) {
            made = new Floods(
                    world,
                    dice,
                    vault,
                    random.fork("floods"),
                    (source, destination, datagram) -> later(0, source, destination, datagram));
            floods = made;
        }
        return made;
    }

    void end() {
        ended = true;
    }

    long sent() {
        return sent;
    }

    @Override
    public void close() {
        if (rogue != null) {
            rogue.close();
        }
        if (floods != null) {
            floods.close();
        }
        if (rogueKey != null) {
            rogueKey.close();
        }
    }

    private void watch(PacketType type, Network.Tap tap) {
        world.network().tap((source, destination, datagram) -> {
            if (!ended && PacketType.of(datagram) == type) {
                tap.see(source, destination, datagram);
            }
        });
    }

    private void everySoOften(int perSecond, Runnable what) {
        world.timeline().after(dice.between(0, 2 * SECOND / perSecond), () -> {
            if (!ended) {
                what.run();
                everySoOften(perSecond, what);
            }
        });
    }

    private void later(long delayNanos, Address source, Address destination, byte[] datagram) {
        world.timeline().after(delayNanos, () -> {
            if (!ended) {
                sent++;
                world.network().inject(source, destination, datagram);
            }
        });
    }

    private void garbage() {
        byte[] bytes = new byte[dice.size(GARBAGE_BYTES_MAX)];
        dice.fill(bytes);
        if (bytes.length > 0 && dice.chance(0.9)) {
            List<PacketType> types = List.of(PacketType.values());
            bytes[0] = (byte) (dice.pick(types).code() | dice.below(2));
        }
        Address victim = dice.pick(world.hosts()).address();
        Address source = dice.chance(0.5)
                ? stranger()
                : world.network().outside(dice.pick(world.hosts()).address());
        later(0, source, world.network().outside(victim), bytes);
    }

    private void spoofInit() {
        byte[] init = seenInit;
        if (init != null) {
            byte[] copy = init.clone();
            byte[] clientRandom = new byte[16];
            dice.fill(clientRandom);
            System.arraycopy(clientRandom, 0, copy, 1, clientRandom.length);
            later(0, stranger(), world.host(0).address(), copy);
        }
    }

    private void blindInitAck() {
        byte[] forged = new byte[(int) dice.between(100, Limits.INIT_BYTES)];
        dice.fill(forged);
        forged[0] = (byte) (PacketType.INIT_ACK.code() | dice.below(2));
        Address client = world.host(1 + dice.below(world.hosts().size() - 1)).address();
        later(0, world.host(0).address(), world.network().outside(client), forged);
    }

    private void replay(Attack.CookieEchoReplay replay, Address source, Address destination, byte[] echo) {
        for (int i = 0; i < replay.copies(); i++) {
            Address from = replay.otherAddresses() && dice.chance(0.5) ? stranger() : source;
            long latestNanos = dice.chance(0.5) ? replay.latestNanos() : SECOND / 10;
            later(dice.between(0, latestNanos), from, destination, echo);
        }
    }

    private void flip(int copies, Address source, Address destination, byte[] datagram) {
        for (int i = 0; i < copies; i++) {
            later(dice.between(0, SECOND / 10), source, destination, Link.flipBits(datagram, dice));
        }
    }

    private Party makeRogue(long effort) {
        SecretKey key = SecretKey.generate(vault, random.fork("key"));
        rogueKey = key;
        EndpointConfig config = EndpointConfig.CLIENT.withServer(new ServerConfig(key, false, effort, null));
        rogue = maker.make(config, vault, random.fork("endpoint"), 0);
        return rogue;
    }

    /// Lets the rogue server answer, in the true server's name.
    private void overtake(Party party, Address client, Address server, byte[] init) {
        long nowNanos = world.timeline().nowNanos();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_BYTE, init);
            var _ = party.handleDatagram(nowNanos, client, segment);
        }
        for (Party.Outgoing out = party.pollDatagram(nowNanos); out != null; out = party.pollDatagram(nowNanos)) {
            later(0, server, client, out.datagram());
        }
    }

    /// An address where nobody is.
    private Address stranger() {
        return Address.of(
                new byte[] {(byte) 203, 0, 113, (byte) dice.between(1, 254)}, (int) dice.between(1_024, 65_535));
    }
}
