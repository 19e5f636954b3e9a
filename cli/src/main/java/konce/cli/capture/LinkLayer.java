package konce.cli.capture;

import java.nio.ByteBuffer;
import konce.protocol.Address;
import org.jspecify.annotations.Nullable;

/// From a captured frame to the UDP datagram in it.
///
/// - source: the link types of draft-ietf-opsawg-pcaplinktype; RFC 791, RFC 8200, RFC 768
final class LinkLayer {
    private static final int LOOPBACK = 0;
    private static final int ETHERNET = 1;
    private static final int RAW_BSD = 12;
    private static final int RAW = 101;
    private static final int LINUX_COOKED = 113;
    private static final int IPV4 = 228;
    private static final int IPV6 = 229;
    private static final int LINUX_COOKED_2 = 276;

    private static final int ETHERNET_BYTES = 14;
    private static final int VLAN_BYTES = 4;
    private static final int TYPE_VLAN = 0x8100;
    private static final int TYPE_VLAN_OUTER = 0x88a8;
    private static final int IPV4_BYTES_MIN = 20;
    private static final int IPV6_BYTES = 40;
    private static final int UDP = 17;
    private static final int UDP_BYTES = 8;
    private static final int FRAGMENT_OFFSET_OR_MORE = 0x3FFF;

    private LinkLayer() {}

    /// The datagram in a frame; null where there is none, or not all of it.
    ///
    /// @param frame big-endian
    static @Nullable CapturedDatagram datagram(ByteBuffer frame, int linkType, long atNanos) throws CaptureException {
        int ip = ipOffset(frame, linkType);
        if (ip < 0 || ip >= frame.limit()) {
            return null;
        }
        ByteBuffer packet = frame.slice(ip, frame.limit() - ip);
        return switch (packet.get(0) >>> 4 & 0xF) {
            case 4 -> ipv4(packet, atNanos);
            case 6 -> ipv6(packet, atNanos);
            default -> null;
        };
    }

    private static int ipOffset(ByteBuffer frame, int linkType) throws CaptureException {
        return switch (linkType) {
            case LOOPBACK -> 4;
            case ETHERNET -> ethernet(frame);
            case RAW_BSD, RAW, IPV4, IPV6 -> 0;
            case LINUX_COOKED -> 16;
            case LINUX_COOKED_2 -> 20;
            default ->
                throw new CaptureException("captured on a link of type " + linkType + ", which is not known here");
        };
    }

    private static int ethernet(ByteBuffer frame) {
        int offset = ETHERNET_BYTES;
        while (frame.limit() >= offset && isVlan(Short.toUnsignedInt(frame.getShort(offset - 2)))) {
            offset += VLAN_BYTES;
        }
        return offset;
    }

    private static boolean isVlan(int type) {
        return type == TYPE_VLAN || type == TYPE_VLAN_OUTER;
    }

    private static @Nullable CapturedDatagram ipv4(ByteBuffer packet, long atNanos) {
        int header = (packet.get(0) & 0xF) * 4;
        boolean whole = packet.limit() >= IPV4_BYTES_MIN
                && header >= IPV4_BYTES_MIN
                && packet.get(9) == UDP
                && (packet.getShort(6) & FRAGMENT_OFFSET_OR_MORE) == 0;
        return whole ? udp(packet, header, bytes(packet, 12, 4), bytes(packet, 16, 4), atNanos) : null;
    }

    private static @Nullable CapturedDatagram ipv6(ByteBuffer packet, long atNanos) {
        boolean whole = packet.limit() >= IPV6_BYTES && packet.get(6) == UDP;
        return whole ? udp(packet, IPV6_BYTES, bytes(packet, 8, 16), bytes(packet, 24, 16), atNanos) : null;
    }

    private static @Nullable CapturedDatagram udp(
            ByteBuffer packet, int offset, byte[] source, byte[] target, long atNanos) {
        if (packet.limit() < offset + UDP_BYTES) {
            return null;
        }
        int sourcePort = Short.toUnsignedInt(packet.getShort(offset));
        int targetPort = Short.toUnsignedInt(packet.getShort(offset + 2));
        int length = Short.toUnsignedInt(packet.getShort(offset + 4));
        if (length < UDP_BYTES || packet.limit() < offset + length) {
            return null;
        }
        return new CapturedDatagram(
                atNanos,
                Address.of(source, sourcePort),
                Address.of(target, targetPort),
                bytes(packet, offset + UDP_BYTES, length - UDP_BYTES));
    }

    private static byte[] bytes(ByteBuffer packet, int offset, int length) {
        byte[] bytes = new byte[length];
        packet.get(offset, bytes);
        return bytes;
    }
}
