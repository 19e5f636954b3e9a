package konce.protocol.message;

import konce.protocol.Limits;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.FrameWriter;

/// The small frames that have to arrive: CANCEL and REFUSE. A ring of [Limits#CONTROLS_MAX].
///
/// - error: full refuses; nothing grows beyond that
/// - source: docs/spec/07-messages.md, section 5
final class Controls {
    private static final byte FREE = 0;
    private static final byte DUE = 1;
    private static final byte SENT = 2;
    private static final byte CANCEL = 0;
    private static final byte REFUSE_MESSAGE = 1;
    private static final byte REFUSE_REPLY = 2;
    private static final int CAPACITY_START = 8;

    private static final byte[] NO_BYTES = new byte[0];
    private static final long[] NO_LONGS = new long[0];

    private byte[] states = NO_BYTES;
    private byte[] kinds = NO_BYTES;
    private long[] subjects = NO_LONGS;
    private long[] details = NO_LONGS;
    private long oldest;
    private long next;
    private int due;

    Controls() {}

    /// The peer is to forget a message.
    boolean cancel(long id, long total) {
        return add(CANCEL, id, total);
    }

    /// The peer's message is not taken.
    boolean refuseMessage(long id, long code) {
        return add(REFUSE_MESSAGE, id, code);
    }

    /// The peer's message that waits for a reply at `replyTo` is not taken.
    boolean refuseReply(long replyTo, long code) {
        return add(REFUSE_REPLY, replyTo, code);
    }

    boolean hasDue() {
        return due > 0;
    }

    /// Writes the next frame that is due.
    ///
    /// @return its number, to be reported to [#onAcked] or [#onLost]; -1 when none is due or it does not fit
    long writeNext(ByteWriter out) {
        if (due == 0 || out.remaining() < FrameWriter.CONTROL_BYTES_MAX) {
            return -1;
        }
        long number = oldest;
        while (states[slot(number)] != DUE) {
            number++;
        }
        int slot = slot(number);
        switch (kinds[slot]) {
            case CANCEL -> FrameWriter.cancel(out, subjects[slot], details[slot]);
            case REFUSE_MESSAGE -> FrameWriter.refuse(out, false, subjects[slot], details[slot]);
            case REFUSE_REPLY -> FrameWriter.refuse(out, true, subjects[slot], details[slot]);
            default -> throw new AssertionError(kinds[slot]);
        }
        states[slot] = SENT;
        due--;
        return number;
    }

    /// @return the message a CANCEL was for; -1 when it was something else, or known already
    long onAcked(long number) {
        if (number < oldest || states[slot(number)] == FREE) {
            return -1;
        }
        int slot = slot(number);
        if (states[slot] == DUE) {
            due--;
        }
        states[slot] = FREE;
        long cancelled = kinds[slot] == CANCEL ? subjects[slot] : -1;
        while (oldest < next && states[slot(oldest)] == FREE) {
            oldest++;
        }
        return cancelled;
    }

    void onLost(long number) {
        if (number >= oldest && states[slot(number)] == SENT) {
            states[slot(number)] = DUE;
            due++;
        }
    }

    /// Gives back what it holds for frames to come, if there are none.
    void trim() {
        if (oldest == next) {
            states = NO_BYTES;
            kinds = NO_BYTES;
            subjects = NO_LONGS;
            details = NO_LONGS;
        }
    }

    private boolean add(byte kind, long subject, long detail) {
        if (next - oldest == Limits.CONTROLS_MAX) {
            return false;
        }
        if (next - oldest == states.length) {
            grow();
        }
        int slot = slot(next++);
        states[slot] = DUE;
        kinds[slot] = kind;
        subjects[slot] = subject;
        details[slot] = detail;
        due++;
        return true;
    }

    private void grow() {
        int capacity = Math.max(CAPACITY_START, states.length * 2);
        byte[] newStates = new byte[capacity];
        byte[] newKinds = new byte[capacity];
        long[] newSubjects = new long[capacity];
        long[] newDetails = new long[capacity];
        for (long number = oldest; number < next; number++) {
            int to = (int) number & (capacity - 1);
            int from = slot(number);
            newStates[to] = states[from];
            newKinds[to] = kinds[from];
            newSubjects[to] = subjects[from];
            newDetails[to] = details[from];
        }
        states = newStates;
        kinds = newKinds;
        subjects = newSubjects;
        details = newDetails;
    }

    private int slot(long number) {
        return (int) number & (states.length - 1);
    }
}
