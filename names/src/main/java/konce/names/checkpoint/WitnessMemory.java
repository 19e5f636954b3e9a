package konce.names.checkpoint;

import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.MalformedException;
import org.jspecify.annotations.Nullable;

/// What a witness must never forget. One that has lost it is retired, not started again.
///
/// @param genesis whose ledger it watches
/// @param last the newest checkpoint it signed; null before the first
public record WitnessMemory(Hash genesis, @Nullable Checkpoint last) {
    /// The longest encoding.
    public static final int BYTES_MAX = Hash.BYTES + 1 + Checkpoint.BYTES;

    /// Of a witness that has signed nothing yet.
    public static WitnessMemory start(Hash genesis) {
        return new WitnessMemory(genesis, null);
    }

    /// The encoding.
    public byte[] encode() {
        ByteWriter out = new ByteWriter().hash(genesis).u8(last == null ? 0 : 1);
        if (last != null) {
            last.write(out);
        }
        return out.toBytes();
    }

    /// The memory that is the whole of `bytes`.
    public static Decoded<WitnessMemory> decode(byte[] bytes) {
        return Decoded.of(bytes, BYTES_MAX, WitnessMemory::read);
    }

    private static WitnessMemory read(ByteReader in) throws MalformedException {
        Hash genesis = in.hash();
        return new WitnessMemory(genesis, in.u8(0, 1, "flag") == 1 ? Checkpoint.read(in) : null);
    }
}
