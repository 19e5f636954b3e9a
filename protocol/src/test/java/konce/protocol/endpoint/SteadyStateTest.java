package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.Allocation;
import konce.protocol.Event;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.ServerConfig;
import konce.protocol.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the packet path allocates once it runs. Method: a sender and a receiver with nothing between them
/// but a buffer; what each call of an endpoint allocates is counted, by the kind of call.
final class SteadyStateTest {
    private static final long MILLI = 1_000_000L;
    private static final HandlerId HANDLER = HandlerId.wellKnown(1);
    private static final Address SENDER = Address.parse("198.51.100.7:50000");
    private static final Address RECEIVER = Address.parse("192.0.2.1:413");

    /// A block of a message being put together, as an array.
    private static final long BLOCK_BYTES = Limits.REASSEMBLY_BLOCK_BYTES + 16;

    /// Datagrams that may be on their way.
    private static final int QUEUE = 256;

    private static final int DATAGRAM_BYTES = 9_000;

    /// Datagrams under way in one direction: slots made beforehand, first in, first out.
    private static final class Wire {
        private final MemorySegment[] slots = new MemorySegment[QUEUE];
        private final MemorySegment[][] views = new MemorySegment[QUEUE][DATAGRAM_BYTES + 1];
        private final int[] sizes = new int[QUEUE];
        private final long[] arrivals = new long[QUEUE];
        private long first;
        private long next;

        private Wire() {
            MemorySegment all = Arena.ofAuto().allocate((long) QUEUE * DATAGRAM_BYTES);
            for (int i = 0; i < QUEUE; i++) {
                slots[i] = all.asSlice((long) i * DATAGRAM_BYTES, DATAGRAM_BYTES);
            }
        }

        private void put(MemorySegment from, int at, int length, long arrivalNanos) {
            if (next - first == QUEUE) {
                return; // as at any bottleneck, what does not fit is lost
            }
            int slot = (int) (next++ % QUEUE);
            MemorySegment.copy(from, at, slots[slot], 0, length);
            sizes[slot] = length;
            arrivals[slot] = arrivalNanos;
        }

        private long arrival() {
            return first == next ? Long.MAX_VALUE : arrivals[(int) (first % QUEUE)];
        }

        /// The next datagram, as a segment of its size; each is made once.
        private MemorySegment take() {
            int slot = (int) (first++ % QUEUE);
            int size = sizes[slot];
            if (views[slot][size] == null) {
                views[slot][size] = slots[slot].asSlice(0, size);
            }
            return views[slot][size];
        }
    }

    private final Vault vault = Vault.open(1 << 20);
    private final SeededRandom random = new SeededRandom(5);
    private final SecretKey key = SecretKey.generate(vault, random);
    private final Transmit transmit = new Transmit(Arena.ofAuto().allocate(1 << 16));
    private final Wire toReceiver = new Wire();
    private final Wire toSender = new Wire();
    private Endpoint sender;
    private Endpoint receiver;
    private long nowNanos = 1_000 * MILLI;
    private long settled;
    private long received;
    private long transmitBytes;
    private long datagramBytes;
    private long deadlineBytes;
    private long packets;

    private void step() {
        long wake = Math.min(toReceiver.arrival(), toSender.arrival());
        wake = Math.min(wake, Math.min(sender.nextDeadlineNanos(), receiver.nextDeadlineNanos()));
        nowNanos = Math.max(nowNanos, wake);
        if (toReceiver.arrival() <= nowNanos) {
            arrive(receiver, SENDER, toReceiver);
        }
        if (toSender.arrival() <= nowNanos) {
            arrive(sender, RECEIVER, toSender);
        }
        long before = Allocation.soFar();
        sender.handleDeadline(nowNanos);
        receiver.handleDeadline(nowNanos);
        deadlineBytes += Allocation.soFar() - before;
        drain(sender, toReceiver);
        drain(receiver, toSender);
    }

    private void arrive(Endpoint to, Address from, Wire wire) {
        MemorySegment datagram = wire.take();
        long before = Allocation.soFar();
        to.handleDatagram(nowNanos, from, datagram);
        datagramBytes += Allocation.soFar() - before;
        packets++;
    }

    private void drain(Endpoint endpoint, Wire wire) {
        for (Job job = endpoint.pollJob(); job != null; job = endpoint.pollJob()) {
            job.run();
            endpoint.handleJob(nowNanos, job);
        }
        for (Event event = endpoint.pollEvent(); event != null; event = endpoint.pollEvent()) {
            if (event instanceof Event.MessageArrived message) {
                received += message.payload().byteSize();
                endpoint.release(nowNanos, message.channel(), message.credit());
            } else if (event instanceof Event.MessageSettled(long _, Outcome outcome)) {
                assertInstanceOf(Outcome.Delivered.class, outcome);
                settled++;
            } else {
                assertTrue(event instanceof Event.ChannelOpened || event instanceof Event.KeysRenewed, event::toString);
            }
        }
        long before = Allocation.soFar();
        while (endpoint.pollTransmit(nowNanos, transmit)) {
            for (int at = 0; at < transmit.bytes(); at += transmit.segmentBytes()) {
                int length = Math.min(transmit.segmentBytes(), transmit.bytes() - at);
                wire.put(transmit.buffer(), at, length, nowNanos + 5 * MILLI);
            }
        }
        transmitBytes += Allocation.soFar() - before;
    }

    private void send(int messages, MemorySegment payload) {
        Target target = new Target.Peer(key.publicKey(), List.of(RECEIVER), null, null);
        SendOptions options = SendOptions.ONE_WAY.withReplyTimeout(Limits.TIMEOUT_NANOS_MAX);
        long end = settled + messages;
        int open = 0;
        while (settled < end) {
            while (open < messages && open - (settled - (end - messages)) < 3) {
                sender.send(nowNanos, target, HANDLER, payload, options);
                open++;
                drain(sender, toReceiver);
            }
            step();
        }
    }

    /// Goal: in the steady state of a bulk transfer, in datagrams of every size, sending a packet, taking a packet
    /// and keeping time allocate nothing; a message costs its bytes and a few objects, while its first blocks are
    /// those of messages before. Method: a JVM of its own for each, because what the compiler makes of the path
    /// depends on what else has run.
    @ParameterizedTest
    @CsvSource({"1,1200", "2,1200", "3,1200", "2,8972"})
    void theBulkPathAllocatesNothing(long session, int datagram) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-ea",
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SteadyStateTest.class.getName(),
                        Long.toString(session),
                        Integer.toString(datagram))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertTrue(said.contains("sending allocates 0 bytes"), said);
    }

    /// The measurement: session protocol, largest datagram.
    public static void main(String[] args) {
        new SteadyStateTest().measure(Long.parseLong(args[0]), Integer.parseInt(args[1]));
    }

    private void measure(long session, int datagram) {
        EndpointConfig config = EndpointConfig.CLIENT
                .withProtocols(List.of(1L), List.of(session))
                .withDatagramBytesMax(datagram);
        ServerConfig server = new ServerConfig(key, false, 0, null);
        receiver = new Endpoint(config.withServer(server), vault, random.fork("receiver"), nowNanos);
        sender = new Endpoint(config, vault, random.fork("sender"), nowNanos);
        receiver.openHandler(HANDLER);
        int size = 4 << 20;
        MemorySegment payload = Arena.ofAuto().allocate(size);
        int messages = 8;
        send(2 * messages, payload);
        // the first rounds are for the compiler
        for (int round = 0; round == 0 || (round < 30 && transmitBytes + deadlineBytes > 0); round++) {
            transmitBytes = 0;
            datagramBytes = 0;
            deadlineBytes = 0;
            packets = 0;
            received = 0;
            send(messages, payload);
        }
        long beside = datagramBytes - received;
        // where packets were lost a message may have begun one block more
        long blocks = beside / BLOCK_BYTES;
        long each = beside % BLOCK_BYTES / messages;
        System.out.println("session protocol " + session + ", " + packets + " packets: sending allocates "
                + transmitBytes + " bytes, keeping time " + deadlineBytes + ", a message " + each
                + " beside its own");
        assertEquals((long) messages * size, received);
        assertTrue(packets > (long) messages * size / datagram, packets + " packets");
        assertEquals(datagram, sender.channels(nowNanos).getFirst().datagramBytes());
        assertEquals(0, transmitBytes, "bytes for sending");
        assertEquals(0, deadlineBytes, "bytes for keeping time");
        assertTrue(blocks <= messages, blocks + " blocks");
        assertTrue(each < 4_096, each + " bytes for each message, whatever its packets");
        sender.close();
        receiver.close();
        key.close();
        vault.close();
    }
}
