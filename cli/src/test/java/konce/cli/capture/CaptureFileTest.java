package konce.cli.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import konce.protocol.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureFileTest {
    private static final byte[] PAYLOAD = "konce".getBytes(StandardCharsets.US_ASCII);
    private static final Address SOURCE = Address.parse("192.0.2.1:50000");
    private static final Address TARGET = Address.parse("192.0.2.7:413");

    private static byte[] ipv4() {
        return ByteBuffer.allocate(28 + PAYLOAD.length)
                .put((byte) 0x45)
                .put((byte) 0)
                .putShort((short) (28 + PAYLOAD.length))
                .putInt(0)
                .put((byte) 64)
                .put((byte) 17)
                .putShort((short) 0)
                .put(SOURCE.ipBytes())
                .put(TARGET.ipBytes())
                .put(udp())
                .array();
    }

    private static byte[] ipv6(Address source, Address target) {
        return ByteBuffer.allocate(48 + PAYLOAD.length)
                .putInt(0x60000000)
                .putShort((short) (8 + PAYLOAD.length))
                .put((byte) 17)
                .put((byte) 64)
                .put(source.ipBytes())
                .put(target.ipBytes())
                .put(udp())
                .array();
    }

    private static byte[] udp() {
        return ByteBuffer.allocate(8 + PAYLOAD.length)
                .putShort((short) SOURCE.port())
                .putShort((short) TARGET.port())
                .putShort((short) (8 + PAYLOAD.length))
                .putShort((short) 0)
                .put(PAYLOAD)
                .array();
    }

    private static byte[] framed(int headerBytes, byte[] packet) {
        return ByteBuffer.allocate(headerBytes + packet.length)
                .position(headerBytes)
                .put(packet)
                .array();
    }

    private static byte[] pcap(ByteOrder order, int magic, int linkType, byte[] frame) {
        return ByteBuffer.allocate(24 + 16 + frame.length)
                .order(order)
                .putInt(magic)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .putInt(65_535)
                .putInt(linkType)
                .putInt(7)
                .putInt(500)
                .putInt(frame.length)
                .putInt(frame.length)
                .put(frame)
                .array();
    }

    private static byte[] pcapng(ByteOrder order, int linkType, byte[] frame) {
        int padded = (frame.length + 3) & ~3;
        ByteBuffer file = ByteBuffer.allocate(28 + 32 + 32 + padded).order(order);
        file.putInt(0x0a0d0d0a)
                .putInt(28)
                .putInt(0x1a2b3c4d)
                .putInt(1)
                .putLong(-1)
                .putInt(28);
        file.putInt(1).putInt(32).putShort((short) linkType).putShort((short) 0).putInt(0);
        file.putShort((short) 9)
                .putShort((short) 1)
                .put((byte) 9)
                .put(new byte[3])
                .putInt(0)
                .putInt(32);
        file.putInt(6)
                .putInt(32 + padded)
                .putInt(0)
                .putInt(1)
                .putInt(5)
                .putInt(frame.length)
                .putInt(frame.length);
        file.put(frame).put(new byte[padded - frame.length]).putInt(32 + padded);
        return file.array();
    }

    private static void isTheDatagram(List<CapturedDatagram> found, Address source, Address target) {
        assertEquals(1, found.size());
        assertEquals(source, found.getFirst().source());
        assertEquals(target, found.getFirst().target());
        assertArrayEquals(PAYLOAD, found.getFirst().payload());
    }

    /// Goal: a datagram is found in captures of every kind: either byte order, either resolution, every link.
    @ParameterizedTest
    @CsvSource({"1,14", "101,0", "12,0", "228,0", "0,4", "113,16", "276,20"})
    void findsTheDatagramOnEveryLink(int linkType, int headerBytes) throws CaptureException {
        byte[] frame = framed(headerBytes, ipv4());
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            List<CapturedDatagram> micro = CaptureFile.read(pcap(order, 0xa1b2c3d4, linkType, frame));
            isTheDatagram(micro, SOURCE, TARGET);
            assertEquals(7_000_500_000L, micro.getFirst().atNanos());
            List<CapturedDatagram> nano = CaptureFile.read(pcap(order, 0xa1b23c4d, linkType, frame));
            assertEquals(7_000_000_500L, nano.getFirst().atNanos());
            List<CapturedDatagram> next = CaptureFile.read(pcapng(order, linkType, frame));
            isTheDatagram(next, SOURCE, TARGET);
            assertEquals((1L << 32) + 5, next.getFirst().atNanos());
        }
    }

    /// Goal: IPv6, and Ethernet with one or two VLAN tags, are read through.
    @Test
    void readsThroughIpv6AndVlans() throws CaptureException {
        Address source = Address.parse("[2001:db8::1]:50000");
        Address target = Address.parse("[2001:db8::7]:413");
        byte[] raw = ipv6(source, target);
        isTheDatagram(CaptureFile.read(pcap(ByteOrder.BIG_ENDIAN, 0xa1b2c3d4, 101, raw)), source, target);
        byte[] tagged = framed(22, ipv4());
        ByteBuffer.wrap(tagged).putShort(12, (short) 0x88a8).putShort(16, (short) 0x8100);
        isTheDatagram(CaptureFile.read(pcap(ByteOrder.BIG_ENDIAN, 0xa1b2c3d4, 1, tagged)), SOURCE, TARGET);
    }

    /// Goal: what is no whole UDP datagram is passed over: TCP, fragments, snapped packets.
    @ParameterizedTest
    @ValueSource(strings = {"tcp", "fragment", "snapped", "arp"})
    void passesOverWhatIsNoDatagram(String kind) throws CaptureException {
        byte[] packet = ipv4();
        switch (kind) {
            case "tcp" -> packet[9] = 6;
            case "fragment" -> packet[6] = 0x20;
            case "snapped" -> packet = Arrays.copyOf(packet, packet.length - 1);
            default -> packet[0] = 0;
        }
        assertEquals(List.of(), CaptureFile.read(pcap(ByteOrder.BIG_ENDIAN, 0xa1b2c3d4, 101, packet)));
    }

    /// Goal: damaged captures end in datagrams or in a message; method: cut good ones, and change bytes at random.
    @Test
    void damagedCapturesSaySo() {
        long seed = 413;
        Random random = new Random(seed);
        byte[] frame = framed(14, ipv4());
        for (byte[] good : List.of(
                pcap(ByteOrder.LITTLE_ENDIAN, 0xa1b2c3d4, 1, frame), pcapng(ByteOrder.LITTLE_ENDIAN, 1, frame))) {
            for (int round = 0; round < 5_000; round++) {
                byte[] bad = Arrays.copyOf(good, random.nextInt(good.length + 1));
                for (int i = random.nextInt(4); i > 0 && bad.length > 4; i--) {
                    bad[random.nextInt(bad.length)] = (byte) random.nextInt();
                }
                try {
                    CaptureFile.read(bad);
                } catch (CaptureException e) {
                    assertFalse(e.getMessage().isEmpty(), "seed " + seed + ", round " + round);
                }
            }
        }
        CaptureException thrown = assertThrows(CaptureException.class, () -> CaptureFile.read(new byte[10]));
        assertTrue(thrown.getMessage().contains("no pcap"), thrown.getMessage());
    }
}
