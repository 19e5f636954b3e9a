package konce.protocol.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The headers of sealed packets, and the protection that hides their packet numbers and flags.
///
/// ```text
/// DATA:        0  type 0x60 | key phase, 1 bit            1  channel id, 8   9  packet number, 1..7   ..  sealed
/// COOKIE-ACK:  0  type 0x40                               1  channel id, 8   9  server random, 32
///             41  packet number, 1..7   ..  sealed
/// ```
///
/// The channel id is the receiver's. The mask is 64 bits made from the packet's last 16 bytes: its lowest four bits
/// hide the flags, its bytes 1 to 7 the packet number, byte by byte.
///
/// - error: [#unmask] returns 0 for a header that cannot be; never allocates
/// - source: docs/spec/02-packets.md section 8, docs/spec/04-protection.md section 3
public final class DataHeader {
    public static final int CHANNEL_ID = 1;
    public static final int SERVER_RANDOM = 9;
    public static final int SERVER_RANDOM_BYTES = 32;
    public static final int DATA_NUMBER = 9;
    public static final int COOKIE_ACK_NUMBER = SERVER_RANDOM + SERVER_RANDOM_BYTES;

    /// The flag of DATA packets that says the lowest bit of their key phase.
    public static final int KEY_PHASE = 0x01;

    /// Bytes at the end of a packet that the mask is made from.
    public static final int SAMPLE_BYTES = 16;

    /// A packet number is changed as one word: what follows it, the tag at least, is longer than that.
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /// Where a group says that it is the last, in each of seven bytes.
    private static final long END_BITS = 0x0080_8080_8080_8080L;

    private static final ValueLayout.OfLong ID = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private DataHeader() {}

    /// What the sender calls the channel.
    public static long channelId(MemorySegment packet) {
        return packet.get(ID, CHANNEL_ID);
    }

    public static int numberOffset(int type) {
        return type == PacketType.COOKIE_ACK ? COOKIE_ACK_NUMBER : DATA_NUMBER;
    }

    // = docs/spec/04-protection.md R4.3
    /// Hides the flags and the number of the packet that begins at `start`.
    public static void mask(MemorySegment packet, long start, int numberOffset, int groups, long mask) {
        xor(packet, start, mask & 0x0F);
        long at = start + numberOffset;
        packet.set(WORD, at, packet.get(WORD, at) ^ numberMask(mask, groups));
    }

    // = docs/spec/02-packets.md R2.6
    /// Undoes [#mask].
    ///
    /// @return groups of the packet number; 0 when it has no end or flags are set that mean nothing
    public static int unmask(MemorySegment packet, long start, int numberOffset, long mask) {
        xor(packet, start, mask & 0x0F);
        int known = numberOffset == DATA_NUMBER ? KEY_PHASE : 0;
        if ((packet.get(ValueLayout.JAVA_BYTE, start) & 0x0F & ~known) != 0) {
            return 0;
        }
        long at = start + numberOffset;
        long word = packet.get(WORD, at);
        long ends = ~(word ^ numberMask(mask, WindowedInteger.GROUPS_MAX)) & END_BITS;
        int groups = ends == 0 ? WindowedInteger.GROUPS_MAX : Long.numberOfTrailingZeros(ends) / 8 + 1;
        packet.set(WORD, at, word ^ numberMask(mask, groups));
        return ends == 0 ? 0 : groups;
    }

    /// The part of a mask that hides so many groups: bytes 1 and up, as the lowest bytes.
    private static long numberMask(long mask, int groups) {
        return (mask >>> 8) & ((1L << (8 * groups)) - 1);
    }

    /// The lowest bit of the key phase, unmasked.
    public static int phaseBit(MemorySegment packet, long start) {
        return packet.get(ValueLayout.JAVA_BYTE, start) & KEY_PHASE;
    }

    /// The low bits of the packet number, unmasked.
    public static long wireNumber(MemorySegment packet, long at, int groups) {
        long number = 0;
        for (int i = 0; i < groups; i++) {
            number |= (packet.get(ValueLayout.JAVA_BYTE, at + i) & 0x7FL) << (7 * i);
        }
        return number;
    }

    private static void xor(MemorySegment packet, long at, long bits) {
        packet.set(ValueLayout.JAVA_BYTE, at, (byte) (packet.get(ValueLayout.JAVA_BYTE, at) ^ bits));
    }
}
