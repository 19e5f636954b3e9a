package konce.simulator.network;

import java.util.ArrayDeque;
import java.util.Arrays;
import konce.protocol.Ecn;
import konce.simulator.clock.Dice;

/// One direction of a path at work. Sans-IO: it says when a datagram comes out, and leaves the waiting to others.
public final class Link {
    /// Where datagrams come out whose marks matter.
    public interface MarkedExit {
        void deliver(long atNanos, byte[] datagram, int ecn);
    }

    /// Where datagrams come out.
    public interface Exit {
        void deliver(long atNanos, byte[] datagram);
    }

    private final Dice dice;
    private final LinkCounts counts;
    private final ArrayDeque<Long> departures = new ArrayDeque<>();
    private LinkOptions options;
    private long number;
    private int lostInRow;
    private int corruptedInRow;
    private boolean bad;
    private long lastArrivalNanos;

    public Link(LinkOptions options, Dice dice, LinkCounts counts) {
        this.options = options;
        this.dice = dice;
        this.counts = counts;
    }

    /// Takes the faults away.
    public void heal() {
        options = options.healed();
    }

    /// Takes a datagram, which must not be changed afterwards.
    public void send(long nowNanos, byte[] datagram, Exit exit) {
        send(nowNanos, datagram, Ecn.NOT_ECT, (atNanos, bytes, _) -> exit.deliver(atNanos, bytes));
    }

    /// As [#send(long,byte[],Exit)], with its marks.
    ///
    /// @param ecn one of [Ecn]
    public void send(long nowNanos, byte[] datagram, int ecn, MarkedExit exit) {
        number++;
        counts.offered++;
        if (!options.mtu().carries(nowNanos, datagram.length)) {
            counts.tooLong++;
        } else if (options.outage().isDark(nowNanos)) {
            counts.dark++;
        } else if (isLost()) {
            counts.lost++;
        } else {
            carry(nowNanos, mayCorrupt(datagram), ecn, exit);
            if (dice.chance(options.mischief().duplicate())) {
                counts.duplicated++;
                carry(nowNanos, datagram, ecn, exit);
            }
        }
    }

    private void carry(long nowNanos, byte[] datagram, int ecn, MarkedExit exit) {
        long leavesNanos = nowNanos;
        int arrives = passed(ecn);
        Bottleneck bottleneck = options.bottleneck();
        if (bottleneck.bitsPerSecond() > 0) {
            while (!departures.isEmpty() && departures.getFirst() <= nowNanos) {
                departures.removeFirst();
            }
            if (departures.size() > bottleneck.queueDatagrams()) {
                counts.queueFull++;
                return;
            }
            int mark = bottleneck.markDatagrams();
            if (mark > 0 && departures.size() > mark && arrives != Ecn.NOT_ECT) {
                counts.marked++;
                arrives = Ecn.CE;
            }
            long startsNanos = departures.isEmpty() ? nowNanos : departures.getLast();
            leavesNanos = startsNanos + bottleneck.transmissionNanos(datagram.length);
            departures.addLast(leavesNanos);
        }
        long jitter = options.jitterNanos() == 0 ? 0 : dice.between(0, options.jitterNanos());
        long arrivesNanos = leavesNanos + options.delayNanos() + jitter;
        if (dice.chance(options.mischief().reorder())) {
            counts.heldBack++;
            exit.deliver(arrivesNanos + dice.between(0, options.mischief().reorderNanosMax()), datagram, arrives);
        } else {
            lastArrivalNanos = Math.max(lastArrivalNanos, arrivesNanos);
            exit.deliver(lastArrivalNanos, datagram, arrives);
        }
    }

    private int passed(int ecn) {
        return switch (options.marks()) {
            case KEPT -> ecn;
            case BLEACHED -> Ecn.NOT_ECT;
            case ALL_CONGESTED -> ecn == Ecn.NOT_ECT ? ecn : Ecn.CE;
        };
    }

    private boolean isLost() {
        boolean lost = switch (options.loss()) {
            case Loss.Never() -> false;
            case Loss.Rate(double chance, int burstMax) -> lostInRow < burstMax && dice.chance(chance);
            case Loss.Exactly(var numbers) -> numbers.contains(number);
            case Loss.GilbertElliott model -> isLost(model);
        };
        lostInRow = lost ? lostInRow + 1 : 0;
        return lost;
    }

    private boolean isLost(Loss.GilbertElliott model) {
        if (dice.chance(bad ? model.toGood() : model.toBad())) {
            bad = !bad;
        }
        return dice.chance(bad ? model.lossBad() : model.lossGood());
    }

    private byte[] mayCorrupt(byte[] datagram) {
        Mischief mischief = options.mischief();
        boolean corrupt =
                datagram.length > 0 && corruptedInRow < mischief.corruptBurstMax() && dice.chance(mischief.corrupt());
        corruptedInRow = corrupt ? corruptedInRow + 1 : 0;
        if (!corrupt) {
            return datagram;
        }
        counts.corrupted++;
        return flipBits(datagram, dice);
    }

    /// A copy that differs in one to [Mischief#CORRUPT_BITS_MAX] bits.
    ///
    /// @param datagram at least one byte
    public static byte[] flipBits(byte[] datagram, Dice dice) {
        byte[] flipped = datagram.clone();
        do {
            long flips = dice.between(1, Mischief.CORRUPT_BITS_MAX);
            for (long i = 0; i < flips; i++) {
                int bit = dice.below(flipped.length * 8);
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
            }
        } while (Arrays.equals(flipped, datagram));
        return flipped;
    }
}
