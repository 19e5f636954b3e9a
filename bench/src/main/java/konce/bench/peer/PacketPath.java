package konce.bench.peer;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;
import konce.crypto.SecretKey;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.Event;
import konce.protocol.HandlerId;
import konce.protocol.SendOptions;
import konce.protocol.ServerConfig;
import konce.protocol.Target;
import konce.protocol.endpoint.Endpoint;
import konce.protocol.endpoint.EndpointConfig;
import konce.protocol.endpoint.Job;
import konce.protocol.endpoint.Transmit;

/// The packet path alone: two endpoints on one thread, in virtual time, with nothing between them but buffers. What the
/// thread allocates is counted while the middle of large messages passes, from their third to their seventh eighth:
/// beginning and ending a message costs its memory, and that is no garbage.
final class PacketPath implements Garbage {
    private static final HandlerId HANDLER = HandlerId.wellKnown(1);
    private static final Address SENDER = Address.parse("198.51.100.7:50000");
    private static final Address RECEIVER = Address.parse("192.0.2.1:413");
    private static final int MESSAGE_BYTES = 16 << 20;
    private static final int TRANSMIT_BYTES = 1 << 16;
    private static final long STEP_NANOS = 100_000;

    /// Few, so that acknowledgements come back in between.
    private static final int TRANSMITS_PER_STEP = 4;

    private static final long VAULT_BYTES = 1 << 20;

    /// The first ones are for the compiler, and for tables that grow until they are large enough.
    private static final int WARM_UP_MESSAGES = 40;

    private static final int MESSAGES = 4;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Vault vault = Vault.open(VAULT_BYTES);
    private final SecretKey key = SecretKey.generate(vault, new SystemRandom());
    private final Transmit transmit = new Transmit(Arena.ofAuto().allocate(TRANSMIT_BYTES));
    private final MemorySegment payload = Arena.ofAuto().allocate(MESSAGE_BYTES);
    private final MemorySegment[] views;
    private final MemorySegment datagram;
    private final Endpoint sender;
    private final Endpoint receiver;
    private long nowNanos = STEP_NANOS;
    private long bytesArrived;
    private long packets;
    private boolean settled;

    PacketPath(long session, int datagramBytes) {
        EndpointConfig config = EndpointConfig.CLIENT
                .withProtocols(List.of(1L), List.of(session))
                .withDatagramBytesMax(datagramBytes);
        datagram = Arena.ofAuto().allocate(datagramBytes);
        views = new MemorySegment[datagramBytes + 1];
        for (int size = 0; size <= datagramBytes; size++) {
            views[size] = datagram.asSlice(0, size);
        }
        receiver = new Endpoint(
                config.withServer(new ServerConfig(key, false, 0, null)), vault, new SystemRandom(), nowNanos);
        sender = new Endpoint(config, vault, new SystemRandom(), nowNanos);
        receiver.openHandler(HANDLER);
    }

    @Override
    public Left measure() {
        for (int i = 0; i < WARM_UP_MESSAGES; i++) {
            move();
        }
        Left sum = new Left(0, 0);
        for (int i = 0; i < MESSAGES; i++) {
            sum = sum.plus(move());
        }
        return sum;
    }

    /// One message, from the send to its outcome.
    private Left move() {
        settled = false;
        bytesArrived = 0;
        sender.send(
                nowNanos,
                new Target.Peer(key.publicKey(), List.of(RECEIVER), null, null),
                HANDLER,
                payload,
                SendOptions.ONE_WAY);
        stepUntil(3L * MESSAGE_BYTES / 8);
        long packetsBefore = packets;
        long before = threads.getCurrentThreadAllocatedBytes();
        stepUntil(7L * MESSAGE_BYTES / 8);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        long counted = packets - packetsBefore;
        stepUntil(Long.MAX_VALUE);
        return new Left(counted, allocated);
    }

    private void stepUntil(long bytes) {
        while (bytesArrived < bytes && !settled) {
            nowNanos += STEP_NANOS;
            sender.handleDeadline(nowNanos);
            receiver.handleDeadline(nowNanos);
            bytesArrived += carry(sender, receiver, SENDER);
            carry(receiver, sender, RECEIVER);
        }
    }

    private long carry(Endpoint from, Endpoint to, Address source) {
        runJobs(from);
        tellEvents(from);
        long bytes = 0;
        for (int i = 0; i < TRANSMITS_PER_STEP && from.pollTransmit(nowNanos, transmit); i++) {
            for (int at = 0; at < transmit.bytes(); at += transmit.segmentBytes()) {
                int length = Math.min(transmit.segmentBytes(), transmit.bytes() - at);
                MemorySegment.copy(transmit.buffer(), at, datagram, 0, length);
                to.handleDatagram(nowNanos, source, views[length]);
                bytes += length;
                packets++;
            }
        }
        return bytes;
    }

    private void runJobs(Endpoint endpoint) {
        for (Job job = endpoint.pollJob(); job != null; job = endpoint.pollJob()) {
            job.run();
            endpoint.handleJob(nowNanos, job);
        }
    }

    private void tellEvents(Endpoint endpoint) {
        for (Event event = endpoint.pollEvent(); event != null; event = endpoint.pollEvent()) {
            if (event instanceof Event.MessageArrived arrived) {
                endpoint.release(nowNanos, arrived.channel(), arrived.credit());
            } else if (event instanceof Event.MessageSettled) {
                settled = true;
            }
        }
    }
}
