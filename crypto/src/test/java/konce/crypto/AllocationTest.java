package konce.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Goal: the packet path allocates nothing. Method: each call is warmed up until it is compiled, then the bytes that
/// the thread allocates over many more calls are counted.
class AllocationTest {
    private static final int WARM_UP = 30_000;
    private static final int COUNTED = 20_000;

    @Test
    void thePacketPathAllocatesNothing() {
        try (Vault vault = Vault.open(8192);
                Secret traffic = vault.secret(32);
                PacketKey xchacha = PacketKey.derive(vault, Suite.XCHACHA20_POLY1305, traffic);
                PacketKey aegis = PacketKey.derive(vault, Suite.AEGIS_256, traffic);
                StateCookieKey cookies = StateCookieKey.generate(vault, new SeededRandom(1));
                Hasher hasher = new Hasher(32);
                SecretKey key = SecretKey.generate(vault, new SeededRandom(2))) {
            MemorySegment packet = Bytes.zero(1_500);
            MemorySegment out = Bytes.zero(64);
            SequenceCipher numbers = new SequenceCipher(new SeededRandom(3));
            SeededRandom seeded = new SeededRandom(4);
            SystemRandom system = new SystemRandom();
            PublicKey point = key.publicKey();
            Map<String, Runnable> calls = new LinkedHashMap<>();
            for (PacketKey packetKey : new PacketKey[] {xchacha, aegis}) {
                int sealed = 100 + packetKey.tagBytes();
                calls.put(packetKey + " seal and open", () -> {
                    packetKey.seal(packet, 3, 20, 100, 9);
                    check(packetKey.open(packet, 3, 20, sealed, 9));
                });
                int sealedLong = 1_400 + packetKey.tagBytes();
                calls.put(packetKey + " seal and open a long one", () -> {
                    packetKey.seal(packet, 3, 20, 1_400, 9);
                    check(packetKey.open(packet, 3, 20, sealedLong, 9));
                });
                calls.put(
                        packetKey + " a long one refused", () -> check(!packetKey.open(packet, 3, 20, sealedLong, 8)));
                calls.put(packetKey + " refused", () -> check(!packetKey.open(packet, 3, 20, sealed, 8)));
                calls.put(packetKey + " header mask", () -> packetKey.headerMask(packet, 9));
            }
            calls.put("cookie block", () -> cookies.block(7, out, 0));
            calls.put("Poly1305", () -> {
                Poly1305.tag(packet, 0, packet, 32, 128, out, 0);
                check(Poly1305.verify(packet, 0, packet, 32, 128, out, 0));
            });
            calls.put("BLAKE2b", () -> Blake2b.hash(packet, 0, 128, out, 0, 32));
            calls.put("keyed BLAKE2b", () -> Blake2b.hash(traffic, packet, 0, 128, out, 0, 32));
            calls.put("hasher", () -> {
                hasher.reset()
                        .update(packet, 0, 128)
                        .updateByte(1)
                        .updateLong(2)
                        .finish(out, 0);
            });
            calls.put("sequence cipher", () -> check(numbers.decrypt(numbers.encrypt(5)) == 5));
            calls.put("seeded random", () -> {
                seeded.fill(out);
                seeded.nextLong(10);
            });
            calls.put("system random", () -> {
                system.fill(out);
                system.nextLong(10);
            });
            calls.put("public key written", () -> point.writeTo(out, 0));
            byte[][] kept = new byte[1][];
            assertEquals(COUNTED * 24L, allocatedBytes(() -> kept[0] = new byte[8]), "the count sees what is there");
            calls.forEach((name, call) -> assertEquals(0, allocatedBytes(call), name));
        }
    }

    private static long allocatedBytes(Runnable call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        repeat(call, WARM_UP);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 3 && least > 0; round++) { // a late compilation may cost the first round something
            long before = threads.getCurrentThreadAllocatedBytes();
            repeat(call, COUNTED);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private static void repeat(Runnable call, int times) {
        for (int i = 0; i < times; i++) {
            call.run();
        }
    }

    private static void check(boolean holds) {
        if (!holds) {
            throw new AssertionError();
        }
    }
}
