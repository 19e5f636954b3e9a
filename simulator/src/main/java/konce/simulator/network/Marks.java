package konce.simulator.network;

/// What a link does to the two ECN bits of datagrams that take part.
public enum Marks {
    /// They arrive as they were sent, or as a bottleneck marked them.
    KEPT,
    /// They are cleared, as by routers that rewrite the whole byte they stand in.
    BLEACHED,
    /// All arrive as having met congestion, as by a router that is broken.
    ALL_CONGESTED
}
