package konce.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import konce.protocol.Seeds;
import org.junit.jupiter.api.Test;

/// The mask over flags and packet numbers.
// = docs/spec/04-protection.md R4.3
final class DataHeaderTest {
    private static final int PACKETS = 20_000;

    /// Goal: what was masked is unmasked: type, number and its width come back, and nothing else was
    /// touched. Method: random masks, numbers, widths, both packet types, at any place of a buffer.
    @Test
    void whatWasMaskedIsUnmasked() {
        Random random = Seeds.random("DataHeader", 4);
        MemorySegment buffer = Arena.ofAuto().allocate(200);
        ByteWriter out = new ByteWriter();
        for (int i = 0; i < PACKETS; i++) {
            int type = random.nextBoolean() ? PacketType.DATA : PacketType.COOKIE_ACK;
            int start = random.nextInt(100);
            int groups = 1 + random.nextInt(WindowedInteger.GROUPS_MAX);
            int at = DataHeader.numberOffset(type);
            long number = random.nextLong() & WindowedInteger.mask(groups);
            long mask = random.nextLong();
            byte[] noise = new byte[200];
            random.nextBytes(noise);
            buffer.copyFrom(MemorySegment.ofArray(noise));
            buffer.set(ValueLayout.JAVA_BYTE, start, (byte) type);
            WindowedInteger.write(out.wrap(buffer, start + at, groups), number, groups);
            byte[] before = buffer.toArray(ValueLayout.JAVA_BYTE);

            DataHeader.mask(buffer, start, at, groups, mask);
            assertEquals(
                    type, buffer.get(ValueLayout.JAVA_BYTE, start) & PacketType.TYPE_MASK, "the type stays readable");
            assertEquals(groups, DataHeader.unmask(buffer, start, at, mask));
            assertEquals(number, DataHeader.wireNumber(buffer, start + at, groups));
            assertEquals(-1, buffer.mismatch(MemorySegment.ofArray(before)));
        }
    }

    // = docs/spec/02-packets.md R2.6
    /// Goal: flags that mean nothing are refused, and so is a number without an end; a wrong mask never
    /// throws.
    @Test
    void aHeaderThatCannotBeIsRefused() {
        MemorySegment packet = Arena.ofAuto().allocate(80);
        for (int flags = 0; flags < 16; flags++) {
            packet.set(ValueLayout.JAVA_BYTE, 0, (byte) (PacketType.DATA | flags));
            int groups = flags <= DataHeader.KEY_PHASE ? 1 : 0;
            assertEquals(groups, DataHeader.unmask(packet, 0, DataHeader.DATA_NUMBER, 0), "flags " + flags);
            assertEquals(flags & 1, DataHeader.phaseBit(packet, 0));
            packet.set(ValueLayout.JAVA_BYTE, 0, (byte) (PacketType.COOKIE_ACK | flags));
            groups = flags == 0 ? 1 : 0;
            assertEquals(groups, DataHeader.unmask(packet, 0, DataHeader.COOKIE_ACK_NUMBER, 0), "flags " + flags);
        }
        packet.fill((byte) 0xFF).set(ValueLayout.JAVA_BYTE, 0, (byte) PacketType.DATA);
        assertEquals(0, DataHeader.unmask(packet, 0, DataHeader.DATA_NUMBER, 0), "seven groups promise an eighth");
        Random random = Seeds.random("DataHeader garbage", 5);
        for (int i = 0; i < PACKETS; i++) {
            byte[] noise = new byte[80];
            random.nextBytes(noise);
            packet.copyFrom(MemorySegment.ofArray(noise));
            int groups = DataHeader.unmask(packet, 0, DataHeader.COOKIE_ACK_NUMBER, random.nextLong());
            assertEquals(true, groups >= 0 && groups <= WindowedInteger.GROUPS_MAX);
        }
    }

    /// Goal: the bytes on the wire tell neither the number nor its width: under different masks they
    /// differ.
    @Test
    void twoMasksGiveTwoHeaders() {
        MemorySegment packet = Arena.ofAuto().allocate(80);
        packet.set(ValueLayout.JAVA_BYTE, 0, (byte) PacketType.DATA);
        WindowedInteger.write(new ByteWriter().wrap(packet, DataHeader.DATA_NUMBER, 7), 77, 7);
        byte[] plain = packet.toArray(ValueLayout.JAVA_BYTE);
        DataHeader.mask(packet, 0, DataHeader.DATA_NUMBER, 7, 0x1122_3344_5566_7788L);
        for (int i = 0; i < 7; i++) {
            int at = DataHeader.DATA_NUMBER + i;
            assertNotEquals(plain[at], packet.get(ValueLayout.JAVA_BYTE, at), "group " + i);
        }
        assertEquals(
                PacketType.DATA | 8, packet.get(ValueLayout.JAVA_BYTE, 0), "the mask's low four bits hide the flags");
        assertEquals((77 | 0x80) ^ 0x77, packet.get(ValueLayout.JAVA_BYTE, DataHeader.DATA_NUMBER) & 0xFF);
    }
}
