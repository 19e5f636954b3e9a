package konce.protocol;

/// The two bits of an IP header by which routers tell of long queues before they overflow.
///
/// - source: RFC 3168 section 5
public final class Ecn {
    /// The sender does not take part, or the system does not say.
    public static final int NOT_ECT = 0;

    public static final int ECT_1 = 1;

    /// The sender takes part.
    public static final int ECT_0 = 2;

    /// The packet has met congestion.
    public static final int CE = 3;

    private Ecn() {}
}
