package konce.node;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import konce.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/// What an application knows of its peers: a record of its own for each key, handed out with every message of that
/// peer.
/// Where web pages keep a cookie with the visitor, a server of ours keeps what it knows, and the visitor's key finds
/// it.
///
/// - threads: any
/// - error: an implementation that cannot read or write throws an unchecked exception that says why
public interface PeerRecords {
    /// Bytes of a record at most.
    int BYTES_MAX = 1 << 16;

    /// A copy of the record; null: there is none.
    byte @Nullable [] find(PublicKey peer);

    /// Replaces the record; null takes it away.
    ///
    /// @throws IllegalArgumentException beyond [#BYTES_MAX]
    void put(PublicKey peer, byte @Nullable [] record);

    /// A peer at rest is kept from now on, or has fallen to those known by their key alone. Off the loop.
    default void onPresence(PublicKey peer, boolean isKept) {}

    /// In memory alone, gone with the process.
    ///
    /// @param countMax records at most; more are refused
    static PeerRecords inMemory(int countMax) {
        Map<PublicKey, byte[]> records = new ConcurrentHashMap<>();
        return new PeerRecords() {
            @Override
            public byte @Nullable [] find(PublicKey peer) {
                byte[] record = records.get(peer);
                return record == null ? null : record.clone();
            }

            @Override
            public void put(PublicKey peer, byte @Nullable [] record) {
                if (record == null) {
                    records.remove(peer);
                    return;
                }
                check(record);
                if (records.size() >= countMax && !records.containsKey(peer)) {
                    throw new IllegalStateException(countMax + " records are kept already");
                }
                records.put(peer, record.clone());
            }
        };
    }

    /// Refuses a record that is too long.
    static void check(byte[] record) {
        if (record.length > BYTES_MAX) {
            throw new IllegalArgumentException("a record of " + record.length + " bytes; at most " + BYTES_MAX);
        }
    }
}
