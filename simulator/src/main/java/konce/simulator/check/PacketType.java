package konce.simulator.check;

/// What a packet is, by its first byte alone: all that somebody on the path can tell.
///
/// - source: docs/spec/02-packets.md, section 3
public enum PacketType {
    INIT(0x10, 0),
    INIT_ACK(0x20, 0),
    COOKIE_ECHO(0x30, 110),
    COOKIE_ACK(0x40, 41),
    KEY_CHANGE(0x50, 1),
    DATA(0x60, 9),
    OTHER(0, 0);

    /// Bytes of a tag, which ends every sealed packet.
    public static final int TAG_BYTES = 16;

    private static final PacketType[] ALL = values();
    private static final int TYPE_MASK = 0xF0;

    private final int code;
    private final int clearBytes;

    PacketType(int code, int clearBytes) {
        this.code = code;
        this.clearBytes = clearBytes;
    }

    public static PacketType of(byte[] datagram) {
        int code = datagram.length == 0 ? 0 : datagram[0] & TYPE_MASK;
        for (PacketType type : ALL) {
            if (type.code == code && datagram.length > type.clearBytes + TAG_BYTES) {
                return type;
            }
        }
        return OTHER;
    }

    /// Its first byte, without flags.
    public int code() {
        return code;
    }

    /// Whether it belongs to a handshake.
    public boolean isHandshake() {
        return this != DATA && this != OTHER;
    }

    /// Bytes at its start that are not sealed.
    public int clearBytes() {
        return clearBytes;
    }
}
