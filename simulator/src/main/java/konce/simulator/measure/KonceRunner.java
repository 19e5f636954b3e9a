package konce.simulator.measure;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.Event;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.SendOptions;
import konce.protocol.ServerConfig;
import konce.protocol.Target;
import konce.protocol.endpoint.Endpoint;
import konce.protocol.endpoint.EndpointConfig;
import konce.protocol.endpoint.Job;
import konce.protocol.endpoint.Transmit;
import konce.simulator.clock.Timeline;

/// Two real endpoints, one of which sends messages to the other without end.
final class KonceRunner implements Dumbbell.Runner {
    private static final HandlerId HANDLER = HandlerId.wellKnown(1);
    private static final int MESSAGE_BYTES = 1 << 18;
    private static final int MESSAGES_AHEAD = 40;
    private static final long PATIENT_NANOS = 3_600_000_000_000L;

    private final Timeline timeline;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment payload = arena.allocate(MESSAGE_BYTES);
    private final SecretKey serverKey;
    private final Station sender;
    private final Station receiver;
    private final Target.Peer target;
    private final SendOptions options;
    private long bytesArrived;

    KonceRunner(
            Flow.Konce flow,
            Timeline timeline,
            Dumbbell.Way forward,
            Dumbbell.Way back,
            Vault vault,
            SeededRandom random) {
        this.timeline = timeline;
        serverKey = SecretKey.generate(vault, random);
        Address senderAddress = Address.parse("192.0.2.1:1000");
        Address receiverAddress = Address.parse("192.0.2.2:413");
        EndpointConfig plain = EndpointConfig.CLIENT.withCongestion(flow.control());
        EndpointConfig config = flow.ecn() ? plain.withEcn() : plain;
        EndpointConfig server = config.withServer(new ServerConfig(serverKey, false, 0, null));
        sender = new Station(new Endpoint(config, vault, random.fork("sender"), 0), senderAddress, forward);
        receiver = new Station(new Endpoint(server, vault, random.fork("receiver"), 0), receiverAddress, back);
        sender.other = receiver;
        receiver.other = sender;
        receiver.endpoint.openHandler(HANDLER);
        target = new Target.Peer(serverKey.publicKey(), List.of(receiverAddress), null, null);
        SendOptions patient =
                SendOptions.ONE_WAY.withConnectTimeout(PATIENT_NANOS).withReplyTimeout(PATIENT_NANOS);
        options = flow.background() ? patient.withBackground() : patient;
    }

    @Override
    public void start() {
        for (int i = 0; i < MESSAGES_AHEAD; i++) {
            sendOne();
        }
        sender.settle();
    }

    private void sendOne() {
        sender.endpoint.send(timeline.nowNanos(), target, HANDLER, payload, options);
    }

    @Override
    public long bytesArrived() {
        return bytesArrived;
    }

    @Override
    public void close() {
        sender.endpoint.close();
        receiver.endpoint.close();
        serverKey.close();
        arena.close();
    }

    private void on(Station station, Event event) {
        switch (event) {
            case Event.MessageArrived message -> {
                bytesArrived += message.payload().byteSize();
                station.endpoint.release(timeline.nowNanos(), message.channel(), message.credit());
            }
            case Event.MessageSettled _ -> sendOne();
            case Event.ChannelOpened _,
                    Event.MemberJoined _,
                    Event.ChannelClosed _,
                    Event.HandshakeTraced _,
                    Event.KeysRenewed _,
                    Event.PresenceMessage _,
                    Event.PresenceChanged _,
                    Event.SecretDerived _ -> {}
        }
    }

    /// An endpoint behind one end of the dumbbell; drained after every input.
    private final class Station implements Dumbbell.Receiver {
        private final Endpoint endpoint;
        private final Address address;
        private final Dumbbell.Way way;
        private final Transmit transmit = new Transmit(arena.allocate(Limits.DATAGRAM_BYTES_MAX));
        private final MemorySegment inbound = arena.allocate(Limits.DATAGRAM_BYTES_MAX);
        private Station other = this;
        private long wakeNanos = Long.MAX_VALUE;

        private Station(Endpoint endpoint, Address address, Dumbbell.Way way) {
            this.endpoint = endpoint;
            this.address = address;
            this.way = way;
        }

        @Override
        public void receive(byte[] datagram, int ecn) {
            MemorySegment.copy(datagram, 0, inbound, ValueLayout.JAVA_BYTE, 0, datagram.length);
            endpoint.handleDatagram(timeline.nowNanos(), other.address, inbound.asSlice(0, datagram.length), ecn);
            settle();
        }

        private void settle() {
            long now = timeline.nowNanos();
            for (Job job = endpoint.pollJob(); job != null; job = endpoint.pollJob()) {
                job.run();
                endpoint.handleJob(now, job);
            }
            for (Event event = endpoint.pollEvent(); event != null; event = endpoint.pollEvent()) {
                on(this, event);
            }
            while (endpoint.pollTransmit(now, transmit)) {
                for (int at = 0; at < transmit.bytes(); at += transmit.segmentBytes()) {
                    int bytes = Math.min(transmit.segmentBytes(), transmit.bytes() - at);
                    byte[] datagram = transmit.buffer().asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE);
                    way.send(datagram, transmit.ecn(), other);
                }
            }
            long due = endpoint.nextDeadlineNanos();
            if (due != Endpoint.NO_DEADLINE && (due < wakeNanos || wakeNanos <= now)) {
                wakeNanos = Math.max(due, now + 1);
                long planned = wakeNanos;
                timeline.at(planned, () -> wake(planned));
            }
        }

        private void wake(long planned) {
            if (planned == wakeNanos) {
                wakeNanos = Long.MAX_VALUE;
                endpoint.handleDeadline(timeline.nowNanos());
                settle();
            }
        }
    }
}
