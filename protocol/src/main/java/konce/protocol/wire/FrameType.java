package konce.protocol.wire;

/// The first integer of a frame.
///
/// - source: docs/spec/06-flow.md section 1, docs/spec/07-messages.md section 2
public final class FrameType {
    public static final int PADDING = 0x00;
    public static final int PING = 0x01;
    public static final int ACK = 0x02;
    public static final int CANCEL = 0x03;
    public static final int REFUSE = 0x04;
    public static final int CLOSE = 0x05;
    /// Asks whether the peer is where the packet goes.
    public static final int PATH_CHALLENGE = 0x06;
    /// Answers.
    public static final int PATH_RESPONSE = 0x07;
    /// A segment of a message that has begun.
    public static final int SEGMENT = 0x08;
    /// The first segment: the handler it is for comes with it.
    public static final int SEGMENT_FIRST = 0x09;
    /// The first segment of a message that waits for a reply.
    public static final int SEGMENT_FIRST_REPLY = 0x0B;
    /// A piece of an ML-KEM key or ciphertext.
    public static final int ENCAPSULATION = 0x0C;
    /// How many marks have come: goes with an ACK.
    public static final int ECN = 0x0D;
    /// A message of one packet that is sent once.
    public static final int DATAGRAM = 0x10;
    /// A datagram that waits for a reply.
    public static final int DATAGRAM_REPLY = 0x11;

    /// How rarely the sender of it wants to be acknowledged.
    public static final int ACK_RATE = 0x12;

    private FrameType() {}
}
