package konce.simulator.network;

/// What became of the datagrams given to links.
public final class LinkCounts {
    long offered;
    long lost;
    long dark;
    long queueFull;
    long tooLong;
    long duplicated;
    long corrupted;
    long heldBack;
    long marked;

    public LinkCounts() {}

    /// Datagrams given.
    public long offered() {
        return offered;
    }

    /// Datagrams that did not come out: lost by chance, in the dark, to a full queue, or too long.
    public long lost() {
        return lost + dark + queueFull + tooLong;
    }

    /// Datagrams that a bottleneck marked CE.
    public long marked() {
        return marked;
    }

    public long duplicated() {
        return duplicated;
    }

    public long corrupted() {
        return corrupted;
    }

    public long heldBack() {
        return heldBack;
    }

    @Override
    public String toString() {
        return offered + " offered; lost " + lost + ", dark " + dark + ", queue full " + queueFull + ", too long "
                + tooLong + "; duplicated " + duplicated + ", corrupted " + corrupted + ", held back " + heldBack;
    }
}
