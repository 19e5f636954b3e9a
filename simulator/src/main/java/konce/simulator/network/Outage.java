package konce.simulator.network;

/// A link that goes dark and comes back, over and over: the interop runner's `blackhole`.
///
/// @param onNanos how long it works
/// @param offNanos how long it then loses everything; 0: never
public record Outage(long onNanos, long offNanos) {
    /// Always up.
    public static final Outage NONE = new Outage(1, 0);

    public Outage {
        if (onNanos <= 0 || offNanos < 0) {
            throw new IllegalArgumentException("an outage of " + onNanos + " ns on, " + offNanos + " ns off");
        }
    }

    public boolean isDark(long nowNanos) {
        return nowNanos % (onNanos + offNanos) >= onNanos;
    }
}
