package konce.simulator.network;

/// The longest datagram a link carries, which may become shorter once.
///
/// @param bytes at the beginning
/// @param shrinksNanos when it changes; [Long#MAX_VALUE]: never
/// @param laterBytes from then on
public record Mtu(int bytes, long shrinksNanos, int laterBytes) {
    /// One that stays.
    public static Mtu of(int bytes) {
        return new Mtu(bytes, Long.MAX_VALUE, bytes);
    }

    public Mtu {
        if (bytes <= 0 || laterBytes <= 0) {
            throw new IllegalArgumentException("an MTU of " + bytes + " bytes, later " + laterBytes);
        }
    }

    boolean carries(long nowNanos, int length) {
        return length <= (nowNanos < shrinksNanos ? bytes : laterBytes);
    }
}
