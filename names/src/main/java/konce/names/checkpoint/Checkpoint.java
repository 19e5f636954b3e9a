package konce.names.checkpoint;

import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.MalformedException;

/// What a ledger was after a block.
///
/// - shape: 112 bytes, in the order of the fields
/// - source: docs/spec/14-witnesses.md, section 1
///
/// @param genesis whose ledger this is
/// @param height the number of the block
/// @param timeSeconds what the block says o'clock it is, in seconds of Unix time
/// @param stateRoot over everything in the ledger after the block
/// @param historyRoot over all blocks up to and with this one
public record Checkpoint(Hash genesis, long height, long timeSeconds, Hash stateRoot, Hash historyRoot) {
    /// The length of the encoding.
    public static final int BYTES = 3 * Hash.BYTES + 2 * Long.BYTES;

    /// The latest moment anything here knows: a good while after every certificate of today, and far from overflow.
    public static final long TIME_SECONDS_MAX = (1L << 40) - 1;

    public Checkpoint {
        if (height < 0 || height == Long.MAX_VALUE || timeSeconds < 0 || timeSeconds > TIME_SECONDS_MAX) {
            throw new IllegalArgumentException("height " + height + ", time " + timeSeconds);
        }
    }

    /// Blocks in the history: one more than the height, for the first block is number 0.
    public long blocks() {
        return height + 1;
    }

    /// The encoding.
    public byte[] encode() {
        ByteWriter out = new ByteWriter();
        write(out);
        return out.toBytes();
    }

    /// The checkpoint that is the whole of `bytes`.
    public static Decoded<Checkpoint> decode(byte[] bytes) {
        return Decoded.of(bytes, BYTES, Checkpoint::read);
    }

    /// Appends the encoding.
    public void write(ByteWriter out) {
        out.hash(genesis).u63(height).u63(timeSeconds).hash(stateRoot).hash(historyRoot);
    }

    /// Reads one.
    public static Checkpoint read(ByteReader in) throws MalformedException {
        return new Checkpoint(
                in.hash(),
                in.u63(Long.MAX_VALUE - 1, "height"),
                in.u63(TIME_SECONDS_MAX, "time"),
                in.hash(),
                in.hash());
    }
}
