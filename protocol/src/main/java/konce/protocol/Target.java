package konce.protocol;

import java.util.List;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.VerifyingKey;
import org.jspecify.annotations.Nullable;

/// Where a send goes.
public sealed interface Target {
    /// A peer by its key. An existing channel to that key under that identity is used; if there is none, one is
    /// made.
    ///
    /// @param key the server's durable public key
    /// @param addresses where it may be, tried in this order; at most [Limits#ADDRESSES_PER_PEER_MAX]
    /// @param identity the durable key we show this peer; null: anonymous
    /// @param masterKey who may vouch for a changed server key; null: nobody
    /// @param invitation to the private group whose key it is; null: it is of none
    record Peer(
            PublicKey key,
            List<Address> addresses,
            @Nullable SecretKey identity,
            @Nullable VerifyingKey masterKey,
            @Nullable Secret invitation)
            implements Target {
        /// A peer whose key is of no private group.
        public Peer(
                PublicKey key,
                List<Address> addresses,
                @Nullable SecretKey identity,
                @Nullable VerifyingKey masterKey) {
            this(key, addresses, identity, masterKey, null);
        }

        /// The same peer at other network addresses.
        public Peer at(List<Address> others) {
            return new Peer(key, others, identity, masterKey, invitation);
        }

        /// The same peer, to be met under another identity.
        public Peer as(@Nullable SecretKey other) {
            return new Peer(key, addresses, other, masterKey, invitation);
        }

        public Peer {
            addresses = List.copyOf(addresses);
            if (addresses.size() > Limits.ADDRESSES_PER_PEER_MAX) {
                throw new IllegalArgumentException(
                        addresses.size() + " addresses for one peer; at most " + Limits.ADDRESSES_PER_PEER_MAX);
            }
        }
    }

    /// A channel that exists: replies, and everything a server sends.
    ///
    /// @param channel its number in this endpoint
    record Channel(long channel) implements Target {}
}
