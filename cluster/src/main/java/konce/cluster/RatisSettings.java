package konce.cluster;

import java.io.File;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import konce.names.encoding.Hash;
import konce.registry.Sequencer;
import konce.registry.SequencerEngine;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.netty.NettyConfigKeys;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.SupportedRpcType;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;
import org.jspecify.annotations.Nullable;

/// How Ratis is set up: members that are fixed, a log that is forced to disk, elections within a second or two.
final class RatisSettings {
    /// Without a sign of life for so long, at least, a member stands for election. A machine that others use too
    /// stalls for some tenths of a second now and then.
    private static final int ELECTION_MILLIS_MIN = 600;

    private static final int ELECTION_MILLIS_MAX = 1_200;

    /// A question between members that takes longer has gone astray.
    private static final int REQUEST_MILLIS_MAX = 1_500;

    /// Log entries between two notes of how far the blocks reach: a start goes through those behind the last one.
    static final long NOTE_ENTRIES = 5_000;

    /// The log is never cut short. Ratis would cut it right behind what the slowest member has, as far as the
    /// leader
    /// has
    /// heard, and then cannot show that member that what follows does follow: it would stay behind for good.
    private static final int PURGE_GAP = Integer.MAX_VALUE;

    private static final int NOTES_KEPT = 2;

    /// Bytes of one file of the log, of what is reserved at its end at once, and of what of it is kept in memory.
    private static final int SEGMENT_BYTES = 8 << 20;

    private static final int RESERVED_BYTES = 1 << 20;
    private static final int CACHE_BYTES = 16 << 20;

    /// Room for the largest batch, and what Ratis writes around it.
    private static final int ENTRY_BYTES_MAX = Sequencer.Batch.BYTES_MAX + (1 << 20);

    private static final int WRITE_EXTRA_BYTES = 1 << 10;

    /// Ratis gives up when its process stood still for longer; ours go on.
    private static final int STILL_DAYS_MAX = 365;

    private RatisSettings() {}

    /// What a member is called: its place among the genesis' sequencers.
    static RaftPeerId peerId(int place) {
        return RaftPeerId.valueOf(Integer.toString(place));
    }

    /// The place of a member; -1 for none.
    static int place(@Nullable RaftPeerId id) {
        return id == null ? -1 : Integer.parseInt(id.toString());
    }

    /// The members, under the ledger's name.
    static RaftGroup group(SequencerEngine.Part part) {
        List<RaftPeer> peers = new ArrayList<>();
        for (int i = 0; i < part.members().size(); i++) {
            peers.add(RaftPeer.newBuilder()
                    .setId(peerId(i))
                    .setAddress(part.members().get(i))
                    .build());
        }
        return RaftGroup.valueOf(groupId(part.ledger()), peers);
    }

    /// The ledger's name, as Ratis has it.
    static RaftGroupId groupId(Hash ledger) {
        ByteBuffer bytes = ByteBuffer.wrap(ledger.toBytes());
        return RaftGroupId.valueOf(new UUID(bytes.getLong(), bytes.getLong()));
    }

    /// Where a group's log is, below the member's directory.
    static Path log(SequencerEngine.Part part) {
        return part.directory()
                .resolve(groupId(part.ledger()).getUuid().toString())
                .resolve("current");
    }

    /// @param noteEntries log entries between two notes
    static RaftProperties of(SequencerEngine.Part part, long noteEntries) {
        RaftProperties all = new RaftProperties();
        InetSocketAddress own = part.members().get(part.self());
        RaftConfigKeys.Rpc.setType(all, SupportedRpcType.NETTY);
        NettyConfigKeys.Server.setHost(all, own.getHostString());
        NettyConfigKeys.Server.setPort(all, own.getPort());
        NettyConfigKeys.Server.setUseEpoll(all, false);
        NettyConfigKeys.Client.setUseEpoll(all, false);
        RaftServerConfigKeys.setStorageDir(
                all, List.of(new File(part.directory().toString())));
        RaftServerConfigKeys.setCloseThreshold(all, TimeDuration.valueOf(STILL_DAYS_MAX, TimeUnit.DAYS));
        RaftServerConfigKeys.Rpc.setTimeoutMin(all, millis(ELECTION_MILLIS_MIN));
        RaftServerConfigKeys.Rpc.setTimeoutMax(all, millis(ELECTION_MILLIS_MAX));
        RaftServerConfigKeys.Rpc.setRequestTimeout(all, millis(REQUEST_MILLIS_MAX));
        RaftClientConfigKeys.Rpc.setRequestTimeout(all, millis(REQUEST_MILLIS_MAX));
        setLog(all);
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(all, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(all, noteEntries);
        RaftServerConfigKeys.Snapshot.setCreationGap(all, 1);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(all, NOTES_KEPT);
        return all;
    }

    private static void setLog(RaftProperties all) {
        // Anything but an unfinished end is damage, and LogTail has looked at the end before Ratis does.
        RaftServerConfigKeys.Log.setCorruptionPolicy(all, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
        RaftServerConfigKeys.Log.setPurgeGap(all, PURGE_GAP);
        RaftServerConfigKeys.Log.setSegmentSizeMax(all, SizeInBytes.valueOf(SEGMENT_BYTES));
        RaftServerConfigKeys.Log.setPreallocatedSize(all, SizeInBytes.valueOf(RESERVED_BYTES));
        RaftServerConfigKeys.Log.setWriteBufferSize(all, SizeInBytes.valueOf(ENTRY_BYTES_MAX + WRITE_EXTRA_BYTES));
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(all, SizeInBytes.valueOf(CACHE_BYTES));
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(all, SizeInBytes.valueOf(ENTRY_BYTES_MAX));
        RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(all, false);
    }

    static TimeDuration millis(int count) {
        return TimeDuration.valueOf(count, TimeUnit.MILLISECONDS);
    }
}
