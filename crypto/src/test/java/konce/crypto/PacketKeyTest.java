package konce.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Goal: what one side seals the other opens, and nothing else. Method: two keys of one traffic secret; every byte of a
/// sealed packet is changed in turn.
class PacketKeyTest {
    private final Vault vault = Vault.open(1 << 14);
    private final SeededRandom random = new SeededRandom(2);

    @AfterEach
    void allSecretsWereClosed() {
        assertEquals(0, vault.secretsLive());
        vault.close();
    }

    @ParameterizedTest
    @EnumSource(Suite.class)
    void everyChangedByteIsNoticed(Suite suite) {
        try (Secret traffic = Secret.random(vault, random, 32);
                PacketKey sender = PacketKey.derive(vault, suite, traffic);
                PacketKey receiver = PacketKey.derive(vault, suite, traffic)) {
            int header = 13;
            int body = 50;
            int sealedBytes = body + sender.tagBytes();
            MemorySegment plain = Bytes.zero(3 + header + sealedBytes + 5);
            random.fill(plain);
            MemorySegment packet = Bytes.zero(plain.byteSize()).copyFrom(plain);
            sender.seal(packet, 3, header, body, 77);
            assertEquals(-1, packet.asSlice(0, 3 + header).mismatch(plain.asSlice(0, 3 + header)));
            assertEquals(-1, packet.asSlice(packet.byteSize() - 5).mismatch(plain.asSlice(plain.byteSize() - 5)));
            for (int i = 0; i < header + sealedBytes; i++) {
                MemorySegment changed = Bytes.zero(plain.byteSize()).copyFrom(packet);
                byte was = changed.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 3 + i);
                changed.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 3 + i, (byte) (was ^ 0x40));
                assertFalse(receiver.open(changed, 3, header, sealedBytes, 77));
            }
            MemorySegment wrongNumber = Bytes.zero(plain.byteSize()).copyFrom(packet);
            assertFalse(receiver.open(wrongNumber, 3, header, sealedBytes, 78));
            assertFalse(receiver.open(packet, 3, header, sender.tagBytes() - 1, 77));
            assertTrue(receiver.open(packet, 3, header, sealedBytes, 77));
            assertEquals(-1, packet.asSlice(3, header + body).mismatch(plain.asSlice(3, header + body)));
            assertEquals(sender.headerMask(packet, 1), receiver.headerMask(packet, 1));
        }
    }

    @ParameterizedTest
    @EnumSource(Suite.class)
    void aLongPacketThatWasChangedIsDestroyed(Suite suite) {
        try (Secret traffic = Secret.random(vault, random, 32);
                PacketKey key = PacketKey.derive(vault, suite, traffic)) {
            int body = 4_000;
            int sealedBytes = body + key.tagBytes();
            MemorySegment packet = Bytes.zero(9 + sealedBytes);
            random.fill(packet);
            key.seal(packet, 0, 9, body, 5);
            assertFalse(key.open(packet, 0, 9, sealedBytes, 6));
            assertEquals(-1, packet.asSlice(9, body).mismatch(Bytes.zero(body)));
        }
    }

    @ParameterizedTest
    @EnumSource(Suite.class)
    void anEmptyBodyIsStillProtected(Suite suite) {
        try (Secret traffic = Secret.random(vault, random, 32);
                PacketKey key = PacketKey.derive(vault, suite, traffic)) {
            MemorySegment packet = Bytes.zero(key.tagBytes());
            key.seal(packet, 0, 0, 0, 1);
            assertTrue(key.open(packet, 0, 0, key.tagBytes(), 1));
            assertFalse(key.open(packet, 0, 0, key.tagBytes(), 2));
        }
    }
}
