package konce.simulator.world;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import konce.crypto.RandomSource;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.Refusal;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import konce.protocol.endpoint.ChannelStatus;
import konce.protocol.endpoint.Endpoint;
import konce.protocol.endpoint.EndpointConfig;
import konce.protocol.endpoint.Job;
import konce.protocol.endpoint.Transmit;
import org.jspecify.annotations.Nullable;

/// The real thing.
final class EndpointParty implements Party {
    private final Endpoint endpoint;
    private final Arena arena = Arena.ofConfined();
    private final Transmit transmit;
    private int sentBytes;

    EndpointParty(EndpointConfig config, Vault vault, RandomSource random, long nowNanos) {
        endpoint = new Endpoint(config, vault, random, nowNanos);
        transmit = new Transmit(arena.allocate(Limits.DATAGRAM_BYTES_MAX));
    }

    @Override
    public @Nullable Outgoing pollDatagram(long nowNanos) {
        if (sentBytes == transmit.bytes()) {
            if (!endpoint.pollTransmit(nowNanos, transmit)) {
                return null;
            }
            sentBytes = 0;
        }
        int bytes = Math.min(transmit.segmentBytes(), transmit.bytes() - sentBytes);
        byte[] datagram = transmit.buffer().asSlice(sentBytes, bytes).toArray(ValueLayout.JAVA_BYTE);
        sentBytes += bytes;
        return new Outgoing(transmit.remote(), datagram);
    }

    @Override
    public DropReason handleDatagram(long nowNanos, Address remote, MemorySegment datagram) {
        return endpoint.handleDatagram(nowNanos, remote, datagram);
    }

    @Override
    public void handleDeadline(long nowNanos) {
        endpoint.handleDeadline(nowNanos);
    }

    @Override
    public void handleMoved(long nowNanos) {
        endpoint.handleMoved(nowNanos);
    }

    @Override
    public void handleJob(long nowNanos, Job job) {
        endpoint.handleJob(nowNanos, job);
    }

    @Override
    public long send(long nowNanos, Target target, HandlerId handler, MemorySegment payload, SendOptions options) {
        return endpoint.send(nowNanos, target, handler, payload, options);
    }

    @Override
    public void cancel(long nowNanos, long ticket) {
        endpoint.cancel(nowNanos, ticket);
    }

    @Override
    public void release(long nowNanos, long channel, long credit) {
        endpoint.release(nowNanos, channel, credit);
    }

    @Override
    public void refuse(long nowNanos, long channel, HandlerId replyTo, Refusal why) {
        endpoint.refuse(nowNanos, channel, replyTo, why);
    }

    @Override
    public void openHandler(HandlerId handler) {
        endpoint.openHandler(handler);
    }

    @Override
    public HandlerId openSessionHandler(long channel) {
        return endpoint.openSessionHandler(channel);
    }

    @Override
    public void closeHandler(long channel, HandlerId handler) {
        endpoint.closeHandler(channel, handler);
    }

    @Override
    public void closeChannel(long nowNanos, long channel, int code, String text) {
        endpoint.closeChannel(nowNanos, channel, code, text);
    }

    @Override
    public @Nullable Event pollEvent() {
        return endpoint.pollEvent();
    }

    @Override
    public @Nullable Job pollJob() {
        return endpoint.pollJob();
    }

    @Override
    public long nextDeadlineNanos() {
        return endpoint.nextDeadlineNanos();
    }

    @Override
    public List<ChannelStatus> channels(long nowNanos) {
        return endpoint.channels(nowNanos);
    }

    @Override
    public long dropped(DropReason reason) {
        return endpoint.dropped(reason);
    }

    @Override
    public void close() {
        endpoint.close();
        arena.close();
    }
}
