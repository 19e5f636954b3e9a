package konce.simulator.world;

import java.lang.foreign.MemorySegment;
import java.util.List;
import konce.crypto.RandomSource;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.HandlerId;
import konce.protocol.Refusal;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import konce.protocol.endpoint.ChannelStatus;
import konce.protocol.endpoint.EndpointConfig;
import konce.protocol.endpoint.Job;
import org.jspecify.annotations.Nullable;

/// What a host runs: an [konce.protocol.endpoint.Endpoint], or in a test of the checkers something that lies.
/// The methods are those of the endpoint; only datagrams come out one by one.
public interface Party extends AutoCloseable {
    /// Makes one.
    interface Maker {
        Party make(EndpointConfig config, Vault vault, RandomSource random, long nowNanos);
    }

    /// A datagram to be sent.
    record Outgoing(Address remote, byte[] datagram) {}

    DropReason handleDatagram(long nowNanos, Address remote, MemorySegment datagram);

    void handleDeadline(long nowNanos);

    /// The host's address has changed.
    void handleMoved(long nowNanos);

    void handleJob(long nowNanos, Job job);

    long send(long nowNanos, Target target, HandlerId handler, MemorySegment payload, SendOptions options);

    void cancel(long nowNanos, long ticket);

    void release(long nowNanos, long channel, long credit);

    void refuse(long nowNanos, long channel, HandlerId replyTo, Refusal why);

    void openHandler(HandlerId handler);

    HandlerId openSessionHandler(long channel);

    void closeHandler(long channel, HandlerId handler);

    void closeChannel(long nowNanos, long channel, int code, String text);

    @Nullable
    Outgoing pollDatagram(long nowNanos);

    @Nullable
    Event pollEvent();

    @Nullable
    Job pollJob();

    long nextDeadlineNanos();

    List<ChannelStatus> channels(long nowNanos);

    long dropped(DropReason reason);

    @Override
    void close();
}
