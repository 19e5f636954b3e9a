package konce.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.List;
import konce.registry.Sequencer;
import konce.registry.SequencerEngine;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.exceptions.RaftException;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;

/// The order on several machines. Any of them may ask for a batch to be ordered; the one that leads gives it its place
/// and its time, and every follower is given it once a majority has it on disk.
///
/// - threads: any
/// - source: docs/spec/16-registry.md, section 9
final class RatisSequencer implements Sequencer {
    /// How often, and how fast, a batch is offered again that nobody took: through an election, and a while longer.
    private static final int TRIES = 60;

    private static final int TRY_MILLIS = 100;

    private final SequencerEngine.Part part;
    private final RaftGroup group;
    private final RaftServer server;
    private final RaftClient client;
    private final OrderedBatches batches;

    private RatisSequencer(
            SequencerEngine.Part part, RaftGroup group, RaftServer server, RaftClient client, OrderedBatches batches) {
        this.part = part;
        this.group = group;
        this.server = server;
        this.client = client;
        this.batches = batches;
    }

    /// @param noteEntries log entries between two notes of how far the blocks reach
    static RatisSequencer open(SequencerEngine.Part part, Sequencer.Follower follower, long noteEntries)
            throws IOException {
        // = docs/spec/16-registry.md R16.26
        if (!Files.exists(RatisSettings.log(part)) && follower.followed() > 0) {
            throw new IOException("there are " + follower.followed() + " blocks, and " + part.directory()
                    + ", where their order is kept, is lost: this machine can no longer be a member");
        }
        LogTail.cut(RatisSettings.log(part), part.say());
        RaftGroup group = RatisSettings.group(part);
        RaftProperties settings = RatisSettings.of(part, noteEntries);
        OrderedBatches batches = new OrderedBatches(follower, part.clockSeconds(), part.say());
        RaftServer server = RaftServer.newBuilder()
                .setGroup(group)
                .setProperties(settings)
                .setServerId(RatisSettings.peerId(part.self()))
                .setStateMachine(batches)
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build();
        try {
            server.start();
            RaftClient client = RaftClient.newBuilder()
                    .setProperties(settings)
                    .setRaftGroup(group)
                    .setLeaderId(RatisSettings.peerId(part.self()))
                    .setRetryPolicy(
                            RetryPolicies.retryUpToMaximumCountWithFixedSleep(TRIES, RatisSettings.millis(TRY_MILLIS)))
                    .build();
            return new RatisSequencer(part, group, server, client, batches);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    @Override
    public void order(Batch batch) throws IOException, InterruptedException {
        RaftClientReply reply = client.io().send(Message.valueOf(UnsafeByteOperations.unsafeWrap(batch.encode())));
        if (!reply.isSuccess()) {
            RaftException why = reply.getException();
            throw new IOException("not ordered" + (why == null ? "" : ": " + why.getMessage()));
        }
        batches.await(reply.getMessage().getContent().asReadOnlyByteBuffer().getLong());
    }

    @Override
    public boolean leads() {
        DivisionInfo info = info();
        return info != null && info.isLeaderReady();
    }

    @Override
    public Members members() {
        DivisionInfo info = info();
        List<String> addresses =
                part.members().stream().map(RatisSequencer::shown).toList();
        return new Members(addresses, info == null ? -1 : RatisSettings.place(info.getLeaderId()));
    }

    private static String shown(InetSocketAddress address) {
        String host = address.getHostString();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private @Nullable DivisionInfo info() {
        try {
            return server.getDivision(group.getGroupId()).getInfo();
        } catch (IOException e) {
            return null; // it is being closed
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
    }
}
