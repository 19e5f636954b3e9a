package konce.protocol.flow;

import java.util.Arrays;
import konce.protocol.Limits;
import konce.protocol.path.Path;

/// The packets sent that are neither acknowledged nor given up, and what they carried: two rings that grow up to
/// [Limits#PACKETS_IN_FLIGHT_MAX] packets and allocate nothing in the steady state; an idle channel has none.
///
/// Now and then a number is skipped: it is never sent, so that a peer that acknowledges what it has not seen betrays
/// itself.
///
/// - unit: bytes, nanoseconds
/// - source: docs/spec/06-flow.md, section 3
public final class SentPackets {
    private static final int CAPACITY_START = 16;
    private static final int SKIPPED_KNOWN = 4;

    private static final long[] NO_LONGS = new long[0];
    private static final int[] NO_INTS = new int[0];
    private static final boolean[] NO_BOOLEANS = new boolean[0];
    private static final byte[] NO_BYTES = new byte[0];

    private long[] sentNanos = NO_LONGS;
    private int[] sizes = NO_INTS;
    private boolean[] inFlight = NO_BOOLEANS;
    // what the path remembers of each
    private long[] stamps = NO_LONGS;
    private long[] thingEnds = NO_LONGS;
    private final long[] skipped = new long[SKIPPED_KNOWN];
    private int skips;
    private long base;
    private long next;

    private byte[] kinds = NO_BYTES;
    private long[] subjects = NO_LONGS;
    private long[] offsets = NO_LONGS;
    private int[] lengths = NO_INTS;
    private long thingBase;
    private long thingNext;
    private long bytesInFlight;
    private int packetsInFlight;
    private long newestSentNanos;

    public SentPackets() {}

    /// The number the next packet will have.
    public long next() {
        return next;
    }

    /// The oldest number that is not settled; [#next] when all are.
    public long oldest() {
        return base;
    }

    public long bytesInFlight() {
        return bytesInFlight;
    }

    /// Bytes in flight in packets from this number on.
    ///
    /// @param background only those of the background class
    public long bytesInFlightFrom(long first, boolean background) {
        long bytes = 0;
        for (long number = Math.max(first, base); number < next; number++) {
            boolean counts = inFlight[slot(number)] && (!background || Path.isBackground(stamps, stampAt(number)));
            bytes += counts ? sizes[slot(number)] : 0;
        }
        return bytes;
    }

    public int packetsInFlight() {
        return packetsInFlight;
    }

    public boolean isEmpty() {
        return packetsInFlight == 0;
    }

    /// Whether another packet can be tracked.
    public boolean hasRoom() {
        return next - base < Limits.PACKETS_IN_FLIGHT_MAX;
    }

    public boolean isInFlight(long number) {
        return number >= base && number < next && inFlight[slot(number)];
    }

    public boolean isSkipped(long number) {
        for (int i = 0; i < Math.min(skips, SKIPPED_KNOWN); i++) {
            if (skipped[i] == number) {
                return true;
            }
        }
        return false;
    }

    public long sentNanos(long number) {
        return sentNanos[slot(number)];
    }

    public int bytes(long number) {
        return sizes[slot(number)];
    }

    /// Where the path's stamps are, each at its [#stampAt].
    public long[] stamps() {
        return stamps;
    }

    public int stampAt(long number) {
        return slot(number) * Path.STAMP_LONGS;
    }

    /// When the newest packet in flight was sent.
    public long newestSentNanos() {
        return newestSentNanos;
    }

    /// Adds a thing to the packet being built.
    public void add(int kind, long subject, long offset, int length) {
        if (thingNext - thingBase == kinds.length) {
            growThings();
        }
        int slot = thingSlot(thingNext++);
        kinds[slot] = (byte) kind;
        subjects[slot] = subject;
        offsets[slot] = offset;
        lengths[slot] = length;
    }

    /// Ends the packet being built: it was sent, and is in flight if the peer will acknowledge it.
    public void onSent(long nowNanos, int bytes, boolean ackEliciting) {
        push(nowNanos, bytes, ackEliciting);
        trim();
    }

    /// As [#onSent(long,int,boolean)], with an acknowledgement wanted, in a path's account.
    public void onSent(long nowNanos, int bytes, Path path, boolean background) {
        int slot = push(nowNanos, bytes, true);
        path.onSent(nowNanos, bytes, background, stamps, slot * Path.STAMP_LONGS);
        trim();
    }

    private int push(long nowNanos, int bytes, boolean ackEliciting) {
        int slot = push();
        Arrays.fill(stamps, slot * Path.STAMP_LONGS, (slot + 1) * Path.STAMP_LONGS, 0);
        sentNanos[slot] = nowNanos;
        sizes[slot] = bytes;
        inFlight[slot] = ackEliciting;
        if (ackEliciting) {
            bytesInFlight += bytes;
            packetsInFlight++;
            newestSentNanos = nowNanos;
        }
        return slot;
    }

    // = docs/spec/06-flow.md R6.5
    /// Leaves a number out.
    public void skip() {
        skipped[skips++ % SKIPPED_KNOWN] = next;
        int slot = push(); // may replace the arrays
        inFlight[slot] = false;
        trim();
    }

    /// Settles a packet that has arrived.
    public void onAcked(long number, SentContents owner) {
        settle(number);
        for (long thing = thingsFrom(number); thing < thingsTo(number); thing++) {
            int slot = thingSlot(thing);
            owner.onAcked(kinds[slot], subjects[slot], offsets[slot], lengths[slot]);
        }
    }

    /// Settles a packet that is lost.
    public void onLost(long number, SentContents owner) {
        settle(number);
        reportLost(number, owner);
    }

    private void reportLost(long number, SentContents owner) {
        for (long thing = thingsFrom(number); thing < thingsTo(number); thing++) {
            int slot = thingSlot(thing);
            owner.onLost(kinds[slot], subjects[slot], offsets[slot], lengths[slot]);
        }
    }

    /// Has everything under way sent again; the packets are of keys that nobody uses any more.
    public void reportAllLost(SentContents owner) {
        for (long number = base; number < next; number++) {
            if (isInFlight(number)) {
                reportLost(number, owner);
            }
        }
    }

    /// Has everything under way sent again without giving any packet up.
    public void reportProbed(SentContents owner) {
        for (long number = base; number < next; number++) {
            for (long thing = thingsFrom(number); isInFlight(number) && thing < thingsTo(number); thing++) {
                int slot = thingSlot(thing);
                owner.onProbed(kinds[slot], subjects[slot], offsets[slot], lengths[slot]);
            }
        }
    }

    /// Forgets settled numbers at the old end. Only when nobody is walking over them.
    public void trim() {
        while (base < next && !inFlight[slot(base)]) {
            thingBase = thingEnds[slot(base)];
            base++;
        }
    }

    /// Gives back the rings, if nothing is under way.
    public void giveBack() {
        if (base == next && thingBase == thingNext) {
            sentNanos = NO_LONGS;
            sizes = NO_INTS;
            inFlight = NO_BOOLEANS;
            stamps = NO_LONGS;
            thingEnds = NO_LONGS;
            kinds = NO_BYTES;
            subjects = NO_LONGS;
            offsets = NO_LONGS;
            lengths = NO_INTS;
        }
    }

    private void settle(long number) {
        int slot = slot(number);
        assert inFlight[slot] : number;
        inFlight[slot] = false;
        bytesInFlight -= sizes[slot];
        packetsInFlight--;
    }

    private int push() {
        if (next - base == inFlight.length) {
            growPackets();
        }
        int slot = slot(next++);
        thingEnds[slot] = thingNext;
        return slot;
    }

    private long thingsFrom(long number) {
        return number == base ? thingBase : thingEnds[slot(number - 1)];
    }

    private long thingsTo(long number) {
        return thingEnds[slot(number)];
    }

    private int slot(long number) {
        return (int) number & (inFlight.length - 1);
    }

    private int thingSlot(long thing) {
        return (int) thing & (kinds.length - 1);
    }

    private void growPackets() {
        int capacity = Math.max(CAPACITY_START, inFlight.length * 2);
        long[] newNanos = new long[capacity];
        int[] newSizes = new int[capacity];
        boolean[] newInFlight = new boolean[capacity];
        long[] newStamps = new long[capacity * Path.STAMP_LONGS];
        long[] newEnds = new long[capacity];
        for (long number = base; number < next; number++) {
            int to = (int) number & (capacity - 1);
            int from = slot(number);
            newNanos[to] = sentNanos[from];
            newSizes[to] = sizes[from];
            newInFlight[to] = inFlight[from];
            System.arraycopy(stamps, from * Path.STAMP_LONGS, newStamps, to * Path.STAMP_LONGS, Path.STAMP_LONGS);
            newEnds[to] = thingEnds[from];
        }
        sentNanos = newNanos;
        sizes = newSizes;
        inFlight = newInFlight;
        stamps = newStamps;
        thingEnds = newEnds;
    }

    private void growThings() {
        int capacity = Math.max(CAPACITY_START, kinds.length * 2);
        byte[] newKinds = new byte[capacity];
        long[] newSubjects = new long[capacity];
        long[] newOffsets = new long[capacity];
        int[] newLengths = new int[capacity];
        for (long thing = thingBase; thing < thingNext; thing++) {
            int to = (int) thing & (capacity - 1);
            int from = thingSlot(thing);
            newKinds[to] = kinds[from];
            newSubjects[to] = subjects[from];
            newOffsets[to] = offsets[from];
            newLengths[to] = lengths[from];
        }
        kinds = newKinds;
        subjects = newSubjects;
        offsets = newOffsets;
        lengths = newLengths;
    }
}
