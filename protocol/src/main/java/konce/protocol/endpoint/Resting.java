package konce.protocol.endpoint;

import java.lang.foreign.MemorySegment;
import java.util.List;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.protocol.Address;
import konce.protocol.AtRest;
import konce.protocol.DropReason;
import konce.protocol.GroupVisit;
import konce.protocol.HandlerId;
import konce.protocol.Outcome;
import konce.protocol.Refusal;
import konce.protocol.Target;
import konce.protocol.message.Outgoing;
import konce.protocol.presence.Presences;
import konce.protocol.table.DeadlineHeap;
import konce.protocol.wire.MessageSegment;
import konce.protocol.wire.PacketType;
import org.jspecify.annotations.Nullable;

/// Where an endpoint meets its presences, if it keeps any.
final class Resting {
    /// The owner of a server's presences.
    private static final long SERVER = 0;

    private @Nullable Presences presences;

    /// Forgets a peer, as a client of ours and as a server.
    ///
    /// @param identities of ours that it may know
    void forgetPeer(PublicKey peer, Iterable<PublicKey> identities) {
        if (presences != null) {
            presences.forget(peer, SERVER);
            for (PublicKey identity : identities) {
                presences.forget(peer, Presences.ownerOf(identity));
            }
        }
    }

    /// Keeps peers from now on.
    void keep(int countMax, long idleNanos, Shared shared) {
        if (presences != null) {
            throw new IllegalStateException("peers at rest are kept already");
        }
        presences = new Presences(
                countMax,
                idleNanos,
                new Presences.Surroundings(
                        shared.vault(),
                        shared.events(),
                        shared.durableHandlers(),
                        shared.random().nextLong()));
    }

    AtRest count() {
        return presences == null ? new AtRest(0, true) : new AtRest(presences.size(), presences.isLocked());
    }

    /// A client's handshake is through: it is remembered, if it showed who it is.
    ///
    /// @param visit to which private group it came; null: to none
    /// @param seed null: it is too late for that
    void rememberClient(
            long nowNanos,
            @Nullable PublicKey peer,
            @Nullable GroupVisit visit,
            Address remote,
            @Nullable Secret seed) {
        if (presences != null && peer != null && seed != null) {
            long owner = Presences.ownerOf(visit == null ? 0 : visit.group());
            presences.remember(nowNanos, peer, owner, remote, seed, false);
        }
    }

    /// Our handshake with a server is through: it is remembered, if we showed who we are.
    ///
    /// @param identity which of ours the peer knows; null: none
    void rememberServer(
            long nowNanos, @Nullable PublicKey peer, @Nullable PublicKey identity, Address remote, Secret seed) {
        if (presences != null && peer != null && identity != null) {
            presences.remember(nowNanos, peer, Presences.ownerOf(identity), remote, seed, true);
        }
    }

    /// As if a handshake were through.
    ///
    /// @param identity of ours, where we are the client; null: we are the server
    boolean plant(long nowNanos, PublicKey peer, @Nullable PublicKey identity, Address remote, Secret seed) {
        long owner = identity == null ? SERVER : Presences.ownerOf(identity);
        return presences != null && presences.remember(nowNanos, peer, owner, remote, seed, identity != null);
    }

    /// Takes a packet of no channel.
    DropReason handlePacket(long nowNanos, Address remote, MemorySegment datagram, int type) {
        return presences == null || type != PacketType.DATA
                ? DropReason.UNKNOWN_CHANNEL
                : presences.handlePacket(nowNanos, remote, datagram);
    }

    // = docs/spec/08-presence.md R8.3
    /// Sends a message to a peer at rest.
    ///
    /// @return false when it takes a channel
    boolean send(long nowNanos, Target.Peer peer, Outgoing message) {
        long presence = find(peer);
        if (presences == null || presence == 0) {
            return false;
        }
        HandlerId handler = MessageSegment.handlerOf(message.handler());
        if (!presences.canSend(presence, handler, message.payload().byteSize())) {
            return false;
        }
        presences.send(nowNanos, message.ticket(), presence, handler, message.payload(), message.options());
        return true;
    }

    /// The same peer, with the address it was last heard from where the target names none.
    Target.Peer located(Target.Peer peer) {
        long presence = peer.addresses().isEmpty() ? find(peer) : 0;
        Address remote = presences == null || presence == 0 ? null : presences.remote(presence);
        return remote == null ? peer : peer.at(List.of(remote));
    }

    private long find(Target.Peer peer) {
        if (presences == null) {
            return 0;
        }
        SecretKey identity = peer.identity();
        long asClient = identity == null ? 0 : presences.find(peer.key(), Presences.ownerOf(identity.publicKey()));
        return asClient != 0 ? asClient : presences.find(peer.key(), SERVER);
    }

    /// Forgets members of a private group that they are of no more.
    void forget(Iterable<PublicKey> members, long group) {
        if (presences != null) {
            for (PublicKey member : members) {
                presences.forget(member, Presences.ownerOf(group));
            }
        }
    }

    /// Sends to a presence by its number: only replies go there.
    Outcome reply(long presence, HandlerId replyTo, MemorySegment payload) {
        Outcome outcome = presences == null ? null : presences.reply(presence, replyTo.number(), payload);
        return outcome == null ? new Outcome.NotSent("no peers at rest are kept") : outcome;
    }

    void refuse(long presence, HandlerId replyTo, Refusal why) {
        if (presences != null) {
            presences.refuse(presence, replyTo.number(), why);
        }
    }

    void cancel(long ticket) {
        if (presences != null) {
            presences.cancel(ticket);
        }
    }

    boolean poll(Transmit out) {
        int bytes = presences == null ? 0 : presences.poll(out.buffer());
        if (presences == null || bytes == 0) {
            return false;
        }
        out.fill(presences.polledRemote(), bytes, bytes);
        return true;
    }

    long nextDeadlineNanos() {
        return presences == null ? DeadlineHeap.NONE : presences.nextDeadlineNanos();
    }

    void handleDeadline(long nowNanos) {
        if (presences != null) {
            presences.handleDeadline(nowNanos);
        }
    }

    void end() {
        if (presences != null) {
            presences.close();
        }
    }
}
