package konce.protocol.endpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import konce.protocol.DropReason;
import konce.protocol.SendOptions;
import konce.protocol.wire.PacketType;

/// A second client beside the one of a [Lab], led by hand.
final class Stepper {
    private final Endpoint client;
    private final long nowNanos;
    private final Transmit transmit = new Transmit(Arena.ofAuto().allocate(1 << 16));

    Stepper(Endpoint client, long nowNanos) {
        this.client = client;
        this.nowNanos = nowNanos;
    }

    /// Its COOKIE-ECHO for the lab's server, sent from [Lab#STRANGER] and not yet seen by the server.
    byte[] echoFor(Lab lab) {
        client.send(nowNanos, lab.target(null, null, Lab.SERVER), Lab.ECHO, Pair.text("another"), SendOptions.REQUEST);
        byte[] init = next();
        lab.toClient.clear();
        DropReason reason = lab.inject(true, Lab.STRANGER, init);
        if (reason != DropReason.NONE) {
            throw new AssertionError(reason);
        }
        byte[] initAck = Lab.last(lab.toClient, PacketType.INIT_ACK);
        MemorySegment datagram = Arena.ofAuto().allocate(initAck.length);
        datagram.copyFrom(MemorySegment.ofArray(initAck));
        client.handleDatagram(nowNanos, Lab.SERVER, datagram);
        return next();
    }

    private byte[] next() {
        for (Job job = client.pollJob(); job != null; job = client.pollJob()) {
            job.run();
            client.handleJob(nowNanos, job);
        }
        if (!client.pollTransmit(nowNanos, transmit)) {
            throw new AssertionError("the client has nothing to send");
        }
        return transmit.buffer().asSlice(0, transmit.bytes()).toArray(ValueLayout.JAVA_BYTE);
    }
}
