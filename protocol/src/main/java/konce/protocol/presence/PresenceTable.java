package konce.protocol.presence;

import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretRecords;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.Limits;
import konce.protocol.table.SipHash;
import org.jspecify.annotations.Nullable;

/// The active presences: a record each in locked memory, found by the id in packets and by the peer's key.
///
/// ```text
///   0  local id, 8              what the peer writes into packets for us
///   8  remote id, 8
///  16  peer's key, 32
///  48  secret of what we send, 32
///  80  secret of what we receive, 32
/// 112  number of the next packet, 8
/// 120  newest packet received, 8
/// 128  packets received before it, 8: a bit each
/// 136  peer's address, 20
/// 160  last heard, 8
/// 168  newest message received, 8
/// 176  newest message sent, 8
/// 184  owner, 8                 which of our identities it belongs to
/// ```
///
/// - shape: [#RECORD_BYTES] bytes a presence; two indices of four bytes for twice the presences there may be
/// - unit: nanoseconds of the endpoint's time
/// - error: full refuses the newcomer, unless the oldest it meets has been silent for [Limits#PRESENCE_IDLE_NANOS_MIN]
final class PresenceTable implements AutoCloseable {
    static final int RECORD_BYTES = 192;

    private static final int LOCAL_ID = 0;
    private static final int REMOTE_ID = 8;
    private static final int PEER = 16;
    private static final int SEND_SECRET = 48;
    private static final int RECEIVE_SECRET = 80;
    private static final int NEXT_NUMBER = 112;
    private static final int NEWEST_RECEIVED = 120;
    private static final int RECEIVED_BITS = 128;
    private static final int ADDRESS_HIGH = 136;
    private static final int ADDRESS_LOW = 144;
    private static final int ADDRESS_PORT = 152;
    private static final int HEARD = 160;
    private static final int MESSAGE_IN = 168;
    private static final int MESSAGE_OUT = 176;
    private static final int OWNER = 184;

    private static final int SECRET_BYTES = 32;
    private static final int NONE = -1;
    private static final int PROBES_FOR_IDLE = 64;

    private final SecretRecords records;
    private final SipHash hash;
    private final int countMax;
    private final int mask;
    // record numbers plus one; 0: empty
    private final int[] byId;
    private final int[] byPeer;
    private int hand;
    private int sweepHand;
    private @Nullable PublicKey evicted;

    /// @param countMax the most presences
    /// @param spread any random number
    PresenceTable(int countMax, long spread) {
        this.countMax = countMax;
        records = new SecretRecords(RECORD_BYTES, countMax);
        hash = new SipHash(spread, ~spread);
        mask = Integer.highestOneBit(Math.max(1, countMax - 1)) * 4 - 1;
        byId = new int[mask + 1];
        byPeer = new int[mask + 1];
    }

    /// A presence's secrets and ids, as both sides have them.
    ///
    /// @param send secret of what we send; not closed
    /// @param receive secret of what we receive; not closed
    record Keys(long localId, long remoteId, Secret send, Secret receive) {}

    /// Remembers a peer, in place of an older presence of the same peer and owner.
    ///
    /// @return its record; -1 when there is no room
    int add(long nowNanos, PublicKey peer, long owner, Address remote, Keys keys) {
        int old = find(peer, owner);
        if (old >= 0) {
            remove(old);
        }
        if (findById(keys.localId()) >= 0) {
            return NONE;
        }
        int record = records.take();
        if (record < 0) {
            makeRoom(nowNanos);
            record = records.take();
        }
        if (record < 0) {
            return NONE;
        }
        records.setLong(record, LOCAL_ID, keys.localId());
        records.setLong(record, REMOTE_ID, keys.remoteId());
        records.put(record, PEER, peer);
        records.put(record, SEND_SECRET, keys.send());
        records.put(record, RECEIVE_SECRET, keys.receive());
        records.setLong(record, OWNER, owner);
        move(record, remote);
        hear(nowNanos, record);
        insert(byId, idHash(keys.localId()), record);
        insert(byPeer, peerHash(record), record);
        return record;
    }

    /// Forgets a presence and wipes its secrets.
    void remove(int record) {
        delete(byId, idHash(localId(record)), record, true);
        delete(byPeer, peerHash(record), record, false);
        records.release(record);
    }

    /// Whom the last [#add] has put out; null: nobody, or it was asked before.
    @Nullable
    PublicKey takeEvicted() {
        PublicKey peer = evicted;
        evicted = null;
        return peer;
    }

    /// Looks at some records, on from where it stopped, until one has been silent for long.
    ///
    /// @param idleNanos how long
    /// @param most records to look at
    /// @return such a record; -1: there was none among them
    int sweep(long nowNanos, long idleNanos, int most) {
        int capacity = Math.min(records.capacity(), countMax);
        for (int i = 0; i < Math.min(most, capacity); i++) {
            sweepHand = sweepHand + 1 < capacity ? sweepHand + 1 : 0;
            // a record that nobody has is all zeros, and an id never is
            if (localId(sweepHand) != 0 && nowNanos - heardNanos(sweepHand) >= idleNanos) {
                return sweepHand;
            }
        }
        return NONE;
    }

    int size() {
        return records.live();
    }

    boolean isLocked() {
        return records.isLocked();
    }

    int findById(long localId) {
        for (int i = idHash(localId) & mask; byId[i] != 0; i = (i + 1) & mask) {
            if (localId(byId[i] - 1) == localId) {
                return byId[i] - 1;
            }
        }
        return NONE;
    }

    int find(PublicKey peer, long owner) {
        for (int i = hashOf(peer, owner) & mask; byPeer[i] != 0; i = (i + 1) & mask) {
            int record = byPeer[i] - 1;
            if (records.getLong(record, OWNER) == owner && records.holds(record, PEER, peer)) {
                return record;
            }
        }
        return NONE;
    }

    // ---- what is in a record

    long localId(int record) {
        return records.getLong(record, LOCAL_ID);
    }

    long remoteId(int record) {
        return records.getLong(record, REMOTE_ID);
    }

    PublicKey peer(int record) {
        return records.key(record, PEER);
    }

    long owner(int record) {
        return records.getLong(record, OWNER);
    }

    Secret sendSecret(Vault vault, int record) {
        return records.copy(vault, record, SEND_SECRET, SECRET_BYTES);
    }

    Secret receiveSecret(Vault vault, int record) {
        return records.copy(vault, record, RECEIVE_SECRET, SECRET_BYTES);
    }

    /// A packet number that was not used before: packets are counted from 1.
    long takeNumber(int record) {
        long number = records.getLong(record, NEXT_NUMBER) + 1;
        records.setLong(record, NEXT_NUMBER, number);
        return number;
    }

    long newestReceived(int record) {
        return records.getLong(record, NEWEST_RECEIVED);
    }

    // = docs/spec/08-presence.md R8.4
    /// Notes a packet that has opened.
    ///
    /// @return false when it was there before, or is too old to tell
    boolean receive(int record, long number) {
        long newest = newestReceived(record);
        long bits = records.getLong(record, RECEIVED_BITS);
        long ahead = number - newest;
        if (ahead > 0) {
            long shifted = ahead >= Long.SIZE ? 0 : bits << ahead;
            long former = ahead > Long.SIZE || newest == 0 ? 0 : 1L << (ahead - 1);
            records.setLong(record, RECEIVED_BITS, shifted | former);
            records.setLong(record, NEWEST_RECEIVED, number);
            return true;
        }
        long behind = -ahead - 1;
        if (behind < 0 || behind >= Long.SIZE || (bits >>> behind & 1) != 0) {
            return false;
        }
        records.setLong(record, RECEIVED_BITS, bits | 1L << behind);
        return true;
    }

    Address remote(int record) {
        return new Address(records.getLong(record, ADDRESS_HIGH), records.getLong(record, ADDRESS_LOW), (int)
                records.getLong(record, ADDRESS_PORT));
    }

    void move(int record, Address remote) {
        records.setLong(record, ADDRESS_HIGH, remote.high());
        records.setLong(record, ADDRESS_LOW, remote.low());
        records.setLong(record, ADDRESS_PORT, remote.port());
    }

    void hear(long nowNanos, int record) {
        records.setLong(record, HEARD, nowNanos);
    }

    long heardNanos(int record) {
        return records.getLong(record, HEARD);
    }

    long messageIn(int record) {
        return records.getLong(record, MESSAGE_IN);
    }

    void setMessageIn(int record, long number) {
        records.setLong(record, MESSAGE_IN, number);
    }

    long takeMessageOut(int record) {
        long number = records.getLong(record, MESSAGE_OUT) + 1;
        records.setLong(record, MESSAGE_OUT, number);
        return number;
    }

    @Override
    public void close() {
        records.close();
    }

    // ---- indices: open addressing, with deletion that leaves no graves

    /// Puts out the longest silent of a few, if it has been silent for long.
    private void makeRoom(long nowNanos) {
        int oldest = NONE;
        for (int i = 0; i < PROBES_FOR_IDLE; i++) {
            int record = hand;
            hand = (hand + 1) % countMax;
            boolean older = oldest < 0 || heardNanos(record) - heardNanos(oldest) < 0;
            oldest = older ? record : oldest;
        }
        if (oldest >= 0 && nowNanos - heardNanos(oldest) >= Limits.PRESENCE_IDLE_NANOS_MIN) {
            evicted = peer(oldest);
            remove(oldest);
        }
    }

    private void insert(int[] index, int hashed, int record) {
        int i = hashed & mask;
        while (index[i] != 0) {
            i = (i + 1) & mask;
        }
        index[i] = record + 1;
    }

    private void delete(int[] index, int hashed, int record, boolean ids) {
        int hole = hashed & mask;
        while (index[hole] != record + 1) {
            hole = (hole + 1) & mask;
        }
        for (int i = (hole + 1) & mask; index[i] != 0; i = (i + 1) & mask) {
            int home = (ids ? idHash(localId(index[i] - 1)) : peerHash(index[i] - 1)) & mask;
            // what stands at i may move into the hole if its home is not between the two
            if (((i - home) & mask) >= ((i - hole) & mask)) {
                index[hole] = index[i];
                hole = i;
            }
        }
        index[hole] = 0;
    }

    private int idHash(long id) {
        return (int) hash.of(id, 0);
    }

    private int peerHash(int record) {
        return hashOf(
                records.getLong(record, PEER),
                records.getLong(record, PEER + Long.BYTES),
                records.getLong(record, OWNER));
    }

    private int hashOf(PublicKey peer, long owner) {
        return hashOf(peer.word(0), peer.word(1), owner);
    }

    private int hashOf(long first, long second, long owner) {
        return (int) (hash.of(first, second) ^ hash.of(owner, 1));
    }
}
