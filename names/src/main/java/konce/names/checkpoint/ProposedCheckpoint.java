package konce.names.checkpoint;

import konce.crypto.SigningKey;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.MalformedException;
import konce.names.encoding.Signature;

/// A checkpoint as a sequencer gives it to witnesses. Without the sequencer's signature anyone could have a witness
/// spend its one signature for a height.
///
/// @param sequencer which of the set's sequencers
public record ProposedCheckpoint(Checkpoint checkpoint, int sequencer, Signature signature) {
    /// The length of the encoding.
    public static final int BYTES = Checkpoint.BYTES + 1 + Signature.BYTES;

    /// Signs.
    ///
    /// @param set the number of the set in which the sequencer has this place
    public static ProposedCheckpoint sign(SigningKey key, int sequencer, int set, Checkpoint checkpoint) {
        return new ProposedCheckpoint(checkpoint, sequencer, Signature.sign(key, message(set, checkpoint)));
    }

    /// Whether the sequencer of `set` at this place signed it.
    public boolean isBySequencer(WitnessKeys set) {
        return sequencer < set.set().sequencers().size()
                && signature.isBy(set.sequencer(sequencer), message(set.set().number(), checkpoint));
    }

    private static byte[] message(int set, Checkpoint checkpoint) {
        ByteWriter out = new ByteWriter().text8("konce proposal 1").u31(set);
        checkpoint.write(out);
        return out.toBytes();
    }

    /// The encoding.
    public byte[] encode() {
        ByteWriter out = new ByteWriter();
        write(out);
        return out.toBytes();
    }

    /// The proposal that is the whole of `bytes`.
    public static Decoded<ProposedCheckpoint> decode(byte[] bytes) {
        return Decoded.of(bytes, BYTES, ProposedCheckpoint::read);
    }

    /// Appends the encoding.
    public void write(ByteWriter out) {
        checkpoint.write(out);
        out.u8(sequencer).signature(signature);
    }

    /// Reads one.
    public static ProposedCheckpoint read(ByteReader in) throws MalformedException {
        return new ProposedCheckpoint(
                Checkpoint.read(in), in.u8(0, WitnessSet.SEQUENCERS_MAX - 1, "sequencer"), in.signature());
    }
}
