package konce.protocol.wire;

/// The first byte of a packet: its type in the high four bits.
///
/// - source: docs/spec/02-packets.md, section 3
public final class PacketType {
    public static final int INIT = 0x10;
    public static final int INIT_ACK = 0x20;
    /// An INIT-ACK that carries the server's lists because none of the client's protocols fits.
    public static final int INIT_ACK_LISTS = 0x21;
    public static final int COOKIE_ECHO = 0x30;
    public static final int COOKIE_ACK = 0x40;
    public static final int KEY_CHANGE = 0x50;
    public static final int DATA = 0x60;

    /// The bits of a first byte that are the type where the low four are flags, which header protection hides.
    public static final int TYPE_MASK = 0xF0;

    private PacketType() {}
}
