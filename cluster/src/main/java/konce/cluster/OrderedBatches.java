package konce.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import konce.names.encoding.Decoded;
import konce.registry.Sequencer;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.MD5FileUtil;

/// What Ratis gives its log to: every batch gets its number and goes to the follower, whose blocks are the state. What
/// Ratis calls a snapshot is a note of how far they reach: the number of the last batch before an entry of the log.
///
/// - threads: one of Ratis' applies; any may wait
/// - error: once the follower has failed, nothing more is applied
final class OrderedBatches extends BaseStateMachine {
    /// How long the follower of this machine may be behind the one that leads before whoever asked is told so.
    private static final long BEHIND_SECONDS_MAX = 10;

    private final Sequencer.Follower follower;
    private final LongSupplier clockSeconds;
    private final Consumer<String> say;
    private final SimpleStateMachineStorage notes = new SimpleStateMachineStorage();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private long place;
    private boolean failed;

    OrderedBatches(Sequencer.Follower follower, LongSupplier clockSeconds, Consumer<String> say) {
        this.follower = follower;
        this.clockSeconds = clockSeconds;
        this.say = say;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage) throws IOException {
        super.initialize(server, group, storage);
        notes.init(storage);
        reinitialize();
    }

    @Override
    public void reinitialize() throws IOException {
        SingleFileSnapshotInfo note = notes.loadLatestSnapshot();
        if (note == null) {
            return;
        }
        Path file = note.getFile().getPath();
        MD5Hash check = note.getFile().getFileDigest();
        if (check != null) {
            MD5FileUtil.verifySavedMD5(file.toFile(), check);
        }
        long noted = ByteBuffer.wrap(Files.readAllBytes(file)).getLong();
        if (noted > follower.followed()) {
            throw new IOException("there were " + noted + " blocks, and now there are " + follower.followed()
                    + ": put back the newer copy of the blocks");
        }
        place = noted;
        setLastAppliedTermIndex(SimpleStateMachineStorage.getTermIndexFromSnapshotFile(file.toFile()));
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return notes;
    }

    @Override
    public long takeSnapshot() throws IOException {
        TermIndex applied = getLastAppliedTermIndex();
        Path file = notes.getSnapshotFile(applied.getTerm(), applied.getIndex()).toPath();
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.allocate(Long.BYTES).putLong(place).flip());
            out.force(true);
        }
        MD5Hash check = MD5FileUtil.computeAndSaveMd5ForFile(file.toFile());
        notes.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file, check), applied));
        return applied.getIndex();
    }

    /// Gives a batch its time, on the machine that leads: what is logged is what every machine gets.
    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        byte[] bytes = request.getMessage().getContent().toByteArray();
        TransactionContext.Builder begun = TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .setServerRole(RaftPeerRole.LEADER);
        return switch (Sequencer.Batch.decode(bytes)) {
            // = docs/spec/16-registry.md R16.25
            case Decoded.Value<Sequencer.Batch>(Sequencer.Batch batch) ->
                begun.setLogData(UnsafeByteOperations.unsafeWrap(
                                new Sequencer.Batch(clockSeconds.getAsLong(), batch.transactions()).encode()))
                        .build();
            case Decoded.Malformed<Sequencer.Batch>(String why) ->
                begun.setLogData(ByteString.EMPTY).build().setException(new IOException("no batch: " + why));
        };
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        byte[] bytes = entry.getStateMachineLogEntry().getLogData().toByteArray();
        lock.lock();
        try {
            if (failed) {
                throw new IOException("the blocks could not be written");
            }
            if (!(Sequencer.Batch.decode(bytes) instanceof Decoded.Value<Sequencer.Batch>(Sequencer.Batch batch))) {
                throw new IOException("entry " + entry.getIndex() + " of the log is no batch");
            }
            // = docs/spec/16-registry.md R16.24
            follower.follow(place + 1, batch);
            place++;
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
            moved.signalAll();
            return CompletableFuture.completedFuture(Message.valueOf(UnsafeByteOperations.unsafeWrap(
                    ByteBuffer.allocate(Long.BYTES).putLong(place).flip())));
        } catch (IOException | RuntimeException e) {
            failed = true;
            say.accept("batch " + (place + 1) + " cannot be followed: " + e.getMessage());
            return CompletableFuture.failedFuture(e);
        } finally {
            lock.unlock();
        }
    }

    /// Returns once the follower of this machine has the batch of this number.
    void await(long number) throws IOException, InterruptedException {
        long left = TimeUnit.SECONDS.toNanos(BEHIND_SECONDS_MAX);
        lock.lock();
        try {
            while (place < number && !failed && left > 0) {
                left = moved.awaitNanos(left);
            }
            if (place < number) {
                throw new IOException("ordered as number " + number + ", and this machine has " + place);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
        follower.leaderChanged();
    }

    @Override
    public void notifyLogFailed(Throwable cause, LogEntryProto entry) {
        say.accept("the log of the order cannot be written: " + cause.getMessage());
    }

    @Override
    public void notifyExtendedNoLeader(RoleInfoProto role) {
        say.accept("no machine orders: fewer than a majority can reach each other");
    }

    /// The machine that leads no longer has what this one lacks: only where the files here were lost or are a copy.
    @Override
    public CompletableFuture<TermIndex> notifyInstallSnapshotFromLeader(RoleInfoProto role, TermIndex first) {
        say.accept("this machine lacks what the others have let go, for they had seen it here: its files were lost, or"
                + " are an old copy. It can no longer be a member");
        return CompletableFuture.completedFuture(null);
    }
}
