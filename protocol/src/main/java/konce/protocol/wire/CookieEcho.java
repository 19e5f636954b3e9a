package konce.protocol.wire;

import konce.protocol.Limits;

/// The client's second packet: the cookie and everything it was made of, the work, B, who calls, and the first message.
///
/// ```text
///   0  type 0x30
///   1  client random, 16             }
///  17  client steady time, 8         }
///  25  server steady time, 8         } the cookie's authenticator covers these,
///  33  effort asked, 4               } the client's address and the negotiation
///  37  transient key id, 1           }
///  38  sequence number, 8, permuted
///  46  revealed bits, 4
///  50  authenticator, 16
///  66  effort offered, 4
///  70  solution, 8
///  78  transient key B, 32
/// 110  negotiation: the client's offer and parameters, the protocols chosen and the server's parameters
///  ..  group clue, 8
///  ..  box under K0, [#BOX_BYTES]
///  ..  early payload under K1, to the end of the packet
/// ```
///
/// A view: [#read] finds the parts, [ByteReader#segment] holds them.
///
/// - error: [#read] fails its reader; never allocates
/// - source: docs/spec/02-packets.md, section 7
public final class CookieEcho {
    public static final int COOKIE = 1;
    public static final int CLIENT_TIME = 17;
    public static final int SERVER_TIME = 25;
    public static final int EFFORT = 33;
    public static final int TRANSIENT_ID = 37;
    /// Where the fixed part that the authenticator covers ends.
    public static final int COOKIE_END = 38;

    public static final int SEQUENCE = 38;
    public static final int REVEALED = 46;
    public static final int AUTHENTICATOR = 50;
    public static final int EFFORT_OFFERED = 66;
    public static final int SOLUTION = 70;
    public static final int SOLUTION_BYTES = 8;
    public static final int TRANSIENT_KEY = 78;
    public static final int NEGOTIATION = 110;

    /// Bytes of a tag of XChaCha20-Poly1305, which seals everything in the handshake.
    public static final int TAG_BYTES = 16;

    /// Bytes of the box's plaintext: 1 of flags, 32 of A or zeros, 32 of the hash of the wanted key, 8 of steady
    /// time.
    public static final int BOX_PLAIN_BYTES = 1 + 32 + 32 + 8;

    public static final int BOX_BYTES = BOX_PLAIN_BYTES + TAG_BYTES;

    private final ProtocolOffer offer = new ProtocolOffer();
    private final ProtocolOffer chosen = new ProtocolOffer();
    private int clueOffset;
    private int boxOffset;

    /// Reads the variable part of one whose length and type are right.
    public void read(ByteReader in) {
        in.skip(NEGOTIATION);
        offer.read(in);
        long parameters = in.readVarint(Limits.PARAMETERS_BYTES_MAX);
        in.skip(Init.PARAMETERS_BYTES);
        in.skip(parameters - Init.PARAMETERS_BYTES);
        chosen.read(in);
        in.skip(in.readVarint(Limits.PARAMETERS_BYTES_MAX));
        clueOffset = (int) in.position();
        in.skip(Init.CLUE_BYTES);
        boxOffset = (int) in.position();
        in.skip(BOX_BYTES);
        if (in.remaining() < TAG_BYTES) {
            in.fail();
        }
    }

    /// The protocols the server chose; valid until the next [#read].
    public ProtocolOffer chosen() {
        return chosen;
    }

    public int negotiationBytes() {
        return clueOffset - NEGOTIATION;
    }

    /// Where the client's ticket stands: its parameters are as in its INIT.
    public int ticket() {
        return NEGOTIATION - Init.OFFER + Init.ticket(offer);
    }

    public int clueOffset() {
        return clueOffset;
    }

    public int boxOffset() {
        return boxOffset;
    }

    public int earlyOffset() {
        return boxOffset + BOX_BYTES;
    }
}
