package konce.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: no secret is ever on the Java heap. Method: a planted random secret and what is derived from it go through
/// everything that handles secrets; then the whole heap is dumped, garbage too, and searched for their bytes.
class HeapDumpTest {
    @Test
    void secretsAreNotInAHeapDump(@TempDir Path folder) throws IOException {
        try (Vault vault = Vault.open(16 << 10);
                Secret canary = Secret.random(vault, new SystemRandom(), 32);
                SecretKey key = SecretKey.fromSeed(vault, canary, "heap dump", MemorySegment.NULL);
                Secret product = key.multiply(vault, key.publicKey());
                Secret traffic = Kdf.derive(vault, "heap dump", 32, canary, MemorySegment.NULL, product);
                PacketKey sealing = PacketKey.derive(vault, Suite.XCHACHA20_POLY1305, canary);
                PacketKey aegis = PacketKey.derive(vault, Suite.AEGIS_256, canary);
                SigningKey signing = SigningKey.fromSeed(vault, canary);
                Secret packetKey = Kdf.derive(vault, "packet key AEGIS_256", 32, canary, MemorySegment.NULL)) {
            use(canary, sealing, aegis, signing);
            byte[] control = new byte[32];
            new java.util.Random(Bytes.SEED).nextBytes(control);
            Path dump = folder.resolve("heap.hprof");
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(dump.toString(), false);
            try (FileChannel channel = FileChannel.open(dump);
                    Arena arena = Arena.ofConfined()) {
                MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
                assertTrue(count(file, control) > 0, "the search finds what is there");
                for (Secret secret : new Secret[] {canary, product, traffic, packetKey}) {
                    assertEquals(0, count(file, Bytes.reveal(secret)));
                }
            }
        }
    }

    private static void use(Secret canary, PacketKey sealing, PacketKey aegis, SigningKey signing) {
        MemorySegment packet = Bytes.zero(1_500);
        for (int number = 0; number < 100; number++) {
            for (PacketKey key : new PacketKey[] {sealing, aegis}) {
                key.seal(packet, 0, 20, 1_000, number);
                assertTrue(key.open(packet, 0, 20, 1_000 + key.tagBytes(), number));
                key.headerMask(packet, 30);
            }
        }
        signing.sign(packet, Bytes.zero(64));
        SecretBox.seal(canary, new SystemRandom(), packet, Bytes.zero(1_540));
        Blake2b.hash(canary, packet, 0, 100, packet, 0, 32);
    }

    private static int count(MemorySegment file, byte[] wanted) {
        MemorySegment pattern = MemorySegment.ofArray(wanted);
        long first = pattern.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
        int found = 0;
        for (long at = 0; at + wanted.length <= file.byteSize(); at++) {
            if (file.get(ValueLayout.JAVA_LONG_UNALIGNED, at) == first
                    && MemorySegment.mismatch(file, at, at + wanted.length, pattern, 0, wanted.length) < 0) {
                found++;
            }
        }
        return found;
    }
}
