package konce.simulator.network;

/// What else a link does to datagrams it does not lose.
///
/// @param duplicate chance that one arrives twice
/// @param corrupt chance that one arrives with one to eight bits flipped
/// @param corruptBurstMax the most corrupted in a row
/// @param reorder chance that one is held back
/// @param reorderNanosMax for how long at most
public record Mischief(double duplicate, double corrupt, int corruptBurstMax, double reorder, long reorderNanosMax) {
    /// Datagrams arrive once, whole and in order.
    public static final Mischief NONE = new Mischief(0, 0, 0, 0, 0);

    /// The most bits flipped in one datagram.
    public static final int CORRUPT_BITS_MAX = 8;
}
