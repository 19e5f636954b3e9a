package konce.node.socket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import konce.protocol.Address;
import konce.protocol.endpoint.Transmits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UdpSocketTest {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    /// Linux: SOL_SOCKET, SO_NO_CHECK.
    private static final IntegerUnixChannelOption WITHOUT_CHECKSUM = new IntegerUnixChannelOption("SO_NO_CHECK", 1, 11);

    private record Got(Address remote, byte[] bytes) {}

    private static final UdpSocket.Options USUAL = new UdpSocket.Options(true, true);

    /// Takes what comes.
    private static final class Inbox implements UdpSocket.Receiver {
        final BlockingQueue<Got> got = new LinkedBlockingQueue<>();
        final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

        @Override
        public void handleRead() {}

        @Override
        public void handleDatagram(Address remote, MemorySegment datagram) {
            assertTrue(datagram.isNative());
            got.add(new Got(remote, datagram.toArray(ValueLayout.JAVA_BYTE)));
        }

        @Override
        public void handleReadComplete() {}

        @Override
        public boolean isWorkDue() {
            return false;
        }

        @Override
        public void handleRoom() {}

        @Override
        public void handleFailure(Throwable cause) {
            failures.add(cause);
        }
    }

    private static void assumeAvailable(String transport) {
        assumeTrue(!transport.equals("epoll") || Epoll.isAvailable(), "no epoll here");
    }

    private static Got take(Inbox inbox) throws InterruptedException {
        Got got = inbox.got.poll(10, TimeUnit.SECONDS);
        assertNotNull(got, "a datagram over loopback");
        return got;
    }

    private static void send(UdpSocket socket, Address to, byte[] bytes, int segmentBytes) throws Exception {
        socket.loop()
                .submit(() -> {
                    assertTrue(socket.hasRoom());
                    Transmits.fill(socket.transmit(), to, bytes, segmentBytes);
                    socket.send();
                    socket.flush();
                })
                .get();
    }

    private static Address addressOf(UdpSocket socket) {
        InetSocketAddress bound = socket.localAddress();
        return Address.of(InetAddress.getLoopbackAddress().getAddress(), bound.getPort());
    }

    /// Goal: what goes out as one send of many datagrams comes in as those datagrams, on every transport, with and
    /// without offload, between IPv4 and dual-stack sockets. Method: a run of 50 and a shorter last one, over
    /// loopback.
    @ParameterizedTest
    @CsvSource({"epoll,true", "epoll,false", "nio,true"})
    void carriesRunsOfDatagrams(String transport, boolean offload) throws Exception {
        assumeAvailable(transport);
        Inbox inbox = new Inbox();
        try (UdpSocket sender = UdpSocket.open(
                        Transport.named(transport), LOOPBACK, new UdpSocket.Options(offload, true), new Inbox());
                UdpSocket receiver = UdpSocket.open(
                        Transport.named(transport),
                        new InetSocketAddress(0),
                        new UdpSocket.Options(offload, true),
                        inbox)) {
            sender.start();
            receiver.start();
            byte[] run = new byte[50 * 1_200 + 7];
            new Random(1).nextBytes(run);
            send(sender, addressOf(receiver), run, 1_200);
            for (int offset = 0; offset < run.length; offset += 1_200) {
                Got got = take(inbox);
                assertArrayEquals(Arrays.copyOfRange(run, offset, Math.min(offset + 1_200, run.length)), got.bytes);
                assertEquals(addressOf(sender), got.remote);
            }
            // The counters are the loops' own: each is asked on its loop, behind what it is doing.
            sender.loop()
                    .submit(() -> {
                        assertEquals(51, sender.counters().datagramsSent());
                        assertEquals(
                                sender.segments() ? 1 : 51, sender.counters().sendsDone());
                        assertEquals(offload && transport.equals("epoll"), sender.segments());
                    })
                    .get();
            receiver.loop()
                    .submit(() -> {
                        if (receiver.description().contains("GRO") && sender.segments()) {
                            assertEquals(1, receiver.counters().readsDone());
                        }
                        assertEquals(51, receiver.counters().datagramsReceived());
                        assertEquals(run.length, receiver.counters().bytesReceived());
                    })
                    .get();
            assertEquals(0, inbox.failures.size());
        }
    }

    /// Goal: where the system refuses segmentation offload although it has it, every datagram goes all the same,
    /// and the
    /// socket asks no more. Method: Linux segments nothing that has no checksum, so checksums are switched off.
    @Test
    void fallsBackWhereOffloadIsRefused() throws Exception {
        assumeAvailable("epoll");
        Inbox inbox = new Inbox();
        try (UdpSocket sender = UdpSocket.open(Transport.named("epoll"), LOOPBACK, USUAL, new Inbox());
                UdpSocket receiver = UdpSocket.open(Transport.named("epoll"), LOOPBACK, USUAL, inbox)) {
            receiver.start();
            assumeTrue(sender.segments(), "no segmentation offload here");
            assumeTrue(sender.channel().config().setOption(WITHOUT_CHECKSUM, 1), "no such option here");
            byte[] run = new byte[10 * 1_200 + 7];
            new Random(2).nextBytes(run);
            for (int round = 0; round < 2; round++) {
                send(sender, addressOf(receiver), run, 1_200);
                for (int offset = 0; offset < run.length; offset += 1_200) {
                    byte[] sent = Arrays.copyOfRange(run, offset, Math.min(offset + 1_200, run.length));
                    assertArrayEquals(sent, take(inbox).bytes);
                }
                assertFalse(sender.segments());
            }
            sender.loop()
                    .submit(() -> assertEquals(0, sender.counters().sendFailures()))
                    .get();
            assertEquals("epoll, GRO", sender.description());
        }
    }

    /// Goal: a full socket says so, and says again when it has room; nothing is lost on our side of it. Method:
    /// send
    /// until every slot has been used many times over, counting what the slots gave back.
    @ParameterizedTest
    @CsvSource({"epoll", "nio"})
    void givesSlotsBack(String transport) throws Exception {
        assumeAvailable(transport);
        Inbox inbox = new Inbox();
        try (UdpSocket sender = UdpSocket.open(Transport.named(transport), LOOPBACK, USUAL, inbox)) {
            Address nobody = new Address(0, 0xFFFF_7F00_0001L, addressOf(sender).port());
            byte[] run = new byte[60_000];
            for (int i = 0; i < 10 * UdpSocket.SLOTS; i++) {
                CompletableFuture<Boolean> room = new CompletableFuture<>();
                sender.loop().execute(() -> room.complete(sender.hasRoom()));
                if (room.get()) {
                    send(sender, nobody, run, 1_200);
                }
            }
            assertEquals(0, inbox.failures.size());
            sender.loop()
                    .submit(() -> assertTrue(sender.counters().datagramsSent() >= 50L * UdpSocket.SLOTS))
                    .get();
        }
    }

    /// Goal: a datagram too long for the interface is counted, not thrown, and leaves segmentation offload on.
    /// Method:
    /// a run of over-long segments cannot exist on loopback, so a destination that cannot be reached stands in.
    @ParameterizedTest
    @CsvSource({"epoll", "nio"})
    void countsSendsTheSystemRefuses(String transport) throws Exception {
        assumeAvailable(transport);
        try (UdpSocket sender = UdpSocket.open(Transport.named(transport), LOOPBACK, USUAL, new Inbox())) {
            boolean segments = sender.segments();
            // A socket bound to loopback may not send to the outside: EINVAL on Linux, for one datagram as for many.
            send(sender, Address.parse("192.0.2.1:9"), new byte[2_400], 1_200);
            send(sender, Address.parse("192.0.2.1:9"), new byte[100], 100);
            CompletableFuture<Long> failures = new CompletableFuture<>();
            sender.loop().execute(() -> failures.complete(sender.counters().sendFailures()));
            assertEquals(3, failures.get());
            assertEquals(segments, sender.segments());
        }
    }

    /// Goal: an address that is taken, or none, is told in words. Method: bind it twice; an unresolved name.
    @ParameterizedTest
    @CsvSource({"epoll", "nio"})
    void saysWhatCannotBeListenedOn(String transport) throws Exception {
        assumeAvailable(transport);
        try (UdpSocket first = UdpSocket.open(Transport.named(transport), LOOPBACK, USUAL, new Inbox())) {
            IOException taken = assertThrows(
                    IOException.class,
                    () -> UdpSocket.open(Transport.named(transport), first.localAddress(), USUAL, new Inbox()));
            assertTrue(taken.getMessage().contains("cannot listen on UDP"), taken.getMessage());
            assertThrows(
                    IOException.class,
                    () -> UdpSocket.open(
                            Transport.named(transport),
                            InetSocketAddress.createUnresolved("nowhere.invalid", 1),
                            USUAL,
                            new Inbox()));
        }
    }

    /// Goal: the socket's buffers are larger than the system's default, and it says which offload it has. Method:
    /// ask.
    @ParameterizedTest
    @CsvSource({"epoll", "nio"})
    void saysWhatItGot(String transport) throws Exception {
        assumeAvailable(transport);
        try (UdpSocket socket = UdpSocket.open(Transport.named(transport), LOOPBACK, USUAL, new Inbox())) {
            assertTrue(socket.description().startsWith(transport));
            assertTrue(socket.receiveBufferBytes() > 0 && socket.sendBufferBytes() > 0);
        }
    }
}
