package konce.protocol.wire;

import java.util.List;
import konce.protocol.Limits;

/// A list of lists of protocol numbers: list 0 the handshake protocols, list 1 the session protocols, best first. Lists
/// after those are of a future version and ignored.
///
/// - shape: varint lists; for each, varint count and that many varints. At most [Limits#PROTOCOL_OFFER_BYTES_MAX] bytes
/// - error: [#read] fails its reader; nothing is allocated after construction
/// - source: docs/spec/02-packets.md, section 4
public final class ProtocolOffer {
    public static final int HANDSHAKE = 0;
    public static final int SESSION = 1;

    private final long[][] numbers = new long[Limits.PROTOCOL_LISTS_MAX][Limits.PROTOCOLS_PER_LIST_MAX];
    private final int[] counts = new int[Limits.PROTOCOL_LISTS_MAX];
    private int lists;

    public ProtocolOffer() {}

    /// An offer of these lists.
    public static ProtocolOffer of(List<Long> handshake, List<Long> session) {
        ProtocolOffer offer = new ProtocolOffer();
        offer.set(HANDSHAKE, handshake);
        offer.set(SESSION, session);
        offer.lists = 2;
        if (offer.encodedBytes() > Limits.PROTOCOL_OFFER_BYTES_MAX) {
            throw new IllegalArgumentException("protocol lists take " + offer.encodedBytes() + " bytes; at most "
                    + Limits.PROTOCOL_OFFER_BYTES_MAX);
        }
        return offer;
    }

    /// Makes this the offer of exactly these two numbers.
    public void setChosen(long handshake, long session) {
        lists = 2;
        counts[HANDSHAKE] = 1;
        counts[SESSION] = 1;
        numbers[HANDSHAKE][0] = handshake;
        numbers[SESSION][0] = session;
    }

    // = docs/spec/02-packets.md R2.4
    public void read(ByteReader in) {
        long start = in.position();
        lists = (int) in.readVarint(Limits.PROTOCOL_LISTS_MAX);
        for (int i = 0; i < lists; i++) {
            counts[i] = (int) in.readVarint(Limits.PROTOCOLS_PER_LIST_MAX);
            for (int j = 0; j < counts[i]; j++) {
                numbers[i][j] = in.readVarint();
            }
        }
        if (lists < 2 || in.position() - start > Limits.PROTOCOL_OFFER_BYTES_MAX) {
            in.fail();
        }
    }

    public void write(ByteWriter out) {
        out.writeVarint(lists);
        for (int i = 0; i < lists; i++) {
            out.writeVarint(counts[i]);
            for (int j = 0; j < counts[i]; j++) {
                out.writeVarint(numbers[i][j]);
            }
        }
    }

    public int encodedBytes() {
        int bytes = ByteWriter.varintBytes(lists);
        for (int i = 0; i < lists; i++) {
            bytes += ByteWriter.varintBytes(counts[i]);
            for (int j = 0; j < counts[i]; j++) {
                bytes += ByteWriter.varintBytes(numbers[i][j]);
            }
        }
        return bytes;
    }

    // = docs/spec/03-handshake.md R3.3
    /// The first number of `theirs` that is also ours, in the client's order; -1 when none is.
    public static long choose(ProtocolOffer ours, ProtocolOffer theirs, int list) {
        for (int i = 0; i < theirs.counts[list]; i++) {
            if (ours.contains(list, theirs.numbers[list][i])) {
                return theirs.numbers[list][i];
            }
        }
        return -1;
    }

    public boolean contains(int list, long number) {
        for (int i = 0; i < counts[list]; i++) {
            if (numbers[list][i] == number) {
                return true;
            }
        }
        return false;
    }

    /// The only number of a list that was chosen; -1 when there is not exactly one.
    public long only(int list) {
        return counts[list] == 1 ? numbers[list][0] : -1;
    }

    private void set(int list, List<Long> values) {
        counts[list] = values.size();
        for (int i = 0; i < values.size(); i++) {
            numbers[list][i] = values.get(i);
        }
    }

    @Override
    public String toString() {
        return "handshake " + words(HANDSHAKE) + ", session " + words(SESSION);
    }

    private String words(int list) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < counts[list]; i++) {
            text.append(i == 0 ? "" : " ").append(Long.toUnsignedString(numbers[list][i]));
        }
        return text.toString();
    }
}
