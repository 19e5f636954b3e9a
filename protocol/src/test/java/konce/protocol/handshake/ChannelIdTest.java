package konce.protocol.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import konce.crypto.Kdf;
import konce.crypto.PacketKey;
import konce.crypto.Secret;
import konce.crypto.SecretAccess;
import konce.crypto.SeededRandom;
import konce.crypto.Suite;
import konce.crypto.Vault;
import konce.protocol.table.SipHash;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The ids of a channel that follow from its keys.
final class ChannelIdTest {
    private static final int HEADER_KEY_BYTES = 16;
    private static final ValueLayout.OfLong BIG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LITTLE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment message = Arena.ofAuto().allocate(3 * Long.BYTES);

    /// Goal: ids are what the specification says, the same in all key phases, and each another. Method: the core's
    /// own
    /// SipHash under the header key, which the KDF gives again.
    // = docs/spec/05-paths.md R5.23
    @ParameterizedTest
    @EnumSource
    void idsFollowFromTheHeaderKey(Suite suite) {
        long first = 0x0123_4567_89AB_CDEFL;
        SeededRandom random = new SeededRandom(6);
        try (Vault vault = Vault.open(1 << 14);
                Secret traffic = Secret.random(vault, random, 32);
                Secret later = Secret.random(vault, random, 32);
                PacketKey key = PacketKey.derive(vault, suite, traffic);
                PacketKey next = key.next(vault, later);
                Secret header = Kdf.derive(
                        vault, "packet header " + suite.name(), HEADER_KEY_BYTES, traffic, MemorySegment.NULL)) {
            MemorySegment bytes = Arena.ofAuto().allocate(HEADER_KEY_BYTES);
            header.copyTo(bytes, 0, SecretAccess.grant("a test compares"));
            long before = first;
            for (long index = 1; index < 5; index++) {
                message.copyFrom(MemorySegment.ofArray("konce id".getBytes(StandardCharsets.US_ASCII)));
                message.set(BIG, 8, index);
                message.set(BIG, 16, first);
                long id = Long.reverseBytes(
                        SipHash.of(bytes.get(LITTLE, 0), bytes.get(LITTLE, 8), message, 0, 3 * Long.BYTES));
                assertEquals(id, key.channelId(first, index));
                assertEquals(id, next.channelId(first, index));
                assertNotEquals(before, id);
                before = id;
            }
        }
    }
}
