package konce.simulator.network;

import konce.protocol.Limits;

/// One direction of a path.
///
/// @param delayNanos the least time through it
/// @param jitterNanos more time, drawn evenly from 0 to this; alone it does not change the order
/// @param bottleneck its slowest place
/// @param loss which datagrams it loses
/// @param mischief what else it does to them
/// @param outage when it goes dark
/// @param mtu the longest datagram it carries
/// @param marks what it does to the marks of datagrams
public record LinkOptions(
        long delayNanos,
        long jitterNanos,
        Bottleneck bottleneck,
        Loss loss,
        Mischief mischief,
        Outage outage,
        Mtu mtu,
        Marks marks) {

    /// A perfect link with this delay.
    public static LinkOptions delay(long nanos) {
        return new LinkOptions(
                nanos,
                0,
                Bottleneck.NONE,
                Loss.NONE,
                Mischief.NONE,
                Outage.NONE,
                Mtu.of(Limits.DATAGRAM_BYTES_MAX),
                Marks.KEPT);
    }

    public LinkOptions withJitter(long nanos) {
        return new LinkOptions(delayNanos, nanos, bottleneck, loss, mischief, outage, mtu, marks);
    }

    public LinkOptions withBottleneck(long bitsPerSecond, int queueDatagrams) {
        return new LinkOptions(
                delayNanos,
                jitterNanos,
                new Bottleneck(bitsPerSecond, queueDatagrams, bottleneck.markDatagrams()),
                loss,
                mischief,
                outage,
                mtu,
                marks);
    }

    /// The same with a bottleneck that marks what comes while more than so many datagrams wait.
    public LinkOptions withMarking(int datagrams) {
        Bottleneck marking = new Bottleneck(bottleneck.bitsPerSecond(), bottleneck.queueDatagrams(), datagrams);
        return new LinkOptions(delayNanos, jitterNanos, marking, loss, mischief, outage, mtu, marks);
    }

    /// The same with other manners towards marks.
    public LinkOptions withMarks(Marks newMarks) {
        return new LinkOptions(delayNanos, jitterNanos, bottleneck, loss, mischief, outage, mtu, newMarks);
    }

    public LinkOptions withLoss(Loss newLoss) {
        return new LinkOptions(delayNanos, jitterNanos, bottleneck, newLoss, mischief, outage, mtu, marks);
    }

    public LinkOptions withMischief(Mischief newMischief) {
        return new LinkOptions(delayNanos, jitterNanos, bottleneck, loss, newMischief, outage, mtu, marks);
    }

    public LinkOptions withOutage(Outage newOutage) {
        return new LinkOptions(delayNanos, jitterNanos, bottleneck, loss, mischief, newOutage, mtu, marks);
    }

    public LinkOptions withMtu(int bytes) {
        return new LinkOptions(delayNanos, jitterNanos, bottleneck, loss, mischief, outage, Mtu.of(bytes), marks);
    }

    /// A path whose MTU becomes shorter under way.
    public LinkOptions withMtu(Mtu newMtu) {
        return new LinkOptions(delayNanos, jitterNanos, bottleneck, loss, mischief, outage, newMtu, marks);
    }

    /// The same path without its faults: only delay, bottleneck and MTU are left.
    public LinkOptions healed() {
        return new LinkOptions(delayNanos, 0, bottleneck, Loss.NONE, Mischief.NONE, Outage.NONE, mtu, marks);
    }
}
