package konce.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import konce.node.Relay.Conditions;
import org.junit.jupiter.api.Test;

class RelayTest {
    private static final int TIMEOUT_MILLIS = 10_000;

    private static DatagramSocket socket() throws Exception {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    private static DatagramPacket receive(DatagramSocket socket) throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
        socket.receive(packet);
        return packet;
    }

    private static byte[] bytes(DatagramPacket packet) {
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private static void send(DatagramSocket from, InetSocketAddress to, byte... bytes) throws Exception {
        from.send(new DatagramPacket(bytes, bytes.length, to));
    }

    /// Goal: both ways arrive, no sooner than the delay, and two clients look like two. Method: two clients, one
    /// server,
    /// 20 ms each way.
    @Test
    void delaysBothWaysAndTellsClientsApart() throws Exception {
        long delay = 20_000_000;
        try (DatagramSocket server = socket();
                DatagramSocket one = socket();
                DatagramSocket two = socket();
                Relay relay =
                        Relay.open((InetSocketAddress) server.getLocalSocketAddress(), Conditions.delay(delay), 1)) {
            long begun = System.nanoTime();
            send(one, relay.address(), (byte) 1);
            DatagramPacket first = receive(server);
            assertTrue(System.nanoTime() - begun >= delay);
            send(two, relay.address(), (byte) 2);
            DatagramPacket second = receive(server);
            assertNotEquals(first.getSocketAddress(), second.getSocketAddress());
            send(server, (InetSocketAddress) first.getSocketAddress(), (byte) 11);
            send(server, (InetSocketAddress) second.getSocketAddress(), (byte) 12);
            assertArrayEquals(new byte[] {11}, bytes(receive(one)));
            assertArrayEquals(new byte[] {12}, bytes(receive(two)));
            assertTrue(System.nanoTime() - begun >= 3 * delay);
            assertEquals(new Relay.Statistics(4, 0, 0, 0, 0), relay.statistics());
        }
    }

    /// Goal: chance is as likely as it was told, and comes from the seed. Method: 2,000 datagrams, a fifth lost, a
    /// tenth
    /// twice, a tenth damaged; the same seed loses the same number again.
    @Test
    void losesDuplicatesAndCorruptsBySeed() throws Exception {
        Conditions bad = Conditions.PERFECT.withLoss(0.2).withDuplicates(0.1).withCorruption(0.1);
        Relay.Statistics first = campaign(bad, 7);
        assertEquals(first, campaign(bad, 7));
        assertNotEquals(first, campaign(bad, 8));
        assertEquals(400.0, (double) first.lost(), 80.0);
        assertEquals(160.0, (double) first.duplicated(), 60.0);
        assertEquals(160.0, (double) first.corrupted(), 60.0);
    }

    private static Relay.Statistics campaign(Conditions conditions, long seed) throws Exception {
        try (DatagramSocket server = socket();
                DatagramSocket client = socket();
                Relay relay = Relay.open((InetSocketAddress) server.getLocalSocketAddress(), conditions, seed)) {
            for (int i = 0; i < 2_000; i++) {
                send(client, relay.address(), (byte) i, (byte) (i >> 8));
                // One at a time, so that no buffer of the system overflows: what is lost, chance has lost.
                long handled;
                do {
                    Relay.Statistics now = relay.statistics();
                    handled = now.relayed() + now.lost() - now.duplicated();
                    assertEquals(0, now.overflowed());
                } while (handled <= i);
            }
            return relay.statistics();
        }
    }

    /// Goal: jitter lets datagrams overtake, and loses none. Method: 100 datagrams, up to 20 ms of jitter.
    @Test
    void jitterReordersButLosesNothing() throws Exception {
        Conditions conditions = Conditions.PERFECT.withJitter(20_000_000);
        try (DatagramSocket server = socket();
                DatagramSocket client = socket();
                Relay relay = Relay.open((InetSocketAddress) server.getLocalSocketAddress(), conditions, 3)) {
            for (int i = 0; i < 100; i++) {
                send(client, relay.address(), (byte) i);
            }
            Set<Integer> got = new HashSet<>();
            boolean overtaken = false;
            int last = -1;
            for (int i = 0; i < 100; i++) {
                int now = bytes(receive(server))[0];
                overtaken |= now < last;
                last = now;
                got.add(now);
            }
            assertEquals(100, got.size());
            assertTrue(overtaken);
        }
    }

    /// Goal: impossible conditions are refused in words. Method: a share above one, a negative delay.
    @Test
    void refusesImpossibleConditions() {
        assertThrows(IllegalArgumentException.class, () -> Conditions.PERFECT.withLoss(1.5));
        assertThrows(IllegalArgumentException.class, () -> Conditions.PERFECT.withLoss(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Conditions.delay(-1));
    }
}
