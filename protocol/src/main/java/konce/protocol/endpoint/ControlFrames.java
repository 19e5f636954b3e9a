package konce.protocol.endpoint;

import konce.protocol.flow.AckRate;
import konce.protocol.flow.SentPackets;
import konce.protocol.path.Path;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.FrameType;
import konce.protocol.wire.FrameWriter;

/// What a channel has to say beside messages and acknowledgements: that it is there, that credit was lost, how rarely
/// it wants ACKs, that it closes.
///
/// - source: docs/spec/06-flow.md
final class ControlFrames {
    /// The kind of thing that is credit; those up to 3 are the outbox's.
    private static final int CREDIT = 0;

    /// The kind of thing that is a wish for few ACKs.
    private static final int ACK_RATE = 4;

    private static final int PING_PADDING_BYTES = 40;

    /// A wish for fewer ACKs leaves at least this much to what it goes with.
    private static final int ACK_RATE_ROOM_BYTES = 256;

    private final AckRate ackRate = new AckRate();
    private boolean pingDue;
    private boolean creditLost;
    private boolean closeDue;
    private int closeCode;
    private String closeText = "";

    ControlFrames() {}

    /// Whether a thing in a packet is one of these.
    static boolean isControl(int kind) {
        return kind == CREDIT || kind == ACK_RATE;
    }

    /// One of these may not have arrived.
    void onLost(int kind) {
        if (kind == CREDIT) {
            creditLost = true;
        } else {
            ackRate.onLost();
        }
    }

    /// The peer has forgotten all it was told.
    void reset() {
        ackRate.reset();
    }

    // ---- PING

    /// A packet that wants an acknowledgement is to go, whatever it carries.
    void ping() {
        pingDue = true;
    }

    boolean isPingDue() {
        return pingDue;
    }

    /// Ends a packet that may have to be acknowledged.
    ///
    /// @param eliciting whether it has to be already
    /// @param wanted whether it has to be although no PING is due
    /// @return whether it has to be now
    boolean writePing(ByteWriter out, boolean eliciting, boolean wanted) {
        boolean needed = !eliciting && (wanted || pingDue);
        pingDue = false;
        if (needed) {
            out.writeVarint(FrameType.PING);
            // enough for the question it may be answered with, where we have moved
            out.writeZeros(Math.min(out.remaining(), PING_PADDING_BYTES));
        }
        return eliciting || needed;
    }

    // ---- credit

    boolean isCreditLost() {
        return creditLost;
    }

    /// A packet says what credit the peer has.
    void onAdvertised(SentPackets sent) {
        creditLost = false;
        sent.add(CREDIT, 0, 0, 0);
    }

    // ---- ACK-RATE

    /// Goes with data, as a wish for fewer ACKs is worth no packet of its own.
    void writeAckRate(ByteWriter out, Path path, SentPackets sent) {
        if (ackRate.isDue(path) && out.remaining() > ACK_RATE_ROOM_BYTES) {
            ackRate.write(out, path);
            sent.add(ACK_RATE, 0, 0, 0);
        }
    }

    // ---- CLOSE

    void close(int code, String text) {
        closeDue = true;
        closeCode = code;
        closeText = text;
    }

    /// The CLOSE is to go once more.
    void repeatClose() {
        closeDue = true;
    }

    boolean isCloseDue() {
        return closeDue;
    }

    /// Writes it if it is due.
    boolean writeClose(ByteWriter out) {
        boolean due = closeDue;
        closeDue = false;
        if (due) {
            FrameWriter.close(out, closeCode, closeText);
        }
        return due;
    }
}
