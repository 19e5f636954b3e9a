package konce.protocol.endpoint;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import konce.crypto.RandomSource;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.Event;
import konce.protocol.HandlerId;
import konce.protocol.Observer;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import konce.protocol.handshake.ClientHandshake;
import konce.protocol.handshake.ConnectPlan;
import konce.protocol.handshake.EarlyPayload;
import konce.protocol.handshake.HandshakeTrace;
import konce.protocol.message.Held;
import konce.protocol.path.Path;
import konce.protocol.path.Turns;
import konce.protocol.table.DeadlineHeap;
import konce.protocol.wire.FrameReader;
import konce.protocol.wire.ProtocolOffer;

/// What the channels of one endpoint share.
///
/// @param config its knobs
/// @param vault where secrets live
/// @param random its randomness
/// @param events for the driver
/// @param sends what has not settled
/// @param deadlines of the channels
/// @param paths by remote address
/// @param durableHandlers that are open
/// @param held of their peers' messages
/// @param turns on its paths
/// @param resting its peers between channels
/// @param builder of packets
/// @param reader of frames
/// @param links what is known of them
/// @param sight of whoever observes it
/// @param acquaintances by what it is known again
record Shared(
        EndpointConfig config,
        Vault vault,
        RandomSource random,
        ArrayDeque<Event> events,
        Sends sends,
        DeadlineHeap<Channel> deadlines,
        Map<Address, Path> paths,
        Set<HandlerId> durableHandlers,
        Held held,
        Turns turns,
        Resting resting,
        PacketBuilder builder,
        FrameReader reader,
        Links links,
        Sight sight,
        Acquaintances acquaintances) {

    static Shared of(EndpointConfig config, Vault vault, RandomSource random) {
        ArrayDeque<Event> events = new ArrayDeque<>();
        return new Shared(
                config,
                vault,
                random,
                events,
                new Sends(events, random.nextLong()),
                new DeadlineHeap<>(),
                new HashMap<>(),
                new HashSet<>(),
                new Held(),
                new Turns(),
                new Resting(),
                new PacketBuilder(),
                new FrameReader(),
                new Links(config.datagramBytesMax()),
                new Sight(),
                new Acquaintances());
    }

    // = docs/spec/05-paths.md R5.5
    /// The path to an address; a channel that uses it counts itself in.
    Path joinPath(Address remote, long nowNanos) {
        Path path = paths.get(remote);
        if (path == null) {
            long chance = random.nextLong();
            path = new Path(remote, links.datagramBytesMax(remote), config.congestion(), chance, nowNanos, turns);
            paths.put(remote, path);
        }
        path.join();
        return path;
    }

    /// The path to where another leads, from a new address of our own: what was measured on the other says nothing.
    ///
    /// @param others paths that are new themselves already
    Path renewPath(Path old, Set<Path> others, long nowNanos) {
        Path there = paths.get(old.remote());
        if (there != null && !others.contains(there)) {
            paths.remove(old.remote());
        }
        Path path = joinPath(old.remote(), nowNanos);
        others.add(path);
        return path;
    }

    /// A handshake with a peer.
    ///
    /// @param channel the number of the channel it is for
    ClientHandshake handshake(long nowNanos, Target.Peer peer, ProtocolOffer ours, long channel, EarlyPayload early) {
        return new ClientHandshake(plan(peer, ours), vault, random, early, trace(channel), config.keyLog(), nowNanos);
    }

    /// Takes a path along to a peer's new port.
    ///
    /// @return whether it could
    boolean follow(Path path, Address remote) {
        Address before = path.remote();
        if (paths.containsKey(remote) || !path.follow(remote)) {
            return false;
        }
        paths.remove(before);
        paths.put(remote, path);
        return true;
    }

    /// Whether a message waits for keys that ML-KEM has entered.
    boolean isMarked(SendOptions options) {
        return options.postQuantum() || config.keys().required();
    }

    void leavePath(Path path) {
        if (path.leave()) {
            turns.forget(path);
            paths.remove(path.remote(), path);
        }
    }

    /// How to connect to a peer.
    ConnectPlan plan(Target.Peer peer, ProtocolOffer ours) {
        return new ConnectPlan(
                peer.key(),
                peer.addresses(),
                peer.identity(),
                peer.invitation(),
                acquaintances.take(ChannelTable.Route.of(peer)),
                peer.masterKey(),
                ours,
                config.effortMax(),
                config.puzzleJobs());
    }

    /// Makes events of a handshake's steps, where the configuration asks for them, and shows them to the observer.
    private HandshakeTrace trace(long channel) {
        return (now, remote, step, bytes, detail) -> {
            if (config.trace()) {
                events.add(new Event.HandshakeTraced(now, remote, step, bytes, detail));
            }
            Observer observer = sight.observer();
            if (observer != null) {
                observer.onHandshake(now, channel, remote, step, bytes);
            }
        };
    }
}
