package konce.simulator.network;

/// A network address translator that forgets its clients: packets of a client come from a new address from then on,
/// and those to the old one are lost.
///
/// @param firstNanos when first
/// @param everyNanos how often from then on
/// @param newIp whether the IP address changes too, or only the port
/// @param onPurpose whether it is no translator but the client that goes to another address, and knows it
public record Rebinding(long firstNanos, long everyNanos, boolean newIp, boolean onPurpose) {
    /// No translator, or one that never forgets.
    public static final Rebinding NEVER = new Rebinding(Long.MAX_VALUE, Long.MAX_VALUE, false, false);

    public Rebinding {
        if (firstNanos <= 0 || everyNanos <= 0) {
            throw new IllegalArgumentException("rebinding first at " + firstNanos + " ns, then every " + everyNanos);
        }
    }

    /// Whether it happens at all.
    public boolean isEver() {
        return firstNanos != Long.MAX_VALUE;
    }

    /// How many times it has happened.
    public long countAt(long nowNanos) {
        return nowNanos < firstNanos ? 0 : 1 + (nowNanos - firstNanos) / everyNanos;
    }
}
