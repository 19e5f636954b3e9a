package konce.protocol.endpoint;

import konce.crypto.PacketKey;
import konce.protocol.table.LongMap;

/// What both sides of a channel call it in their packets. Each has chosen its first id; those after it follow from keys
/// that only the two have, so that nobody else can tell that two ids belong to one channel. The side that made the
/// channel
/// goes on to the next when its own address changes, and the other follows.
///
/// - shape: ids by their index, 0 for the first; ours are those that the peer writes
/// - source: docs/spec/05-paths.md, section 6
final class ChannelIds {
    /// Ours that are taken at a time: the newest heard, the one before, the one after.
    private static final int KNOWN = 3;

    private final boolean initiator;
    private final long local;
    private long remote;
    private long heard;
    private long spoken;
    private final long[] listed = new long[KNOWN];
    private int listedCount;
    private boolean changed;
    private long spokenId;
    private long elsewhereId;
    /// Ours after the newest heard; none before there are keys.
    private long nextLocal;
    private boolean hasNext;

    /// @param local our first
    /// @param initiator whether this side made the channel: it goes ahead, and the other follows
    ChannelIds(long local, boolean initiator) {
        this.local = local;
        this.initiator = initiator;
        listed[0] = local;
    }

    /// Our first.
    long local() {
        return local;
    }

    /// What the peer's Settings say.
    void setRemote(long newRemote) {
        remote = newRemote;
        if (spoken == 0) {
            spokenId = remote;
            elsewhereId = remote;
        }
    }

    /// The channel has new keys, and with them other ids.
    void onKeys() {
        heard = 0;
        spoken = 0;
        spokenId = remote;
        elsewhereId = remote;
        hasNext = false;
        changed = true;
    }

    /// What a packet goes under.
    ///
    /// @param elsewhere whether it goes where the peer seems to be, but has not proved it
    long outgoing(boolean elsewhere) {
        return elsewhere ? elsewhereId : spokenId;
    }

    // ---- the side that made the channel

    // = docs/spec/05-paths.md R5.23
    /// Our address has changed.
    void onMoved(PacketKey sending) {
        // before the peer has followed to the last it would not know this one
        if (initiator && heard >= spoken) {
            speak(spoken + 1, sending);
        }
    }

    private void speak(long index, PacketKey sending) {
        spoken = index;
        spokenId = id(remote, spoken, sending);
        elsewhereId = spokenId;
    }

    // ---- both

    /// The newest packet has come under one of our ids.
    ///
    /// @param settled whether it came from where the peer is
    void onHeard(long id, boolean settled, PacketKey sending) {
        if (hasNext && id == nextLocal) {
            heard++;
            hasNext = false;
            changed = true;
            elsewhereId = initiator ? elsewhereId : id(remote, heard, sending);
        }
        if (settled) {
            onProved(sending);
        }
    }

    // = docs/spec/05-paths.md R5.24
    /// The peer has proved to be where it seemed to be.
    void onProved(PacketKey sending) {
        if (!initiator && spoken < heard) {
            speak(heard, sending);
        }
    }

    private static long id(long first, long index, PacketKey key) {
        return index == 0 ? first : key.channelId(first, index);
    }

    // ---- the table of those that are taken

    /// Whether [#list] has anything to change.
    boolean isChanged() {
        return changed;
    }

    /// Puts the ids that are taken into a table, and takes those away that are no more.
    void list(LongMap<Channel> table, Channel channel, PacketKey receiving) {
        changed = false;
        unlist(table, channel);
        for (long index = Math.max(0, heard - 1); index <= heard + 1; index++) {
            long id = id(local, index, receiving);
            nextLocal = id;
            hasNext = index > heard;
            if (table.find(id) == null) {
                table.put(id, channel);
                listed[listedCount++] = id;
            }
        }
    }

    /// Puts the first into a table: there are no keys yet.
    void listFirst(LongMap<Channel> table, Channel channel) {
        table.put(local, channel);
        listed[0] = local;
        listedCount = 1;
    }

    void unlist(LongMap<Channel> table, Channel channel) {
        for (int i = 0; i < listedCount; i++) {
            if (channel.equals(table.find(listed[i]))) {
                table.remove(listed[i]);
            }
        }
        listedCount = 0;
    }
}
