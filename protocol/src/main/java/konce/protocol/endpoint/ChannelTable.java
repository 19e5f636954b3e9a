package konce.protocol.endpoint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import konce.crypto.PublicKey;
import konce.crypto.SecretKey;
import konce.protocol.Target;
import konce.protocol.path.Path;
import konce.protocol.table.LongMap;
import org.jspecify.annotations.Nullable;

/// The channels of an endpoint, by everything they are found by: their number (the application), their id (packets),
/// the client random (answers to a handshake), the attempt (a client that comes again), the route (sends).
///
/// - error: never throws; [Endpoint] holds it to [konce.protocol.Limits#CHANNELS_MAX]
final class ChannelTable {
    /// Whom a channel made here leads to, and as whom.
    record Route(PublicKey peer, @Nullable PublicKey identity) {
        static Route of(Target.Peer peer) {
            SecretKey identity = peer.identity();
            return new Route(peer.key(), identity == null ? null : identity.publicKey());
        }
    }

    private final LongMap<Channel> byNumber;
    private final LongMap<Channel> byLocalId;
    private final LongMap<Channel> byClientRandom;
    private final LongMap<Channel> byAttempt;
    private final Map<Route, Channel> byRoute = new HashMap<>();
    private long nextNumber = 1;

    /// @param spread any random number
    ChannelTable(long spread) {
        byNumber = new LongMap<>(spread);
        byLocalId = new LongMap<>(spread);
        byClientRandom = new LongMap<>(spread);
        byAttempt = new LongMap<>(spread);
    }

    /// The number of the next channel. No two ever have the same.
    long nextNumber() {
        return nextNumber++;
    }

    int size() {
        return byNumber.size();
    }

    /// How many are connecting.
    int connecting() {
        return byClientRandom.size();
    }

    /// Takes a channel that is connecting, or accepted.
    void add(Channel channel) {
        byNumber.put(channel.number(), channel);
        channel.ids().listFirst(byLocalId, channel);
        Route route = channel.route();
        if (route == null) {
            byAttempt.put(channel.attempt(), channel);
        } else {
            byClientRandom.put(channel.clientRandomKey(), channel);
            byRoute.put(route, channel);
        }
    }

    /// A channel's handshake is over.
    void onConnected(Channel channel) {
        byClientRandom.remove(channel.clientRandomKey());
    }

    /// @return whether it was there
    boolean remove(Channel channel) {
        if (byNumber.remove(channel.number()) == null) {
            return false;
        }
        channel.ids().unlist(byLocalId, channel);
        Route route = channel.route();
        if (route != null) {
            byClientRandom.remove(channel.clientRandomKey());
            byRoute.remove(route, channel);
        } else if (channel.equals(byAttempt.find(channel.attempt()))) {
            byAttempt.remove(channel.attempt());
        }
        return true;
    }

    @Nullable
    Channel find(long number) {
        return byNumber.find(number);
    }

    /// Lists what an open channel is called by now.
    void list(Channel channel) {
        if (channel.ids().isChanged() && channel.isOpen()) {
            channel.ids().list(byLocalId, channel, channel.packets().keys().headerKey());
        }
    }

    @Nullable
    Channel findByLocalId(long localId) {
        return byLocalId.find(localId);
    }

    @Nullable
    Channel findByClientRandom(long key) {
        return byClientRandom.find(key);
    }

    @Nullable
    Channel findByAttempt(long attempt) {
        return byAttempt.find(attempt);
    }

    @Nullable
    Channel findByRoute(Route route) {
        return byRoute.get(route);
    }

    /// Hands a step of a post-quantum exchange back to its channel; wipes it where that is gone.
    @Nullable
    Channel handleJob(long nowNanos, EncapsulationJob step) {
        Channel channel = byNumber.find(step.channel());
        if (channel == null) {
            step.close();
        } else {
            channel.handleJob(nowNanos, step);
        }
        return channel;
    }

    /// Live figures of those that are open, by their number.
    List<ChannelStatus> statuses(long nowNanos) {
        List<ChannelStatus> list = new ArrayList<>();
        byNumber.forEach(channel -> {
            if (channel.isOpen()) {
                list.add(channel.status(nowNanos));
            }
        });
        list.sort(Comparator.comparingLong(ChannelStatus::channel));
        return list;
    }

    /// All go on from another address of our own.
    void move(long nowNanos, Consumer<? super Channel> moved) {
        Set<Path> renewed = new HashSet<>();
        byNumber.forEach(channel -> {
            channel.onMoved(nowNanos, renewed);
            moved.accept(channel);
        });
    }

    void forEach(Consumer<? super Channel> visitor) {
        byNumber.forEach(visitor);
    }
}
