package konce.protocol.wire;

import konce.protocol.Limits;

/// The server's answer to an INIT, for which it keeps nothing.
///
/// ```text
///  0  type 0x20
///  1  client random, 16
/// 17  server steady time, 8, microseconds with an offset of its own for each sequence number
/// 25  effort asked, 4
/// 29  transient key id, 1
/// 30  sequence number, 8, permuted
/// 38  revealed bits, 4
/// 42  authenticator, 16
/// 58  transient key D, 32
/// 90  protocols chosen: an offer of two lists of one
///  .. parameters: varint length, 24 to 64, and that many bytes, which begin with the process tag and the clue, 8
/// ```
///
/// With type 0x21 the client random is followed by the server's own offer, and nothing else.
///
/// - source: docs/spec/02-packets.md, section 6
public final class InitAck {
    public static final int SERVER_TIME = 17;
    public static final int EFFORT = 25;
    public static final int TRANSIENT_ID = 29;
    public static final int SEQUENCE = 30;
    public static final int REVEALED = 38;
    public static final int AUTHENTICATOR = 42;
    public static final int TRANSIENT_KEY = 58;
    public static final int CHOSEN = 90;

    /// Bytes of the parameters that this version writes.
    public static final int PARAMETERS_BYTES = ProcessTag.BYTES + Init.CLUE_BYTES;

    public static final int BYTES_MIN = CHOSEN + 6 + PARAMETERS_BYTES;
    public static final int LISTS_BYTES_MIN = 1 + Init.CLIENT_RANDOM_BYTES + 3;

    private InitAck() {}

    // = docs/spec/02-packets.md R2.7
    /// Reads the variable part of one, and leaves the reader failed if it is malformed.
    ///
    /// @return where the process tag begins, which the clue follows
    public static long read(ByteReader in, ProtocolOffer chosen) {
        in.skip(CHOSEN);
        chosen.read(in);
        long parameters = in.readVarint(Limits.PARAMETERS_BYTES_MAX);
        long tag = in.skip(ProcessTag.BYTES);
        in.skip(Init.CLUE_BYTES);
        in.skip(parameters - PARAMETERS_BYTES);
        if (in.remaining() != 0) {
            in.fail();
        }
        return tag;
    }
}
