package konce.names.client;

import konce.names.checkpoint.SignedCheckpoint;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.MalformedException;
import konce.names.ledger.Subject;
import org.jspecify.annotations.Nullable;

/// What a client asks. It shows its newest checkpoint to everyone: who was shown another history learns so.
///
/// @param set the number of the witness set the client holds
/// @param newest the newest checkpoint it believes, from which the answer must lead on; null for none
public record Query(Subject subject, int set, @Nullable SignedCheckpoint newest) {
    /// The longest encoding.
    public static final int BYTES_MAX = 1 + Subject.TEXT_CHARS_MAX + 4 + 1 + SignedCheckpoint.BYTES_MAX;

    /// Blocks whose history the client knows: the answer's consistency proof starts there; 0 for none.
    public long blocks() {
        return newest == null ? 0 : newest.checkpoint().blocks();
    }

    /// The encoding.
    public byte[] encode() {
        ByteWriter out = new ByteWriter();
        Subject.write(subject, out);
        out.u31(set).u8(newest == null ? 0 : 1);
        if (newest != null) {
            newest.write(out);
        }
        return out.toBytes();
    }

    /// The query that is the whole of `bytes`.
    public static Decoded<Query> decode(byte[] bytes) {
        return Decoded.of(bytes, BYTES_MAX, Query::read);
    }

    private static Query read(ByteReader in) throws MalformedException {
        return new Query(Subject.read(in), in.u31(), in.u8(0, 1, "flag") == 1 ? SignedCheckpoint.read(in) : null);
    }
}
